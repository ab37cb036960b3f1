#include "analyzer/buildlog/time_stamp.h"

#include <fmt/core.h>

namespace assay::buildlog {
namespace {

// Days since 1970-01-01 of a day of the Gregorian calendar, counted in years that begin in March.
std::int64_t days_from(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = year / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

std::int64_t number(std::string_view text, std::size_t at, std::size_t digits) {
  std::int64_t value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::int64_t milliseconds(std::string_view stamp) {
  const std::int64_t year = number(stamp, 0, 4);
  const std::int64_t month = number(stamp, 5, 2);
  const std::int64_t day = number(stamp, 8, 2);
  const std::int64_t hour = number(stamp, 11, 2);
  const std::int64_t minute = number(stamp, 14, 2);
  const std::int64_t second = number(stamp, 17, 2);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || hour < 0 || minute < 0 || second < 0) return -1;
  const std::int64_t fraction = stamp.size() > 23 && stamp[19] == '.' ? number(stamp, 20, 3) : 0;
  return ((days_from(year, month, day) * 24 + hour) * 60 + minute) * 60'000 + second * 1'000 +
         (fraction < 0 ? 0 : fraction);
}

std::string stamp_of(std::int64_t milliseconds) {
  if (milliseconds < 0 || milliseconds > 253'402'300'799'999) return {};
  std::int64_t days = milliseconds / 86'400'000;
  const std::int64_t rest = milliseconds % 86'400'000;
  std::int64_t year = 1970 + days / 366;
  while (days_from(year + 1, 1, 1) <= days) ++year;
  std::int64_t month = 1;
  while (month < 12 && days_from(year, month + 1, 1) <= days) ++month;
  const std::int64_t day = days - days_from(year, month, 1) + 1;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year, month, day, rest / 3'600'000,
                     rest / 60'000 % 60, rest / 1'000 % 60, rest % 1'000);
}

std::int64_t take_number(std::string_view& text) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits > 15) return -1;
  const std::int64_t value = number(text, 0, digits);
  text.remove_prefix(digits);
  return value;
}

std::int64_t Clock::backwards(std::string_view stamp) {
  if (stamp.empty()) return 0;
  if (latest_.empty() || latest_.size() != stamp.size() || stamp >= latest_) {
    latest_ = stamp;
    return 0;
  }
  const std::int64_t before = milliseconds(latest_);
  const std::int64_t now = milliseconds(stamp);
  if (before < 0 || now < 0) return 0;
  const std::int64_t back = before - now;
  // A long step back is told once: the log goes on from there.
  if (back > 5'000) latest_ = stamp;
  return back;
}

}  // namespace assay::buildlog
