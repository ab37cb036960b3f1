#include "reports/layout.h"

#include <gtest/gtest.h>

namespace assay::reports {
namespace {

Span columns(std::uint32_t begin, std::uint32_t end) {
  return {{1, begin}, {1, end}};
}

TEST(Width, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("é"), 1U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
  EXPECT_EQ(display_width("🙂"), 2U);
}

TEST(Wrapped, BreaksAtSpacesAndCutsLongWords) {
  EXPECT_EQ(wrapped("one two  three\nfour", 8, true), (std::vector<std::string>{"one two", "three", "four"}));
  EXPECT_EQ(wrapped("abcdefghijkl", 8, true), (std::vector<std::string>{"abcdefgh", "ijkl"}));
  EXPECT_EQ(wrapped("", 8, true), (std::vector<std::string>{""}));
  EXPECT_EQ(wrapped("日本日本日", 8, true), (std::vector<std::string>{"日本日本", "日"}));
}

TEST(Elided, KeepsHeadAndTail) {
  EXPECT_EQ(elided("abc", 10, true), "abc");
  const std::string text = elided("node_modules/a/b/c/d/e/index.js", 16, true);
  EXPECT_LE(display_width(text), 16U);
  EXPECT_TRUE(text.starts_with("node_") && text.ends_with("index.js")) << text;
}

TEST(Quoted, TabsBecomeSpacesUnderTheCaret) {
  const QuotedLine line = quoted("\tab\tcd", columns(5, 7), 60, true);
  EXPECT_EQ(line.text, "    ab  cd");
  EXPECT_EQ(line.indent, 8U);
  EXPECT_EQ(line.carets, 2U);
}

TEST(Quoted, WideCharactersTakeTwoCarets) {
  const QuotedLine line = quoted("名前 = 値", columns(1, 3), 60, true);
  EXPECT_EQ(line.indent, 0U);
  EXPECT_EQ(line.carets, 4U);
  EXPECT_EQ(quoted("名前 = 値", columns(6, 7), 60, true).indent, 7U);
}

TEST(Quoted, HiddenCharactersAreShownAndUnderlined) {
  const QuotedLine line = quoted(
      "a\xe2\x80\xae"
      "b",
      columns(2, 3), 60, true);
  EXPECT_EQ(line.text, "a‹U+202E›b");
  EXPECT_EQ(line.indent, 1U);
  EXPECT_EQ(line.carets, 8U);
}

TEST(Quoted, LongLinesAreCutAroundTheSpan) {
  const std::string text = std::string(500, 'a') + "NEEDLE" + std::string(500, 'b');
  const QuotedLine line = quoted(text, columns(501, 507), 60, true);
  EXPECT_LE(display_width(line.text), 60U);
  EXPECT_TRUE(line.text.starts_with("…") && line.text.ends_with("…")) << line.text;
  const std::size_t at = line.text.find("NEEDLE");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(line.indent, display_width(std::string_view(line.text).substr(0, at)));
  EXPECT_EQ(line.carets, 6U);
}

TEST(Quoted, SpanLongerThanTheWindowStartsInIt) {
  const QuotedLine line = quoted(std::string(50, ' ') + std::string(300, 'x'), columns(51, 351), 40, true);
  EXPECT_LE(display_width(line.text), 40U);
  EXPECT_GE(line.carets, 30U);
  EXPECT_LE(line.indent + line.carets, 40U);
}

TEST(Quoted, SpanOverSeveralLinesGoesToTheEnd) {
  const QuotedLine line = quoted("run: |", {{4, 6}, {9, 2}}, 60, true);
  EXPECT_EQ(line.indent, 5U);
  EXPECT_EQ(line.carets, 1U);
}

TEST(Quoted, SpanOutsideTheLineHasNoCaret) {
  EXPECT_EQ(quoted("short", columns(40, 44), 60, true).carets, 0U);
  EXPECT_EQ(quoted("short", {}, 60, true).carets, 0U);
  EXPECT_EQ(quoted("", columns(1, 2), 60, true).carets, 0U);
}

TEST(Quoted, EmptySpanHasOneCaret) {
  EXPECT_EQ(quoted("short", columns(3, 3), 60, true).carets, 1U);
}

}  // namespace
}  // namespace assay::reports
