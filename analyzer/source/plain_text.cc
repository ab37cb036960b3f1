#include "analyzer/source/plain_text.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace assay::source {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080ULL;

std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

bool blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

std::size_t find_non_ascii(std::string_view text, std::size_t from) {
  const char* const data = text.data();
  std::size_t at = from;
  for (; at + 64 <= text.size(); at += 64) {
    std::uint64_t any = 0;
    for (std::size_t word = 0; word < 64; word += 8) any |= load(data + at + word);
    if ((any & high_bits) != 0) break;
  }
  for (; at + 8 <= text.size(); at += 8) {
    if ((load(data + at) & high_bits) != 0) break;
  }
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(data[at]) >= 0x80) return at;
  }
  return text.size();
}

std::size_t find_blank_run(std::string_view text, std::size_t length, std::size_t from) {
  constexpr std::size_t stride = 64;  // a run of 128 or more covers at least two probes that follow each other
  std::size_t probe = from;
  while (probe + stride < text.size()) {
    if (!blank(text[probe]) || !blank(text[probe + stride])) {
      probe += stride;
      continue;
    }
    std::size_t begin = probe;
    while (begin > from && blank(text[begin - 1])) --begin;
    std::size_t end = probe;
    while (end < text.size() && blank(text[end])) ++end;
    if (end - begin >= length) return begin;
    from = end;
    probe = std::max(end, probe + 1);
  }
  return std::string_view::npos;
}

LineShape line_shape(std::string_view text) {
  LineShape shape;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const auto* feed = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const char* const stop = feed != nullptr ? feed : end;
    ++shape.lines;
    shape.longest = std::max(shape.longest, static_cast<std::size_t>(stop - at));
    at = stop + 1;
  }
  return shape;
}

}  // namespace assay::source
