#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/pipeline/github/expression.h"

// Every access and fence lies inside the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::pipeline::github;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Access& access : parse_expression(text).accesses) {
    if (access.begin > access.end || access.end > size || access.parts.empty()) std::abort();
  }
  for (const Fence& fence : find_fences(text)) {
    if (fence.outer_begin > fence.begin || fence.begin > fence.end || fence.end > fence.outer_end ||
        fence.outer_end > size)
      std::abort();
    (void)parse_expression(text.substr(fence.begin, fence.end - fence.begin));
  }
  return 0;
}
