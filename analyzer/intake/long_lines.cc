#include "analyzer/intake/long_lines.h"

#include <algorithm>
#include <cstring>

namespace assay::intake {

LineShortener::LineShortener(std::size_t most, utf16::Order order)
    : most_(order == utf16::Order::none ? most : 2 * most), order_(order) {}

// Where the line end begins; the size of `rest` when the line goes on.
std::size_t LineShortener::line_end(std::string_view rest) const {
  const std::size_t half = order_ == utf16::Order::big ? 1 : 0;
  for (std::size_t at = 0; at < rest.size();) {
    const void* feed = std::memchr(rest.data() + at, '\n', rest.size() - at);
    if (feed == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const char*>(feed) - rest.data());
    if (order_ == utf16::Order::none) return at;
    const std::size_t begin = at - std::min(at, half);
    const bool whole = at % 2 == half && begin + 1 < rest.size() && rest[begin + 1 - half] == '\0';
    if (whole) return begin;
    ++at;
  }
  return rest.size();
}

std::size_t LineShortener::keep(const char* from, std::size_t size, char* to) {
  const std::size_t unit = order_ == utf16::Order::none ? 1 : 2;
  std::string_view rest(from, size);
  char* const begin = to;
  while (!rest.empty()) {
    const std::size_t end = line_end(rest);
    const bool ends = end < rest.size();
    const std::size_t kept = std::min(end, most_ - kept_);
    std::memmove(to, rest.data(), kept);
    to += kept;
    kept_ += kept;
    if (ends) {
      std::memmove(to, rest.data() + end, unit);
      to += unit;
      kept_ = 0;
    }
    rest.remove_prefix(ends ? end + unit : rest.size());
  }
  return static_cast<std::size_t>(to - begin);
}

}  // namespace assay::intake
