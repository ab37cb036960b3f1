#include <cstdint>
#include <string_view>

#include "sbom-import/toml_tree.h"

namespace {

bool inside(std::string_view piece, std::string_view text) {
  return piece.empty() || (piece.data() >= text.data() && piece.data() + piece.size() <= text.data() + text.size());
}

void walk(const assay::sbom::TomlNode& node, std::string_view text) {
  if (!inside(node.place(), text) || !inside(node.key(), text)) __builtin_trap();
  for (const assay::sbom::TomlNode& child : node.children()) walk(child, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const assay::sbom::TomlTree tree(text);
  for (const std::string_view problem : tree.problems()) {
    if (!inside(problem, text)) __builtin_trap();
  }
  walk(tree.root(), text);
  return 0;
}
