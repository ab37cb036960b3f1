#include "analyzer/formats/position_grid.h"

#include <algorithm>

namespace assay::formats {
namespace {

std::uint32_t code_points(std::string_view text) {
  std::uint32_t count = 0;
  for (const char c : text) count += static_cast<std::uint32_t>((static_cast<unsigned char>(c) & 0xC0U) != 0x80U);
  return count;
}

std::uint32_t feeds(std::string_view text) {
  std::uint32_t count = 0;
  for (const char c : text) count += static_cast<std::uint32_t>(c == '\n');
  return count;
}

// The position `piece` further on. A line feed that ends the whole text begins no line, as in LineIndex.
Position advance(Position from, std::string_view piece, bool ends_text) {
  const bool last_is_feed = ends_text && !piece.empty() && piece.back() == '\n';
  const std::string_view counted = last_is_feed ? piece.substr(0, piece.size() - 1) : piece;
  const std::uint32_t lines = feeds(counted);
  if (lines == 0) return {from.line, from.column + code_points(piece)};
  const std::size_t after = counted.rfind('\n') + 1;
  return {from.line + lines, 1 + code_points(piece.substr(after))};
}

}  // namespace

PositionGrid::PositionGrid(std::string_view text) : text_(text) {
  checkpoints_.reserve(text.size() / block + 1);
  Position here{1, 1};
  checkpoints_.push_back(here);
  for (std::size_t at = block; at < text.size(); at += block) {
    here = advance(here, text.substr(at - block, block), false);
    checkpoints_.push_back(here);
  }
}

Position PositionGrid::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const std::size_t cell = std::min(offset / block, checkpoints_.size() - 1);
  return advance(checkpoints_[cell], text_.substr(cell * block, offset - cell * block), offset == text_.size());
}

}  // namespace assay::formats
