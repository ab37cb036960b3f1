#pragma once

#include <cstddef>
#include <string_view>

#include "analyzer/base/position.h"

namespace assay::source {

// Positions of byte offsets asked for in rising order, in one pass over the text however many are asked: LineIndex
// counts a line anew for every question, which a hostile single-line file turns into quadratic work. An offset before
// the last one starts over. The text must outlive the cursor; not for sharing between threads.
class PositionCursor {
 public:
  explicit PositionCursor(std::string_view text) : text_(text) {}

  Position at(std::size_t offset);
  Span span(std::size_t begin, std::size_t end) {
    const Position first = at(begin);
    return {first, at(end)};
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_{1, 1};
};

}  // namespace assay::source
