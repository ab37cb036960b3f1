#include <optional>
#include <string_view>

#include "analyzer/versions/orders.h"

// PEP 440, "Public version identifiers" and appendix B, which spells the accepted forms.
namespace assay::versions {
namespace {

struct Pep440 {
  std::string_view epoch;
  std::string_view release;  // dotted, without zeros at the end
  int phase = 3;             // 0 alpha, 1 beta, 2 candidate, 3 none
  std::string_view pre;
  bool has_post = false;
  std::string_view post;
  bool has_dev = false;
  std::string_view dev;
  bool has_local = false;
  std::string_view local;
};

struct Word {
  std::string_view text;
  int phase;
};
// The longer first: "alpha" before "a".
constexpr Word phases[] = {{"preview", 2}, {"alpha", 0}, {"beta", 1}, {"pre", 2},
                           {"rc", 2},      {"a", 0},     {"b", 1},    {"c", 2}};
constexpr std::string_view posts[] = {"post", "rev", "r"};

bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_';
}

bool starts_folded(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && compare_folded(text.substr(0, word.size()), word) == 0;
}

std::string_view digits(std::string_view& text) {
  return take_while(text, is_digit);
}

// An optional separator, the word, an optional separator and an optional number.
bool take_word(std::string_view& text, std::string_view word, std::string_view& number) {
  std::string_view rest = text;
  if (!rest.empty() && is_separator(rest[0])) rest.remove_prefix(1);
  if (!starts_folded(rest, word)) return false;
  rest.remove_prefix(word.size());
  std::string_view after = rest;
  if (!after.empty() && is_separator(after[0])) after.remove_prefix(1);
  number = digits(after);
  text = number.empty() ? rest : after;
  return true;
}

std::string_view without_zeros(std::string_view release) {
  while (true) {
    const std::size_t dot = release.rfind('.');
    if (dot == std::string_view::npos) return release;
    if (release.substr(dot + 1).find_first_not_of('0') != std::string_view::npos) return release;
    release = release.substr(0, dot);
  }
}

std::optional<Pep440> parse(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  if (starts_folded(text, "v")) text.remove_prefix(1);
  Pep440 version;
  std::string_view rest = text;
  if (const std::string_view epoch = digits(rest); !epoch.empty() && rest.starts_with('!')) {
    version.epoch = epoch;
    text = rest.substr(1);
  }
  const char* const start = text.data();
  if (digits(text).empty()) return std::nullopt;
  while (text.size() > 1 && text[0] == '.' && is_digit(text[1])) {
    text.remove_prefix(1);
    digits(text);
  }
  version.release = without_zeros({start, static_cast<std::size_t>(text.data() - start)});
  for (const Word& word : phases) {
    if (!take_word(text, word.text, version.pre)) continue;
    version.phase = word.phase;
    break;
  }
  if (text.size() > 1 && text[0] == '-' && is_digit(text[1])) {
    text.remove_prefix(1);
    version.has_post = true;
    version.post = digits(text);
  } else {
    for (const std::string_view word : posts) {
      if (!take_word(text, word, version.post)) continue;
      version.has_post = true;
      break;
    }
  }
  version.has_dev = take_word(text, "dev", version.dev);
  if (text.starts_with('+')) {
    version.has_local = true;
    version.local = text.substr(1);
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return version;
}

// Dotted numbers; what is missing is 0.
std::weak_ordering compare_release(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto order = compare_numbers(take_until(a, '.'), take_until(b, '.'));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

// Where a version without pre-release stands: before all of them when it is only a development release.
int phase_of(const Pep440& version) {
  if (version.phase == 3 && !version.has_post && version.has_dev) return -1;
  return version.phase;
}

std::string_view take_local(std::string_view& text) {
  std::string_view part = take_while(text, [](char c) { return !is_separator(c); });
  if (!text.empty()) text.remove_prefix(1);
  return part;
}

// A number is later than a word; more parts are later than fewer.
std::weak_ordering compare_local(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view left = take_local(a);
    const std::string_view right = take_local(b);
    const bool left_number = left.find_first_not_of("0123456789") == std::string_view::npos;
    const bool right_number = right.find_first_not_of("0123456789") == std::string_view::npos;
    if (left_number != right_number) return left_number ? std::weak_ordering::greater : std::weak_ordering::less;
    const auto order = left_number ? compare_numbers(left, right) : compare_folded(left, right);
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

}  // namespace

std::weak_ordering compare_pypi(std::string_view a, std::string_view b) {
  const std::optional<Pep440> left = parse(a);
  const std::optional<Pep440> right = parse(b);
  if (const Validity known = by_validity(left.has_value(), right.has_value(), a, b); known.decided) return known.order;
  if (const auto order = compare_numbers(left->epoch, right->epoch); order != 0) return order;
  if (const auto order = compare_release(left->release, right->release); order != 0) return order;
  if (const auto order = phase_of(*left) <=> phase_of(*right); order != 0) return order;
  if (const auto order = compare_numbers(left->pre, right->pre); order != 0) return order;
  if (left->has_post != right->has_post) return left->has_post ? std::weak_ordering::greater : std::weak_ordering::less;
  if (const auto order = compare_numbers(left->post, right->post); order != 0) return order;
  if (left->has_dev != right->has_dev) return left->has_dev ? std::weak_ordering::less : std::weak_ordering::greater;
  if (const auto order = compare_numbers(left->dev, right->dev); order != 0) return order;
  if (left->has_local != right->has_local)
    return left->has_local ? std::weak_ordering::greater : std::weak_ordering::less;
  return compare_local(left->local, right->local);
}

}  // namespace assay::versions
