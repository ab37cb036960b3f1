#include "analyzer/fleet/window.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::fleet {
namespace {

std::int64_t first(std::string_view text) {
  const auto time = read_time(text);
  return time ? time->first : -1;
}
std::int64_t last(std::string_view text) {
  const auto time = read_time(text);
  return time ? time->last : -1;
}

TEST(Window, TimesLastAsLongAsTheyAreWritten) {
  EXPECT_EQ(first("1970-01-02"), 86'400);
  EXPECT_EQ(last("1970-01-02"), 2 * 86'400 - 1);
  EXPECT_EQ(first("1970-01-01T00:21Z"), 21 * 60);
  EXPECT_EQ(last("1970-01-01T00:21Z"), 21 * 60 + 59);
  EXPECT_EQ(first("1970-01-01T00:21:05.1234567Z"), 21 * 60 + 5);
  EXPECT_EQ(last("1970-01-01T00:21:05.1234567Z"), 21 * 60 + 5);
  EXPECT_EQ(first("1970-01-01 02:00:00+02:00"), 0);
  EXPECT_EQ(first("1970-01-01T00:00:00-0130"), 90 * 60);
  EXPECT_EQ(first("2024-02-29"), 1'709'164'800);
}

TEST(Window, WhatIsNoTime) {
  for (const std::string text : {"", "2026", "2026-13-01", "2026-02-29", "2026-01-01T", "2026-01-01T10:00",
                                 "2026-01-01T10:00:00", "2026-01-01T24:00Z", "2026-01-01T10:00Zx", "10:00:00Z"})
    EXPECT_FALSE(read_time(text)) << text;
}

TEST(Window, EndsAreIncluded) {
  const Window window{.from = first("2026-03-31T00:21Z"), .until = last("2026-03-31T03:20Z")};
  const auto of = [&](std::string_view text) { return fit(window, *read_time(text)); };
  EXPECT_EQ(of("2026-03-31T00:20:59Z"), Fit::before);
  EXPECT_EQ(of("2026-03-31T00:21:00Z"), Fit::within);
  EXPECT_EQ(of("2026-03-31T03:20:59Z"), Fit::within);
  EXPECT_EQ(of("2026-03-31T03:21:00Z"), Fit::after);
  EXPECT_EQ(of("2026-03-31T05:20:59+02:00"), Fit::within);
  EXPECT_EQ(of("2026-03-31T05:21:00+02:00"), Fit::after);
  EXPECT_EQ(of("2026-03-31"), Fit::within) << "some second of that day";
  EXPECT_EQ(of("2026-03-30"), Fit::before);
}

TEST(Window, OpenEnds) {
  const Stretch long_ago{0, 0};
  EXPECT_EQ(fit({}, long_ago), Fit::within);
  EXPECT_EQ(fit({.from = 1, .until = {}}, long_ago), Fit::before);
  EXPECT_EQ(fit({.from = {}, .until = 0}, long_ago), Fit::within);
  EXPECT_FALSE(Window{}.known());
  Window window{.from = 5, .until = 9};
  window.widen({.from = 3, .until = {}});
  EXPECT_EQ(window.from, 3);
  EXPECT_FALSE(window.until) << "one of the two never ended";
}

}  // namespace
}  // namespace assay::fleet
