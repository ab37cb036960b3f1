#include "analyzer/formats/base64.h"

#include <array>
#include <cstdint>

namespace assay::formats {
namespace {

constexpr std::uint8_t blank = 64;
constexpr std::uint8_t padding = 65;
constexpr std::uint8_t foreign = 66;

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  table.fill(foreign);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < letters.size(); ++i)
    table[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(i);
  table['-'] = 62;
  table['_'] = 63;
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = blank;
  table['='] = padding;
  return table;
}
constexpr std::array<std::uint8_t, 256> table = make_table();

}  // namespace

std::optional<std::string> base64(std::string_view text, std::size_t most) {
  if (text.size() / 4 * 3 > most + 3) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  bool ended = false;
  for (const char c : text) {
    const std::uint8_t value = table[static_cast<unsigned char>(c)];
    if (value == blank) continue;
    if (value == foreign || (ended && value != padding)) return std::nullopt;
    if (value == padding) {
      ended = true;
      continue;
    }
    bits = (bits << 6U) | value;
    if (++count == 4) {
      out.push_back(static_cast<char>(bits >> 16U));
      out.push_back(static_cast<char>(bits >> 8U));
      out.push_back(static_cast<char>(bits));
      bits = 0;
      count = 0;
    }
  }
  if (count == 1) return std::nullopt;
  if (count == 2) out.push_back(static_cast<char>(bits >> 4U));
  if (count == 3) {
    out.push_back(static_cast<char>(bits >> 10U));
    out.push_back(static_cast<char>(bits >> 2U));
  }
  if (out.size() > most) return std::nullopt;
  return out;
}

}  // namespace assay::formats
