#include <optional>
#include <string_view>

#include "analyzer/versions/orders.h"

// The semver family: semver itself, Pub, NuGet and OpenSSL.
namespace assay::versions {
namespace {

struct Semver {
  std::string_view numbers;  // dotted
  std::string_view letters;  // OpenSSL's patch letters
  std::string_view pre;
  std::string_view build;
  bool has_pre = false;
  bool has_build = false;
};

std::optional<Semver> parse(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('=')) text.remove_prefix(1);
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return std::nullopt;
  Semver version;
  version.numbers = take_while(text, [](char c) { return is_digit(c) || c == '.'; });
  version.letters = take_while(text, is_letter);
  if (text.starts_with('-')) {
    text.remove_prefix(1);
    version.has_pre = true;
    version.pre = text.substr(0, text.find('+'));
    text.remove_prefix(version.pre.size());
  }
  if (text.starts_with('+')) {
    version.has_build = true;
    version.build = text.substr(1);
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return version;
}

std::weak_ordering compare_dotted(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto order = compare_numbers(take_until(a, '.'), take_until(b, '.'));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// semver.org, section 11.4: dot-separated identifiers; a number comes before a word, fewer before more.
template <class Words>
std::weak_ordering compare_identifiers(std::string_view a, std::string_view b, Words compare_words) {
  while (!a.empty() && !b.empty()) {
    const std::string_view left = take_until(a, '.');
    const std::string_view right = take_until(b, '.');
    const bool left_number = is_number(left);
    const bool right_number = is_number(right);
    if (left_number != right_number) return left_number ? std::weak_ordering::less : std::weak_ordering::greater;
    const auto order = left_number ? compare_numbers(left, right) : compare_words(left, right);
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

template <class Words>
std::weak_ordering compare_pre(const Semver& a, const Semver& b, Words compare_words) {
  if (a.has_pre != b.has_pre) return a.has_pre ? std::weak_ordering::less : std::weak_ordering::greater;
  return compare_identifiers(a.pre, b.pre, compare_words);
}

// "1.0rc1", "1.2.3beta": letters that follow at once stand for a pre-release.
std::optional<Semver> parse_without_letters(std::string_view text) {
  std::optional<Semver> version = parse(text);
  if (version && !version->letters.empty()) {
    const std::string_view from(version->letters.data(),
                                static_cast<std::size_t>(text.data() + text.size() - version->letters.data()));
    version->has_pre = true;
    version->pre = from.substr(0, from.find('+'));
    return version;
  }
  if (version) return version;
  // Digits after the letters: everything from the first letter on.
  while (text.starts_with(' ') || text.starts_with('=')) text.remove_prefix(1);
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return std::nullopt;
  Semver loose;
  loose.numbers = take_while(text, [](char c) { return is_digit(c) || c == '.'; });
  loose.has_pre = true;
  loose.pre = text.substr(0, text.find('+'));
  return loose;
}

template <class Words>
std::weak_ordering compare_family(std::string_view a, std::string_view b, Words compare_words, bool with_build) {
  const std::optional<Semver> left = parse_without_letters(a);
  const std::optional<Semver> right = parse_without_letters(b);
  if (const Validity known = by_validity(left.has_value(), right.has_value(), a, b); known.decided) return known.order;
  if (const auto order = compare_dotted(left->numbers, right->numbers); order != 0) return order;
  if (const auto order = compare_pre(*left, *right, compare_words); order != 0 || !with_build) return order;
  if (left->has_build != right->has_build)
    return left->has_build ? std::weak_ordering::greater : std::weak_ordering::less;
  return compare_identifiers(left->build, right->build, compare_words);
}

}  // namespace

std::weak_ordering compare_semver(std::string_view a, std::string_view b) {
  return compare_family(a, b, compare_bytes, false);
}

std::weak_ordering compare_pub(std::string_view a, std::string_view b) {
  return compare_family(a, b, compare_bytes, true);
}

std::weak_ordering compare_nuget(std::string_view a, std::string_view b) {
  return compare_family(a, b, compare_folded, false);
}

std::weak_ordering compare_openssl(std::string_view a, std::string_view b) {
  const std::optional<Semver> left = parse(a);
  const std::optional<Semver> right = parse(b);
  if (const Validity known = by_validity(left.has_value(), right.has_value(), a, b); known.decided) return known.order;
  if (const auto order = compare_dotted(left->numbers, right->numbers); order != 0) return order;
  // "za" follows "z".
  if (left->letters.size() != right->letters.size()) return left->letters.size() <=> right->letters.size();
  if (const auto order = compare_folded(left->letters, right->letters); order != 0) return order;
  return compare_pre(*left, *right, compare_folded);
}

}  // namespace assay::versions
