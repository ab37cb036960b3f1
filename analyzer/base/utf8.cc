#include "analyzer/base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace assay::utf8 {

char32_t next(std::string_view text, std::size_t& offset) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t lead = byte(offset);
  if (lead < 0x80) {
    ++offset;
    return lead;
  }
  std::size_t length = 0;
  char32_t value = 0;
  char32_t smallest = 0;
  if ((lead & 0xE0U) == 0xC0U) {
    length = 2, value = lead & 0x1FU, smallest = 0x80;
  } else if ((lead & 0xF0U) == 0xE0U) {
    length = 3, value = lead & 0x0FU, smallest = 0x800;
  } else if ((lead & 0xF8U) == 0xF0U) {
    length = 4, value = lead & 0x07U, smallest = 0x10000;
  }
  if (length == 0 || offset + length > text.size()) {
    ++offset;
    return invalid;
  }
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint8_t follow = byte(offset + i);
    if ((follow & 0xC0U) != 0x80U) {
      ++offset;
      return invalid;
    }
    value = (value << 6U) | (follow & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || value > 0x10FFFF || surrogate) {
    ++offset;
    return invalid;
  }
  offset += length;
  return value;
}

void append(std::string& out, char32_t code_point) {
  const auto put = [&](char32_t value) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(value))); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6U));
    put(0x80 | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12U));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
    put(0x80 | (code_point & 0x3FU));
  } else {
    put(0xF0 | (code_point >> 18U));
    put(0x80 | ((code_point >> 12U) & 0x3FU));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
    put(0x80 | (code_point & 0x3FU));
  }
}

bool is_valid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (next(text, at) == invalid) return false;
  }
  return true;
}

std::string repaired(std::string_view text) {
  const auto other =
      std::find_if(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; });
  std::string out;
  out.reserve(text.size());
  out.append(text.begin(), other);
  for (std::size_t at = out.size(); at < text.size();) {
    const std::size_t start = at;
    if (next(text, at) == invalid) {
      append(out, 0xFFFD);
    } else {
      out.append(text.substr(start, at - start));
    }
  }
  return out;
}

}  // namespace assay::utf8
