#include "analyzer/history/history.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/history/scripted.h"

namespace assay::history {
namespace {

using test::HistoryReading;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

void build(const TemporaryDirectory& directory, const std::vector<ScriptedCommit>& script) {
  const auto built = build_repository(directory.path(), script);
  ASSERT_TRUE(built.has_value()) << built.error().text();
}

void write(const fs::path& path, std::string_view text) {
  std::error_code ignored;
  fs::permissions(path, fs::perms::owner_write | fs::perms::owner_read, fs::perm_options::add, ignored);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::string loose_path(const TemporaryDirectory& directory, const std::string& oid) {
  return directory.path() + "/.git/objects/" + oid.substr(0, 2) + "/" + oid.substr(2);
}

// Remembered and compared give the same rows, and only what a ledger holds is believed.
TEST(History, WhatCommitsChangedNeedNotBeComparedAgain) {
  TemporaryDirectory directory;
  build(directory, {{.message = "begin", .files = {{"Makefile", "all:\n"}, {"a.c", "int a;\n"}}},
                    {.message = "second", .files = {{".github/workflows/a.yml", "on: push\n"}}}});
  const std::string all =
      "SELECT g.oid, g.files, g.ci_files, g.build_files, f.path, f.change, f.role, f.size, f.blob "
      "FROM git_commit g LEFT JOIN commit_file f USING (git_commit_id) ORDER BY 1, 5";
  ChangeLedger ledger;
  HistoryReading first(directory.path(), {.ledger = &ledger});
  EXPECT_EQ(ledger.size(), 2U);
  ChangeLedger remembered = ChangeLedger::from_bytes(ledger.bytes());
  HistoryReading second(directory.path(), {.ledger = &remembered});
  EXPECT_EQ(first.ask(all), second.ask(all));
  EXPECT_EQ(first.ask(all), HistoryReading(directory.path()).ask(all));

  git_oid newest{};
  ASSERT_EQ(git_oid_fromstr(&newest, first.ask("SELECT oid FROM git_commit WHERE subject = 'second'")[0].c_str()), 0);
  ASSERT_NE(remembered.find(newest), nullptr);
  remembered.keep(newest, {.files = 41, .relevant = {}});
  remembered.keep(git_oid{}, {.files = 1, .relevant = {}});
  HistoryReading third(directory.path(), {.ledger = &remembered});
  EXPECT_THAT(third.ask("SELECT files FROM git_commit ORDER BY files"), ElementsAre("2", "41"));
  EXPECT_EQ(remembered.size(), 2U) << "a commit that is not there any more is forgotten";
}

TEST(History, ReadsCommitsNewestFirstWithWhatTheyTouch) {
  TemporaryDirectory directory;
  build(directory, {{.message = "begin", .files = {{"Makefile", "all:\n"}, {"a.c", "int a;\n"}}},
                    {.author = "Bob <BOB@example.com>",
                     .author_time = "2024-03-01T10:00:00+08:00",
                     .committer_time = "2024-03-02T10:00:00-03:30",
                     .signature = "openpgp",
                     .message = "second\n\nbody",
                     .files = {{".github/workflows/ci.yml", "on: push\n"}, {"tests/x.xz", "\xfd"}, {"a.c", "int b;\n"}},
                     .tags = {"v1"}}});
  HistoryReading reading(directory.path());
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_THAT(reading.ask("SELECT subject, author_email, author_time, author_zone, committer_time, committer_zone, "
                          "parents, signature, files,"
                          " ci_files, build_files, test_binaries, author_commits_before, boundary, on_branch FROM "
                          "git_commit ORDER BY git_commit_id"),
              ElementsAre("second|bob@example.com|1709258400|480|1709386200|-210|1|openpgp|3|1|0|1|0|0|1",
                          "begin|ann@example.com|1704110400|0|1704110400|0|0|none|2|0|1|0|0|0|1"));
  EXPECT_THAT(reading.ask("SELECT c.subject, f.path, f.change, f.role, f.size FROM commit_file f JOIN git_commit c "
                          "USING (git_commit_id) ORDER BY 2"),
              ElementsAre("second|.github/workflows/ci.yml|added|ci|9", "begin|Makefile|added|build|5",
                          "second|tests/x.xz|added|test-binary|1"));
  EXPECT_EQ(reading.one("SELECT branch, shallow, partial, commits, cut, oldest_time, head = (SELECT oid FROM "
                        "git_commit WHERE subject = 'second')"
                        " FROM repository"),
            "main|0|0|2|0|1704110400|1");
  EXPECT_THAT(reading.ask("SELECT name, kind, annotated, on_branch FROM ref ORDER BY name"),
              ElementsAre("refs/heads/main|branch|0|1", "refs/tags/v1|tag|0|1"));
  EXPECT_EQ(
      reading.one("SELECT l.line FROM git_commit c JOIN location l ON l.location_id = c.at WHERE c.subject = 'begin'"),
      "0")
      << "history concerns the repository as a whole";
}

TEST(History, KnowsRenamesDeletionsAndModifications) {
  TemporaryDirectory directory;
  build(directory, {{.files = {{"Makefile", "one"}, {"setup.py", "two"}, {"sub/configure", "three"}}},
                    {.message = "change",
                     .files = {{"Makefile", "uno"},
                               {"setup.py", std::nullopt},
                               {"deep/setup.py", "two"},
                               {"sub/configure", std::nullopt}}}});
  HistoryReading reading(directory.path());
  EXPECT_THAT(reading.ask("SELECT path, change FROM commit_file JOIN git_commit USING (git_commit_id) WHERE subject = "
                          "'change' AND parents = 1 ORDER BY path"),
              ElementsAre("Makefile|modified", "deep/setup.py|renamed", "setup.py|deleted", "sub/configure|deleted"));
}

TEST(History, AMergeCountsOnlyWhatItChangedItself) {
  const auto script = [](bool evil) {
    std::vector<ScriptedCommit> commits = {
        {.files = {{"Makefile", "one"}, {"CMakeLists.txt", "one"}}},
        {.message = "side", .files = {{"CMakeLists.txt", "side"}}, .branch = "side", .on = "main"},
        {.message = "main", .files = {{"Makefile", "main"}}},
        {.message = "merge", .files = {{"CMakeLists.txt", "side"}}, .merges = "side"}};
    if (evil) commits.back().files["Makefile"] = "neither";
    return commits;
  };
  TemporaryDirectory honest;
  build(honest, script(false));
  EXPECT_EQ(
      HistoryReading(honest.path()).one("SELECT parents, files, build_files FROM git_commit WHERE subject = 'merge'"),
      "2|0|0");
  EXPECT_THAT(HistoryReading(honest.path()).ask("SELECT subject, mainline FROM git_commit ORDER BY subject"),
              ElementsAre("change|1", "main|1", "merge|1", "side|1"))
      << "the side branch is still there";
  fs::remove(honest.path() + "/.git/refs/heads/side");
  EXPECT_EQ(HistoryReading(honest.path()).one("SELECT mainline, on_branch FROM git_commit WHERE subject = 'side'"),
            "0|1");
  TemporaryDirectory evil;
  build(evil, script(true));
  EXPECT_EQ(
      HistoryReading(evil.path()).one("SELECT parents, files, build_files FROM git_commit WHERE subject = 'merge'"),
      "2|1|1");
}

TEST(History, CountsTenureByTheOrderOfHistory) {
  TemporaryDirectory directory;
  build(directory, {{.message = "old", .times = 11},
                    {.author = "New <new@example.com>", .message = "first of new"},
                    {.message = "last of ann"}});
  HistoryReading reading(directory.path());
  EXPECT_EQ(
      reading.one("SELECT author_tenure_days, author_commits_before FROM git_commit WHERE subject = 'first of new'"),
      "0|0");
  EXPECT_EQ(
      reading.one("SELECT author_tenure_days, author_commits_before FROM git_commit WHERE subject = 'last of ann'"),
      "12|11");
  EXPECT_THAT(reading.ask("SELECT name, commits, signed_commits, zones, bot FROM commit_identity ORDER BY name"),
              ElementsAre("Ann Author|12|0|1|0", "New|1|0|1|0"));
}

TEST(History, ATagOutsideEveryBranchIsSeenAsSuch) {
  TemporaryDirectory directory;
  build(directory, {{.tags = {"v1"}},
                    {.message = "impostor", .tags = {"v2"}, .annotated = true, .branch = "none"},
                    {.message = "next"}});
  HistoryReading reading(directory.path());
  EXPECT_THAT(reading.ask("SELECT name, annotated, on_branch, tagger_email FROM ref WHERE kind = 'tag' ORDER BY name"),
              ElementsAre("refs/tags/v1|0|1|", "refs/tags/v2|1|0|ann@example.com"));
  EXPECT_EQ(reading.one("SELECT on_branch FROM git_commit WHERE subject = 'impostor'"), "0");
}

TEST(History, AShallowCloneIsReadAsFarAsItGoes) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"},
                    {.message = "two", .files = {{"Makefile", "x"}}, .tags = {"v1"}},
                    {.message = "three", .files = {{"setup.py", "x"}}}});
  const std::string two = HistoryReading(directory.path()).one("SELECT oid FROM git_commit WHERE subject = 'two'");
  write(directory.path() + "/.git/shallow", two + "\n");
  HistoryReading reading(directory.path());
  EXPECT_EQ(reading.outcome().coverage, Coverage::read) << "a shallow clone is no damage";
  EXPECT_THAT(
      reading.ask(
          "SELECT subject, boundary, files, build_files, author_tenure_days FROM git_commit ORDER BY git_commit_id"),
      ElementsAre("three|0|1|1|-1", "two|1|-1|-1|-1"));
  EXPECT_EQ(reading.one("SELECT shallow, cut, commits FROM repository"), "1|1|2");
}

TEST(History, ADamagedCommitIsNamedAndTheRestRead) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"}, {.message = "two"}, {.message = "three"}});
  const std::string two = HistoryReading(directory.path()).one("SELECT oid FROM git_commit WHERE subject = 'two'");
  write(loose_path(directory, two), "not zlib");
  HistoryReading reading(directory.path());
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  ASSERT_EQ(reading.outcome().gaps.size(), 1U);
  EXPECT_THAT(reading.outcome().gaps[0], HasSubstr("1 commits are damaged"));
  EXPECT_THAT(reading.ask("SELECT subject, boundary FROM git_commit"), ElementsAre("three|1"));
}

TEST(History, ContentUnderAnotherIdIsDamage) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"}, {.message = "two"}});
  HistoryReading whole(directory.path());
  const std::string one = whole.one("SELECT oid FROM git_commit WHERE subject = 'one'");
  const std::string two = whole.one("SELECT oid FROM git_commit WHERE subject = 'two'");
  fs::permissions(loose_path(directory, one), fs::perms::owner_write, fs::perm_options::add);
  fs::copy_file(loose_path(directory, two), loose_path(directory, one), fs::copy_options::overwrite_existing);
  HistoryReading reading(directory.path());
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_THAT(reading.ask("SELECT subject FROM git_commit"), ElementsAre("two"));
}

TEST(History, AMissingParentWithoutShallowFileIsAGap) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"}, {.message = "two"}});
  fs::remove(
      loose_path(directory, HistoryReading(directory.path()).one("SELECT oid FROM git_commit WHERE subject = 'one'")));
  EXPECT_EQ(HistoryReading(directory.path()).outcome().coverage, Coverage::partly_read);
  std::ofstream(directory.path() + "/.git/config", std::ios::app) << "[remote \"origin\"]\n\tpromisor = true\n";
  HistoryReading partial(directory.path());
  EXPECT_EQ(partial.outcome().coverage, Coverage::read) << "a partial clone says that objects are elsewhere";
  EXPECT_EQ(partial.one("SELECT partial, cut FROM repository"), "1|1");
}

TEST(History, NoCommitsIsNoError) {
  TemporaryDirectory directory;
  build(directory, {});
  HistoryReading reading(directory.path());
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_THAT(reading.outcome().gaps, ElementsAre("the repository has no commits yet"));
  EXPECT_EQ(reading.one("SELECT head, branch, commits FROM repository"), "|main|0");
}

TEST(History, WhatItCannotReadItSays) {
  TemporaryDirectory directory;
  EXPECT_EQ(HistoryReading(directory.path()).outcome().coverage, Coverage::not_read);
  build(directory, {{.message = "one"}});
  std::ofstream(directory.path() + "/.git/config", std::ios::app) << "[extensions]\n\tobjectFormat = sha256\n";
  HistoryReading reading(directory.path());
  EXPECT_EQ(reading.outcome().coverage, Coverage::not_read);
  ASSERT_EQ(reading.outcome().gaps.size(), 1U);
  EXPECT_THAT(reading.outcome().gaps[0], HasSubstr("sha256"));
  EXPECT_TRUE(reading.rows().git_commit.empty());
}

TEST(History, TheCapKeepsTheNewestAndSaysSo) {
  TemporaryDirectory directory;
  build(directory, {{.message = "change", .times = 10}});
  HistoryReading reading(directory.path(), {.max_commits = 3});
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_THAT(reading.ask("SELECT subject, boundary FROM git_commit ORDER BY git_commit_id"),
              ElementsAre("change 10|0", "change 9|0", "change 8|1"));
  EXPECT_EQ(reading.one("SELECT cut FROM repository"), "1");
}

TEST(History, ADetachedCheckoutHasNoOpinionAboutBranches) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"}});
  const std::string oid = HistoryReading(directory.path()).one("SELECT oid FROM git_commit");
  write(directory.path() + "/.git/HEAD", oid + "\n");
  fs::remove(directory.path() + "/.git/refs/heads/main");
  EXPECT_EQ(HistoryReading(directory.path()).one("SELECT subject, on_branch FROM git_commit"), "one|NULL");
}

TEST(History, ALinkedWorktreeAndABareCopyReadTheSameCommits) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"}});
  TemporaryDirectory other;
  const fs::path linked = fs::path(directory.path()) / ".git/worktrees/w";
  fs::create_directories(linked);
  std::ofstream(linked / "HEAD") << "ref: refs/heads/main\n";
  std::ofstream(linked / "commondir") << "../..\n";
  std::ofstream(fs::path(other.path()) / ".git") << "gitdir: " << linked.string() << "\n";
  EXPECT_EQ(HistoryReading(other.path()).one("SELECT subject FROM git_commit"), "one");
  EXPECT_EQ(HistoryReading(directory.path() + "/.git").one("SELECT subject FROM git_commit"), "one");
}

TEST(History, TheRemoteCarriesNoCredentials) {
  TemporaryDirectory directory;
  build(directory, {{.message = "one"}});
  std::ofstream(directory.path() + "/.git/config", std::ios::app)
      << "[include]\n\tpath = /dev/zero\n[remote \"origin\"]\n\turl = "
         "https://user:secret@example.com/a/b.git?token=x\n";
  EXPECT_EQ(HistoryReading(directory.path()).one("SELECT remote FROM repository"), "https://example.com/a/b.git");
}

}  // namespace
}  // namespace assay::history
