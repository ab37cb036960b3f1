#include "analyzer/base/utf16.h"

#include <algorithm>

#include "analyzer/base/utf8.h"

namespace assay::utf16 {
namespace {

bool is_plain(char c) {
  return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n';
}

class Units {
 public:
  Units(std::string_view text, Order order) : text_(text), high_(order == Order::big ? 0 : 1) {}

  char32_t at(std::size_t offset) const {
    const auto high = static_cast<unsigned char>(text_[offset + high_]);
    const auto low = static_cast<unsigned char>(text_[offset + 1 - high_]);
    return static_cast<char32_t>(high) << 8U | low;
  }

  // How many bytes from `offset` on are single-byte text; 0 when they are too few to tell.
  std::size_t single_bytes(std::size_t offset) const {
    if (!is_plain(text_[offset]) || !is_plain(text_[offset + 1])) return 0;
    std::size_t end = offset;
    while (end < text_.size() && is_plain(text_[end])) ++end;
    // Of "a\0" the first half is printable by itself.
    if (high_ == 1 && end < text_.size() && text_[end] == '\0') --end;
    return end - offset >= single_bytes_from ? end - offset : 0;
  }

 private:
  std::string_view text_;
  std::size_t high_;
};

}  // namespace

Order order(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xFE\xFF")) return Order::big;
  return head.starts_with("\xFF\xFE") && !head.starts_with("\xFF\xFE\0\0"sv) ? Order::little : Order::none;
}

std::string to_utf8(std::string_view text, Order order) {
  std::string out;
  if (text.size() <= 2) return out;
  text.remove_prefix(2);
  out.reserve(text.size() / 2 + text.size() / 16);
  const Units units(text, order);
  std::size_t at = 0;
  while (at + 1 < text.size()) {
    char32_t point = units.at(at);
    if (point > 0 && point < 0x80) {
      out.push_back(static_cast<char>(point));
      at += 2;
      continue;
    }
    if (const std::size_t plain = units.single_bytes(at); plain > 0) {
      out.append(text.substr(at, plain));
      at += plain;
      continue;
    }
    if (point >= 0xD800 && point < 0xE000) {
      const bool pair =
          point < 0xDC00 && at + 3 < text.size() && units.at(at + 2) >= 0xDC00 && units.at(at + 2) < 0xE000;
      point = pair ? 0x10000 + ((point - 0xD800) << 10U) + (units.at(at + 2) - 0xDC00) : char32_t{0xFFFD};
      if (pair) at += 2;
    }
    utf8::append(out, point);
    at += 2;
  }
  if (at < text.size()) utf8::append(out, 0xFFFD);
  return out;
}

}  // namespace assay::utf16
