#include "analyzer/fleet/sweep.h"
#include "analyzer/fleet/stored_changes.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "analyzer/fleet/subject_state.h"
#include "tests/unit/fleet/fleet_support.h"

namespace assay::fleet {
namespace {

using test::contents;
using test::evidence_of;
using test::finding;
using test::TemporaryDirectory;
using ::testing::ElementsAre;

Fleet make_fleet(const TemporaryDirectory& directory, int count) {
  Fleet fleet;
  for (int i = 0; i < count; ++i) {
    const std::string name = "subject" + std::to_string(100 + i);
    if (!std::filesystem::exists(directory / name)) directory.clone(name);
    fleet.subjects.push_back({.name = name, .path = directory / name});
  }
  return fleet;
}

Result<SubjectResult> examine(const FleetSubject& subject) {
  SubjectResult result;
  result.evidence = evidence_of("package-lock.json", ArtifactKind::npm_lock, [&](evidence::Rows& rows) {
    for (std::uint32_t i = 1; i <= 20; ++i) {
      rows.add(evidence::ComponentRow{.at = rows.locate({{i, 1}, {i, 9}}),
                                      .purl_type = "npm",
                                      .name = "p",
                                      .full_name = subject.name,
                                      .version = std::to_string(i)});
    }
  });
  result.findings = {finding("a/one", "1"), finding("a/two", "2")};
  return result;
}

SweepOptions options(unsigned threads = 1) {
  return {.rules_digest = "rules", .known_digest = "known", .engine = "1", .started = "now", .threads = threads};
}

Store open(const std::string& path) {
  Result<Store> store = Store::open(path);
  if (!store) ADD_FAILURE() << store.error().text();
  return std::move(store.value());
}

std::vector<StoredFinding> findings_of(const Store& store) {
  return store.findings().value_or(std::vector<StoredFinding>{});
}

TEST(Sweep, AnUnchangedSecondSweepExaminesNothing) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 5);
  Store store = open(directory / "store");
  std::atomic<int> calls = 0;
  const auto counted = [&](const FleetSubject& subject) {
    ++calls;
    return examine(subject);
  };
  const auto first = sweep(fleet, store, options(), counted);
  ASSERT_TRUE(first.has_value()) << first.error().text();
  EXPECT_EQ(first->examined, 5U);
  EXPECT_EQ(first->fresh, 10U);
  EXPECT_TRUE(first->finished);
  for (const StoredFinding& stored : findings_of(store)) EXPECT_EQ(stored.standing, Standing::fresh);

  const auto second = sweep(fleet, store, options(), counted);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(calls, 5);
  EXPECT_EQ(second->unchanged, 5U);
  EXPECT_EQ(second->run, 2);
  for (const StoredFinding& stored : findings_of(store)) {
    EXPECT_EQ(stored.standing, Standing::known);
    EXPECT_EQ(stored.first_seen, 1);
    EXPECT_EQ(stored.last_seen, 2);
  }
}

TEST(Sweep, AChangedFileRulesOrKnowledgeMeansExaminingAgain) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 3);
  Store store = open(directory / "store");
  ASSERT_TRUE(sweep(fleet, store, options(), examine).has_value());
  directory.clone("subject101", "another text");
  EXPECT_EQ(sweep(fleet, store, options(), examine)->examined, 1U);
  SweepOptions other = options();
  other.rules_digest = "other rules";
  EXPECT_EQ(sweep(fleet, store, other, examine)->examined, 3U);
  other.known_digest = "other knowledge";
  EXPECT_EQ(sweep(fleet, store, other, examine)->examined, 3U);
  EXPECT_EQ(sweep(fleet, store, other, examine)->examined, 0U);
}

// No commit, no new name and no other size: only the content of a file in the work tree differs.
TEST(Sweep, AnEditedWorkTreeFileIsNoticedWithoutACommit) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 2);
  for (const char* name : {"subject100", "subject101"}) {
    std::filesystem::create_directories(directory / (std::string(name) + "/.git/refs/heads"));
    std::filesystem::create_directories(directory / (std::string(name) + "/.git/objects"));
    std::ofstream(directory / (std::string(name) + "/.git/HEAD")) << "ref: refs/heads/main\n";
    std::ofstream(directory / (std::string(name) + "/.git/refs/heads/main")) << std::string(40, 'a') << "\n";
  }
  Store store = open(directory / "store");
  std::vector<std::string> examined;
  const auto noted = [&](const FleetSubject& subject) {
    examined.push_back(subject.name);
    return examine(subject);
  };
  ASSERT_TRUE(sweep(fleet, store, options(), noted).has_value());
  EXPECT_THAT(examined, ElementsAre("subject100", "subject101"));
  examined.clear();
  directory.clone("subject101", "y");
  ASSERT_TRUE(sweep(fleet, store, options(), noted).has_value());
  EXPECT_THAT(examined, ElementsAre("subject101"));
}

TEST(Sweep, TellsNewKnownGoneAndComeBack) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 1);
  Store store = open(directory / "store");
  SweepOptions every = options();
  every.examine_all = true;
  const auto run = [&](std::vector<Finding> findings) {
    const auto summary = sweep(fleet, store, every, [&](const FleetSubject&) -> Result<SubjectResult> {
      return SubjectResult{nullptr, findings};
    });
    EXPECT_TRUE(summary.has_value());
    std::vector<std::string> out;
    for (const StoredFinding& stored : findings_of(store)) {
      out.push_back(stored.finding.fingerprint + " " + std::string(word(stored.standing)) + " " +
                    std::to_string(stored.first_seen));
    }
    return out;
  };
  EXPECT_THAT(run({finding("r", "a"), finding("r", "b")}), ElementsAre("a new 1", "b new 1"));
  EXPECT_THAT(run({finding("r", "b"), finding("r", "c")}), ElementsAre("a absent 1", "b unchanged 1", "c new 2"));
  EXPECT_THAT(run({finding("r", "b"), finding("r", "c")}), ElementsAre("b unchanged 1", "c unchanged 2"))
      << "gone is said once";
  EXPECT_THAT(run({finding("r", "a")}), ElementsAre("a new 4", "b absent 1", "c absent 2"));
}

TEST(Sweep, WhatCouldNotBeReadThisTimeIsNotGone) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 1);
  Store store = open(directory / "store");
  SweepOptions every = options();
  every.examine_all = true;
  const auto at = [](std::string fingerprint, std::string path) {
    Finding made = finding("r", std::move(fingerprint));
    made.at.path = std::move(path);
    return made;
  };
  const std::vector<Finding> all = {at("a", "x/broken.zip!/f"), at("b", "x/dir/f"), at("c", "x/other"),
                                    at("d", "x/dir2")};
  const auto run = [&](const SubjectResult& result) {
    return sweep(fleet, store, every, [&](const FleetSubject&) -> Result<SubjectResult> {
      return SubjectResult{nullptr, result.findings, result.unread};
    });
  };
  ASSERT_TRUE(run({nullptr, all, {}}).has_value());
  const auto second = run({nullptr, {}, {"x/broken.zip", "x/dir"}});
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->known, 2U);
  EXPECT_EQ(second->gone, 2U);
  std::vector<std::string> standing;
  for (const StoredFinding& stored : findings_of(store)) {
    if (stored.standing == Standing::known) standing.push_back(stored.finding.fingerprint);
  }
  EXPECT_THAT(standing, ElementsAre("a", "b"));
}

TEST(Sweep, AFailureKeepsWhatWasKnownAndIsTriedAgain) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 2);
  Store store = open(directory / "store");
  ASSERT_TRUE(sweep(fleet, store, options(), examine).has_value());
  directory.clone("subject100", "changed");
  const auto broken = sweep(fleet, store, options(), [](const FleetSubject&) -> Result<SubjectResult> {
    return fail(ErrorCode::io, "disk on fire");
  });
  ASSERT_TRUE(broken.has_value());
  ASSERT_EQ(broken->failed.size(), 1U);
  EXPECT_EQ(broken->failed[0].name, "subject100");
  EXPECT_EQ(broken->failed[0].reason, "disk on fire");
  EXPECT_EQ(store.findings()->size(), 4U);
  const auto after = sweep(fleet, store, options(), examine);
  EXPECT_EQ(after->examined, 1U);
  EXPECT_TRUE(after->failed.empty());
}

TEST(Sweep, AMissingCloneIsAFailureOfThatSubjectAlone) {
  TemporaryDirectory directory;
  Fleet fleet = make_fleet(directory, 2);
  fleet.subjects.push_back({.name = "ghost", .path = directory / "ghost"});
  Store store = open(directory / "store");
  const auto summary = sweep(fleet, store, options(), examine);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->examined, 2U);
  ASSERT_EQ(summary->failed.size(), 1U);
  EXPECT_EQ(summary->failed[0].name, "ghost");
}

// Kills the process in the middle of a sweep, with one transaction torn, and starts again.
TEST(Sweep, KilledAndResumedLosesAndDoublesNothing) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 6);
  {
    Store whole = open(directory / "whole");
    ASSERT_TRUE(sweep(fleet, whole, options(), examine).has_value());
  }
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Store store = open(directory / "killed");
    SweepOptions torn = options();
    torn.progress = [&](std::size_t done, std::size_t, const std::string&) {
      if (done < 3) return;
      // Half of a subject, never committed.
      const auto begun = store.connection().query("BEGIN IMMEDIATE").run();
      const auto deleted = store.connection().query("DELETE FROM component").run();
      ::_exit(begun && deleted ? 7 : 8);
    };
    const auto unreached = sweep(fleet, store, torn, examine);
    ::_exit(unreached.has_value() ? 9 : 10);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 7);
  std::atomic<int> calls = 0;
  {
    Store store = open(directory / "killed");
    const auto resumed = sweep(fleet, store, options(), [&](const FleetSubject& subject) {
      ++calls;
      return examine(subject);
    });
    ASSERT_TRUE(resumed.has_value()) << resumed.error().text();
    EXPECT_TRUE(resumed->resumed);
    EXPECT_EQ(resumed->done_before, 3U);
    EXPECT_EQ(resumed->run, 1);
    EXPECT_TRUE(resumed->finished);
  }
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(contents(directory / "killed"), contents(directory / "whole"));
}

TEST(Sweep, StopEndsBetweenSubjectsAndTheNextSweepContinues) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 6);
  Store store = open(directory / "store");
  std::atomic<bool> stop = false;
  SweepOptions stopping = options();
  stopping.stop = &stop;
  const auto cut = sweep(fleet, store, stopping, [&](const FleetSubject& subject) {
    stop = subject.name == "subject102";
    return examine(subject);
  });
  ASSERT_TRUE(cut.has_value());
  EXPECT_FALSE(cut->finished);
  EXPECT_EQ(cut->examined, 3U);
  const auto rest = sweep(fleet, store, options(), examine);
  EXPECT_TRUE(rest->resumed);
  EXPECT_EQ(rest->examined, 3U);
}

TEST(Sweep, ManyThreadsAndOneGiveTheSameStore) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 40);
  for (const unsigned threads : {1U, 8U}) {
    Store store = open(directory / ("store" + std::to_string(threads)));
    ASSERT_TRUE(sweep(fleet, store, options(threads), examine).has_value());
  }
  const std::string one = contents(directory / "store1");
  EXPECT_EQ(one, contents(directory / "store8"));
  EXPECT_GT(one.size(), 20'000U);
}

TEST(Sweep, ShardsTogetherAreTheFleet) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 20);
  std::size_t examined = 0;
  for (unsigned shard = 0; shard < 3; ++shard) {
    Store store = open(directory / ("shard" + std::to_string(shard)));
    SweepOptions part = options();
    part.shard = shard;
    part.shards = 3;
    examined += sweep(fleet, store, part, examine)->examined;
    EXPECT_EQ(sweep(fleet, store, part, examine)->examined, 0U);
  }
  EXPECT_EQ(examined, 20U);
}

TEST(SubjectState, ChangesWithReferencesFilesAndLogs) {
  TemporaryDirectory directory;
  directory.clone("repo");
  std::filesystem::create_directories(directory / "repo/.git/refs/heads");
  std::filesystem::create_directories(directory / "logs");
  std::ofstream(directory / "repo/.git/HEAD") << "ref: refs/heads/main\n";
  const FleetSubject subject{.name = "repo", .path = directory / "repo", .logs = {directory / "logs"}};
  const std::string before = state_of(subject).value();
  EXPECT_EQ(state_of(subject).value(), before);
  std::ofstream(directory / "repo/.git/refs/heads/main") << std::string(40, 'a') << "\n";
  const std::string moved = state_of(subject).value();
  EXPECT_NE(moved, before);
  std::ofstream(directory / "repo/.git/index") << "changes nothing a sweep reads";
  EXPECT_EQ(state_of(subject).value(), moved);
  std::ofstream(directory / "logs/1.txt") << "log";
  EXPECT_NE(state_of(subject).value(), moved);
  EXPECT_FALSE(state_of({.name = "x", .path = directory / "nothing"}).has_value());
}

TEST(Store, RemembersWhatCommitsChangedForTheSameVersion) {
  TemporaryDirectory directory;
  const std::string path = directory / "fleet.sqlite";
  EXPECT_EQ(remembered_changes(path, "a", "1"), "");
  Store store = std::move(Store::open(path).value());
  ASSERT_TRUE(store.list_subjects({"a", "b"}).has_value());
  const auto subjects = std::move(store.subjects().value());
  const auto put = [&](const std::string& name, std::string changes) {
    SubjectResult result;
    result.changes = std::move(changes);
    ASSERT_TRUE(store.replace(1, subjects.at(name), {.state = "s", .rules = "r", .known = "k", .engine = "1"}, result)
                    .has_value());
  };
  const std::string bytes("x\0y", 3);
  put("a", bytes);
  EXPECT_EQ(remembered_changes(path, "a", "1"), bytes);
  EXPECT_EQ(remembered_changes(path, "a", "2"), "");
  EXPECT_EQ(remembered_changes(path, "b", "1"), "");
  put("a", "");
  EXPECT_EQ(remembered_changes(path, "a", "1"), "");
}

TEST(Store, RefusesAForeignFile) {
  TemporaryDirectory directory;
  std::ofstream(directory / "notes.txt") << "not a database, just notes that somebody would rather keep";
  EXPECT_FALSE(Store::open(directory / "notes.txt").has_value());
}

TEST(Store, ThePastOfASubjectIsADatabaseOfItsRows) {
  TemporaryDirectory directory;
  const Fleet fleet = make_fleet(directory, 3);
  Store store = open(directory / "store");
  ASSERT_TRUE(sweep(fleet, store, options(), examine).has_value());
  ASSERT_TRUE(Store::write_past(directory / "store", "subject101", directory / "past").has_value());
  evidence::Database database = std::move(evidence::Database::create().value());
  ASSERT_TRUE(database.attach_file("past", directory / "past").has_value());
  auto statement =
      database.prepare("SELECT count(*), max(full_name), (SELECT count(*) FROM past.attestation) FROM past.component")
          .value();
  ASSERT_TRUE(statement.step().value());
  EXPECT_EQ(statement.integer(0), 20);
  EXPECT_EQ(statement.text(1), "subject101");
  EXPECT_EQ(statement.integer(2), 0) << "tables that are not kept are empty, not missing";
  EXPECT_FALSE(Store::write_past(directory / "store", "subject101", directory / "past").has_value());
}

}  // namespace
}  // namespace assay::fleet
