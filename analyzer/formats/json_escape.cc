#include "analyzer/formats/json_escape.h"

#include <algorithm>
#include <cstdint>

#include "analyzer/base/utf8.h"

namespace assay::formats {
namespace {

using Problem = std::function<void(std::size_t, std::string)>;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::int32_t four_digits(std::string_view inner, std::size_t at) {
  if (at + 4 > inner.size()) return -1;
  std::int32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_value(inner[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void unicode(std::string_view inner, std::size_t& i, const Problem& problem, std::string& out) {
  const std::int32_t first = four_digits(inner, i + 2);
  if (first < 0) {
    problem(i, "\\u needs four hexadecimal digits");
    utf8::append(out, U'\uFFFD');
    i = std::min(i + 2, inner.size());
    return;
  }
  const std::size_t begin = i;
  i += 6;
  if (first < 0xD800 || first > 0xDFFF) {
    utf8::append(out, static_cast<char32_t>(first));
    return;
  }
  if (first < 0xDC00 && inner.substr(i, 2) == "\\u") {
    const std::int32_t second = four_digits(inner, i + 2);
    if (second >= 0xDC00 && second <= 0xDFFF) {
      i += 6;
      utf8::append(out, static_cast<char32_t>(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)));
      return;
    }
  }
  problem(begin, "half of a surrogate pair");
  utf8::append(out, U'\uFFFD');
}

}  // namespace

std::string unescaped_json(std::string_view inner, const Problem& problem) {
  std::string out;
  out.reserve(inner.size());
  for (std::size_t i = 0; i < inner.size();) {
    const char c = inner[i];
    if (c != '\\') {
      if (static_cast<unsigned char>(c) < 0x80) {
        out += c;
        ++i;
      } else {
        const char32_t point = utf8::next(inner, i);
        utf8::append(out, point == utf8::invalid ? U'\uFFFD' : point);
      }
      continue;
    }
    const char kind = i + 1 < inner.size() ? inner[i + 1] : '\0';
    constexpr std::string_view from = "\"\\/bfnrt";
    constexpr std::string_view to = "\"\\/\b\f\n\r\t";
    if (kind == 'u') {
      unicode(inner, i, problem, out);
    } else if (const std::size_t at = from.find(kind); kind != '\0' && at != std::string_view::npos) {
      out += to[at];
      i += 2;
    } else {
      problem(i, "an escape JSON does not have");
      ++i;
    }
  }
  return out;
}

}  // namespace assay::formats
