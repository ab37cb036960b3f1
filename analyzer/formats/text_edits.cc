#include "analyzer/formats/text_edits.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::formats {
namespace {

constexpr std::size_t around = 3;       // lines shown before and after a change
constexpr std::size_t look_ahead = 64;  // lines searched to get into step again

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

using Lines = std::vector<std::string_view>;

// Lines [a, a_end) of the one text became [b, b_end) of the other.
struct Change {
  std::size_t a, a_end, b, b_end;
};

std::vector<Change> changes(const Lines& a, const Lines& b) {
  std::vector<Change> out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    // The nearest place where both go on alike.
    Change change{i, a.size(), j, b.size()};
    bool found = false;
    for (std::size_t distance = 1; distance <= 2 * look_ahead && !found; ++distance) {
      for (std::size_t in_a = 0; in_a <= distance && !found; ++in_a) {
        const std::size_t x = i + in_a;
        const std::size_t y = j + distance - in_a;
        if (x >= a.size() || y >= b.size() || a[x] != b[y]) continue;
        change.a_end = x;
        change.b_end = y;
        found = true;
      }
    }
    out.push_back(change);
    i = change.a_end;
    j = change.b_end;
  }
  return out;
}

void put(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (line.empty() || line.back() != '\n') out += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t begin, std::size_t count) {
  // An empty stretch is named by the line before it.
  const std::size_t first = count == 0 ? begin : begin + 1;
  return count == 1 ? fmt::format("{}", first) : fmt::format("{},{}", first, count);
}

}  // namespace

Result<std::string> apply_edits(std::string_view text, std::vector<TextEdit> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& x, const TextEdit& y) { return x.begin < y.begin; });
  std::string out;
  std::size_t at = 0;
  for (const TextEdit& edit : edits) {
    if (edit.begin < at || edit.end < edit.begin || edit.end > text.size())
      return fail(ErrorCode::internal, "two edits of one text overlap or lie outside it");
    out.append(text.substr(at, edit.begin - at)).append(edit.text);
    at = edit.end;
  }
  return out.append(text.substr(at));
}

std::string unified_diff(const std::string& path, std::string_view before, std::string_view after) {
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  const std::vector<Change> all = changes(a, b);
  if (all.empty()) return {};
  std::string out = fmt::format("--- a/{}\n+++ b/{}\n", path, path);
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last + 1 < all.size() && all[last + 1].a - all[last].a_end <= 2 * around) ++last;
    const std::size_t lead = std::min(around, all[first].a);
    const std::size_t a_begin = all[first].a - lead;
    const std::size_t b_begin = all[first].b - lead;
    const std::size_t tail = std::min(around, a.size() - all[last].a_end);
    const std::size_t a_end = all[last].a_end + tail;
    const std::size_t b_end = all[last].b_end + tail;
    out += fmt::format("@@ -{} +{} @@\n", range(a_begin, a_end - a_begin), range(b_begin, b_end - b_begin));
    std::size_t line = a_begin;
    for (std::size_t i = first; i <= last; ++i) {
      for (; line < all[i].a; ++line) put(out, ' ', a[line]);
      for (; line < all[i].a_end; ++line) put(out, '-', a[line]);
      for (std::size_t added = all[i].b; added < all[i].b_end; ++added) put(out, '+', b[added]);
    }
    for (; line < a_end; ++line) put(out, ' ', a[line]);
    first = last + 1;
  }
  return out;
}

}  // namespace assay::formats
