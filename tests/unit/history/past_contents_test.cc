#include "analyzer/history/past_contents.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/history/scripted.h"

namespace assay::history {
namespace {

using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void build(const TemporaryDirectory& directory, const std::vector<ScriptedCommit>& script) {
  const auto built = build_repository(directory.path(), script);
  ASSERT_TRUE(built.has_value()) << built.error().text();
}

std::vector<std::string> paths(const PastContents& past) {
  std::vector<std::string> out;
  for (const PastContent& content : past.contents) out.push_back(content.path);
  std::sort(out.begin(), out.end());
  return out;
}

TEST(PastContents, ListsEachReplacedOrDeletedContentOnce) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one", .files = {{"a", "first\n"}, {"gone", "gone\n"}, {"kept", "kept\n"}}},
                    {.message = "two", .files = {{"a", "second\n"}}},
                    {.message = "three", .files = {{"a", "first\n"}}},
                    {.message = "four", .files = {{"a", "third\n"}, {"gone", std::nullopt}}}});
  const auto past = list_past_contents(directory.path());
  ASSERT_TRUE(past.has_value()) << past.error().text();
  EXPECT_THAT(paths(*past), ElementsAre("a", "a", "gone"));
  EXPECT_THAT(past->gaps, IsEmpty());
}

TEST(PastContents, NamesTheOldestCommitThatBroughtAndTheNewestThatRemoved) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one", .files = {{"a", "x\n"}}, .tags = {"brought"}},
                    {.message = "two", .files = {{"a", "y\n"}}},
                    {.message = "three", .files = {{"a", "x\n"}}},
                    {.message = "four", .files = {{"a", "y\n"}}, .tags = {"removed"}}});
  test::HistoryReading reading(directory.path());
  const auto past = list_past_contents(directory.path());
  ASSERT_TRUE(past.has_value());
  ASSERT_THAT(past->contents, SizeIs(1));
  EXPECT_EQ(past->contents[0].brought_by, reading.one("SELECT target FROM ref WHERE name = 'refs/tags/brought'"));
  EXPECT_EQ(past->contents[0].removed_by, reading.one("SELECT target FROM ref WHERE name = 'refs/tags/removed'"));
}

TEST(PastContents, AnotherBranchesContentIsPastToHeadAndRemovedByNobody) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one", .files = {{"a", "x\n"}}},
                    {.message = "two", .files = {{"b", "side\n"}}, .branch = "side", .on = "main"}});
  const auto past = list_past_contents(directory.path());
  ASSERT_TRUE(past.has_value());
  ASSERT_THAT(past->contents, SizeIs(1));
  EXPECT_EQ(past->contents[0].path, "b");
  EXPECT_EQ(past->contents[0].removed_by, "");
}

TEST(PastContents, AFileMovedIsNoPastContent) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one", .files = {{"a", "x\n"}}},
                    {.message = "two", .files = {{"a", std::nullopt}, {"b", "x\n"}}}});
  const auto past = list_past_contents(directory.path());
  ASSERT_TRUE(past.has_value());
  EXPECT_THAT(past->contents, IsEmpty());
}

TEST(PastContents, ACapOnCommitsIsNamed) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one", .files = {{"a", "x\n"}}, .times = 5}});
  const auto past = list_past_contents(directory.path(), 2);
  ASSERT_TRUE(past.has_value());
  ASSERT_FALSE(past->gaps.empty());
}

TEST(PastContents, NoRepositoryIsAnError) {
  TemporaryDirectory directory;
  EXPECT_FALSE(list_past_contents(directory.path()).has_value());
}

}  // namespace
}  // namespace assay::history
