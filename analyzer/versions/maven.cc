#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/versions/orders.h"

// Maven's ComparableVersion (Maven "POM Reference", "Version Order Specification"): numbers and words, where '-' and
// every change between digits and letters open a list of what follows.
namespace assay::versions {
namespace {

// Nesting follows the length, and comparing follows the nesting. No published version is a tenth as long.
constexpr std::size_t longest = 512;

enum class Kind { number, word, list };

struct Item {
  Kind kind = Kind::list;
  std::string text{};  // without leading zeros; words by their full name
  std::vector<Item> items{};
};

// In their order; "" is the release itself.
constexpr std::array<std::string_view, 7> qualifiers = {"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"};
constexpr std::size_t release_rank = 5;

std::size_t rank_of(std::string_view word) {
  for (std::size_t i = 0; i < qualifiers.size(); ++i) {
    if (qualifiers[i] == word) return i;
  }
  return qualifiers.size();
}

Item number(std::string_view digits) {
  while (digits.starts_with('0')) digits.remove_prefix(1);
  return {.kind = Kind::number, .text = std::string(digits)};
}

Item word(std::string_view text, bool before_digit) {
  if (before_digit) {
    if (text == "a") text = "alpha";
    if (text == "b") text = "beta";
    if (text == "m") text = "milestone";
  }
  if (text == "ga" || text == "final" || text == "release") text = "";
  if (text == "cr") text = "rc";
  return {.kind = Kind::word, .text = std::string(text)};
}

Item item_of(std::string_view text) {
  return !text.empty() && !is_digit(text[0]) ? word(text, false) : number(text);
}

bool is_null(const Item& item) {
  return item.kind == Kind::list ? item.items.empty() : item.text.empty();
}

void drop_nulls(Item& list) {
  for (std::size_t i = list.items.size(); i > 0; --i) {
    Item& item = list.items[i - 1];
    if (is_null(item)) {
      list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(i - 1));
    } else if (item.kind != Kind::list) {
      break;
    }
  }
}

Item parse(std::string_view version) {
  // The lists are chained: each is the last item of the one before, so they are built apart and joined from the end.
  std::vector<Item> lists(1);
  std::size_t start = 0;
  bool digits = false;
  const auto add = [&](Item item) { lists.back().items.push_back(std::move(item)); };
  for (std::size_t i = 0; i < version.size(); ++i) {
    const char c = version[i];
    const std::string_view part = version.substr(start, i - start);
    if (c == '.' || c == '-') {
      add(part.empty() ? number({}) : item_of(part));
      start = i + 1;
      if (c == '-') lists.emplace_back();
    } else if (is_digit(c)) {
      if (!digits && !part.empty()) {
        add(word(part, true));
        start = i;
        lists.emplace_back();
      }
      digits = true;
    } else {
      if (digits && !part.empty()) {
        add(number(part));
        start = i;
        lists.emplace_back();
      }
      digits = false;
    }
  }
  if (start < version.size()) add(item_of(version.substr(start)));
  for (std::size_t i = lists.size(); i > 1; --i) {
    drop_nulls(lists[i - 1]);
    lists[i - 2].items.push_back(std::move(lists[i - 1]));
  }
  drop_nulls(lists[0]);
  return std::move(lists[0]);
}

std::weak_ordering compare_words(std::string_view a, std::string_view b) {
  const std::size_t left = rank_of(a);
  const std::size_t right = rank_of(b);
  if (left != right || left < qualifiers.size()) return left <=> right;
  return compare_bytes(a, b);
}

// Against an item that the other list does not have.
std::weak_ordering compare_with_none(const Item& item) {
  switch (item.kind) {
    case Kind::number:
      return item.text.empty() ? std::weak_ordering::equivalent : std::weak_ordering::greater;
    case Kind::word:
      return rank_of(item.text) <=> release_rank;
    case Kind::list:
      for (const Item& one : item.items) {
        if (const auto order = compare_with_none(one); order != 0) return order;
      }
      break;
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering reversed(std::weak_ordering order) {
  if (order == 0) return order;
  return order < 0 ? std::weak_ordering::greater : std::weak_ordering::less;
}

std::weak_ordering compare_items(const Item& a, const Item& b) {
  // A word is before a list, a list before a number.
  constexpr auto place = [](Kind kind) { return kind == Kind::word ? 0 : kind == Kind::list ? 1 : 2; };
  if (a.kind != b.kind) return place(a.kind) <=> place(b.kind);
  if (a.kind == Kind::number) return compare_numbers(a.text, b.text);
  if (a.kind == Kind::word) return compare_words(a.text, b.text);
  for (std::size_t i = 0; i < a.items.size() || i < b.items.size(); ++i) {
    const auto order = i >= a.items.size()   ? reversed(compare_with_none(b.items[i]))
                       : i >= b.items.size() ? compare_with_none(a.items[i])
                                             : compare_items(a.items[i], b.items[i]);
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = folded(c);
  return result;
}

}  // namespace

std::weak_ordering compare_maven(std::string_view a, std::string_view b) {
  if (a.size() > longest || b.size() > longest)
    return by_validity(a.size() <= longest, b.size() <= longest, a, b).order;
  return compare_items(parse(lower(a)), parse(lower(b)));
}

}  // namespace assay::versions
