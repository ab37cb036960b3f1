#include "analyzer/paths/find_paths.h"

#include <gmock/gmock.h>

#include "analyzer/evidence/rows.h"
#include "analyzer/paths/evidence_edges.h"
#include "analyzer/paths/graph.h"

namespace assay::paths {
namespace {

using evidence::Database;
using evidence::RowId;
using evidence::Rows;
using evidence::Tri;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// One subject filled by hand: each test says only what matters to it.
class Subject {
 public:
  Subject() : rows(artifact_id(1, 0)), database_(std::move(Database::create().value())) {}

  evidence::LocationId here() {
    ++line_;
    return rows.locate({{line_, 1}, {line_, 9}});
  }
  RowId workflow(std::string path, std::string event, Tri outsider, Tri privileged, std::string after = "") {
    workflow_ = rows.add(
        evidence::WorkflowRow{.at = here(), .system = "github", .kind = "workflow", .path = path, .name = path});
    rows.add(evidence::TriggerRow{.at = here(),
                                  .workflow_id = workflow_,
                                  .event = std::move(event),
                                  .workflows = std::move(after),
                                  .outsider = outsider,
                                  .privileged = privileged});
    return workflow_;
  }
  RowId job(std::string name, Tri guarded = Tri::no, Tri self_hosted = Tri::no) {
    position_ = 0;
    job_ = rows.add(evidence::JobRow{.at = here(),
                                     .workflow_id = workflow_,
                                     .name = std::move(name),
                                     .runs_on = "x",
                                     .self_hosted = self_hosted,
                                     .outsider_guarded = guarded,
                                     .rights_guarded = guarded});
    return job_;
  }
  RowId step() {
    return step_ = rows.add(
               evidence::StepRow{.at = here(), .job_id = job_, .workflow_id = workflow_, .position = position_++});
  }
  void checkout(Tri outsider_code, std::string reference = "${{ github.event.pull_request.head.sha }}") {
    const RowId at = step();
    rows.add(evidence::CheckoutRow{.at = here(),
                                   .step_id = at,
                                   .job_id = job_,
                                   .workflow_id = workflow_,
                                   .reference = std::move(reference),
                                   .outsider_code = outsider_code});
  }
  void runs(std::string text, Tri publishes = Tri::no, std::string installs = "") {
    const RowId at = step();
    rows.add(evidence::CommandRow{.at = here(),
                                  .step_id = at,
                                  .job_id = job_,
                                  .workflow_id = workflow_,
                                  .text = std::move(text),
                                  .installs = std::move(installs),
                                  .publishes = publishes,
                                  .runs_workspace = evidence::tri(publishes != Tri::yes)});
  }
  void secret(std::string name) {
    rows.add(evidence::SecretUseRow{.at = here(),
                                    .step_id = step_,
                                    .job_id = job_,
                                    .workflow_id = workflow_,
                                    .name = std::move(name),
                                    .sink = "env"});
  }
  void may(std::string scope) {
    rows.add(evidence::PermissionRow{.at = here(),
                                     .job_id = job_,
                                     .workflow_id = workflow_,
                                     .scope = std::move(scope),
                                     .level = "write",
                                     .declared = "job"});
  }
  void state(std::string kind, std::string direction, std::string key, std::string prefix = "") {
    const RowId at = step();
    rows.add(evidence::SharedStateRow{.at = here(),
                                      .step_id = at,
                                      .job_id = job_,
                                      .workflow_id = workflow_,
                                      .kind = std::move(kind),
                                      .direction = std::move(direction),
                                      .key = std::move(key),
                                      .key_prefix = std::move(prefix)});
  }
  void uses(std::string name, std::string reference, Tri immutable, Tri first_party = Tri::no) {
    const RowId at = step();
    rows.add(evidence::UsesRow{.at = here(),
                               .step_id = at,
                               .job_id = job_,
                               .workflow_id = workflow_,
                               .kind = "action",
                               .text = name + "@" + reference,
                               .name = name,
                               .reference = reference,
                               .immutable = immutable,
                               .first_party = first_party});
  }
  // The schema `known` with these statements run in it.
  void know(const std::string& inserts) {
    EXPECT_TRUE(database_.add_schema("known").has_value());
    EXPECT_TRUE(database_
                    .execute("CREATE TABLE known.bad_package(incident, purl_type, full_name, version, certainty, "
                             "valid_from, valid_until);"
                             "CREATE TABLE known.indicator(incident, kind, subject, value, certainty);" +
                             inserts)
                    .has_value());
  }
  std::vector<AttackPath> paths(const std::vector<Finding>& findings = {}) {
    const Artifact artifact{.id = artifact_id(1, 0), .path = "subject", .kind = ArtifactKind::text, .roles = roles};
    EXPECT_TRUE(database_.insert("main", std::span<const Artifact>(&artifact, 1)).has_value());
    EXPECT_TRUE(database_.insert("main", rows).has_value());
    EXPECT_TRUE(database_.finish_loading("main").has_value());
    database_.allow_steps(steps);
    FoundPaths found = find_paths(database_, findings);
    missing = std::move(found.missing);
    return std::move(found.paths);
  }
  std::uint32_t line() const { return line_; }

  Rows rows;
  Role roles = Role::none;
  std::uint64_t steps = limits::max_query_steps;  // that a question about paths may take
  std::vector<std::string> missing;

 private:
  Database database_;
  RowId workflow_ = 0, job_ = 0, step_ = 0;
  std::int64_t position_ = 0;
  std::uint32_t line_ = 0;
};

std::vector<std::string> kinds(const AttackPath& path) {
  std::vector<std::string> out{path.steps.front().from_kind};
  for (const PathStep& step : path.steps) out.push_back(step.to_kind);
  return out;
}

// A request's code built with the repository's rights; `privileged` and `guarded` make the benign twins.
std::vector<AttackPath> pwn_request(Tri privileged, Tri guarded, Tri outsider_code,
                                    std::vector<Finding> findings = {}) {
  Subject subject;
  subject.workflow("ci.yml", privileged == Tri::yes ? "pull_request_target" : "pull_request", Tri::yes, privileged);
  subject.job("build", guarded);
  subject.checkout(outsider_code);
  if (!findings.empty()) findings[0].at = {"subject", {{subject.line(), 1}, {subject.line(), 9}}};
  subject.runs("npm test");
  subject.secret("NPM_TOKEN");
  return subject.paths(findings);
}

TEST(Paths, ARequestsCodeReachesASecret) {
  const std::vector<AttackPath> paths = pwn_request(Tri::yes, Tri::no, Tri::yes);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "trigger", "job", "secret"));
  EXPECT_EQ(paths[0].severity, Severity::critical);
  EXPECT_THAT(paths[0].title, HasSubstr("NPM_TOKEN"));
  EXPECT_THAT(paths[0].title, HasSubstr("pull_request_target of ci.yml"));
  EXPECT_EQ(paths[0].weakest, 1U) << "not to run the code is the cheapest repair";
  EXPECT_FALSE(paths[0].steps[2].observed);
  for (const PathStep& step : paths[0].steps) {
    EXPECT_EQ(step.at.path, "subject");
    EXPECT_GT(step.at.span.begin.line, 0U);
    EXPECT_FALSE(step.because.empty());
    EXPECT_FALSE(step.control.empty());
  }
  EXPECT_EQ(paths[0].fingerprint.size(), 32U);
}

TEST(Paths, NotWithoutRightsNorBehindAGuardNorWithOwnCode) {
  EXPECT_THAT(pwn_request(Tri::no, Tri::no, Tri::yes), IsEmpty());
  EXPECT_THAT(pwn_request(Tri::yes, Tri::yes, Tri::yes), IsEmpty());
  EXPECT_THAT(pwn_request(Tri::yes, Tri::no, Tri::no), IsEmpty());
}

TEST(Paths, ADefaultCheckoutWithRightsIsTheOwnCode) {
  Subject subject;  // requests build the outsider's code without rights; the privileged event of the same file takes
                    // the own branch
  subject.workflow("ci.yml", "workflow_run", Tri::yes, Tri::yes);
  subject.job("build");
  subject.checkout(Tri::yes, "");
  subject.runs("make");
  subject.secret("TOKEN");
  EXPECT_THAT(subject.paths(), IsEmpty());
}

// a.yml calls b.yml, which calls c.yml, which calls a.yml again: the event reaches the last, and the walk ends.
std::vector<AttackPath> called_through(Tri first_guarded) {
  Subject subject;
  subject.workflow("a.yml", "pull_request_target", Tri::yes, Tri::yes);
  subject.job("first", first_guarded);
  subject.rows.job.back().calls = "./b.yml";
  subject.workflow("b.yml", "workflow_call", Tri::no, Tri::no);
  subject.job("second");
  subject.rows.job.back().calls = "./c.yml";
  subject.workflow("c.yml", "workflow_call", Tri::no, Tri::no);
  subject.job("again");
  subject.rows.job.back().calls = "./a.yml";
  subject.job("third");
  subject.checkout(Tri::yes);
  subject.runs("make");
  subject.secret("NPM_TOKEN");
  return subject.paths();
}

TEST(Paths, AnEventReachesWorkflowsCalledThroughOthers) {
  const std::vector<AttackPath> paths = called_through(Tri::no);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(paths[0].title, HasSubstr("NPM_TOKEN"));
  EXPECT_THAT(called_through(Tri::yes), IsEmpty()) << "the first caller keeps outsiders out";
}

TEST(Paths, AStepNamesTheFindingAtItsPlace) {
  Finding finding;
  finding.rule = "pipeline/x";
  finding.severity = Severity::high;
  finding.fingerprint = "f00d";
  const std::vector<AttackPath> paths = pwn_request(Tri::yes, Tri::no, Tri::yes, {finding});
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_EQ(paths[0].steps[1].finding, "f00d");
  EXPECT_EQ(paths[0].steps[0].finding, "");
}

TEST(Paths, TextInAShellReachesTheIdentity) {
  Subject subject;
  const RowId workflow = subject.workflow("issue.yml", "issues", Tri::yes, Tri::yes);
  const RowId job = subject.job("label");
  const RowId step = subject.step();
  subject.rows.add(evidence::ExpressionRow{.at = subject.here(),
                                           .step_id = step,
                                           .job_id = job,
                                           .workflow_id = workflow,
                                           .context = "github.event.issue.title",
                                           .sink = "shell",
                                           .controlled_by = "outsider"});
  subject.may("id-token");
  const std::vector<AttackPath> paths = subject.paths();
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(paths[0].steps[1].because, HasSubstr("github.event.issue.title"));
  EXPECT_EQ(paths[0].steps[2].to_kind, "identity");
}

// One job for outsiders saves a cache, another publishes; the keys and the first event differ between the twins.
std::vector<AttackPath> cache_crossing(std::string event, Tri privileged, std::string written,
                                       std::string written_prefix, std::string read, std::string read_prefix) {
  Subject subject;
  subject.workflow("format.yml", std::move(event), Tri::yes, privileged);
  subject.job("format");
  subject.checkout(Tri::yes);
  subject.state("cache", "both", std::move(written), std::move(written_prefix));
  subject.runs("pip install -e .", Tri::no, "pip");
  subject.workflow("publish.yml", "push", Tri::no, Tri::yes);
  subject.job("publish");
  subject.state("cache", "read", std::move(read), std::move(read_prefix));
  subject.runs("twine upload dist/*", Tri::yes);
  return subject.paths();
}

TEST(Paths, ACacheCarriesAnOutsiderIntoTheRelease) {
  const std::vector<AttackPath> paths = cache_crossing("pull_request_target", Tri::yes, "pip-${{ runner.os }}-x",
                                                       "pip-", "pip-${{ runner.os }}-y", "pip-");
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "trigger", "job", "cache", "job", "package"));
  EXPECT_EQ(paths[0].severity, Severity::critical);
  // A key that begins with an expression has no constant part; the same text is the same key.
  EXPECT_THAT(
      cache_crossing("pull_request_target", Tri::yes, "${{ runner.os }}-store", "", "${{ runner.os }}-store", ""),
      SizeIs(1));
}

TEST(Paths, AnArtifactCarriesAnOutsiderIntoTheNextJobOfTheRun) {
  const auto handed = [](std::string needs, bool runs) {
    Subject subject;
    subject.workflow("ci.yml", "pull_request_target", Tri::yes, Tri::yes);
    subject.job("build");
    subject.checkout(Tri::yes);
    subject.runs("make", Tri::no, "pip");
    subject.state("artifact", "write", "dist");
    subject.job("publish");
    subject.rows.job.back().needs = std::move(needs);
    subject.state("artifact", "read", "dist");
    subject.runs(runs ? "./dist/tool" : "ls");
    subject.rows.command.back().runs_workspace = runs ? Tri::yes : Tri::no;
    subject.secret("TOKEN");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = handed("lint,build", true);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "trigger", "job", "artifact", "job", "secret"));
  EXPECT_THAT(handed("lint", true), IsEmpty());
  EXPECT_THAT(handed("build", false), IsEmpty());
}

TEST(Paths, AnImageCarriesAnOutsiderIntoAJobThatRunsInsideIt) {
  const auto pushed = [](std::string tags, Tri immutable) {
    Subject subject;
    subject.workflow("image.yml", "pull_request_target", Tri::yes, Tri::yes);
    subject.job("image");
    subject.checkout(Tri::yes);
    subject.runs("make", Tri::no, "pip");
    subject.state("image", "write", std::move(tags));
    subject.workflow("release.yml", "push", Tri::no, Tri::yes);
    subject.job("release");
    subject.uses("ghcr.example.com/a/build", "1", immutable);
    subject.rows.uses.back().kind = "image";
    subject.secret("TOKEN");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = pushed("ghcr.example.com/a/build:1", Tri::no);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "trigger", "job", "image", "job", "secret"));
  EXPECT_THAT(pushed("ghcr.example.com/a/other:1", Tri::no), IsEmpty());
  EXPECT_THAT(pushed("ghcr.example.com/a/build:1", Tri::yes), IsEmpty());
}

TEST(Paths, AMachineThatIsKeptCarriesAnOutsiderIntoTheNextJob) {
  const auto shared = [](std::string labels) {
    Subject subject;
    subject.workflow("test.yml", "pull_request", Tri::yes, Tri::no);
    subject.job("test", Tri::no, Tri::yes);
    subject.checkout(Tri::yes, "");
    subject.runs("make", Tri::no, "pip");
    subject.workflow("deploy.yml", "push", Tri::no, Tri::yes);
    subject.job("deploy", Tri::no, Tri::yes);
    subject.rows.job.back().runs_on = std::move(labels);
    subject.secret("TOKEN");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = shared("x");
  EXPECT_THAT(paths, Contains(testing::ResultOf(
                         kinds, ElementsAre("outsider", "trigger", "job", "privilege", "job", "secret"))));
  for (const AttackPath& path : shared("y")) EXPECT_THAT(kinds(path), testing::Not(Contains("secret")));
}

TEST(Paths, NotWhenTheCacheStaysInTheRequestOrTheKeysDiffer) {
  EXPECT_THAT(cache_crossing("pull_request", Tri::no, "pip-a", "pip-", "pip-a", "pip-"), IsEmpty());
  EXPECT_THAT(cache_crossing("pull_request_target", Tri::yes, "pr-${{ x }}", "pr-", "release-${{ x }}", "release-"),
              IsEmpty());
  EXPECT_THAT(cache_crossing("pull_request_target", Tri::yes, "${{ a }}", "", "${{ b }}", ""), IsEmpty());
}

TEST(Paths, AnArtifactCarriesCodeIntoTheRunThatFollows) {
  const auto crossing = [](Tri guarded) {
    Subject subject;
    subject.workflow("ci.yml", "pull_request", Tri::yes, Tri::no);
    subject.job("build");
    subject.checkout(Tri::yes);
    subject.runs("make");
    subject.state("artifact", "write", "site", "site");
    subject.workflow("preview.yml", "workflow_run", Tri::no, Tri::yes, "ci.yml");
    subject.job("deploy", guarded);
    subject.state("artifact", "read", "site", "site");
    subject.runs("./deploy.sh");
    subject.secret("DEPLOY_KEY");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = crossing(Tri::no);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "trigger", "job", "artifact", "job", "secret"));
  EXPECT_EQ(paths[0].severity, Severity::high);
  EXPECT_THAT(crossing(Tri::yes), IsEmpty());
}

constexpr const char* bad_commit = "0123456789abcdef0123456789abcdef01234567";

std::vector<AttackPath> resolved(std::string commit, bool leak) {
  Subject subject;
  const RowId run = subject.rows.add(evidence::LogRunRow{.at = subject.here(), .system = "github", .job = "release"});
  subject.rows.add(evidence::LogEventRow{.at = subject.here(),
                                         .log_run_id = run,
                                         .kind = "action-resolved",
                                         .ecosystem = "github",
                                         .name = "example/changed-files",
                                         .version = "v44",
                                         .value = std::move(commit)});
  if (leak)
    subject.rows.add(evidence::LogBlobRow{
        .at = subject.here(), .log_run_id = run, .encodings = "base64>base64", .content = "secret-map"});
  subject.know(
      std::string("INSERT INTO known.indicator VALUES('moved-tag', 'action-commit', 'example/changed-files', '") +
      bad_commit + "', 'confirmed');");
  return subject.paths();
}

TEST(Paths, ABadCommitInALogReachesThePrintedSecrets) {
  const std::vector<AttackPath> paths = resolved(bad_commit, true);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "component", "job", "secret"));
  EXPECT_TRUE(paths[0].steps[1].observed);
  EXPECT_TRUE(paths[0].steps[2].observed);
  EXPECT_EQ(paths[0].severity, Severity::critical);
  EXPECT_THAT(paths[0].incidents, ElementsAre("moved-tag"));
  EXPECT_NE(paths[0].weakest, 0U) << "the other side's repository is not ours to repair";
  EXPECT_THAT(resolved(bad_commit, false), SizeIs(1)) << "what ran could read what the job was given";
  EXPECT_THAT(resolved("fedcba9876543210fedcba9876543210fedcba98", true), IsEmpty())
      << "a leak alone is a finding, not a path";
}

std::vector<AttackPath> locked(std::string version, std::string installs, const char* certainty = "confirmed") {
  Subject subject;
  const RowId component = subject.rows.add(evidence::ComponentRow{.at = subject.here(),
                                                                  .purl_type = "npm",
                                                                  .name = "left",
                                                                  .full_name = "left",
                                                                  .version = std::move(version),
                                                                  .declared_in = "lockfile"});
  subject.rows.add(evidence::InstallTriggerRow{
      .at = subject.here(), .component_id = component, .ecosystem = "npm", .hook = "postinstall"});
  subject.workflow("ci.yml", "push", Tri::no, Tri::yes);
  subject.job("test");
  subject.runs("npm ci", Tri::no, std::move(installs));
  subject.secret("DEPLOY_KEY");
  subject.know(std::string("INSERT INTO known.bad_package VALUES('worm', 'npm', 'left', '1.3.1', '") + certainty +
               "', '', '');");
  return subject.paths();
}

TEST(Paths, ABadPackageOfTheLockfileReachesTheSecretsOfTheJobThatInstallsIt) {
  const std::vector<AttackPath> paths = locked("1.3.1", "npm");
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "component", "job", "secret"));
  EXPECT_THAT(paths[0].steps[2].to, "DEPLOY_KEY");
  EXPECT_THAT(paths[0].steps[1].because, HasSubstr("runs a script when installed"));
  EXPECT_EQ(paths[0].severity, Severity::critical);
  EXPECT_EQ(locked("1.3.1", "npm", "recalled").at(0).severity, Severity::medium) << "hearsay blocks nothing";
  EXPECT_THAT(locked("1.3.0", "npm"), IsEmpty());
  EXPECT_THAT(locked("1.3.1", "pip"), IsEmpty());
}

TEST(Paths, ABadPackageInALogIsSeenToRun) {
  const auto logged = [](std::string kind, std::string version) {
    Subject subject;
    const RowId run = subject.rows.add(evidence::LogRunRow{.at = subject.here(), .system = "github", .job = "test"});
    subject.rows.add(evidence::LogEventRow{.at = subject.here(),
                                           .log_run_id = run,
                                           .kind = std::move(kind),
                                           .ecosystem = "npm",
                                           .name = "left",
                                           .version = std::move(version)});
    subject.rows.add(evidence::LogEventRow{
        .at = subject.here(), .log_run_id = run, .kind = "url-contacted", .host = "loot.example.com"});
    subject.know(
        "INSERT INTO known.bad_package VALUES('worm', 'npm', 'left', '1.3.1', 'confirmed', '', '');"
        "INSERT INTO known.indicator VALUES('worm', 'domain', '', 'loot.example.com', 'confirmed');");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = logged("lifecycle-script", "1.3.1");
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_EQ(paths[0].severity, Severity::critical);
  EXPECT_THAT(paths[0].steps.back().because, HasSubstr("loot.example.com"));
  EXPECT_THAT(logged("package-requested", "1.3.1"), IsEmpty());
  EXPECT_THAT(logged("package-installed", "1.3.0"), IsEmpty());
}

TEST(Paths, ABadPartOfAProductReachesItsPrivileges) {
  const auto review = [](std::string full_name) {
    Subject subject;
    subject.rows.add(evidence::ProductRow{.at = subject.here(), .name = "Agent"});
    subject.rows.add(evidence::PrivilegeRow{.at = subject.here(),
                                            .dimension = "DOM",
                                            .level = 4,
                                            .exposure = 1,
                                            .known_from = "declared",
                                            .reason = "stores a domain administrator"});
    subject.rows.add(evidence::PrivilegeRow{
        .at = subject.here(), .dimension = "DAT", .level = 1, .exposure = 1, .known_from = "declared"});
    subject.rows.add(evidence::ComponentRow{.at = subject.here(),
                                            .purl_type = "nuget",
                                            .full_name = std::move(full_name),
                                            .version = "2.0",
                                            .declared_in = "sbom"});
    subject.know("INSERT INTO known.bad_package VALUES('implant', 'nuget', 'orion.core', '2.0', 'confirmed', '', '');");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = review("orion.core");
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_THAT(kinds(paths[0]), ElementsAre("outsider", "component", "product", "privilege"));
  EXPECT_EQ(paths[0].steps.back().to, "DOM level 4");
  EXPECT_THAT(review("orion.other"), IsEmpty());
}

TEST(Paths, WhatThePipelinePublishesTheProductBrings) {
  Subject subject;
  subject.rows.add(evidence::ProductRow{.at = subject.here(), .name = "Agent"});
  subject.rows.add(evidence::PrivilegeRow{
      .at = subject.here(), .dimension = "RCE", .level = 4, .exposure = 1, .known_from = "declared"});
  subject.workflow("ci.yml", "pull_request_target", Tri::yes, Tri::yes);
  subject.job("release");
  subject.checkout(Tri::yes);
  subject.runs("make");
  subject.runs("npm publish", Tri::yes);
  const std::vector<AttackPath> paths = subject.paths();
  ASSERT_THAT(paths, SizeIs(2));
  EXPECT_TRUE(std::any_of(paths.begin(), paths.end(), [](const AttackPath& path) {
    return kinds(path) == std::vector<std::string>{"outsider", "trigger", "job", "package", "product", "privilege"};
  }));
}

TEST(Paths, MovableActionsAreOnePathOfMediumSeverity) {
  const auto build = [](Tri immutable, Tri first_party, bool with_secret) {
    Subject subject;
    subject.workflow("ci.yml", "push", Tri::no, Tri::yes);
    subject.job("release");
    subject.uses("example/a", "v1", immutable, first_party);
    subject.uses("example/b", "v2", immutable, first_party);
    if (with_secret) subject.secret("ONE");
    subject.job("other");
    subject.uses("example/c", "v1", immutable, first_party);
    if (with_secret) subject.secret("TWO");
    return subject.paths();
  };
  const std::vector<AttackPath> paths = build(Tri::no, Tri::no, true);
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_EQ(paths[0].severity, Severity::medium);
  EXPECT_EQ(paths[0].title, "A moved tag of any of 3 third-party actions reaches 2 secrets");
  EXPECT_EQ(paths[0].weakest, 1U);
  EXPECT_THAT(build(Tri::yes, Tri::no, true), IsEmpty());
  EXPECT_THAT(build(Tri::no, Tri::yes, true), IsEmpty());
  EXPECT_THAT(build(Tri::no, Tri::no, false), IsEmpty());
}

TEST(Paths, HiddenCodeThatRunsByItself) {
  const auto with = [](std::string rule, Severity severity, std::string target) {
    Subject subject;
    subject.rows.add(evidence::ExecutionTriggerRow{.at = subject.here(),
                                                   .path = "package.json",
                                                   .ecosystem = "npm",
                                                   .kind = "postinstall",
                                                   .phase = "install",
                                                   .command = "node setup.js",
                                                   .target = std::move(target)});
    Finding finding;
    finding.rule = std::move(rule);
    finding.severity = severity;
    finding.confidence = Confidence::high;
    finding.message = "collects credentials";
    finding.at = {"pkg/setup.js", {{7, 1}, {7, 20}}};
    finding.fingerprint = "beef";
    return subject.paths({finding});
  };
  const std::vector<AttackPath> paths = with("source/credential-sweep", Severity::high, "setup.js");
  ASSERT_THAT(paths, SizeIs(1));
  EXPECT_EQ(paths[0].steps[0].finding, "beef");
  EXPECT_EQ(paths[0].steps[0].at.span.begin.line, 7U);
  EXPECT_THAT(with("source/credential-sweep", Severity::medium, "setup.js"), IsEmpty());
  EXPECT_THAT(with("source/credential-sweep", Severity::high, "other.js"), IsEmpty());
  EXPECT_THAT(with("pipeline/x", Severity::high, "setup.js"), IsEmpty());
}

TEST(Paths, HiddenCodeInABuildFileOrBehindTheLoader) {
  Finding finding;
  finding.rule = "source/configure-command-piped-into-shell";
  finding.severity = Severity::high;
  finding.confidence = Confidence::medium;
  finding.message = "evaluated text goes into a shell";
  finding.at = {"subject", {{19, 1}, {19, 9}}};
  finding.fingerprint = "beef";
  const auto with = [&](Role roles, std::string symbol) {
    Subject subject;
    subject.roles = roles;
    if (!symbol.empty())
      subject.rows.add(evidence::SymbolRow{.at = subject.here(), .name = "resolve", .kind = std::move(symbol)});
    return subject.paths({finding});
  };
  EXPECT_THAT(with(Role::build, ""), SizeIs(1));
  EXPECT_THAT(with(Role::none, "ifunc-resolver"), SizeIs(1));
  EXPECT_THAT(with(Role::none, "function"), IsEmpty());
  EXPECT_THAT(with(Role::build | Role::test, ""), IsEmpty());
}

TEST(Paths, ExamplesAmongTestsAndOrdinaryRepositoriesHaveNone) {
  Subject example;
  example.roles = Role::test;
  example.workflow("ci.yml", "pull_request_target", Tri::yes, Tri::yes);
  example.job("build");
  example.checkout(Tri::yes);
  example.runs("npm test");
  example.secret("NPM_TOKEN");
  EXPECT_THAT(example.paths(), IsEmpty());

  Subject ordinary;  // tests for requests without rights, a release by push with an own secret
  ordinary.workflow("test.yml", "pull_request", Tri::yes, Tri::no);
  ordinary.job("test");
  ordinary.checkout(Tri::yes);
  ordinary.runs("npm ci && npm test", Tri::no, "npm");
  ordinary.workflow("release.yml", "push", Tri::no, Tri::yes);
  ordinary.job("release");
  ordinary.checkout(Tri::no);
  ordinary.uses("actions/setup-node", "v4", Tri::no, Tri::yes);
  ordinary.runs("npm publish", Tri::yes);
  ordinary.secret("NPM_TOKEN");
  ordinary.may("id-token");
  EXPECT_THAT(ordinary.paths(), IsEmpty());
  EXPECT_THAT(Subject().paths(), IsEmpty());
}

TEST(Paths, AreTheSameEachTimeAndSurviveMovedLines) {
  const auto fingerprints = [](int lines_before) {
    Subject subject;
    for (int i = 0; i < lines_before; ++i) subject.here();
    for (const char* file : {"b.yml", "a.yml"}) {
      subject.workflow(file, "issue_comment", Tri::yes, Tri::yes);
      subject.job("build");
      subject.checkout(Tri::yes);
      subject.runs("make");
      subject.secret("TOKEN");
      subject.may("contents");
    }
    std::vector<std::string> out;
    for (const AttackPath& path : subject.paths()) out.push_back(path.fingerprint);
    return out;
  };
  EXPECT_THAT(fingerprints(0), SizeIs(4));
  EXPECT_EQ(fingerprints(0), fingerprints(0));
  EXPECT_EQ(fingerprints(0), fingerprints(40));
}

TEST(FindPaths, SaysThatAQuestionWasCutShort) {
  const auto many_workflows = [](std::uint64_t steps) {
    Subject subject;
    subject.steps = steps;
    for (int i = 0; i < 400; ++i) {
      subject.workflow(fmt::format("{}.yml", i), "pull_request_target", Tri::yes, Tri::yes);
      subject.job("build");
      subject.checkout(Tri::yes);
      subject.runs("make");
      subject.secret("TOKEN");
    }
    (void)subject.paths();
    return subject.missing;
  };
  EXPECT_THAT(many_workflows(limits::max_query_steps), IsEmpty());
  EXPECT_THAT(many_workflows(5'000), Contains(HasSubstr("max_query_steps")));
}

TEST(ForRows, SaysWhenItStopsEarly) {
  Database database = std::move(Database::create().value());
  std::size_t rows_seen = 0;
  const auto count = [&](const evidence::Statement&) { ++rows_seen; };
  constexpr std::string_view numbers =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n";
  Graph whole;
  for_rows(database, whole, numbers, count);
  EXPECT_EQ(rows_seen, 5'000U);
  EXPECT_THAT(whole.missing(), IsEmpty());

  rows_seen = 0;
  database.allow_steps(20'000);
  Graph cut;
  for_rows(database, cut, numbers, count);
  EXPECT_GT(rows_seen, 0U);
  EXPECT_LT(rows_seen, 5'000U);
  EXPECT_THAT(cut.missing(), ElementsAre(HasSubstr("max_query_steps")));

  Graph refused;
  for_rows(database, refused, "SELECT a FROM nowhere", count);
  EXPECT_THAT(refused.missing(), ElementsAre(HasSubstr("nowhere")));
}

TEST(Graph, SaysThatItIsFull) {
  Graph graph;
  for (std::size_t i = 0; i < limits::max_path_nodes; ++i) graph.node(std::to_string(i), "job", "");
  EXPECT_THAT(graph.missing(), IsEmpty());
  EXPECT_EQ(graph.node("one more", "job", ""), no_node);
  EXPECT_EQ(graph.node("0", "job", ""), 0U);
  EXPECT_THAT(graph.missing(), ElementsAre(HasSubstr("max_path_nodes")));
}

TEST(Graph, TakesTheCheapestWay) {
  Graph graph;
  const NodeId a = graph.node("a", "job", "a");
  const NodeId b = graph.node("b", "job", "b");
  const NodeId c = graph.node("c", "job", "c");
  const auto link = [&](NodeId from, NodeId to, double cost) {
    Edge edge;
    edge.from = from;
    edge.to = to;
    edge.cost = cost;
    graph.link(edge);
  };
  link(a, c, 5);
  link(a, b, 1);
  link(b, c, 2);
  link(c, a, 1);  // a cycle
  EXPECT_EQ(graph.node("b", "job", "again"), b);
  const Graph::Ways ways = graph.ways_from(a);
  EXPECT_EQ(ways.cost[c], 3);
  EXPECT_THAT(graph.way_to(ways, c), ElementsAre(1U, 2U));
  EXPECT_THAT(graph.way_to(ways, a), IsEmpty());
}

}  // namespace
}  // namespace assay::paths
