#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace assay::sbom {

class TomlTree;

enum class TomlKind : std::uint8_t { missing, table, array, string, other };

// A node of a TomlTree, by value; valid while the tree lives. A missing node answers every question with nothing.
class TomlNode {
 public:
  TomlNode() = default;

  TomlKind kind() const;
  bool exists() const { return tree_ != nullptr; }
  bool is_table() const { return kind() == TomlKind::table; }
  bool is_string() const { return kind() == TomlKind::string; }

  // A string after unescaping; a number, date or boolean as written; "" for anything else.
  std::string_view text() const;
  std::string_view string() const { return is_string() ? text() : std::string_view{}; }
  // Where the value is written, without the quotes of a string; where the key is for a table. A view into the source.
  std::string_view place() const;
  // The key this value stands under, as written without quotes; a view into the source, "" for items of an array.
  std::string_view key() const;

  TomlNode at(std::string_view key) const;
  std::vector<TomlNode> children() const;  // values of a table or items of an array, in the order of the file

 private:
  friend class TomlTree;
  TomlNode(const TomlTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  const TomlTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

// A TOML text (toml.io, version 1.0) as a tree with places, for lockfiles an attacker may have written. Nothing is
// refused: a line that cannot be understood costs that line, and problems() names it. A key given twice keeps its last
// value. Keeps a reference to the text, which must outlive it. Nesting of values beyond `max_depth` costs that value.
// Linear in the text. Immutable after parsing: share it between threads freely.
class TomlTree {
 public:
  explicit TomlTree(std::string_view text);
  TomlTree(const TomlTree&) = delete;
  TomlTree& operator=(const TomlTree&) = delete;

  TomlNode root() const { return {this, 0}; }
  // The first places that could not be understood (views into the source, at most 100).
  const std::vector<std::string_view>& problems() const { return problems_; }

  static constexpr std::size_t max_depth = 64;

 private:
  friend class TomlNode;
  friend class TomlParser;
  struct Node {
    TomlKind kind = TomlKind::table;
    std::string_view key{};
    std::string_view place{};
    std::string_view text{};
    std::vector<std::uint32_t> children{};
  };
  std::uint32_t add(std::uint32_t parent, std::string_view key, std::string_view key_text, Node node);
  std::uint32_t find(std::uint32_t parent, std::string_view key) const;

  std::string_view source_;
  std::vector<Node> nodes_;
  std::deque<std::string> storage_;
  std::unordered_map<std::string, std::uint32_t> by_key_;  // parent and key
  std::vector<std::string_view> problems_;
};

}  // namespace assay::sbom
