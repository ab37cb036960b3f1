#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::fleet {

// A stretch of time in seconds since 1970, both ends included. What is written only to the minute or the day lasts that
// minute or day, so that nothing is excluded that the writing leaves open.
struct Stretch {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// "2026-03-31", "2026-03-31T00:21Z", "2026-03-31T00:21:05.123+02:00" (RFC 3339, with minutes for seconds allowed; a
// blank may stand for the T). A day is one of UTC. Nothing for a time of day without a zone, which may mean any of
// 26 hours, and for dates that are none.
std::optional<Stretch> read_time(std::string_view text);

// When a bad version could be had; an end that is not known is open.
struct Window {
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> until;

  bool known() const { return from || until; }
  friend bool operator==(const Window&, const Window&) = default;
  // The smallest window that holds both.
  void widen(const Window& other);
};

enum class Fit : std::uint8_t { before, within, after };
// Within when they share a second.
Fit fit(const Window& window, const Stretch& time);

}  // namespace assay::fleet
