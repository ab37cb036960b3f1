#include "analyzer/base/find_literal.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace assay {
namespace {

using Block = unsigned char __attribute__((vector_size(16)));

Block load_block(const char* at) {
  Block block;
  std::memcpy(&block, at, sizeof block);
  return block;
}

Block filled(char c) {
  Block block;
  std::memset(&block, c, sizeof block);
  return block;
}

// The place of the first byte of a word, in memory order, that is not zero.
unsigned first_byte(std::uint64_t word) {
  const int bit = std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word);
  return static_cast<unsigned>(bit) / 8;
}

std::uint64_t without_byte(std::uint64_t word, unsigned place) {
  return word & ~(0xFFULL << (8 * (std::endian::native == std::endian::little ? place : 7 - place)));
}

}  // namespace

std::size_t find_literal(std::string_view text, std::string_view needle, std::size_t from) {
  const std::size_t length = needle.size();
  if (from > text.size() || text.size() - from < length || length < 2) return text.find(needle, from);
  const char* const data = text.data();
  const Block first = filled(needle.front());
  const Block last = filled(needle.back());
  std::size_t at = from;
  for (; at + 16 + length - 1 <= text.size(); at += 16) {
    const auto both = (load_block(data + at) == first) & (load_block(data + at + length - 1) == last);
    std::uint64_t halves[2];
    std::memcpy(halves, &both, sizeof halves);
    if ((halves[0] | halves[1]) == 0) continue;
    for (std::size_t half = 0; half < 2; ++half) {
      for (std::uint64_t rest = halves[half]; rest != 0;) {
        const unsigned place = first_byte(rest);
        const std::size_t candidate = at + 8 * half + place;
        if (std::memcmp(data + candidate + 1, needle.data() + 1, length - 1) == 0) return candidate;
        rest = without_byte(rest, place);
      }
    }
  }
  return text.find(needle, at);
}

}  // namespace assay
