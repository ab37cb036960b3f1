#include "analyzer/versions/range.h"

#include <algorithm>

#include "analyzer/versions/orders.h"

namespace assay::versions {
namespace {

struct Sign {
  std::string_view text;
  Comparator comparator;
};
// The longer first: ">=" before ">".
constexpr Sign signs[] = {{">=", Comparator::at_least}, {"<=", Comparator::at_most}, {"!=", Comparator::not_equal},
                          {">", Comparator::greater},   {"<", Comparator::less},     {"=", Comparator::equal}};

tl::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::syntax, "not a version range: " + std::move(why));
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  c = folded(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

constexpr std::string_view hex_digits = "0123456789ABCDEF";

// What may stand in a version as it is. A time stamp keeps its colons.
bool stands_for_itself(char c) {
  return is_digit(c) || is_letter(c) || std::string_view(".-_~+:!@^").find(c) != std::string_view::npos;
}

bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return false;
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return true;
}

std::string encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (stands_for_itself(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex_digits[byte >> 4U];
    out += hex_digits[byte & 15U];
  }
  return out;
}

bool has_small_hex(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    for (const char c : text.substr(i + 1, 2)) {
      if (c >= 'a' && c <= 'f') return true;
    }
  }
  return false;
}

Constraint constraint_of(std::string_view text, bool& good) {
  Constraint constraint;
  for (const Sign& sign : signs) {
    if (!text.starts_with(sign.text)) continue;
    constraint.comparator = sign.comparator;
    text.remove_prefix(sign.text.size());
    break;
  }
  good = decode(text, constraint.version) && !constraint.version.empty();
  return constraint;
}

class Order {
 public:
  explicit Order(const Range& range) : scheme_(scheme_of(range.scheme).value_or(Scheme::lexicographic)) {}
  std::weak_ordering operator()(std::string_view a, std::string_view b) const { return compare(scheme_, a, b); }

 private:
  Scheme scheme_;
};

Result<Range> parse(std::string_view text) {
  if (!text.starts_with("vers:")) return refuse("it does not begin with 'vers:'");
  text.remove_prefix(5);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0) return refuse("a scheme and '/' are needed");
  Range range;
  for (const char c : text.substr(0, slash)) {
    if (!is_digit(c) && !is_letter(c) && c != '.' && c != '-' && c != '+') return refuse("the scheme is invalid");
    range.scheme += folded(c);
  }
  std::string_view rest = text.substr(slash + 1);
  if (rest == "*") {
    range.every = true;
    return range;
  }
  while (!rest.empty()) {
    const std::string_view part = take_until(rest, '|');
    if (part.empty()) continue;
    if (part.find('*') != std::string_view::npos) return refuse("'*' stands alone");
    bool good = false;
    range.constraints.push_back(constraint_of(part, good));
    if (!good) return refuse("invalid percent-encoding in version");
  }
  if (range.constraints.empty()) return refuse("a constraint is needed");
  return range;
}

void sort(Range& range) {
  const Order order(range);
  std::stable_sort(range.constraints.begin(), range.constraints.end(),
                   [&](const Constraint& a, const Constraint& b) { return order(a.version, b.version) < 0; });
}

bool is_lower(Comparator comparator) {
  return comparator == Comparator::greater || comparator == Comparator::at_least;
}

bool satisfies(const Constraint& constraint, std::weak_ordering order) {
  switch (constraint.comparator) {
    case Comparator::equal:
      return order == 0;
    case Comparator::not_equal:
      return order != 0;
    case Comparator::less:
      return order < 0;
    case Comparator::at_most:
      return order <= 0;
    case Comparator::greater:
      return order > 0;
    case Comparator::at_least:
      return order >= 0;
  }
  return false;
}

}  // namespace

Result<Range> parse_range(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') plain += c;
  }
  ASSAY_TRY(Range range, parse(plain));
  sort(range);
  return range;
}

Result<Range> parse_canonical_range(std::string_view text) {
  if (text.find_first_of(" \t\n\r\f\v") != std::string_view::npos) return refuse("whitespace is not permitted");
  const std::size_t slash = text.find('/');
  const std::string_view list = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
  if (list.starts_with('|')) return refuse("leading pipe is not permitted");
  if (list.ends_with('|')) return refuse("trailing pipe is not permitted");
  if (list.find("||") != std::string_view::npos) return refuse("consecutive pipes are not permitted");
  ASSAY_TRY(Range range, parse(text));
  if (has_small_hex(list)) return refuse("percent-encoding in version is not canonical");
  const Order order(range);
  for (std::size_t i = 0; i < range.constraints.size(); ++i) {
    const std::string& version = range.constraints[i].version;
    if (range.scheme == "datetime") {
      if (list.find("%3A") != std::string_view::npos) return refuse("datetime time colons must be unencoded");
      if (version.find_first_of("tz") != std::string::npos) return refuse("datetime must use uppercase T and Z");
    }
    if (i > 0 && order(range.constraints[i - 1].version, version) > 0)
      return refuse("constraints are not sorted by version");
  }
  return range;
}

std::string to_text(const Range& range) {
  std::string out = "vers:" + range.scheme + "/";
  if (range.every) return out + "*";
  for (std::size_t i = 0; i < range.constraints.size(); ++i) {
    const Constraint& one = range.constraints[i];
    if (i > 0) out += '|';
    for (const Sign& sign : signs) {
      if (sign.comparator == one.comparator && one.comparator != Comparator::equal) out += sign.text;
    }
    out += encode(one.version);
  }
  return out;
}

bool contains(const Range& range, std::string_view version) {
  if (range.every) return true;
  const Order order(range);
  std::vector<const Constraint*> bounds;
  bool only_exclusions = true;
  for (const Constraint& one : range.constraints) {
    const bool same = order(version, one.version) == 0;
    if (one.comparator == Comparator::not_equal) {
      if (same) return false;
      continue;
    }
    only_exclusions = false;
    if (one.comparator == Comparator::equal) {
      if (same) return true;
    } else {
      if (same && (one.comparator == Comparator::at_most || one.comparator == Comparator::at_least)) return true;
      bounds.push_back(&one);
    }
  }
  if (bounds.empty()) return only_exclusions;
  // Upper bounds before any lower one reach down without end, lower bounds after any upper one reach up without end.
  if (!is_lower(bounds.front()->comparator) && satisfies(*bounds.front(), order(version, bounds.front()->version)))
    return true;
  if (is_lower(bounds.back()->comparator) && satisfies(*bounds.back(), order(version, bounds.back()->version)))
    return true;
  for (std::size_t i = 1; i < bounds.size(); ++i) {
    const Constraint& low = *bounds[i - 1];
    const Constraint& high = *bounds[i];
    if (is_lower(low.comparator) && !is_lower(high.comparator) && satisfies(low, order(version, low.version)) &&
        satisfies(high, order(version, high.version)))
      return true;
  }
  return false;
}

}  // namespace assay::versions
