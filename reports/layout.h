#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"

// Laying out text in columns of a terminal. Everything returned is already visible (reports/neutralise.h).
namespace assay::reports {

// Columns a code point takes: 0 for combining marks, 2 for East Asian wide characters and emoji, otherwise 1.
std::size_t display_width(char32_t code_point);
std::size_t display_width(std::string_view text);

// The text broken into lines of at most `width` columns, at white space where possible. Never empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, bool unicode);

// The text with its middle left out when it is wider than `width`.
std::string elided(std::string_view text, std::size_t width, bool unicode);

// A source line as it is shown, with the place of the caret line under it.
struct QuotedLine {
  std::string text;
  std::size_t indent = 0;  // columns before the first caret
  std::size_t carets = 0;  // columns; 0 when the span does not lie in the text
};

// `line` cut to a window of `width` columns around `span` (columns in code points of the line). Tabs become spaces,
// what is hidden becomes an escape. A span that goes on to later lines is underlined to the end of the line.
QuotedLine quoted(std::string_view line, const Span& span, std::size_t width, bool unicode);

}  // namespace assay::reports
