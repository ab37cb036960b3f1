#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/history/change_ledger.h"
#include "analyzer/history/commit_text.h"
#include "analyzer/history/identity.h"
#include "analyzer/history/object_store.h"
#include "analyzer/history/path_role.h"
#include "analyzer/history/scripted_repository.h"
#include "tests/unit/history/scripted.h"

namespace assay::history {
namespace {

TEST(Person, SurvivesWhatPeopleWrite) {
  const Person plain = read_person("Ann Author <Ann@Example.COM> 1700000000 -0330");
  EXPECT_EQ(plain.name, "Ann Author");
  EXPECT_EQ(plain.email, "ann@example.com");
  EXPECT_EQ(plain.time, 1'700'000'000);
  EXPECT_EQ(plain.zone, -210);
  EXPECT_EQ(read_person("A <b> <c@example.com> 5 +0000").email, "c@example.com");
  EXPECT_EQ(read_person("No Email").name, "No Email");
  EXPECT_EQ(read_person("X <x@example.com> nonsense").time, 0);
  EXPECT_EQ(read_person("X <x@example.com> 99999999999999999999999 +0000").time, 0);
  EXPECT_EQ(read_person("\xff <x@example.com> 1 +0000").name, "\xEF\xBF\xBD");
}

TEST(CommitText, TellsSignaturesByTheirArmour) {
  const std::string head =
      "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@example.com> 1 +0000\ncommitter B <b@example.com> 2 "
      "+0000\n";
  EXPECT_EQ(read_commit(head + "\nmessage").signature, "none");
  EXPECT_EQ(read_commit(head + "gpgsig -----BEGIN PGP SIGNATURE-----\n x\n\nmessage").signature, "openpgp");
  EXPECT_EQ(read_commit(head + "gpgsig -----BEGIN SSH SIGNATURE-----\n x\n\nmessage").signature, "ssh");
  EXPECT_EQ(read_commit(head + "gpgsig -----BEGIN SIGNED MESSAGE-----\n x\n\nmessage").signature, "x509");
  EXPECT_EQ(read_commit(head + "\ngpgsig -----BEGIN PGP SIGNATURE-----").signature, "none")
      << "a message may say anything";
  EXPECT_EQ(read_commit(head + "\n\nfirst\nsecond").subject, "first");
  EXPECT_FALSE(read_commit("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nmessage").well_formed);
  EXPECT_FALSE(read_commit("").well_formed);
}

TEST(Url, LosesCredentials) {
  EXPECT_EQ(without_credentials("https://token@github.com/a/b"), "https://github.com/a/b");
  EXPECT_EQ(without_credentials("https://u:p@ss@example.com:8443/a?x=y#z"), "https://example.com:8443/a");
  EXPECT_EQ(without_credentials("https://example.com/a@b"), "https://example.com/a@b");
  EXPECT_EQ(without_credentials("git@github.com:a/b.git"), "git@github.com:a/b.git");
  EXPECT_EQ(without_credentials("user:secret@example.com:a/b"), "example.com:a/b");
}

TEST(PathRole, KnowsWhatRuns) {
  EXPECT_EQ(role_of(".github/workflows/a.yml"), PathRole::ci);
  EXPECT_EQ(role_of("docs/.github/workflows.md"), PathRole::none);
  EXPECT_EQ(role_of("src/Makefile.am"), PathRole::build);
  EXPECT_EQ(role_of("m4/build-to-host.m4"), PathRole::build);
  EXPECT_EQ(role_of("package.json"), PathRole::manifest);
  EXPECT_EQ(role_of("test/fixtures/a/package.json"), PathRole::none);
  EXPECT_EQ(role_of("test/fixtures/blob"), PathRole::maybe_test_binary);
  EXPECT_EQ(role_of("tests/files/bad-3.xz"), PathRole::test_binary);
  EXPECT_EQ(role_of("tests/test_block.c"), PathRole::none);
  EXPECT_EQ(role_of("web/.claude/settings.json"), PathRole::agent);
  EXPECT_EQ(role_of(".husky/pre-commit"), PathRole::hook);
  EXPECT_EQ(role_of("lib/x.dll"), PathRole::binary);
  EXPECT_EQ(role_of("src/main.c"), PathRole::none);
}

TEST(Identity, ABotSaysSo) {
  EXPECT_TRUE(claims_to_be_a_bot("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com"));
  EXPECT_TRUE(claims_to_be_a_bot("ci-bot", "ci@example.com"));
  EXPECT_TRUE(claims_to_be_a_bot("Claude", "claude@users.noreply.github.com"));
  EXPECT_FALSE(claims_to_be_a_bot("Claude Monet", "claude@example.com"));
  EXPECT_FALSE(claims_to_be_a_bot("Talbot Abbott", "robotics@example.com"));
}

TEST(Script, IsReadFromTextsByKey) {
  const auto commit = scripted_commit(
      {{"author", "A <a@example.com>"}, {"signed", "ssh"}, {"tag", "v1 v2"}, {"times", "3"}, {"delete", "b c"}},
      {{"a", "x"}});
  ASSERT_TRUE(commit.has_value()) << commit.error().text();
  EXPECT_EQ(commit->signature, "ssh");
  EXPECT_EQ(commit->files.at("a"), "x");
  EXPECT_FALSE(commit->files.at("c").has_value());
  EXPECT_THAT(commit->tags, ::testing::ElementsAre("v1", "v2"));
  EXPECT_EQ(commit->times, 3);
}

TEST(Script, RefusesWhatItDoesNotKnow) {
  const auto misspelt = scripted_commit({{"mesage", "b"}}, {});
  ASSERT_FALSE(misspelt.has_value());
  EXPECT_THAT(misspelt.error().message, ::testing::HasSubstr("mesage"));
  EXPECT_FALSE(scripted_commit({{"times", "3x"}}, {}).has_value());
  EXPECT_FALSE(scripted_commit({{"signed", "maybe"}}, {}).has_value());
}

TEST(Script, BadTimesAndUnknownBasesAreErrorsThatNameTheCommit) {
  test::TemporaryDirectory one;
  const auto time = build_repository(one.path(), {{.message = "fine"}, {.author_time = "yesterday"}});
  ASSERT_FALSE(time.has_value());
  EXPECT_EQ(time.error().where, "commit 2");
  test::TemporaryDirectory two;
  EXPECT_FALSE(build_repository(two.path(), {{.on = "nowhere"}}).has_value());
}

TEST(Script, GivesTheSameIdsEverywhere) {
  test::TemporaryDirectory directory;
  ASSERT_TRUE(build_repository(directory.path(), {{.files = {{"a", "a\n"}}}}).has_value());
  EXPECT_EQ(test::HistoryReading(directory.path()).one("SELECT length(oid), committer_time FROM git_commit"),
            "40|1704110400");
  test::TemporaryDirectory again;
  ASSERT_TRUE(build_repository(again.path(), {{.files = {{"a", "a\n"}}}}).has_value());
  EXPECT_EQ(test::HistoryReading(directory.path()).one("SELECT oid FROM git_commit"),
            test::HistoryReading(again.path()).one("SELECT oid FROM git_commit"));
}

git_oid id_of(unsigned char first) {
  git_oid oid{};
  oid.id[0] = first;
  oid.id[19] = 7;
  return oid;
}

ChangeLedger some_ledger() {
  ChangeLedger ledger;
  ledger.keep(
      id_of(9),
      {.files = 300,
       .relevant = {
           {.path = "a/Makefile", .fate = FileFate::renamed, .role = PathRole::build, .size = 70'000, .blob = id_of(3)},
           {.path = "", .fate = FileFate::deleted, .role = PathRole::ci}}});
  ledger.keep(id_of(1), {.files = 0, .relevant = {}});
  return ledger;
}

TEST(ChangeLedger, IsTheSameAfterBytes) {
  const ChangeLedger ledger = some_ledger();
  const ChangeLedger again = ChangeLedger::from_bytes(ledger.bytes());
  ASSERT_EQ(again.size(), 2U);
  for (const unsigned char first : {std::uint8_t{1}, std::uint8_t{9}}) {
    ASSERT_NE(again.find(id_of(first)), nullptr);
    EXPECT_EQ(*again.find(id_of(first)), *ledger.find(id_of(first)));
  }
  EXPECT_EQ(again.find(id_of(2)), nullptr);
  EXPECT_EQ(again.bytes(), ledger.bytes());
  EXPECT_EQ(ChangeLedger::from_bytes(ChangeLedger().bytes()).size(), 0U);
}

TEST(ChangeLedger, DamagedBytesAreNoLedger) {
  const std::string good = some_ledger().bytes();
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_EQ(ChangeLedger::from_bytes(good.substr(0, length)).size(), 0U) << length;
  std::string huge = good;
  huge[23 + 7] = '\x7F';  // the size, which nothing is allocated for
  EXPECT_EQ(ChangeLedger::from_bytes(huge).size(), 0U);
}

}  // namespace
}  // namespace assay::history
