#include "analyzer/source/plain_text.h"

#include <gtest/gtest.h>

#include <string>

#include "analyzer/base/position.h"
#include "analyzer/source/position_cursor.h"

#include "analyzer/base/find_literal.h"

namespace assay::source {
namespace {

TEST(PlainText, FindsTheFirstByteThatIsNotAsciiWhereverItStands) {
  for (std::size_t at = 0; at < 200; ++at) {
    std::string text(200, 'x');
    text[at] = '\x80';
    EXPECT_EQ(find_non_ascii(text), at);
    EXPECT_EQ(find_non_ascii(text, at + 1), text.size());
  }
  EXPECT_EQ(find_non_ascii(""), 0U);
}

TEST(PlainText, FindsBlankRunsAtEveryOffset) {
  for (std::size_t at = 0; at < 130; ++at) {
    const std::string text = std::string(at, 'x') + std::string(201, ' ') + "y";
    EXPECT_EQ(find_blank_run(text, 201), at);
    EXPECT_EQ(find_blank_run(text, 202), std::string::npos);
  }
}

TEST(PlainText, FindsLiteralsLikeTheStandardLibrary) {
  const std::string text = "iffunc ifun ifunc_ __attribute__((ifunc(\"r\"))) constructor init_array ifunc";
  for (const std::string_view needle : {"ifunc", "constructor", "init_array", "xx", "if", "c"}) {
    for (std::size_t from = 0; from <= text.size(); ++from)
      EXPECT_EQ(find_literal(text, needle, from), text.find(needle, from));
  }
}

TEST(PlainText, MeasuresLines) {
  EXPECT_EQ(line_shape("ab\nabcd\n\nx").lines, 4U);
  EXPECT_EQ(line_shape("ab\nabcd\n\nx").longest, 4U);
  EXPECT_EQ(line_shape("").lines, 0U);
}

TEST(PositionCursor, AgreesWithLineIndex) {
  const std::string text = "a\xC3\xA9z\r\n\n\xE2\x82\xAC\xF0\x9F\x98\x80q\n\x80last\n";
  const LineIndex index(text);
  PositionCursor cursor(text);
  for (std::size_t at = 0; at <= text.size(); ++at) EXPECT_EQ(cursor.at(at), index.position(at)) << at;
  EXPECT_EQ(cursor.at(0), (Position{1, 1})) << "going back starts over";
}

}  // namespace
}  // namespace assay::source
