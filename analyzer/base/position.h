#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace assay {

// A place in a text: 1-based line, 1-based column in Unicode code points. Line 0 means "the artifact as a whole".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(const Position&, const Position&) = default;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// A half-open stretch of text; `end` is the position after the last character.
struct Span {
  Position begin;
  Position end;
  friend bool operator==(const Span&, const Span&) = default;
  friend auto operator<=>(const Span&, const Span&) = default;
};

// Turns byte offsets of one text into positions. Lines end at LF; a CR before it belongs to the line. The text must
// outlive the index. Immutable after construction, so safe to share.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  Position position(std::size_t offset) const;
  Span span(std::size_t begin, std::size_t end) const { return {position(begin), position(end)}; }
  // The line without its line end; `line` is 1-based; empty when out of range.
  std::string_view line(std::uint32_t line) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }
  std::size_t line_start(std::uint32_t line) const { return starts_[line - 1]; }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

}  // namespace assay
