#pragma once

#include <cstddef>
#include <string_view>

namespace assay {

// Offset of the first occurrence of `needle` (any length; fastest for 2 to 64 bytes) at or after `from`; npos when
// none. Compares the first and the last byte of the needle sixteen places at a time, so it keeps its speed where the
// first byte alone is frequent and std::string_view::find() stops at every one. Reads nothing outside `text`. Pure.
std::size_t find_literal(std::string_view text, std::string_view needle, std::size_t from = 0);

}  // namespace assay
