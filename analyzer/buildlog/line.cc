#include "analyzer/buildlog/line.h"

#include <cstring>

#include "analyzer/base/limits.h"

namespace assay::buildlog {
namespace {

std::uint32_t column_of(std::string_view raw, std::size_t offset) {
  std::uint32_t column = 1;
  for (const char c : raw.substr(0, offset)) column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return column;
}

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

}  // namespace

Span Line::span() const {
  if (place) return *place;
  return {{number, 1}, {number, column_of(raw, raw.size())}};
}

Span Line::span(std::string_view part) const {
  if (place || part.data() < text.data() || part.data() + part.size() > text.data() + text.size()) return span();
  const auto first = static_cast<std::size_t>(part.data() - text.data());
  std::size_t begin = 0;
  std::size_t end = 0;
  if (origin == nullptr) {
    begin = static_cast<std::size_t>(part.data() - raw.data());
    end = begin + part.size();
  } else {
    begin = part.empty() ? 0 : origin[first];
    end = part.empty() ? 0 : origin[first + part.size() - 1] + 1;
    if (end < begin) return span();
  }
  const std::uint32_t column = column_of(raw, begin);
  return {{number, column}, {number, column + column_of(raw.substr(begin), end - begin) - 1}};
}

bool LineSplitter::next(Line& line) {
  if (rest_.empty()) return false;
  const void* end = std::memchr(rest_.data(), '\n', rest_.size());
  const std::size_t length =
      end == nullptr ? rest_.size() : static_cast<std::size_t>(static_cast<const char*>(end) - rest_.data());
  line = Line{};
  line.number = ++number_;
  line.raw = rest_.substr(0, length);
  rest_.remove_prefix(end == nullptr ? length : length + 1);
  if (line.raw.size() > limits::max_log_line_bytes) {
    line.raw = line.raw.substr(0, limits::max_log_line_bytes);
    ++cut_;
  } else if (line.raw.ends_with('\r')) {
    line.raw.remove_suffix(1);
  }
  return true;
}

std::string_view trimmed_left(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && blank(text[at])) ++at;
  return text.substr(at);
}

std::string_view trimmed(std::string_view text) {
  text = trimmed_left(text);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string_view take_until(std::string_view& text, std::string_view stop) {
  const std::size_t at = text.find(stop);
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + stop.size());
  return before;
}

std::string_view take_word(std::string_view& text) {
  text = trimmed_left(text);
  std::size_t at = 0;
  while (at < text.size() && !blank(text[at])) ++at;
  const std::string_view word = text.substr(0, at);
  text.remove_prefix(at);
  return word;
}

}  // namespace assay::buildlog
