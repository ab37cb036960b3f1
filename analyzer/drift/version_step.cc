#include "analyzer/drift/version_step.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace assay::drift {
namespace {

constexpr std::size_t most_parts = 64;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view core(std::string_view version) {
  const std::size_t colon = version.find(':');
  if (colon != std::string_view::npos && colon > 0 &&
      std::all_of(version.begin(), version.begin() + static_cast<std::ptrdiff_t>(colon), digit))
    version.remove_prefix(colon + 1);
  if (version.size() > 1 && (version[0] == 'v' || version[0] == 'V') && digit(version[1])) version.remove_prefix(1);
  return version;
}

// Numbers without leading zeros, so that their length and then their digits compare as their values do.
std::string_view significant(std::string_view number) {
  const std::size_t begin = number.find_first_not_of('0');
  return begin == std::string_view::npos ? std::string_view("0") : number.substr(begin);
}

int compare_numbers(std::string_view a, std::string_view b) {
  a = significant(a);
  b = significant(b);
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

std::vector<std::string_view> leading_numbers(std::string_view version) {
  std::vector<std::string_view> numbers;
  while (!version.empty() && digit(version[0]) && numbers.size() < most_parts) {
    std::size_t end = 0;
    while (end < version.size() && digit(version[end])) ++end;
    numbers.push_back(version.substr(0, end));
    version.remove_prefix(end);
    if (version.empty() || version[0] != '.') break;
    version.remove_prefix(1);
  }
  return numbers;
}

std::vector<std::string_view> parts_of(std::string_view version) {
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  while (at < version.size() && version[at] != '+' && parts.size() < most_parts) {
    std::size_t end = at;
    if (digit(version[at])) {
      while (end < version.size() && digit(version[end])) ++end;
    } else if (letter(version[at])) {
      while (end < version.size() && letter(version[end])) ++end;
    } else {
      ++at;
      continue;
    }
    parts.push_back(version.substr(at, end - at));
    at = end;
  }
  return parts;
}

}  // namespace

std::string_view step_between(std::string_view was, std::string_view now) {
  const std::vector<std::string_view> a = leading_numbers(core(was));
  const std::vector<std::string_view> b = leading_numbers(core(now));
  if (a.empty() || b.empty() || was == now) return "";
  const std::size_t most = std::max(a.size(), b.size());
  for (std::size_t i = 0; i < most; ++i) {
    const std::string_view left = i < a.size() ? a[i] : "0";
    const std::string_view right = i < b.size() ? b[i] : "0";
    if (compare_numbers(left, right) == 0) continue;
    return i == 0 ? "major" : i == 1 ? "minor" : i == 2 ? "patch" : "smaller";
  }
  return "smaller";
}

std::optional<int> plain_order(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (std::none_of(a.begin(), a.end(), digit) || std::none_of(b.begin(), b.end(), digit)) return std::nullopt;
  const std::vector<std::string_view> left = parts_of(core(a));
  const std::vector<std::string_view> right = parts_of(core(b));
  const std::size_t both = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < both; ++i) {
    const bool numbers = digit(left[i][0]);
    if (numbers != digit(right[i][0])) return numbers ? 1 : -1;
    const int order = numbers ? compare_numbers(left[i], right[i]) : left[i].compare(right[i]);
    if (order != 0) return order;
  }
  if (left.size() == right.size()) return 0;
  // What one has more decides: a word means that it comes before the release, a number that it follows.
  const bool left_longer = left.size() > right.size();
  const bool word = letter((left_longer ? left : right)[both][0]);
  return left_longer == word ? -1 : 1;
}

}  // namespace assay::drift
