#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "analyzer/base/limits.h"
#include "analyzer/intake/archive.h"

// libarchive on any bytes: no cap is overrun and every member fits its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  intake::ArchiveBudget budget{.packed = size};
  intake::for_each_member({reinterpret_cast<const char*>(data), size}, "a.zip", budget,
                          [](const std::string&, std::string_view bytes) {
                            if (bytes.size() > limits::max_archive_member_bytes) std::abort();
                          });
  if (budget.members > limits::max_archive_members + 1) std::abort();
  return 0;
}
