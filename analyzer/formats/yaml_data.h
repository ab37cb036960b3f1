#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/formats/yaml_tree.h"

namespace assay::formats {

// The inside of a YamlTree: an arena of nodes in which index 0 is the missing node. Only analyzer/formats/yaml_*.cc see
// it.
struct YamlData {
  enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded, collection };

  struct Node {
    YamlKind kind = YamlKind::missing;
    Style style = Style::plain;
    std::uint32_t alias_of = 0;     // the node meant, when this is an alias; never an alias itself
    std::uint32_t tag = 0;          // index into `strings` plus one, 0 when none
    std::uint32_t first_child = 0;  // into `children`: items, or keys and values in turn
    std::uint32_t child_count = 0;
    std::size_t begin = 0;    // bytes of `text`
    std::size_t end = 0;      // after the last character that is not white space
    std::size_t raw_end = 0;  // as the parser says, blank lines of a block scalar included
    std::string_view value;   // into `text` or `strings`
  };

  std::string owned;      // a copy of the source, when it had to be mended
  std::string_view text;  // the source without byte order mark
  LineIndex lines{std::string_view{}};
  bool ascii = true;
  std::vector<std::size_t> checkpoints;  // byte offset of every 128th code point, unless ascii
  std::deque<std::string> strings;
  std::vector<Node> nodes{Node{}};
  std::vector<std::uint32_t> children;
  std::vector<std::uint32_t> roots;
  std::vector<std::uint32_t> duplicates;

  static constexpr std::size_t checkpoint_every = 128;

  void index_text();
  std::size_t byte_of_character(std::size_t character) const;
  std::size_t character_of_byte(std::size_t offset) const;
  Position position(std::size_t offset) const;
  // The node itself, or what an alias means.
  const Node& meant(std::uint32_t index) const;
  YamlNode node(std::uint32_t index) const { return index == 0 ? YamlNode{} : YamlNode{this, index}; }
};

// Fills `data` from data.text (libyaml's events). Returns the error that ended reading early, if any, in `error`; with
// `lenient`, aliases that break a bound become missing nodes and reading goes on.
bool read_yaml_events(YamlData& data, bool lenient, Error& error);

}  // namespace assay::formats
