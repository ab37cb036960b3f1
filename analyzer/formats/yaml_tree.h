#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/base/result.h"

namespace assay::formats {

class YamlTree;
struct YamlData;

enum class YamlKind : std::uint8_t { missing, null, scalar, sequence, mapping };

// Where the bytes of one scalar's text() stand in the file, for callers with many offsets. Valid while the tree lives.
class TextPositions {
 public:
  TextPositions() = default;
  // Position of byte `offset` of the text, see YamlNode::position_of().
  Position at(std::size_t offset) const;
  Span span(std::size_t begin, std::size_t end) const;

 private:
  friend class YamlNode;
  // From byte `text` of the scalar on, bytes stand one for one in the source from byte `source` on.
  struct Stretch {
    std::size_t text = 0;
    std::size_t source = 0;
  };
  std::size_t source_offset(std::size_t offset) const;
  const YamlData* data_ = nullptr;
  std::vector<Stretch> stretches_;
  std::size_t end_ = 0;  // in the source
};

// A node of a YamlTree, by value; valid while the tree lives. A missing node answers every question with nothing, so
// that tree.root().at("jobs").at("build").at("steps") needs no checks on the way.
class YamlNode {
 public:
  YamlNode() = default;

  YamlKind kind() const;
  bool exists() const { return kind() != YamlKind::missing; }
  bool is_scalar() const { return kind() == YamlKind::scalar; }
  bool is_mapping() const { return kind() == YamlKind::mapping; }
  bool is_sequence() const { return kind() == YamlKind::sequence; }

  // The scalar's text after YAML unescaping and folding; "" for anything else.
  std::string_view text() const;
  // Plain (unquoted) scalars only: true for `true`, `yes`, `on` and the like is the caller's business; this says
  // whether quotes were written.
  bool quoted() const;
  bool block() const;  // literal | or folded >
  // The tag as libyaml expands it ("!reference", "tag:yaml.org,2002:str"); "" when none is written.
  std::string_view tag() const;

  // Mapping: the value of `key` (merge keys `<<` resolved: own keys win, of doubled own keys the last); a missing node
  // otherwise.
  YamlNode at(std::string_view key) const;
  // Mapping: key and value nodes in file order, own keys before merged ones; duplicates are kept
  // (YamlTree::duplicates() names them).
  std::vector<std::pair<YamlNode, YamlNode>> entries() const;
  // Sequence: items in order. A scalar is not a sequence of one; see one_or_many().
  std::vector<YamlNode> items() const;
  // The items of a sequence, or the node itself when it is a scalar, null or mapping, or nothing.
  std::vector<YamlNode> one_or_many() const;

  // Where the node stands in the file. Aliases point at the alias, their children at the anchor's text.
  Span span() const;
  // Position in the file of byte `offset` of text(). Exact for plain, quoted and block scalars (indentation, escapes
  // and folding accounted for); never outside span().
  Position position_of(std::size_t offset) const;
  // The same for many offsets of one text: walks the source once.
  TextPositions positions() const;
  // The comment on the node's last line, without '#' and surrounding space; of a block scalar the one behind | or >; ""
  // when there is none.
  std::string_view comment() const;

 private:
  friend class YamlTree;
  friend struct YamlData;
  YamlNode(const YamlData* data, std::uint32_t index) : data_(data), index_(index) {}
  const YamlData* data_ = nullptr;
  std::uint32_t index_ = 0;
};

// A YAML stream (1.1 as libyaml reads it: what GitHub, GitLab and people's files really use) as a tree with positions.
// Aliases are references, never copies, so a "billion laughs" costs nothing; a cycle through an alias ends as a missing
// node. Bounded by limits::max_yaml_depth and max_yaml_nodes, both counted as a reader walks, through aliases: a full
// walk is bounded too. Immutable after parsing: share it between threads freely. Keeps a reference to the text, which
// must outlive it. Text: UTF-8 with or without a byte order mark (which has no column), or UTF-16 with one (a UTF-8
// copy is kept then).
class YamlTree {
 public:
  // The whole stream. A syntax error is an Error whose `where` is "line:column" and whose message says what is wrong.
  // So is a byte that is not UTF-8 or a control character YAML forbids.
  static Result<YamlTree> parse(std::string_view text);

  // As parse(), but keeps everything before an error: the tree of what could be read, and the error. For hostile or
  // broken files. Forbidden bytes are read as U+FFFD and everything goes on; an alias that would break a bound is a
  // missing node.
  struct Salvaged;
  static Salvaged salvage(std::string_view text);

  YamlTree(YamlTree&&) noexcept;
  YamlTree& operator=(YamlTree&&) noexcept;
  ~YamlTree();

  // The first document's root; missing when the stream is empty.
  YamlNode root() const;
  std::vector<YamlNode> documents() const;
  // Keys that appear twice in one mapping, as their second key node.
  std::vector<YamlNode> duplicates() const;
  std::string_view source() const;
  const LineIndex& lines() const;

 private:
  explicit YamlTree(std::unique_ptr<YamlData> data);
  std::unique_ptr<YamlData> data_;
};

struct YamlTree::Salvaged {
  YamlTree tree;
  bool complete = true;
  Error error;  // meaningful when not complete
};

}  // namespace assay::formats
