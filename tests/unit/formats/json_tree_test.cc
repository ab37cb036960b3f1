#include "analyzer/formats/json_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/base/limits.h"

namespace assay::formats {
namespace {

using ::testing::HasSubstr;

TEST(JsonTree, ReadsEveryKindWithItsPlace) {
  const std::string text =
      "{\n  \"s\": \"a\\u00e9\\n\",\n  \"n\": -1.5e3, \"i\": 42,\n  \"t\": true, \"z\": null,\n  \"l\": [1, {\"k\": "
      "[]}]\n}\n";
  const JsonTree tree(text);
  EXPECT_TRUE(tree.well_formed());
  EXPECT_EQ(tree.root().at("s").text(), "a\xC3\xA9\n");
  EXPECT_EQ(tree.root().at("s").span().begin, (Position{2, 8}));
  EXPECT_EQ(tree.root().at("s").span().end, (Position{2, 19}));
  EXPECT_EQ(tree.root().at("n").text(), "-1.5e3");
  EXPECT_FALSE(tree.root().at("n").integer().has_value());
  EXPECT_EQ(tree.root().at("i").integer(), 42);
  EXPECT_TRUE(tree.root().at("t").is_true());
  EXPECT_EQ(tree.root().at("z").kind(), JsonKind::null);
  EXPECT_EQ(tree.root().at("l").size(), 2U);
  EXPECT_EQ(tree.root().at("l").span().begin, (Position{5, 8}));
  EXPECT_EQ(tree.root().size(), 6U);
  EXPECT_FALSE(tree.root().at("missing").at("more").exists());
}

TEST(JsonTree, CountsColumnsInCodePoints) {
  const std::string text = "{\"\xC3\xA9\xF0\x9F\x98\x80\": 1}";
  EXPECT_EQ(JsonTree(text).root().at("\xC3\xA9\xF0\x9F\x98\x80").span().begin, (Position{1, 8}));
}

TEST(JsonTree, TheLastOfRepeatedKeysCountsAndTheLaterOnesAreNamed) {
  const JsonTree tree("{\"a\": 1,\n \"b\": 2, \"a\": 3, \"\\u0061\": 4}");
  EXPECT_EQ(tree.root().at("a").integer(), 4);
  ASSERT_EQ(tree.duplicates().size(), 2U);
  EXPECT_EQ(tree.duplicates()[0].span().begin, (Position{2, 10}));
  EXPECT_TRUE(tree.well_formed());
}

TEST(JsonTree, FindsRepeatedKeysInLargeObjects) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\": 0, ";
  EXPECT_TRUE(JsonTree(text + "\"x\": 0}").duplicates().empty());
  EXPECT_EQ(JsonTree(text + "\"k7\": 0}").duplicates().size(), 1U);
}

TEST(JsonTree, OneBadValueCostsOneValue) {
  const JsonTree tree("{\"a\": undefined, \"b\": 01, \"c\": 'x', \"d\": \"good\"}");
  EXPECT_EQ(tree.root().at("a").kind(), JsonKind::bad);
  EXPECT_EQ(tree.root().at("b").kind(), JsonKind::bad);
  EXPECT_EQ(tree.root().at("c").kind(), JsonKind::bad);
  EXPECT_EQ(tree.root().at("d").text(), "good");
  EXPECT_EQ(tree.problem_count(), 3U);
  EXPECT_EQ(tree.problems()[0].offset, 6U);
}

TEST(JsonTree, ReportsMissingAndSuperfluousCommas) {
  const JsonTree tree("{\"a\": [1 2, 3,], \"b\": 4,}");
  EXPECT_EQ(tree.root().at("a").size(), 3U);
  EXPECT_EQ(tree.root().at("b").integer(), 4);
  EXPECT_EQ(tree.problem_count(), 3U);
  EXPECT_FALSE(JsonTree("[,1]").well_formed());
  EXPECT_FALSE(JsonTree("[1,,2]").well_formed());
  EXPECT_TRUE(JsonTree("[[], {}, 1]").well_formed());
}

TEST(JsonTree, KeepsWhatStandsBeforeTheEndOfATruncatedText) {
  const JsonTree tree("{\"list\": [{\"name\": \"one\"}, {\"name\": \"tw");
  EXPECT_EQ(tree.root().at("list").size(), 2U);
  std::vector<std::string> names;
  for (const JsonNode item : tree.root().at("list").items()) names.emplace_back(item.at("name").text());
  EXPECT_THAT(names, ::testing::ElementsAre("one", "tw"));
  EXPECT_FALSE(tree.well_formed());
}

TEST(JsonTree, MismatchedBracketsLoseNothingAround) {
  const JsonTree tree("{\"a\": [1, 2}, \"b\": 3}");
  EXPECT_EQ(tree.root().at("a").size(), 2U);
  EXPECT_FALSE(tree.well_formed());
  EXPECT_TRUE(JsonTree("{\"a\": 1, \"b\"}").root().at("b").exists());
}

TEST(JsonTree, NestingBeyondTheLimitIsSkippedNotFollowed) {
  std::string deep(100'000, '[');
  const JsonTree open(deep);
  EXPECT_FALSE(open.well_formed());
  const std::string closed =
      "{\"deep\": " + std::string(5'000, '[') + "\"]\"" + std::string(5'000, ']') + ", \"after\": 1}";
  const JsonTree tree(closed);
  EXPECT_EQ(tree.root().at("after").integer(), 1);
  EXPECT_THAT(tree.problems().front().message, HasSubstr("max_json_depth"));
  const std::size_t fits = limits::max_json_depth;
  EXPECT_TRUE(JsonTree(std::string(fits, '[') + std::string(fits, ']')).well_formed());
  EXPECT_FALSE(JsonTree(std::string(fits + 1, '[') + std::string(fits + 1, ']')).well_formed());
}

TEST(JsonTree, RepairsTextThatIsNotUnicode) {
  const JsonTree tree("[\"a\xFF\", \"\\ud800\", \"\\ud83d\\ude00\", \"\\q\", \"\\u12\"]");
  std::vector<std::string> texts;
  for (const JsonNode item : tree.root().items()) texts.emplace_back(item.text());
  EXPECT_THAT(texts, ::testing::ElementsAre("a\xEF\xBF\xBD", "\xEF\xBF\xBD", "\xF0\x9F\x98\x80", "q",
                                            "\xEF\xBF\xBD"
                                            "12"));
  EXPECT_EQ(tree.problem_count(), 4U);
}

TEST(JsonTree, AcceptsAByteOrderMarkAndReportsWhatFollowsTheEnd) {
  EXPECT_TRUE(JsonTree("\xEF\xBB\xBF {}").well_formed());
  EXPECT_FALSE(JsonTree("{} {}").well_formed());
  EXPECT_FALSE(JsonTree("").well_formed());
  EXPECT_FALSE(JsonTree("").root().exists());
  EXPECT_FALSE(JsonTree("{} // note").well_formed());
}

TEST(JsonTree, CountsProblemsBeyondTheOnesItKeeps) {
  std::string text = "[";
  for (int i = 0; i < 500; ++i) text += "?,";
  text += "1]";
  const JsonTree tree(text);
  EXPECT_EQ(tree.problem_count(), 500U);
  EXPECT_EQ(tree.problems().size(), JsonTree::max_problems);
}

TEST(PositionGrid, SaysWhatLineIndexSays) {
  std::string text;
  for (int i = 0; i < 900; ++i) text += i % 7 == 0 ? "\n" : i % 11 == 0 ? "\xC3\xA9" : i % 13 == 0 ? "\r\n" : "xy";
  for (const std::string& one :
       {text, text + "\n", text + "\n\n", std::string("\n"), std::string("abc"), std::string(256, 'x') + "\n"}) {
    const PositionGrid grid(one);
    const LineIndex index(one);
    for (std::size_t offset = 0; offset <= one.size(); ++offset) {
      ASSERT_EQ(grid.position(offset), index.position(offset)) << "offset " << offset << " of " << one.size();
    }
  }
}

}  // namespace
}  // namespace assay::formats
