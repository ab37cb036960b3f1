#include <cstdint>
#include <string_view>

#include "sbom-import/xml_tree.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const assay::sbom::XmlTree tree(text);
  if (tree.complete() != tree.problem().empty()) __builtin_trap();
  // Without recursion, as deep as the document is.
  const pugi::xml_node root = tree.root();
  for (pugi::xml_node node = root; node;) {
    std::size_t at = 0;
    (void)tree.text(node, at);
    if (at > size || tree.offset(node) > size) __builtin_trap();
    pugi::xml_node next = node.first_child();
    while (!next && node && node != root) {
      next = node.next_sibling();
      if (!next) node = node.parent();
    }
    node = next;
  }
  return 0;
}
