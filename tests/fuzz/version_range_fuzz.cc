#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "analyzer/versions/range.h"

// What is accepted is accepted again as it is written out, and then written the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::versions;
  const auto range = parse_range({reinterpret_cast<const char*>(data), size});
  if (!range) return 0;
  const std::string text = to_text(*range);
  const auto again = parse_range(text);
  if (!again || to_text(*again) != text) std::abort();
  contains(*range, "1.0.0");
  return 0;
}
