#include "analyzer/intake/long_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::intake {
namespace {

std::string shortened(std::string bytes, std::size_t most, utf16::Order order, std::size_t block) {
  LineShortener shortener(most, order);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < bytes.size(); at += block) {
    const std::size_t size = std::min(block, bytes.size() - at);
    kept += shortener.keep(bytes.data() + at, size, bytes.data() + kept);
  }
  return bytes.substr(0, kept);
}

std::string wide(std::string_view text, utf16::Order order) {
  std::string out = order == utf16::Order::big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : text) {
    if (order == utf16::Order::big) out.push_back('\0');
    out.push_back(c);
    if (order == utf16::Order::little) out.push_back('\0');
  }
  return out;
}

TEST(LongLines, KeepsTheBeginningOfEachLineAndEveryLineEnd) {
  for (const std::size_t block : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_EQ(shortened("abc\n\nabcdefgh\nabcd\nabcdefghijk", 4, utf16::Order::none, block), "abc\n\nabcd\nabcd\nabcd")
        << "blocks of " << block;
    EXPECT_EQ(shortened("abcdefgh\n", 4, utf16::Order::none, block), "abcd\n") << "blocks of " << block;
  }
}

TEST(LongLines, CountsUnitsOfUtf16) {
  for (const utf16::Order order : {utf16::Order::little, utf16::Order::big}) {
    for (const std::size_t block : {2U, 6U, 100U}) {
      // The mark is one unit of the first line.
      EXPECT_EQ(shortened(wide("abcdefgh\nxy\nabcdefgh", order), 5, order, block), wide("abcd\nxy\nabcde", order))
          << "blocks of " << block;
    }
  }
}

TEST(LongLines, HalfOfAUnitIsNoLineEnd) {
  // U+0A41 and U+410A hold the byte of a line feed.
  const std::string little = std::string("\xFF\xFE") + "\x41\x0A" + "\x0A\x41" + std::string("z\0", 2);
  EXPECT_EQ(shortened(little, 2, utf16::Order::little, 100), little.substr(0, 4));
}

}  // namespace
}  // namespace assay::intake
