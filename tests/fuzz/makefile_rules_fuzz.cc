#include <cstdint>
#include <string_view>

#include "analyzer/formats/makefile_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto rules = assay::formats::read_makefile_rules(text);
  if (rules.size() > assay::formats::max_makefile_rules) __builtin_trap();
  for (const auto& rule : rules) {
    for (const auto& line : rule.recipe) {
      if (line.begin > line.end || line.end > size) __builtin_trap();
    }
  }
  return 0;
}
