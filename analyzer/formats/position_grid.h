#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"

namespace assay::formats {

// Byte offsets to positions in constant time whatever the length of a line: a minified document of 50 MB is one line,
// on which counting columns from the start of the line would be quadratic. Says exactly what LineIndex says (tests
// compare them). Keeps a checkpoint for every 256 bytes. The text must outlive it; immutable, so safe to share.
class PositionGrid {
 public:
  explicit PositionGrid(std::string_view text);

  Position position(std::size_t offset) const;
  Span span(std::size_t begin, std::size_t end) const { return {position(begin), position(end)}; }

 private:
  static constexpr std::size_t block = 256;
  std::string_view text_;
  std::vector<Position> checkpoints_;
};

}  // namespace assay::formats
