#include "analyzer/base/position.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(LineIndex, CountsColumnsInCodePoints) {
  const LineIndex index("ab\ncé€d\n");
  EXPECT_EQ(index.position(0), (Position{1, 1}));
  EXPECT_EQ(index.position(3), (Position{2, 1}));
  EXPECT_EQ(index.position(9), (Position{2, 4}));
}

TEST(LineIndex, LineLeavesOutItsEnd) {
  const LineIndex index("one\r\ntwo\n\nfour");
  EXPECT_EQ(index.line_count(), 4U);
  EXPECT_EQ(index.line(1), "one");
  EXPECT_EQ(index.line(3), "");
  EXPECT_EQ(index.line(4), "four");
  EXPECT_EQ(index.line(5), "");
}

TEST(LineIndex, OffsetPastTheEndIsTheEnd) {
  const LineIndex index("ab");
  EXPECT_EQ(index.position(99), (Position{1, 3}));
}

}  // namespace
}  // namespace assay
