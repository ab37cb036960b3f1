#include "analyzer/fleet/window.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace assay::fleet {
namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t day = 24 * 60 * minute;

// Exactly `digits` digits at the front, removed; nothing when there are none or the number is above `most`.
std::optional<int> take_number(std::string_view& text, std::size_t digits, int most) {
  if (text.size() < digits) return {};
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  if (value > most) return {};
  text.remove_prefix(digits);
  return value;
}

bool take_one_of(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Seconds since 1970 at which the day begins.
std::optional<std::int64_t> take_day(std::string_view& text) {
  const auto year = take_number(text, 4, 9999);
  if (!year || !take_one_of(text, "-")) return {};
  const auto month = take_number(text, 2, 12);
  if (!month || !take_one_of(text, "-")) return {};
  const auto of_month = take_number(text, 2, 31);
  if (!of_month) return {};
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*of_month)}};
  if (!date.ok()) return {};
  return std::chrono::sys_days{date}.time_since_epoch().count() * day;
}

// Seconds east of UTC.
std::optional<std::int64_t> take_zone(std::string_view& text) {
  if (take_one_of(text, "Zz")) return 0;
  const bool west = text.starts_with('-');
  if (!take_one_of(text, "+-")) return {};
  const auto hours = take_number(text, 2, 23);
  if (!hours) return {};
  take_one_of(text, ":");
  const auto minutes = take_number(text, 2, 59);
  if (!minutes) return {};
  const std::int64_t east = (*hours * 60 + *minutes) * minute;
  return west ? -east : east;
}

}  // namespace

std::optional<Stretch> read_time(std::string_view text) {
  const auto date = take_day(text);
  if (!date) return {};
  if (text.empty()) return Stretch{*date, *date + day - 1};
  if (!take_one_of(text, "Tt ")) return {};
  const auto hour = take_number(text, 2, 23);
  if (!hour || !take_one_of(text, ":")) return {};
  const auto of_hour = take_number(text, 2, 59);
  if (!of_hour) return {};
  Stretch out{*date + (*hour * 60 + *of_hour) * minute, 0};
  out.last = out.first + minute - 1;
  if (take_one_of(text, ":")) {
    const auto seconds = take_number(text, 2, 60);
    if (!seconds) return {};
    out.last = out.first += *seconds;
    if (take_one_of(text, ".,")) text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  }
  const auto east = take_zone(text);
  if (!east || !text.empty()) return {};
  return Stretch{out.first - *east, out.last - *east};
}

void Window::widen(const Window& other) {
  if (from) from = other.from ? std::optional(std::min(*from, *other.from)) : std::nullopt;
  if (until) until = other.until ? std::optional(std::max(*until, *other.until)) : std::nullopt;
}

Fit fit(const Window& window, const Stretch& time) {
  if (window.from && time.last < *window.from) return Fit::before;
  if (window.until && time.first > *window.until) return Fit::after;
  return Fit::within;
}

}  // namespace assay::fleet
