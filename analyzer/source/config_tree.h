#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace assay::source {

// The scalars of a configuration file in file order, each with its path and its bytes. Reads JSON (RFC 8259) and
// everything editors and gyp add to it: // /* */ and # comments, trailing commas, single quotes, neighbouring strings
// that join (gyp's Python literals). Tolerant: what it does not understand it passes over and complete() is false.
// Never recurses; bounded by limits::max_json_depth and 100,000 nodes. A plain value.
class ConfigTree {
 public:
  struct Leaf {
    std::int32_t node = 0;  // place in the tree
    std::string text{};     // strings unescaped; other scalars as written
    bool quoted = false;
    std::size_t begin = 0;  // bytes of the value, quotes included
    std::size_t end = 0;
  };

  static ConfigTree parse(std::string_view text);

  const std::vector<Leaf>& leaves() const { return leaves_; }
  bool complete() const { return complete_; }

  // Whether the leaf stands at exactly this path from the root; "*" is any one key or index.
  bool at(const Leaf& leaf, std::initializer_list<std::string_view> path) const;
  // The key or index `up` levels above the leaf's own (0: its own); "" beyond the root.
  std::string_view key(const Leaf& leaf, std::size_t up = 0) const;
  // A number for the object or array that holds the leaf `up` levels above (0: the one it stands in); -1 beyond the
  // root.
  std::int32_t holder(const Leaf& leaf, std::size_t up = 0) const;
  std::size_t depth(const Leaf& leaf) const;

 private:
  struct Node {
    std::int32_t parent = -1;
    std::uint32_t depth = 0;
    std::string key{};
  };
  friend class ConfigParser;

  std::vector<Node> nodes_;
  std::vector<Leaf> leaves_;
  bool complete_ = true;
};

}  // namespace assay::source
