#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analyzer/buildlog/build_log.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

test::Reading reading(const std::string& log) {
  return {read_build_log, "1_build.txt", log, ArtifactKind::build_log};
}

// Puts a time stamp before each line, one second apart.
std::string stamped(const std::string& text) {
  std::string out;
  int second = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string number =
        std::to_string(second / 60) + ":" + (second % 60 < 10 ? "0" : "") + std::to_string(second % 60);
    out += "2026-03-20T10:0" + number + ".0000000Z " + text.substr(at, end - at) + "\n";
    ++second;
    at = end + 1;
  }
  return out;
}

const std::string header =
    "Requested labels: ubuntu-latest\n"
    "Job defined at: Example/Demo/.github/workflows/ci.yml@refs/pull/7/merge\n"
    "Job is about to start running on the hosted runner: GitHub Actions 3 (hosted)\n"
    "Current runner version: '2.291.1'\n"
    "##[group]Virtual Environment\n"
    "Environment: ubuntu-20.04\n"
    "##[endgroup]\n"
    "##[group]GITHUB_TOKEN Permissions\n"
    "Contents: write\n"
    "Metadata: read\n"
    "##[endgroup]\n"
    "Secret source: Actions\n"
    "Prepare all required actions\n"
    "Getting action download info\n"
    "Download action repository 'actions/checkout@v2' (SHA:7884fcad6b5d53d10323aee724dc68d8b9096a2e)\n"
    "Download action repository 'example/Tool@v1' (SHA:1111111111111111111111111111111111111111)\n"
    "Complete job name: build (8)\n";

TEST(GithubLog, ReadsTheRunnersHeader) {
  test::Reading log = reading("\xEF\xBB\xBF" + stamped(header + "Cleaning up orphan processes\n"));
  EXPECT_EQ(log.outcome().coverage, Coverage::read);
  EXPECT_EQ(log.one("SELECT system, repository, workflow, reference, job, runner, image, self_hosted, secret_source "
                    "FROM log_run"),
            "github|example/demo|.github/workflows/ci.yml|refs/pull/7/merge|build (8)|GitHub Actions "
            "3|ubuntu-20.04|0|Actions");
  EXPECT_EQ(log.one("SELECT started, ended, lines FROM log_run"),
            "2026-03-20T10:00:00.0000000Z|2026-03-20T10:00:17.0000000Z|18");
  EXPECT_THAT(log.ask("SELECT name, value, said_by FROM log_event WHERE kind = 'permission-granted'"),
              ElementsAre("contents|write|runner", "metadata|read|runner"));
  EXPECT_THAT(log.ask("SELECT name, version, value, said_by FROM log_event WHERE kind = 'action-resolved'"),
              ElementsAre("actions/checkout|v2|7884fcad6b5d53d10323aee724dc68d8b9096a2e|runner",
                          "example/tool|v1|1111111111111111111111111111111111111111|runner"));
  EXPECT_THAT(log.ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(GithubLog, PlacesAreThoseOfTheFact) {
  test::Reading log = reading(stamped(header));
  // "2026-03-20T10:00:14.0000000Z Download action repository 'actions/…": 29 characters of stamp, 28 before the name.
  EXPECT_EQ(
      log.one("SELECT line, column, end_line, end_column FROM log_event e JOIN location l ON l.location_id = e.at "
              "WHERE kind = 'action-resolved' AND name = 'actions/checkout'"),
      "15|58|15|77");
}

TEST(GithubLog, AStepThatPrintsTheRunnersLineIsTheOneWhoSaysIt) {
  const std::string step = "##[group]Run make\n\x1b[36;1mmake\x1b[0m\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n";
  const std::string claim =
      "Download action repository 'evil/tool@v1' (SHA:2222222222222222222222222222222222222222)\n";
  test::Reading log = reading(stamped(header + step + claim + "done\nCleaning up orphan processes\n"));
  EXPECT_EQ(log.one("SELECT said_by FROM log_event WHERE kind = 'action-resolved' AND name = 'evil/tool'"), "step");
  EXPECT_EQ(log.one("SELECT kind, line FROM log_gap g JOIN location l ON l.location_id = g.at"),
            "forged-runner-line|22");
}

TEST(GithubLog, ACompositeActionIsPreparedInsideAStepAndThatIsNoForgery) {
  const std::string step = "##[group]Run make\n\x1b[36;1mmake\x1b[0m\nshell: bash\n##[endgroup]\nok\n";
  const std::string composite =
      "Prepare all required actions\nGetting action download info\n"
      "Download action repository 'other/tool@v1' (SHA:2222222222222222222222222222222222222222)\n";
  test::Reading honest = reading(stamped(header + step + composite +
                                         "##[group]Run ./.github/actions/a\n##[endgroup]\n##[group]Run "
                                         "other/tool@v1\n##[endgroup]\nCleaning up orphan processes\n"));
  EXPECT_THAT(honest.ask("SELECT kind FROM log_gap"), IsEmpty());
  EXPECT_EQ(honest.one("SELECT said_by FROM log_event WHERE name = 'other/tool'"), "step") << "a step can imitate it";
  test::Reading forged = reading(stamped(header + step + composite + "and on it goes\nCleaning up orphan processes\n"));
  EXPECT_THAT(forged.ask("SELECT kind FROM log_gap"), ElementsAre("forged-runner-line"));
}

TEST(GithubLog, AHeadingWithAnActionThatWasNeverDownloadedIsForged) {
  test::Reading log =
      reading(stamped(header +
                      "##[group]Run actions/checkout@v2\n##[endgroup]\n##[group]Run Example/tool/sub@v1\n##[endgroup]\n"
                      "##[group]Run example/absent@v1\n##[endgroup]\nCleaning up orphan processes\n"));
  EXPECT_EQ(log.one("SELECT kind, line FROM log_gap g JOIN location l ON l.location_id = g.at"),
            "forged-runner-line|22");
}

TEST(GithubLog, TheEndOfAJobCannotBeFollowedBySteps) {
  test::Reading log = reading(stamped(
      header +
      "##[group]Run make\n##[endgroup]\nCleaning up orphan processes\nstill here\nCleaning up orphan processes\n"
      "Terminate orphan process: pid (12) (bun)\n"));
  EXPECT_EQ(log.one("SELECT kind, line FROM log_gap g JOIN location l ON l.location_id = g.at"),
            "forged-runner-line|20");
  EXPECT_EQ(log.one("SELECT name, value, said_by FROM log_event WHERE kind = 'orphan-process'"), "bun|12|runner");
}

TEST(GithubLog, StepsTheirScriptsAndSecrets) {
  test::Reading log = reading(
      stamped(header + "##[group]Run curl -fsSL https://example.com/x.sh | bash\n"
                       "\x1b[36;1mcurl -fsSL https://example.com/x.sh | bash\x1b[0m\n"
                       "shell: /usr/bin/bash -e {0}\nenv:\n  TOKEN: ***\n  MODE: fast\n##[endgroup]\n"
                       "##[group]Run actions/checkout@v2\nwith:\n  ref: refs/heads/x\n  token: ***\n##[endgroup]\n"
                       "Post job cleanup.\nCleaning up orphan processes\n"));
  EXPECT_THAT(log.ask("SELECT name, kind FROM log_step ORDER BY position"),
              ElementsAre("Set up job|setup", "Run curl -fsSL https://example.com/x.sh | bash|run",
                          "Run actions/checkout@v2|uses", "Post job cleanup|post"));
  EXPECT_EQ(log.one("SELECT name, host, said_by FROM log_event WHERE kind = 'remote-script'"),
            "bash|example.com|runner");
  EXPECT_THAT(log.ask("SELECT kind, name FROM log_event WHERE kind LIKE 'secret-in-%'"),
              UnorderedElementsAre("secret-in-environment|TOKEN", "secret-in-input|token"));
  EXPECT_EQ(log.one("SELECT value FROM log_event WHERE kind = 'step-input'"), "refs/heads/x");
  EXPECT_THAT(log.ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(GithubLog, ColouredTextInsideAScriptCannotOpenAGroup) {
  test::Reading log =
      reading(stamped(header + "##[group]Run cat <<X\n\x1b[36;1m##[group]Run example/absent@v9\x1b[0m\nshell: "
                               "bash\n##[endgroup]\nCleaning up orphan processes\n"));
  EXPECT_EQ(log.one("SELECT count(*) FROM log_step WHERE kind <> 'setup'"), "1");
  EXPECT_THAT(log.ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(GithubLog, SelfHostedAndReused) {
  test::Reading log = reading(
      stamped("Job is about to start running on the runner: box-1 (organization)\nCurrent runner version: "
              "'2.300.0'\nRunner name: 'box-1'\n"
              "Runner group name: 'Default'\nSecret source: None\n"
              "Download action repository 'actions/checkout@v4' (SHA:7884fcad6b5d53d10323aee724dc68d8b9096a2e)\n"
              "##[group]Run actions/checkout@v4\n##[endgroup]\n##[group]Cleaning the "
              "repository\n##[endgroup]\nCleaning up orphan processes\n"));
  EXPECT_EQ(log.one("SELECT self_hosted, reused, runner, runner_group, secret_source FROM log_run"),
            "1|1|box-1|Default|None");
}

TEST(GithubLog, ALogWithoutItsEndIsTruncated) {
  test::Reading log = reading(stamped(header + "##[group]Run make\n##[endgroup]\nhalf a li"));
  EXPECT_EQ(log.one("SELECT kind FROM log_gap"), "truncated");
  test::Reading step_file =
      reading("2026-03-20T10:00:00.0000000Z ##[group]Run make\n2026-03-20T10:00:00.0000000Z ##[endgroup]\n");
  EXPECT_THAT(step_file.ask("SELECT kind FROM log_gap"), IsEmpty())
      << "the file of one step has neither beginning nor end";
}

TEST(GithubLog, TimeGoesBack) {
  const auto at = [](const char* time) { return std::string("2026-03-20T") + time + ".0000000Z x\n"; };
  EXPECT_EQ(reading(at("10:00:09") + at("10:00:03")).one("SELECT kind, detail FROM log_gap"), "time-goes-back|by 6 s");
  EXPECT_THAT(reading(at("10:00:09") + at("10:00:05") + at("10:00:04")).ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(GithubLog, CommandsThatStayStopped) {
  const std::string step = "##[group]Run make\n##[endgroup]\n::stop-commands::pause\nx\n";
  test::Reading stopped = reading(stamped(header + step + "Cleaning up orphan processes\n"));
  EXPECT_EQ(stopped.one("SELECT kind, line FROM log_gap g JOIN location l ON l.location_id = g.at"),
            "stop-commands|20");
  test::Reading resumed = reading(stamped(header + step + "::pause::\nCleaning up orphan processes\n"));
  EXPECT_THAT(resumed.ask("SELECT kind FROM log_gap"), IsEmpty());
}

TEST(GithubLog, JobsOfTheCommandLineClientAreTheirOwnRuns) {
  test::Reading log = reading(
      "build\tSet up job\t2026-03-20T10:00:00.0000000Z Current runner version: '2.3'\n"
      "build\tSet up job\t2026-03-20T10:00:01.0000000Z Download action repository 'a/b@v1' "
      "(SHA:1111111111111111111111111111111111111111)\n"
      "build\tUNKNOWN STEP\t2026-03-20T10:00:09.0000000Z Cleaning up orphan processes\n"
      "test\tSet up job\t2026-03-20T10:00:00.0000000Z Current runner version: '2.3'\n"
      "test\tUNKNOWN STEP\t2026-03-20T10:00:02.0000000Z Cleaning up orphan processes\n");
  EXPECT_THAT(log.ask("SELECT job FROM log_run"), ElementsAre("build", "test"));
  EXPECT_THAT(log.ask("SELECT kind FROM log_gap"), IsEmpty());
  EXPECT_EQ(log.one("SELECT said_by FROM log_event WHERE kind = 'action-resolved'"), "runner");
}

TEST(GithubLog, TheRunsAddressComesFromAnUploadOfItsOwn) {
  test::Reading log = reading(
      stamped(header + "##[group]Run make\n##[endgroup]\nsee https://github.com/other/x/actions/runs/1\n"
                       "Artifact download URL: https://github.com/example/demo/actions/runs/42/artifacts/7\nCleaning "
                       "up orphan processes\n"));
  EXPECT_EQ(log.one("SELECT run FROM log_run"), "https://github.com/example/demo/actions/runs/42");
}

TEST(GithubLog, ACalledWorkflowAndItsCommit) {
  test::Reading log =
      reading(stamped("Current runner version: '2.3'\nUses: Example/Shared/.github/workflows/x.yml@refs/heads/main "
                      "(3333333333333333333333333333333333333333)\n"));
  EXPECT_EQ(log.one("SELECT name, version, value FROM log_event WHERE kind = 'workflow-called'"),
            "example/shared/.github/workflows/x.yml|refs/heads/main|3333333333333333333333333333333333333333");
}

TEST(GithubLog, AnImmutableActionPackage) {
  test::Reading log = reading(
      stamped("Current runner version: '2.3'\n##[group]Download immutable action package "
              "'actions/checkout@v4'\nVersion: 4.2.2\n"
              "Digest: sha256:aa\nSource commit SHA: 4444444444444444444444444444444444444444\n##[endgroup]\n"));
  EXPECT_EQ(log.one("SELECT name, version, value FROM log_event WHERE kind = 'action-resolved'"),
            "actions/checkout|v4|4444444444444444444444444444444444444444");
}

}  // namespace
}  // namespace assay::buildlog
