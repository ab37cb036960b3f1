#pragma once

#include <cstddef>
#include <string_view>

namespace assay::source {

// Fast passes over text that decide whether anything slower is worth doing. Each reads a byte at most once and runs at
// the speed of memory on ordinary files. Pure functions.

// Offset of the first byte >= 0x80 at or after `from`; the text's size when there is none.
std::size_t find_non_ascii(std::string_view text, std::size_t from = 0);

// Offset of the first of at least `length` (>= 128) neighbouring blanks (space or tab) at or after `from`; npos when
// none. Looks at one byte in sixty-four, so it touches each cache line once.
std::size_t find_blank_run(std::string_view text, std::size_t length, std::size_t from = 0);

struct LineShape {
  std::size_t lines = 0;
  std::size_t longest = 0;  // bytes, line end not counted
};
LineShape line_shape(std::string_view text);

}  // namespace assay::source
