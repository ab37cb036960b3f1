#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::utf8 {

inline constexpr char32_t invalid = 0xFFFFFFFF;

// Decodes the code point at `offset` and moves `offset` past it. An ill-formed byte is `invalid` and consumes one byte
// (Unicode 15, section 3.9, table 3-7: overlong forms, surrogates and values above 10FFFF are ill-formed).
char32_t next(std::string_view text, std::size_t& offset);

void append(std::string& out, char32_t code_point);

bool is_valid(std::string_view text);

// The text with every ill-formed byte replaced by U+FFFD.
std::string repaired(std::string_view text);

}  // namespace assay::utf8
