#include "analyzer/fleet/rotation.h"

#include <gmock/gmock.h>

#include "tests/unit/fleet/hunting.h"

namespace assay::fleet {
namespace {

using evidence::Rows;
using evidence::Tri;
using test::HuntTest;
using ::testing::ElementsAre;

evidence::RowId run(Rows& rows, std::uint32_t line, const std::string& job, const std::string& started,
                    const std::string& ended, Tri self_hosted = Tri::no) {
  return rows.add(evidence::LogRunRow{.at = rows.locate({{line, 1}, {line, 2}}),
                                      .job = job,
                                      .runner = "big-1",
                                      .self_hosted = self_hosted,
                                      .started = started,
                                      .ended = ended});
}

void event(Rows& rows, evidence::RowId of_run, std::uint32_t line, const std::string& kind, const std::string& name,
           const std::string& value = "", const std::string& version = "", const std::string& ecosystem = "") {
  rows.add(evidence::LogEventRow{.at = rows.locate({{line, 1}, {line, 9}}),
                                 .log_run_id = of_run,
                                 .kind = kind,
                                 .ecosystem = ecosystem,
                                 .name = name,
                                 .version = version,
                                 .value = value});
}

std::vector<std::string> lines(const HuntReport& report) {
  std::vector<std::string> out;
  for (const Rotation& one : report.rotate_first) {
    out.push_back(std::string(word(one.answer)) + " " + std::string(word(one.power)) + " " + one.subject + " " +
                  one.credential + " " + one.path + ":" + std::to_string(one.line));
  }
  return out;
}

using Rotations = HuntTest;

TEST_F(Rotations, TheRunThatHadItTellsWhatItHeldInTheOrderOfTheWork) {
  subject("app", ArtifactKind::build_log, "log", [](Rows& rows) {
    const auto hit = run(rows, 1, "release", "2026-03-31T01:00:00Z", "2026-03-31T01:10:00Z", Tri::yes);
    event(rows, hit, 2, "permission-granted", "contents", "write");
    event(rows, hit, 3, "permission-granted", "issues", "read");
    event(rows, hit, 4, "permission-granted", "idtoken", "write");
    event(rows, hit, 5, "secret-in-environment", "SENTRY_DSN");
    event(rows, hit, 6, "secret-in-environment", "AWS_SECRET_ACCESS_KEY");
    event(rows, hit, 7, "secret-in-input", "github-token");
    event(rows, hit, 8, "secret-in-environment", "RELEASE_BOT_PAT");
    event(rows, hit, 9, "secret-in-environment", "NODE_AUTH_TOKEN");
    event(rows, hit, 10, "secret-in-environment", "GITHUB_TOKEN");
    event(rows, hit, 11, "package-installed", "axios", "", "1.14.1", "npm");
    event(rows, hit, 12, "published", "app", "", "2.0.0", "npm");
    const auto other = run(rows, 50, "docs", "2026-03-31T02:00:00Z", "2026-03-31T02:10:00Z");
    event(rows, other, 51, "secret-in-environment", "DOCS_TOKEN");
    event(rows, other, 52, "package-installed", "axios", "", "1.14.0", "npm");
  });
  const HuntReport report = report_on("axios@1.14.1");
  EXPECT_THAT(
      lines(report),
      ElementsAre("AFFECTED publishes app NODE_AUTH_TOKEN log:9", "AFFECTED publishes app publisher of npm app log:12",
                  "AFFECTED pushes-code app RELEASE_BOT_PAT log:8", "AFFECTED pushes-code app github-token log:7",
                  "AFFECTED runs-elsewhere app AWS_SECRET_ACCESS_KEY log:6", "AFFECTED unknown app SENTRY_DSN log:5",
                  "AFFECTED machine app runner big-1 log:1",
                  "AFFECTED identity app identity of the run (id-token: write) log:4",
                  "AFFECTED job-token app job token (contents: write) log:2"))
      << "DOCS_TOKEN was held by a run that installed another version";
  EXPECT_EQ(report.rotate_first[0].held_by, "the environment of job release");
  EXPECT_EQ(report.rotate_first[0].from, "2026-03-31T01:00:00Z");
  EXPECT_EQ(report.rotate_first[0].until, "2026-03-31T01:10:00Z");
}

TEST_F(Rotations, OneCredentialOfTwoRunsIsTheSurerWithBothTimes) {
  subject("app", ArtifactKind::build_log, "log", [](Rows& rows) {
    const auto maybe = run(rows, 1, "test", "2026-03-31T00:30:00Z", "2026-03-31T00:40:00Z");
    event(rows, maybe, 2, "secret-in-environment", "NPM_TOKEN");
    event(rows, maybe, 3, "package-requested", "axios", "", "", "npm");
    const auto hit = run(rows, 10, "release", "2026-03-31T01:00:00Z", "2026-03-31T01:10:00Z");
    event(rows, hit, 12, "secret-in-environment", "NPM_TOKEN");
    event(rows, hit, 13, "package-installed", "axios", "", "1.14.1", "npm");
  });
  const HuntReport report = report_on("axios@1.14.1");
  EXPECT_THAT(lines(report), ElementsAre("AFFECTED publishes app NPM_TOKEN log:12"));
  EXPECT_EQ(report.rotate_first[0].from, "2026-03-31T00:30:00Z");
  EXPECT_EQ(report.rotate_first[0].until, "2026-03-31T01:10:00Z");
}

TEST_F(Rotations, AnExcludedRunHeldNothingOfInterest) {
  subject("app", ArtifactKind::build_log, "log", [](Rows& rows) {
    const auto early = run(rows, 1, "test", "2026-03-30T00:30:00Z", "2026-03-30T00:40:00Z");
    event(rows, early, 2, "secret-in-environment", "NPM_TOKEN");
    event(rows, early, 3, "package-requested", "axios", "", "", "npm");
  });
  const HuntReport report =
      report_on("axios@1.14.1", {.from = read_time("2026-03-31")->first, .until = read_time("2026-03-31")->last});
  ASSERT_EQ(report.subjects.size(), 1U);
  EXPECT_EQ(report.subjects[0].answer, Answer::excluded);
  EXPECT_TRUE(report.rotate_first.empty());
  EXPECT_EQ(report.excluded, 1U);
}

void job_with_secret(Rows& rows, const std::string& name, std::uint32_t line, const std::string& secret,
                     const std::string& action) {
  const auto workflow = rows.add(evidence::WorkflowRow{.at = rows.whole()});
  const auto job =
      rows.add(evidence::JobRow{.at = rows.locate({{line, 1}, {line, 2}}), .workflow_id = workflow, .name = name});
  rows.add(evidence::SecretUseRow{.at = rows.locate({{line + 1, 1}, {line + 1, 2}}),
                                  .job_id = job,
                                  .workflow_id = workflow,
                                  .name = secret,
                                  .sink = "env"});
  rows.add(evidence::PermissionRow{.at = rows.locate({{line + 2, 1}, {line + 2, 2}}),
                                   .job_id = job,
                                   .workflow_id = workflow,
                                   .scope = "id-token",
                                   .level = "write"});
  rows.add(evidence::UsesRow{.at = rows.locate({{line + 3, 1}, {line + 3, 2}}),
                             .job_id = job,
                             .workflow_id = workflow,
                             .kind = "action",
                             .name = action,
                             .reference = std::string(40, 'b'),
                             .reference_kind = "commit",
                             .immutable = Tri::yes});
}

TEST_F(Rotations, ADefinitionTellsWhatTheJobOfTheActionHolds) {
  subject("app", ArtifactKind::github_workflow, "a.yml", [](Rows& rows) {
    job_with_secret(rows, "release", 10, "VAULT_TOKEN", "acme/build");
    job_with_secret(rows, "docs", 20, "DOCS", "acme/other");
  });
  EXPECT_THAT(lines(report_on("acme/build@" + std::string(40, 'b'))),
              ElementsAre("AFFECTED runs-elsewhere app VAULT_TOKEN a.yml:11",
                          "AFFECTED identity app identity of the run (id-token: write) a.yml:12"));
}

TEST_F(Rotations, OfAPackageInALockfileAnyJobMayHaveRunIt) {
  subject("app", ArtifactKind::npm_lock, "x", [](Rows& rows) {
    job_with_secret(rows, "release", 10, "VAULT_TOKEN", "acme/build");
    rows.add(evidence::ComponentRow{.at = rows.whole(),
                                    .purl_type = "npm",
                                    .name = "axios",
                                    .full_name = "axios",
                                    .version = "1.14.1",
                                    .declared_in = "lockfile"});
  });
  const HuntReport report = report_on("axios@1.14.1");
  EXPECT_EQ(report.subjects[0].answer, Answer::affected);
  EXPECT_THAT(lines(report), ElementsAre("POSSIBLE runs-elsewhere app VAULT_TOKEN x:11"));
}

TEST(PowerOf, NamesOfSecrets) {
  EXPECT_EQ(power_of("NPM_TOKEN"), CredentialPower::publishes);
  EXPECT_EQ(power_of("npm-token"), CredentialPower::publishes);
  EXPECT_EQ(power_of("TEST_PYPI_API_TOKEN"), CredentialPower::publishes);
  EXPECT_EQ(power_of("GH_DEPLOY_KEY"), CredentialPower::pushes_code) << "the stronger of the two";
  EXPECT_EQ(power_of("DEPLOY_KEY"), CredentialPower::runs_elsewhere);
  EXPECT_EQ(power_of("PATH_TO_ARMOR"), CredentialPower::unknown) << "parts are whole words";
  EXPECT_EQ(power_of(""), CredentialPower::unknown);
}

}  // namespace
}  // namespace assay::fleet
