#include "analyzer/formats/text_edits.h"

#include <gtest/gtest.h>

namespace assay::formats {
namespace {

TEST(ApplyEdits, InsertionsReplacementsAndOverlaps) {
  EXPECT_EQ(*apply_edits("abcd", {{3, 4, "D"}, {0, 0, "x"}, {0, 0, "y"}, {1, 2, ""}}), "xyacD");
  EXPECT_FALSE(apply_edits("abcd", {{0, 2, "x"}, {1, 3, "y"}}).has_value());
  EXPECT_FALSE(apply_edits("abcd", {{3, 9, "x"}}).has_value());
}

TEST(UnifiedDiff, HunksWithThreeLinesAround) {
  EXPECT_EQ(unified_diff("f", "same\n", "same\n"), "");
  EXPECT_EQ(unified_diff("d/f", "1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n5\n6\n"),
            "--- a/d/f\n+++ b/d/f\n@@ -2,5 +2,6 @@\n 2\n 3\n 4\n+x\n 5\n 6\n");
  EXPECT_EQ(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "a\n2\n3\n4\n5\n6\n7\n8\n"),
            "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-1\n+a\n 2\n 3\n 4\n@@ -6,4 +6,3 @@\n 6\n 7\n 8\n-9\n");
}

TEST(UnifiedDiff, EmptyFilesAndLastLinesWithoutEnd) {
  EXPECT_EQ(unified_diff("f", "", "a\n"), "--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unified_diff("f", "a", "b"),
            "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n");
}

}  // namespace
}  // namespace assay::formats
