#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::utf16 {

enum class Order : std::uint8_t { none, little, big };

// What the byte order mark at the beginning says (Unicode 15, section 23.8); none without one, and none for UTF-32's
// little-endian mark.
Order order(std::string_view head);

// The text after the mark in UTF-8, so that lines and columns (which count code points) stay what they were: the mark
// has no column. Surrogates without their partner and an odd last byte become U+FFFD.
//
// Windows programs append single-byte text to UTF-16 files, and a shell runs what follows a mark that a person put
// there: a stretch of single_bytes_from or more bytes that are all printable ASCII or line ends is taken over as it is.
// Read as UTF-16 it would be that many ideographs whose halves are all ASCII, which no language writes.
std::string to_utf8(std::string_view text, Order order);

inline constexpr std::size_t single_bytes_from = 32;

}  // namespace assay::utf16
