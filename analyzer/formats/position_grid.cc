#include "analyzer/formats/position_grid.h"

#include <algorithm>
#include <cstring>

namespace assay::formats {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101ULL;

// `flags(word)` has the lowest bit of each of eight bytes set that counts; `counts(c)` says the same of one byte.
template <class Flags, class Counts>
std::uint32_t count(std::string_view text, Flags flags, Counts counts) {
  std::uint64_t total = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    total += (flags(word) * ones) >> 56U;
  }
  for (; at < text.size(); ++at) total += counts(static_cast<unsigned char>(text[at])) ? 1U : 0U;
  return static_cast<std::uint32_t>(total);
}

std::uint32_t code_points(std::string_view text) {
  const std::uint32_t continuations = count(
      text, [](std::uint64_t word) { return (word >> 7U) & ~(word >> 6U) & ones; },
      [](unsigned char c) { return (c & 0xC0U) == 0x80U; });
  return static_cast<std::uint32_t>(text.size()) - continuations;
}

std::uint32_t feeds(std::string_view text) {
  constexpr std::uint64_t low = ones * 0x7F;
  return count(
      text,
      [](std::uint64_t word) {
        const std::uint64_t rest = word ^ (ones * 0x0A);
        return (~(((rest & low) + low) | rest | low) >> 7U) & ones;
      },
      [](unsigned char c) { return c == 0x0A; });
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
