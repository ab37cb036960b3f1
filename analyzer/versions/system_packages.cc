#include <string_view>

#include "analyzer/versions/orders.h"

// The orders of dpkg, rpm and pacman: [epoch:]version[-release].
namespace assay::versions {
namespace {

struct Parts {
  std::string_view epoch;
  std::string_view version;
  std::string_view release;
  bool has_release = false;
};

// dpkg cuts at the last '-', which cannot occur in a revision; rpm and pacman forbid it in both.
Parts parts_of(std::string_view text) {
  Parts parts;
  if (const std::size_t colon = text.find(':');
      colon != std::string_view::npos &&
      text.substr(0, colon).find_first_not_of("0123456789") == std::string_view::npos) {
    parts.epoch = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const std::size_t dash = text.rfind('-');
  parts.version = text.substr(0, dash);
  if (dash != std::string_view::npos) {
    parts.release = text.substr(dash + 1);
    parts.has_release = true;
  }
  return parts;
}

// '~' before the end, the end before letters, letters before everything else.
int debian_rank(char c) {
  if (c == '~') return -1;
  if (is_letter(c)) return static_cast<unsigned char>(c);
  return static_cast<unsigned char>(c) + 256;
}

std::weak_ordering compare_debian_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto text_rank = [](std::string_view part) {
      return part.empty() || is_digit(part[0]) ? 0 : debian_rank(part[0]);
    };
    while ((!a.empty() && !is_digit(a[0])) || (!b.empty() && !is_digit(b[0]))) {
      const auto order = text_rank(a) <=> text_rank(b);
      if (order != 0) return order;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    const auto order = compare_numbers(take_while(a, is_digit), take_while(b, is_digit));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

bool in_rpm_segment(char c) {
  return is_digit(c) || is_letter(c);
}

// rpmvercmp: separators only separate; '~' is before and '^' after the end; a number is later than a word.
std::weak_ordering compare_rpm_part(std::string_view a, std::string_view b) {
  const auto separator = [](char c) { return !in_rpm_segment(c) && c != '~' && c != '^'; };
  while (true) {
    take_while(a, separator);
    take_while(b, separator);
    const bool left_tilde = a.starts_with('~');
    const bool right_tilde = b.starts_with('~');
    if (left_tilde || right_tilde) {
      if (left_tilde != right_tilde) return left_tilde ? std::weak_ordering::less : std::weak_ordering::greater;
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const bool left_caret = a.starts_with('^');
    const bool right_caret = b.starts_with('^');
    if (left_caret || right_caret) {
      if (a.empty()) return std::weak_ordering::less;
      if (b.empty()) return std::weak_ordering::greater;
      if (left_caret != right_caret) return left_caret ? std::weak_ordering::less : std::weak_ordering::greater;
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    if (a.empty() || b.empty()) return !a.empty() <=> !b.empty();
    const bool left_number = is_digit(a[0]);
    const bool right_number = is_digit(b[0]);
    if (left_number != right_number) return left_number ? std::weak_ordering::greater : std::weak_ordering::less;
    const auto order = left_number ? compare_numbers(take_while(a, is_digit), take_while(b, is_digit))
                                   : compare_bytes(take_while(a, is_letter), take_while(b, is_letter));
    if (order != 0) return order;
  }
}

// pacman's descendant of rpmvercmp: more separators are later, and a word at the end is a pre-release.
std::weak_ordering compare_alpm_part(std::string_view a, std::string_view b) {
  const auto separator = [](char c) { return !in_rpm_segment(c); };
  while (!a.empty() && !b.empty()) {
    const std::size_t left_gap = take_while(a, separator).size();
    const std::size_t right_gap = take_while(b, separator).size();
    if (a.empty() || b.empty()) break;
    if (left_gap != right_gap) return left_gap <=> right_gap;
    const bool left_number = is_digit(a[0]);
    const bool right_number = is_digit(b[0]);
    if (left_number != right_number) return left_number ? std::weak_ordering::greater : std::weak_ordering::less;
    const auto order = left_number ? compare_numbers(take_while(a, is_digit), take_while(b, is_digit))
                                   : compare_bytes(take_while(a, is_letter), take_while(b, is_letter));
    if (order != 0) return order;
  }
  if (a.empty() && b.empty()) return std::weak_ordering::equivalent;
  const bool left_longer = b.empty();
  const bool word = is_letter(left_longer ? a[0] : b[0]);
  return left_longer != word ? std::weak_ordering::greater : std::weak_ordering::less;
}

template <class Part>
std::weak_ordering compare_parts(std::string_view a, std::string_view b, Part compare_part, bool release_if_both) {
  const Parts left = parts_of(a);
  const Parts right = parts_of(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_part(left.version, right.version); order != 0) return order;
  if (release_if_both && !(left.has_release && right.has_release)) return std::weak_ordering::equivalent;
  return compare_part(left.release, right.release);
}

}  // namespace

std::weak_ordering compare_deb(std::string_view a, std::string_view b) {
  return compare_parts(a, b, compare_debian_part, false);
}

std::weak_ordering compare_rpm(std::string_view a, std::string_view b) {
  return compare_parts(a, b, compare_rpm_part, true);
}

std::weak_ordering compare_alpm(std::string_view a, std::string_view b) {
  return compare_parts(a, b, compare_alpm_part, true);
}

}  // namespace assay::versions
