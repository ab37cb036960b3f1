#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/formats/json_tree.h"

// Every node lies inside its parent and inside the text; whatever the bytes, a walk over the tree ends.
namespace {

void check(const assay::formats::JsonNode& node, std::string_view text) {
  if (node.offset() + node.source().size() > text.size()) std::abort();
  const assay::Span span = node.span();
  if (span.begin.line == 0 || span.end < span.begin) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::formats;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const JsonTree tree(text);
  (void)tree.duplicates();
  std::vector<JsonNode> open;
  if (tree.root().exists()) open.push_back(tree.root());
  std::size_t seen = 0;
  while (!open.empty()) {
    const JsonNode node = open.back();
    open.pop_back();
    if (++seen > size + 1) std::abort();  // a value takes at least a byte
    check(node, text);
    (void)node.integer();
    for (const JsonNode item : node.items()) open.push_back(item);
    for (const auto& [key, value] : node.members()) {
      check(key, text);
      open.push_back(value);
    }
  }
  return 0;
}
