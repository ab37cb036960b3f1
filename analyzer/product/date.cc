#include "analyzer/product/date.h"

namespace assay::product {
namespace {

std::optional<int> number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<std::int64_t> day_of(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return std::nullopt;
  const std::optional<int> year = number(text.substr(0, 4));
  const std::optional<int> month = number(text.substr(5, 2));
  const std::optional<int> day = number(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *month > 12) return std::nullopt;
  const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  static constexpr int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const int length = lengths[*month - 1] + (*month == 2 && leap ? 1 : 0);
  if (*day < 1 || *day > length) return std::nullopt;
  const std::int64_t whole = *year;
  // Days before 1 January of the year, counted from 0000-01-01; 719 528 of them lie before 1970.
  const std::int64_t of_years = whole * 365 + (whole + 3) / 4 - (whole + 99) / 100 + (whole + 399) / 400;
  return of_years - 719'528 + before[*month - 1] + (*month > 2 && leap ? 1 : 0) + *day - 1;
}

}  // namespace assay::product
