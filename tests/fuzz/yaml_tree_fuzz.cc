#include <cstdint>
#include <string_view>

#include "analyzer/formats/yaml_tree.h"

namespace {

void walk(const assay::formats::YamlNode& node) {
  const assay::formats::TextPositions places = node.positions();
  const assay::Span span = node.span();
  for (std::size_t i = 0; i <= node.text().size(); i += 7) {
    const assay::Position place = places.at(i);
    if (place < span.begin || place > span.end) __builtin_trap();
  }
  (void)node.comment();
  for (const auto& [key, value] : node.entries()) {
    walk(key);
    walk(value);
  }
  for (const auto& item : node.items()) walk(item);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const assay::formats::YamlTree::Salvaged salvaged = assay::formats::YamlTree::salvage(text);
  for (const auto& document : salvaged.tree.documents()) walk(document);
  return 0;
}
