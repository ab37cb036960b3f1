#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/base/limits.h"
#include "analyzer/buildlog/decode.h"
#include "analyzer/source/config_tree.h"
#include "analyzer/source/pickle.h"

// Small parsers of data inside other files: encoded runs, Python pickles, configuration with comments.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t budget = limits::max_decode_bytes;
  (void)buildlog::worth_decoding(text);
  if (buildlog::decode(text, budget).layers > limits::max_decode_layers || budget > limits::max_decode_bytes)
    std::abort();
  (void)source::dangerous_import(text);
  const source::ConfigTree tree = source::ConfigTree::parse(text);
  for (const source::ConfigTree::Leaf& leaf : tree.leaves()) {
    if (leaf.begin > leaf.end || leaf.end > size) std::abort();
    (void)tree.key(leaf, tree.depth(leaf));
  }
  return 0;
}
