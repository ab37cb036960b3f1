#include <string_view>
#include <vector>

#include "analyzer/versions/orders.h"

// Versions that are lists of numbers and words: RubyGems, Composer, Conan, R, plain dotted numbers.
namespace assay::versions {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// --- RubyGems -------------------------------------------------------------------------------------------------------

// The next run of digits or of letters; whatever stands between is skipped.
std::string_view next_run(std::string_view& text) {
  take_while(text, [](char c) { return !is_digit(c) && !is_letter(c); });
  if (text.empty()) return {};
  return is_digit(text[0]) ? take_while(text, is_digit) : take_while(text, is_letter);
}

bool is_zero(std::string_view segment) {
  return segment.find_first_not_of('0') == std::string_view::npos;
}

// Zeros at the end of the release and of the pre-release do not count.
std::vector<std::string_view> gem_segments(std::string_view text) {
  std::vector<std::string_view> segments;
  bool release = true;
  const auto drop_zeros = [&] {
    while (!segments.empty() && is_zero(segments.back())) segments.pop_back();
  };
  const auto add = [&](std::string_view segment) {
    if (release && is_letter(segment[0])) {
      drop_zeros();
      release = false;
    }
    segments.push_back(segment);
  };
  while (!text.empty()) {
    // '-' stands for ".pre.".
    const std::string_view gap = take_while(text, [](char c) { return !is_digit(c) && !is_letter(c); });
    if (gap.find('-') != std::string_view::npos) add("pre");
    if (const std::string_view run = next_run(text); !run.empty()) add(run);
  }
  drop_zeros();
  return segments;
}

// --- Composer -------------------------------------------------------------------------------------------------------

// PHP's version_compare, with Composer's names of stabilities.
int stability(std::string_view word) {
  struct Stability {
    std::string_view word;
    int rank;
  };
  static constexpr Stability known[] = {{"dev", 0}, {"alpha", 1},  {"a", 1},  {"beta", 2}, {"b", 2},    {"rc", 3},
                                        {"", 4},    {"stable", 4}, {"pl", 6}, {"p", 6},    {"patch", 6}};
  if (is_number(word)) return 5;
  for (const Stability& one : known) {
    if (compare_folded(one.word, word) == 0) return one.rank;
  }
  return -1;
}

std::string_view without_build(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  return text.substr(0, text.find('+'));
}

// --- Conan ----------------------------------------------------------------------------------------------------------

struct Conan {
  std::string_view main;
  std::string_view pre;
  std::string_view build;
  bool has_pre = false;
  bool has_build = false;
};

Conan parse_conan(std::string_view text) {
  Conan version;
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    version.has_build = true;
    version.build = text.substr(plus + 1);
    text = text.substr(0, plus);
  }
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    version.has_pre = true;
    version.pre = text.substr(dash + 1);
    text = text.substr(0, dash);
  }
  version.main = text;
  return version;
}

std::weak_ordering compare_conan_items(std::string_view a, std::string_view b) {
  while (a.ends_with(".0")) a.remove_suffix(2);
  while (b.ends_with(".0")) b.remove_suffix(2);
  while (!a.empty() && !b.empty()) {
    const std::string_view left = take_until(a, '.');
    const std::string_view right = take_until(b, '.');
    const auto order = is_number(left) && is_number(right) ? compare_numbers(left, right) : compare_folded(left, right);
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

std::weak_ordering compare_number_runs(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& text) {
    take_while(text, [](char c) { return !is_digit(c); });
    return take_while(text, is_digit);
  };
  while (true) {
    const std::string_view left = next(a);
    const std::string_view right = next(b);
    if (left.empty() || right.empty()) return !left.empty() <=> !right.empty();
    if (const auto order = compare_numbers(left, right); order != 0) return order;
  }
}

}  // namespace

std::weak_ordering compare_gem(std::string_view a, std::string_view b) {
  const std::vector<std::string_view> left = gem_segments(a);
  const std::vector<std::string_view> right = gem_segments(b);
  for (std::size_t i = 0; i < left.size() || i < right.size(); ++i) {
    const std::string_view one = i < left.size() ? left[i] : "0";
    const std::string_view other = i < right.size() ? right[i] : "0";
    const bool one_number = is_digit(one[0]);
    const bool other_number = is_digit(other[0]);
    if (one_number != other_number) return one_number ? std::weak_ordering::greater : std::weak_ordering::less;
    const auto order = one_number ? compare_numbers(one, other) : compare_bytes(one, other);
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering compare_composer(std::string_view a, std::string_view b) {
  a = without_build(a);
  b = without_build(b);
  // A branch ("dev-main") is before every release.
  const bool left_branch = a.starts_with("dev-");
  const bool right_branch = b.starts_with("dev-");
  if (left_branch || right_branch) {
    if (left_branch != right_branch) return left_branch ? std::weak_ordering::less : std::weak_ordering::greater;
    return compare_bytes(a, b);
  }
  // Composer fills the numbers up with zeros before PHP's comparison sees them.
  const auto in_numbers = [](char c) { return is_digit(c) || c == '.'; };
  std::string_view left_numbers = take_while(a, in_numbers);
  std::string_view right_numbers = take_while(b, in_numbers);
  while (!left_numbers.empty() || !right_numbers.empty()) {
    const auto order = compare_numbers(take_until(left_numbers, '.'), take_until(right_numbers, '.'));
    if (order != 0) return order;
  }
  while (true) {
    const std::string_view left = next_run(a);
    const std::string_view right = next_run(b);
    if (left.empty() && right.empty()) return std::weak_ordering::equivalent;
    if (const auto order = stability(left) <=> stability(right); order != 0) return order;
    if (is_number(left)) {
      if (const auto order = compare_numbers(left, right); order != 0) return order;
    }
  }
}

std::weak_ordering compare_conan(std::string_view a, std::string_view b) {
  const Conan left = parse_conan(a);
  const Conan right = parse_conan(b);
  if (const auto order = compare_conan_items(left.main, right.main); order != 0) return order;
  if (left.has_pre != right.has_pre) return left.has_pre ? std::weak_ordering::less : std::weak_ordering::greater;
  if (const auto order = compare_conan_items(left.pre, right.pre); order != 0) return order;
  if (left.has_build != right.has_build) return left.has_build ? std::weak_ordering::greater : std::weak_ordering::less;
  return compare_conan_items(left.build, right.build);
}

std::weak_ordering compare_cran(std::string_view a, std::string_view b) {
  return compare_number_runs(a, b);
}

std::weak_ordering compare_intdot(std::string_view a, std::string_view b) {
  return compare_number_runs(a, b);
}

}  // namespace assay::versions
