#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/pipeline/mend/mend.h"

// The first byte says where the finding points; whatever the file, mending never fails and is done once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  const assay::Position place{1 + data[0] % 16U, 1 + data[0] / 4U};
  for (const char* word :
       {"no-persisted-credentials", "expression-through-variable", "pin-commit", "read-only-token"}) {
    const auto once = assay::pipeline::mend::mend_file(
        file, {{word, place}}, [](std::string_view, std::string_view) { return std::string(40, 'a'); });
    if (once.text.size() < file.size() / 2) std::abort();
  }
  return 0;
}
