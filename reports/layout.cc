#include "reports/layout.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "analyzer/base/utf8.h"
#include "reports/neutralise.h"

namespace assay::reports {
namespace {

struct Range {
  char32_t first, last;
};
// Unicode 15: general category Mn and Me of the blocks people meet, and EastAsianWidth W and F.
constexpr std::array combining = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A}, Range{0x064B, 0x065F},
    Range{0x06D6, 0x06DC}, Range{0x06DF, 0x06E4}, Range{0x0900, 0x0902}, Range{0x093C, 0x093C}, Range{0x0941, 0x0948},
    Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF},
    Range{0x20D0, 0x20FF}, Range{0x302A, 0x302D}, Range{0x3099, 0x309A}, Range{0xFE20, 0xFE2F}};
constexpr std::array wide = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},   Range{0x25FD, 0x25FE},
    Range{0x2614, 0x2615},   Range{0x2648, 0x2653},   Range{0x267F, 0x267F},   Range{0x2693, 0x2693},
    Range{0x26A1, 0x26A1},   Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},   Range{0x26C4, 0x26C5},
    Range{0x26D4, 0x26D4},   Range{0x26EA, 0x26EA},   Range{0x2705, 0x2705},   Range{0x270A, 0x270B},
    Range{0x2728, 0x2728},   Range{0x274C, 0x274C},   Range{0x2753, 0x2755},   Range{0x2757, 0x2757},
    Range{0x2795, 0x2797},   Range{0x2B1B, 0x2B1C},   Range{0x2B50, 0x2B50},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97F},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x16FE0, 0x18CFF}, Range{0x1B000, 0x1B2FF}, Range{0x1F004, 0x1F004},
    Range{0x1F18E, 0x1F19A}, Range{0x1F200, 0x1F320}, Range{0x1F32D, 0x1F335}, Range{0x1F337, 0x1F37C},
    Range{0x1F37E, 0x1F393}, Range{0x1F3A0, 0x1F3CA}, Range{0x1F3E0, 0x1F3F0}, Range{0x1F3F4, 0x1F43E},
    Range{0x1F440, 0x1F4FC}, Range{0x1F4FF, 0x1F53D}, Range{0x1F54B, 0x1F567}, Range{0x1F595, 0x1F596},
    Range{0x1F5FB, 0x1F64F}, Range{0x1F680, 0x1F6C5}, Range{0x1F6CC, 0x1F6FC}, Range{0x1F7E0, 0x1F7EB},
    Range{0x1F90C, 0x1FAFF}, Range{0x20000, 0x3FFFD}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t value) {
  const auto* after = std::upper_bound(ranges.begin(), ranges.end(), value,
                                       [](char32_t v, const Range& range) { return v < range.first; });
  return after != ranges.begin() && value <= std::prev(after)->last;
}

// One code point of a line as it will be shown.
struct Cell {
  std::string text;
  std::size_t width = 0;
};

std::vector<Cell> cells_of(std::string_view line, bool unicode) {
  std::vector<Cell> cells;
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t start = at;
    const char32_t code_point = utf8::next(line, at);
    Cell cell;
    if (code_point == '\t') {
      cell.text.assign(4 - column % 4, ' ');
    } else {
      append_visible(cell.text, code_point, static_cast<unsigned char>(line[start]), unicode);
    }
    cell.width = display_width(cell.text);
    column += cell.width;
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace

std::size_t display_width(char32_t code_point) {
  if (code_point < 0x300) return 1;
  if (contains(combining, code_point)) return 0;
  return contains(wide, code_point) ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += display_width(utf8::next(text, at));
  return width;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, bool unicode) {
  width = std::max<std::size_t>(width, 8);
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    const std::string word = visible(text.substr(at, end - at), unicode);
    at = end;
    const std::size_t word_width = display_width(word);
    if (used > 0 && used + 1 + word_width <= width) {
      lines.back() += ' ';
      lines.back() += word;
      used += 1 + word_width;
      continue;
    }
    if (used > 0) {
      lines.emplace_back();
      used = 0;
    }
    for (std::size_t i = 0; i < word.size();) {  // a word wider than a line is cut hard
      const std::size_t start = i;
      const std::size_t one = display_width(utf8::next(word, i));
      if (used + one > width) {
        lines.emplace_back();
        used = 0;
      }
      lines.back() += word.substr(start, i - start);
      used += one;
    }
  }
  return lines;
}

std::string elided(std::string_view text, std::size_t width, bool unicode) {
  std::string whole = visible(text, unicode);
  if (display_width(whole) <= width) return whole;
  const std::string_view dots = unicode ? "…" : "...";
  const std::size_t room = width > 8 ? width - display_width(dots) : 8;
  std::string head;
  std::size_t used = 0;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t start = at;
    const std::size_t one = display_width(utf8::next(whole, at));
    if (used + one > room / 3) break;
    head += whole.substr(start, at - start);
    used += one;
  }
  std::size_t tail = whole.size();
  while (tail > 0) {
    std::size_t before = tail - 1;
    while (before > 0 && (static_cast<unsigned char>(whole[before]) & 0xC0U) == 0x80U) --before;
    const std::size_t one = display_width(std::string_view(whole).substr(before, tail - before));
    if (used + one > room) break;
    used += one;
    tail = before;
  }
  return head + std::string(dots) + whole.substr(tail);
}

QuotedLine quoted(std::string_view line, const Span& span, std::size_t width, bool unicode) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  width = std::max<std::size_t>(width, 16);
  std::vector<Cell> cells = cells_of(line, unicode);

  std::size_t first = span.begin.column == 0 ? cells.size() : span.begin.column - 1;  // cells under which carets stand
  std::size_t last = span.end.line > span.begin.line ? cells.size() : std::max<std::size_t>(span.end.column, 1) - 1;
  const bool in_text = span.begin.line != 0 && first < cells.size();
  if (!in_text) first = last = 0;
  last = std::clamp(last, std::min(first + (in_text ? 1U : 0U), cells.size()), cells.size());

  // Common indentation says nothing about one line: what is more than a little goes.
  std::size_t begin = 0;
  std::size_t blank = 0;
  while (begin < cells.size() && begin < first && cells[begin].text.find_first_not_of(' ') == std::string::npos) {
    blank += cells[begin++].width;
  }
  if (blank <= 8) begin = 0;
  if (!in_text) begin = 0;
  std::size_t total = 0;
  for (std::size_t i = begin; i < cells.size(); ++i) total += cells[i].width;

  const std::string_view dots = unicode ? "…" : "...";
  const std::size_t dots_width = display_width(dots);
  QuotedLine out;
  std::size_t end = cells.size();
  bool cut_before = false;
  bool cut_after = false;
  if (total > width) {
    // Start far enough left to show what leads to the span, but not so far that its start falls out of the window.
    std::size_t before = 0;
    for (std::size_t i = begin; i < first; ++i) before += cells[i].width;
    std::size_t span_width = 0;
    for (std::size_t i = first; i < last && span_width < width; ++i) span_width += cells[i].width;
    const std::size_t lead = span_width + 2 * dots_width >= width ? 0 : std::min((width - span_width) / 2, width / 3);
    while (begin < first && before > lead) {
      before -= cells[begin++].width;
      cut_before = true;
    }
    std::size_t used = cut_before ? dots_width : 0;
    end = begin;
    while (end < cells.size() && used + cells[end].width + dots_width <= width) used += cells[end++].width;
    cut_after = end < cells.size();
  }
  if (cut_before) out.text += dots;
  out.indent = cut_before ? dots_width : 0;
  for (std::size_t i = begin; i < end; ++i) {
    out.text += cells[i].text;
    if (i < first) {
      out.indent += cells[i].width;
    } else if (i < last) {
      out.carets += cells[i].width;
    }
  }
  if (cut_after) out.text += dots;
  while (!out.text.empty() && out.text.back() == ' ') out.text.pop_back();
  if (!in_text) out.indent = out.carets = 0;
  if (in_text) out.carets = std::max<std::size_t>(out.carets, 1);
  return out;
}

}  // namespace assay::reports
