#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/base/result.h"
#include "analyzer/formats/position_grid.h"

namespace assay::formats {

class JsonTree;

// `bad` is a value that was there but could not be understood; a problem of the tree says why.
enum class JsonKind : std::uint8_t { missing, bad, null, boolean, number, string, array, object };

// A node of a JsonTree, by value; valid while the tree lives. A missing node answers every question with nothing, so
// that tree.root().at("metadata").at("component").at("name").text() needs no checks on the way.
class JsonNode {
 public:
  class Items;
  class Members;

  JsonNode() = default;

  JsonKind kind() const;
  bool exists() const { return tree_ != nullptr; }
  bool is_string() const { return kind() == JsonKind::string; }
  bool is_object() const { return kind() == JsonKind::object; }
  bool is_array() const { return kind() == JsonKind::array; }

  // A string after unescaping, always valid UTF-8 (U+FFFD stands for what was not); a number, true, false or null as
  // written;
  // "" for anything else.
  std::string_view text() const;
  // Only of a string; "" for anything else.
  std::string_view string() const { return is_string() ? text() : std::string_view{}; }
  bool is_true() const;
  std::optional<std::int64_t> integer() const;

  // Object: the value of `key`, of the last one when a key is repeated, as nearly every parser decides.
  JsonNode at(std::string_view key) const;
  Items items() const;       // array: the values in order; nothing otherwise
  Members members() const;   // object: key and value in order, repeated keys included; nothing otherwise
  std::size_t size() const;  // values of an array, members of an object

  Span span() const;  // of the value as written, quotes and brackets included
  std::size_t offset() const;
  std::string_view source() const;  // the value as written

  friend bool operator==(const JsonNode&, const JsonNode&) = default;

 private:
  friend class JsonTree;
  JsonNode(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  const JsonTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

struct JsonProblem {
  std::size_t offset = 0;
  std::string message;
};

// Where a stretch of a JSON text was transcribed from: everything from `offset` to the next entry's stands there.
struct TranscribedPlace {
  std::size_t offset = 0;
  Span span;
};

// A JSON text (RFC 8259) as a tree with positions, for documents an attacker may have written. Nothing is refused: a
// value that cannot be understood costs that value, and problems() says where and why. Tolerated and reported: a
// missing or superfluous comma, text after the end, control characters and ill-formed UTF-8 in strings, repeated keys,
// an end before the end, nesting beyond limits::max_json_depth. Tolerated silently: a byte order mark. Keeps a
// reference to the text, which must outlive it and be shorter than 4 GiB (checked: longer gives a missing root and a
// problem). One pass without recursion, linear in the text. Immutable after parsing: share it between threads freely.
class JsonTree {
 public:
  explicit JsonTree(std::string_view text);
  // A text that was transcribed from another: every position is one of that other text. `places` ascend by offset and
  // must outlive the tree.
  JsonTree(std::string_view text, const std::vector<TranscribedPlace>& places);
  JsonTree(const JsonTree&) = delete;
  JsonTree& operator=(const JsonTree&) = delete;
  ~JsonTree();

  JsonNode root() const { return nodes_.empty() ? JsonNode{} : JsonNode{this, 0}; }
  // In order of position where known; at most `max_problems`, the rest only counted.
  const std::vector<JsonProblem>& problems() const { return problems_; }
  std::size_t problem_count() const { return problem_count_; }
  // The text is a JSON text to the letter (repeated keys aside).
  bool well_formed() const { return problem_count_ == 0; }
  // The later keys of every repeated key.
  std::vector<JsonNode> duplicates() const;
  Position position(std::size_t offset) const { return span(offset, offset).begin; }
  Span span(std::size_t begin, std::size_t end) const;
  const PositionGrid& positions() const { return grid_; }
  std::string_view source() const { return text_; }

  static constexpr std::size_t max_problems = 100;

 private:
  friend class JsonNode;
  friend class JsonBuilder;
  struct Node {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t next = 0;  // index after this node's subtree
    std::uint32_t extra =
        0;  // string: 1 + index into decoded_, 0 when the text needs no decoding; container: number of values
    JsonKind kind = JsonKind::bad;
  };

  std::string_view text_;
  PositionGrid grid_;
  const std::vector<TranscribedPlace>* places_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<std::string_view> decoded_;
  std::vector<std::unique_ptr<std::string>> storage_;
  std::vector<JsonProblem> problems_;
  std::vector<std::uint32_t> duplicates_;
  std::size_t problem_count_ = 0;
};

class JsonNode::Items {
 public:
  class iterator {
   public:
    using value_type = JsonNode;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using pointer = const JsonNode*;
    using reference = JsonNode;
    iterator(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
    JsonNode operator*() const { return {tree_, index_}; }
    iterator& operator++();
    friend bool operator==(const iterator&, const iterator&) = default;

   private:
    const JsonTree* tree_;
    std::uint32_t index_;
  };
  iterator begin() const { return {tree_, begin_}; }
  iterator end() const { return {tree_, end_}; }
  bool empty() const { return begin_ == end_; }

 private:
  friend class JsonNode;
  Items(const JsonTree* tree, std::uint32_t begin, std::uint32_t end) : tree_(tree), begin_(begin), end_(end) {}
  const JsonTree* tree_;
  std::uint32_t begin_;
  std::uint32_t end_;
};

class JsonNode::Members {
 public:
  class iterator {
   public:
    using value_type = std::pair<JsonNode, JsonNode>;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using pointer = const value_type*;
    using reference = value_type;
    iterator(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
    std::pair<JsonNode, JsonNode> operator*() const { return {JsonNode{tree_, index_}, JsonNode{tree_, index_ + 1}}; }
    iterator& operator++();
    friend bool operator==(const iterator&, const iterator&) = default;

   private:
    const JsonTree* tree_;
    std::uint32_t index_;
  };
  iterator begin() const { return {tree_, begin_}; }
  iterator end() const { return {tree_, end_}; }
  bool empty() const { return begin_ == end_; }

 private:
  friend class JsonNode;
  Members(const JsonTree* tree, std::uint32_t begin, std::uint32_t end) : tree_(tree), begin_(begin), end_(end) {}
  const JsonTree* tree_;
  std::uint32_t begin_;
  std::uint32_t end_;
};

}  // namespace assay::formats
