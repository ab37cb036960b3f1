#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/versions/orders.h"

// RFC 3339 time stamps as versions: ordered by the instant, whatever the offset.
namespace assay::versions {
namespace {

struct Instant {
  std::int64_t seconds = 0;   // since 0000-03-01, UTC
  std::string_view fraction;  // without zeros at the end
};

bool take_number(std::string_view& text, std::size_t digits, char after, std::int64_t& value) {
  if (text.size() < digits) return false;
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  if (after == 0) return true;
  if (text.empty() || folded(text[0]) != after) return false;
  text.remove_prefix(1);
  return true;
}

// Days since 0000-03-01 in the proleptic Gregorian calendar: a year that begins in March has its leap day at the end.
std::int64_t days(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month < 3) {
    --year;
    month += 12;
  }
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1;
}

std::optional<Instant> parse(std::string_view text) {
  std::int64_t year = 0;
  std::int64_t month = 0;
  std::int64_t day = 0;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  if (!take_number(text, 4, '-', year) || !take_number(text, 2, '-', month) || !take_number(text, 2, 't', day) ||
      !take_number(text, 2, ':', hour) || !take_number(text, 2, ':', minute) || !take_number(text, 2, 0, second))
    return std::nullopt;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  Instant instant;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    instant.fraction = take_while(text, is_digit);
    if (instant.fraction.empty()) return std::nullopt;
    while (instant.fraction.ends_with('0')) instant.fraction.remove_suffix(1);
  }
  std::int64_t offset = 0;
  if (text.empty()) return std::nullopt;
  const char zone = folded(text[0]);
  text.remove_prefix(1);
  if (zone == '+' || zone == '-') {
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    if (!take_number(text, 2, ':', hours) || !take_number(text, 2, 0, minutes)) return std::nullopt;
    offset = (hours * 60 + minutes) * (zone == '+' ? 60 : -60);
  } else if (zone != 'z') {
    return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  instant.seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset;
  return instant;
}

}  // namespace

std::weak_ordering compare_datetime(std::string_view a, std::string_view b) {
  const std::optional<Instant> left = parse(a);
  const std::optional<Instant> right = parse(b);
  if (const Validity known = by_validity(left.has_value(), right.has_value(), a, b); known.decided) return known.order;
  if (const auto order = left->seconds <=> right->seconds; order != 0) return order;
  return compare_bytes(left->fraction, right->fraction);
}

}  // namespace assay::versions
