#include <optional>
#include <string_view>

#include "analyzer/versions/orders.h"

// Alpine and Gentoo: numbers, one letter, suffixes (_rc1, _p2), a commit (Alpine, "~"), a revision (-r1).
namespace assay::versions {
namespace {

struct Suffix {
  std::string_view name;
  int rank;  // negative: before the version without suffix
};
constexpr Suffix suffixes[] = {{"alpha", -4}, {"beta", -3}, {"pre", -2}, {"rc", -1}, {"cvs", 1},
                               {"svn", 2},    {"git", 3},   {"hg", 4},   {"p", 5}};

struct Suffixed {
  std::string_view numbers;  // dotted
  char letter = 0;
  std::string_view suffixes;  // "_rc1_p2"
  std::string_view revision;
};

struct SuffixValue {
  int rank = 0;
  std::string_view number;
};

std::optional<SuffixValue> take_suffix(std::string_view& text) {
  if (!text.starts_with('_')) return std::nullopt;
  std::string_view rest = text.substr(1);
  const std::string_view name = take_while(rest, is_letter);
  for (const Suffix& suffix : suffixes) {
    if (suffix.name != name) continue;
    const std::string_view number = take_while(rest, is_digit);
    text = rest;
    return SuffixValue{suffix.rank, number};
  }
  return std::nullopt;
}

std::optional<Suffixed> parse(std::string_view text) {
  Suffixed version;
  const std::string_view all = text;
  if (take_while(text, is_digit).empty()) return std::nullopt;
  while (text.size() > 1 && text[0] == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    take_while(text, is_digit);
  }
  version.numbers = all.substr(0, all.size() - text.size());
  if (!text.empty() && is_letter(text[0])) {
    version.letter = text[0];
    text.remove_prefix(1);
  }
  const std::string_view before = text;
  while (take_suffix(text)) {
  }
  version.suffixes = before.substr(0, before.size() - text.size());
  if (text.starts_with('~')) {
    text.remove_prefix(1);
    take_while(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  }
  if (text.starts_with("-r")) {
    text.remove_prefix(2);
    version.revision = take_while(text, is_digit);
    if (version.revision.empty()) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return version;
}

std::string_view without_zeros_at_end(std::string_view digits) {
  while (digits.ends_with('0')) digits.remove_suffix(1);
  return digits;
}

// After the first number, one that begins with 0 is compared as the decimals of a fraction.
std::weak_ordering compare_number_lists(std::string_view a, std::string_view b) {
  if (const auto order = compare_numbers(take_until(a, '.'), take_until(b, '.')); order != 0) return order;
  while (!a.empty() && !b.empty()) {
    const std::string_view left = take_until(a, '.');
    const std::string_view right = take_until(b, '.');
    const bool fraction = left.starts_with('0') || right.starts_with('0');
    const auto order = fraction ? compare_bytes(without_zeros_at_end(left), without_zeros_at_end(right))
                                : compare_numbers(left, right);
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

std::weak_ordering compare_suffixes(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const SuffixValue left = take_suffix(a).value_or(SuffixValue{});
    const SuffixValue right = take_suffix(b).value_or(SuffixValue{});
    if (const auto order = left.rank <=> right.rank; order != 0) return order;
    if (const auto order = compare_numbers(left.number, right.number); order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering compare_gentoo(std::string_view a, std::string_view b) {
  const std::optional<Suffixed> left = parse(a);
  const std::optional<Suffixed> right = parse(b);
  if (const Validity known = by_validity(left.has_value(), right.has_value(), a, b); known.decided) return known.order;
  if (const auto order = compare_number_lists(left->numbers, right->numbers); order != 0) return order;
  if (const auto order = left->letter <=> right->letter; order != 0) return order;
  if (const auto order = compare_suffixes(left->suffixes, right->suffixes); order != 0) return order;
  return compare_numbers(left->revision, right->revision);
}

std::weak_ordering compare_apk(std::string_view a, std::string_view b) {
  return compare_gentoo(a, b);
}

}  // namespace assay::versions
