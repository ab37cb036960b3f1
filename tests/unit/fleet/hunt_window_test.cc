#include <gmock/gmock.h>

#include "tests/unit/fleet/hunting.h"

namespace assay::fleet {
namespace {

using evidence::Rows;
using test::HuntTest;
using ::testing::ElementsAre;

// What the tests ask about: bad from 00:21 to 03:20 of one night.
Window night() {
  return {.from = read_time("2026-03-31T00:21Z")->first, .until = read_time("2026-03-31T03:20Z")->last};
}

evidence::RowId run(Rows& rows, std::uint32_t line, const std::string& started, const std::string& ended) {
  return rows.add(evidence::LogRunRow{
      .at = rows.locate({{line, 1}, {line, 2}}), .job = "build", .started = started, .ended = ended});
}

void event(Rows& rows, evidence::RowId of_run, std::uint32_t line, const std::string& kind, const std::string& name,
           const std::string& version, const std::string& time, const std::string& value = "") {
  rows.add(evidence::LogEventRow{.at = rows.locate({{line, 1}, {line, 9}}),
                                 .log_run_id = of_run,
                                 .kind = kind,
                                 .name = name,
                                 .version = version,
                                 .value = value,
                                 .time = time});
}

std::function<void(Rows&)> requested_at(const std::string& time) {
  return [=](Rows& rows) { event(rows, run(rows, 1, time, time), 5, "package-requested", "axios", "", time); };
}

void range(Rows& rows) {
  rows.add(evidence::ComponentRow{.at = rows.locate({{3, 5}, {3, 9}}),
                                  .purl_type = "npm",
                                  .name = "axios",
                                  .full_name = "axios",
                                  .declared_in = "manifest",
                                  .pinned = evidence::Tri::no,
                                  .requirement = "^1.0.0"});
}

void repository(Rows& rows, std::string_view oldest, std::string_view newest, bool cut = false) {
  rows.add(evidence::RepositoryRow{.at = rows.whole(),
                                   .cut = evidence::tri(cut),
                                   .oldest_time = read_time(oldest)->first,
                                   .newest_time = read_time(newest)->first});
}

using HuntWindow = HuntTest;

TEST_F(HuntWindow, ARequestWithoutAVersionIsJudgedByItsTime) {
  subject("a-second-before", ArtifactKind::build_log, "log", requested_at("2026-03-31T00:20:59Z"));
  subject("b-first-second", ArtifactKind::build_log, "log", requested_at("2026-03-31T00:21:00Z"));
  subject("c-last-second", ArtifactKind::build_log, "log", requested_at("2026-03-31T03:20:59.9Z"));
  subject("d-second-after", ArtifactKind::build_log, "log", requested_at("2026-03-31T03:21:00Z"));
  subject("e-other-zone", ArtifactKind::build_log, "log", requested_at("2026-03-31T05:20:59+02:00"));
  subject("f-no-zone", ArtifactKind::build_log, "log", requested_at("2025-01-01T00:00:00"));
  EXPECT_THAT(
      hunt_for("axios@1.14.1", night()),
      ElementsAre("b-first-second POSSIBLE log:5", "c-last-second POSSIBLE log:5", "e-other-zone POSSIBLE log:5",
                  "f-no-zone POSSIBLE log:5", "a-second-before EXCLUDED log:5", "d-second-after EXCLUDED log:5"));
  EXPECT_THAT(hunt_for("axios@1.14.1"), ::testing::Contains("a-second-before POSSIBLE log:5"))
      << "without a window no time excludes";
}

TEST_F(HuntWindow, ThePartlyReadIsNeverExcluded) {
  subject("half", ArtifactKind::build_log, "log", requested_at("2026-03-31T00:20:59Z"), Coverage::partly_read);
  EXPECT_THAT(hunt_for("axios@1.14.1", night()), ElementsAre("half NOT EXAMINED log:5"));
}

TEST_F(HuntWindow, TheVersionOutweighsTheTime) {
  subject("bad-at-any-time", ArtifactKind::build_log, "log", [](Rows& rows) {
    event(rows, run(rows, 1, "", ""), 5, "package-installed", "axios", "1.14.1", "2020-01-01T00:00:00Z");
  });
  subject("good-in-the-window", ArtifactKind::build_log, "log", [](Rows& rows) {
    const auto id = run(rows, 1, "2026-03-31T01:00:00Z", "2026-03-31T01:10:00Z");
    event(rows, id, 5, "package-requested", "axios", "", "2026-03-31T01:01:00Z");
    event(rows, id, 6, "package-installed", "axios", "1.14.0", "2026-03-31T01:02:00Z");
  });
  EXPECT_THAT(hunt_for("axios@1.14.1", night()),
              ElementsAre("bad-at-any-time AFFECTED log:5", "good-in-the-window NOT SEEN"));
}

TEST_F(HuntWindow, ARunReachesIntoTheWindow) {
  const auto ran = [](const std::string& started, const std::string& ended) {
    return [=](Rows& rows) { event(rows, run(rows, 1, started, ended), 5, "package-requested", "axios", "", ""); };
  };
  subject("ends-before", ArtifactKind::build_log, "log", ran("2026-03-31T00:00:00Z", "2026-03-31T00:20:59Z"));
  subject("reaches-in", ArtifactKind::build_log, "log", ran("2026-03-31T00:00:00Z", "2026-03-31T00:21:00Z"));
  subject("spans", ArtifactKind::build_log, "log", ran("2026-03-30T00:00:00Z", "2026-04-01T00:00:00Z"));
  EXPECT_THAT(hunt_for("axios@1.14.1", night()),
              ElementsAre("reaches-in POSSIBLE log:5", "spans POSSIBLE log:5", "ends-before EXCLUDED log:5"));
}

TEST_F(HuntWindow, EveryVersionOfAWindowIsConfirmedByTheTimeOfTheRun) {
  const auto installed = [](const std::string& time) {
    return [=](Rows& rows) { event(rows, run(rows, 1, time, time), 5, "package-installed", "axios", "1.2.3", time); };
  };
  subject("after", ArtifactKind::build_log, "log", installed("2026-03-31T03:21:00Z"));
  subject("unknown", ArtifactKind::build_log, "log", installed(""));
  subject("within", ArtifactKind::build_log, "log", installed("2026-03-31T03:20:59Z"));
  EXPECT_THAT(hunt_for("axios", night()),
              ElementsAre("within AFFECTED log:5", "unknown POSSIBLE log:5", "after EXCLUDED log:5"));
}

TEST_F(HuntWindow, RunsStandForARange) {
  subject("hit", ArtifactKind::npm_manifest, "package.json", [](Rows& rows) {
    range(rows);
    run(rows, 20, "2026-03-31T01:00:00Z", "2026-03-31T01:10:00Z");
    run(rows, 30, "2026-03-30T01:00:00Z", "2026-03-30T01:10:00Z");
  });
  subject("missed", ArtifactKind::npm_manifest, "package.json", [](Rows& rows) {
    range(rows);
    run(rows, 30, "2026-03-30T01:00:00Z", "2026-03-30T01:10:00Z");
  });
  const HuntReport report = report_on("axios@1.14.1", night());
  ASSERT_EQ(report.subjects.size(), 2U);
  EXPECT_EQ(report.subjects[0].subject, "hit");
  ASSERT_EQ(report.subjects[0].sightings.size(), 2U);
  EXPECT_EQ(report.subjects[0].sightings[1].line, 20U);
  EXPECT_EQ(report.subjects[0].sightings[1].time, "2026-03-31T01:00:00Z");
  EXPECT_EQ(report.subjects[1].answer, Answer::possible) << "there may have been runs whose logs were not given";
  EXPECT_EQ(report.subjects[1].sightings[0].why,
            "a range: the version it became is not known; the one run that was seen lies outside of the window");
}

TEST_F(HuntWindow, ARepositoryThatBeganLaterNeverAskedForIt) {
  subject("began-after", ArtifactKind::npm_manifest, "package.json", [](Rows& rows) {
    range(rows);
    repository(rows, "2026-03-31T03:21:00Z", "2026-05-01T00:00:00Z");
  });
  subject("began-in-the-last-second", ArtifactKind::npm_manifest, "package.json", [](Rows& rows) {
    range(rows);
    repository(rows, "2026-03-31T03:20:59Z", "2026-05-01T00:00:00Z");
  });
  subject("cut", ArtifactKind::npm_manifest, "package.json", [](Rows& rows) {
    range(rows);
    repository(rows, "2026-03-31T03:21:00Z", "2026-05-01T00:00:00Z", true);
  });
  subject("old", ArtifactKind::npm_manifest, "package.json", [](Rows& rows) {
    range(rows);
    repository(rows, "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z");
  });
  EXPECT_THAT(hunt_for("axios@1.14.1", night()),
              ElementsAre("began-in-the-last-second POSSIBLE package.json:3", "cut POSSIBLE package.json:3",
                          "old POSSIBLE package.json:3", "began-after EXCLUDED package.json:3"))
      << "an old manifest may be installed in any later night";
}

TEST_F(HuntWindow, ALockfileIsNoYoungerThanItsLastCommit) {
  const auto locked = [](std::string_view newest) {
    return [=](Rows& rows) {
      rows.add(evidence::ComponentRow{.at = rows.locate({{7, 5}, {7, 9}}),
                                      .purl_type = "npm",
                                      .name = "axios",
                                      .full_name = "axios",
                                      .version = "1.2.3",
                                      .declared_in = "lockfile",
                                      .pinned = evidence::Tri::yes});
      repository(rows, "2020-01-01T00:00:00Z", newest);
    };
  };
  subject("committed-before", ArtifactKind::npm_lock, "package-lock.json", locked("2026-03-31T00:20:59Z"));
  subject("committed-within", ArtifactKind::npm_lock, "package-lock.json", locked("2026-03-31T00:21:00Z"));
  EXPECT_THAT(hunt_for("axios", night()), ElementsAre("committed-within POSSIBLE package-lock.json:7",
                                                      "committed-before EXCLUDED package-lock.json:7"));
}

TEST_F(HuntWindow, ATagThatWasBadForSomeTime) {
  const std::string commit(40, 'c');
  const auto ran = [=](const std::string& time) {
    return [=](Rows& rows) {
      event(rows, run(rows, 1, time, time), 5, "action-resolved", "acme/build", "v1", time, commit);
    };
  };
  subject("after", ArtifactKind::build_log, "log", ran("2026-03-31T03:21:00Z"));
  subject("within", ArtifactKind::build_log, "log", ran("2026-03-31T00:21:00Z"));
  subject("written", ArtifactKind::github_workflow, ".github/workflows/a.yml", [](Rows& rows) {
    rows.add(evidence::UsesRow{.at = rows.locate({{9, 9}, {9, 20}}),
                               .kind = "action",
                               .name = "acme/build",
                               .reference = "v1",
                               .reference_kind = "branch-or-tag",
                               .immutable = evidence::Tri::no});
  });
  EXPECT_THAT(
      hunt_for("acme/build@v1", night()),
      ElementsAre("within AFFECTED log:5", "written POSSIBLE .github/workflows/a.yml:9", "after EXCLUDED log:5"));
  EXPECT_THAT(hunt_for("acme/build@" + std::string(40, 'b'), night()),
              ElementsAre("written POSSIBLE .github/workflows/a.yml:9", "after NOT SEEN", "within NOT SEEN"))
      << "the log names another commit";
}

}  // namespace
}  // namespace assay::fleet
