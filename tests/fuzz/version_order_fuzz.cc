#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/versions/order.h"

// Two versions cut out of the input: under every scheme, comparing them the other way round is the reverse.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using assay::versions::Scheme;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find('\n');
  const std::string_view a = text.substr(0, middle);
  const std::string_view b = middle == std::string_view::npos ? std::string_view{} : text.substr(middle + 1);
  for (int i = 0; i <= static_cast<int>(Scheme::lexicographic); ++i) {
    const auto scheme = static_cast<Scheme>(i);
    const auto there = assay::versions::compare(scheme, a, b);
    const auto back = assay::versions::compare(scheme, b, a);
    if ((there < 0) != (back > 0) || (there > 0) != (back < 0)) std::abort();
  }
  return 0;
}
