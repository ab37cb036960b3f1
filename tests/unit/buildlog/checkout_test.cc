#include "analyzer/buildlog/checkout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analyzer/buildlog/agent.h"
#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/recognise.h"
#include "tests/support/reading.h"

namespace assay::buildlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

test::Reading reading(const std::string& log) {
  return {read_build_log, "build.log", log, ArtifactKind::build_log};
}

std::vector<std::string> checked_out_in(const std::string& log) {
  return reading(log).ask("SELECT name, version, value FROM log_event WHERE kind = 'checked-out'");
}

const std::string commit = "8600d1b65bd99c9cf3c6893af395f6ac775a71a5";

TEST(Checkout, RefsInFull) {
  EXPECT_EQ(full_ref("refs/remotes/pull/7/merge"), "refs/pull/7/merge");
  EXPECT_EQ(full_ref("refs/remotes/origin/feature/x"), "refs/heads/feature/x");
  EXPECT_EQ(full_ref("refs/tags/v1"), "refs/tags/v1");
  EXPECT_EQ(full_ref("pull/7/head"), "refs/pull/7/head");
  EXPECT_EQ(full_ref("pull/request"), "");
  EXPECT_EQ(full_ref("main"), "");
  EXPECT_EQ(full_ref("a;b"), "");
}

TEST(Checkout, Commands) {
  const std::string stamp = "2026-01-10T10:00:00.0000000Z ";
  test::Reading log = reading(stamp + "[command]/usr/bin/git -c protocol.version=2 fetch --depth=1 origin +" + commit +
                              ":refs/remotes/pull/7/merge\n" + stamp +
                              "[command]/usr/bin/git checkout --progress --force refs/remotes/pull/7/merge\n" + stamp +
                              "HEAD is now at 8600d1b Merge\n");
  EXPECT_EQ(log.one("SELECT e.name, e.version, e.value, l.line, l.\"column\" FROM log_event e JOIN location l ON "
                    "l.location_id = e.at WHERE kind = 'checked-out'"),
            "refs/pull/7/merge|pull-request|" + commit + "|1|97");
  EXPECT_THAT(
      checked_out_in("$ git fetch -v --prune -- origin refs/pull/12/head\n$ gh pr checkout 31\n$ git checkout -qf " +
                     commit + "\n"),
      ElementsAre("refs/pull/12/head|pull-request|", "refs/pull/31/head|pull-request|", "|commit|" + commit));
  EXPECT_THAT(checked_out_in("$ git fetch origin +refs/heads/*:refs/remotes/origin/*\n$ git checkout -b topic\n"),
              IsEmpty());
  EXPECT_THAT(checked_out_in("HEAD is now at 91ae5d2 Release\nHEAD is now at nonsense\n"),
              ElementsAre("|commit|91ae5d2"));
}

TEST(Checkout, ForksOfTheOwnRepository) {
  const auto forks = [](const std::string& address) {
    const std::string stamp = "2026-01-10T10:00:00.0000000Z ";
    return reading(stamp + "Requested labels: x\n" + stamp +
                   "Job defined at: Example/Demo/.github/workflows/ci.yml@refs/heads/main\n" + stamp +
                   "##[group]Run actions/checkout@v4\n" + stamp + "##[endgroup]\n" + stamp +
                   "[command]/usr/bin/git remote add origin " + address + "\n")
        .ask("SELECT name, version, value FROM log_event WHERE kind = 'checked-out'");
  };
  EXPECT_THAT(forks("https://github.com/outsider/demo.git"),
              ElementsAre("outsider/demo|fork|https://github.com/outsider/demo.git"));
  EXPECT_THAT(forks("https://github.com/example/demo"), IsEmpty());
  EXPECT_THAT(forks("https://github.com/example/other"), IsEmpty());
}

TEST(Checkout, OtherSystems) {
  EXPECT_THAT(checked_out_in("Running with gitlab-runner 17.0.0\nChecking out 0a1b2c3d as detached HEAD (ref is "
                             "refs/merge-requests/9/head)...\n"),
              ElementsAre("refs/merge-requests/9/head|pull-request|0a1b2c3d"));
  EXPECT_THAT(checked_out_in("Started by user x\nChecking out Revision " + commit + " (origin/PR-12)\n"),
              ElementsAre("refs/pull/12/head|pull-request|" + commit));
}

TEST(Agent, SentencesOfThreeKindsOfLog) {
  test::Reading log = reading(
      "2026-01-10 10:00:00.100 fleetd[77] INFO  connected to management server mgmt.example.com:5721\n"
      "2026-01-10 10:00:01.100 fleetd[77] INFO  procedure received: \"Monthly update\" scope=ring-1 operator=k\n"
      "2026-01-10 10:00:02.100 fleetd[77] WARN  run as SYSTEM: C:\\Windows\\cert.exe -decode a b\n"
      "2026-01-10 10:00:03.100 fleetd[77] INFO  file written C:\\work\\a.exe size=3\n");
  EXPECT_EQ(log.one("SELECT system, started, ended, lines FROM log_run"),
            "agent|2026-01-10 10:00:00.100|2026-01-10 10:00:03.100|4");
  EXPECT_THAT(
      log.ask("SELECT kind, name, version, value FROM log_event"),
      ElementsAre("url-contacted|agent||mgmt.example.com:5721", "managed-job|Monthly update||scope=ring-1 operator=k",
                  "managed-command|cert|SYSTEM|C:\\Windows\\cert.exe -decode a b",
                  "file-written|C:\\work\\a.exe||size=3"));
  EXPECT_EQ(log.one("SELECT l.line, l.\"column\" FROM log_event e JOIN location l ON l.location_id = e.at WHERE kind = "
                    "'managed-command'"),
            "3|57");
  EXPECT_THAT(reading("Jan 10 10:00:01 node7 agentd[77]: running command: systemctl stop auditd\n")
                  .ask("SELECT kind, name, value FROM log_event"),
              ElementsAre("managed-command|systemctl|systemctl stop auditd"));
  EXPECT_THAT(reading("<![LOG[Executing command line: powershell.exe -File x.ps1]LOG]!><time=\"16:30:02.004\" "
                      "date=\"7-2-2021\" component=\"A\">\n")
                  .ask("SELECT kind, name, time FROM log_event"),
              ElementsAre("managed-command|powershell|16:30:02.004"));
}

TEST(Agent, RecognisedByItsSentences) {
  EXPECT_TRUE(looks_like_build_log("2026-01-10 10:00:02 fleetd[77] run as SYSTEM: dir\n"));
  EXPECT_FALSE(looks_like_agent_log(
      "2026-01-10 10:00:02 web[77] INFO GET /index.html 200\n2026-01-10 10:00:03 web[77] INFO ready\n"));
  EXPECT_FALSE(looks_like_agent_log("executing command: dir\n"));
  EXPECT_FALSE(looks_like_agent_log(""));
}

}  // namespace
}  // namespace assay::buildlog
