#include "analyzer/product/assess.h"

#include <gmock/gmock.h>

#include "analyzer/evidence/rows.h"
#include "tests/unit/product/case.h"

namespace assay::product {
namespace {

using evidence::Database;
using evidence::Rows;
using test::policy;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A database of one product file and whatever else a test wants.
class Subject {
 public:
  Subject() : rows(artifact_id(1, 0)), database(std::move(Database::create().value())) {
    rows.add(evidence::ProductRow{.at = rows.locate({{1, 1}, {1, 2}}),
                                  .name = "Agent",
                                  .vendor = "Example",
                                  .version = "1",
                                  .assessed_on = "2026-05-01"});
  }
  void privilege(std::string dimension, int level, double exposure = 1, std::string known_from = "declared",
                 std::string reason = "because") {
    rows.add(evidence::PrivilegeRow{.at = rows.locate({{++line_, 1}, {line_, 9}}),
                                    .dimension = std::move(dimension),
                                    .level = level,
                                    .exposure = exposure,
                                    .known_from = std::move(known_from),
                                    .reason = std::move(reason)});
  }
  void claim(std::string control, std::string evidence_class, double value, std::string dated = "2026-04-01",
             std::string reason = "") {
    rows.add(evidence::ClaimRow{.at = rows.locate({{++line_, 1}, {line_, 9}}),
                                .control = control,
                                .stage = control.substr(0, 3),
                                .answer = value > 0.5 ? "yes" : "no",
                                .value = value,
                                .evidence_class = std::move(evidence_class),
                                .dated = std::move(dated),
                                .reason = std::move(reason)});
  }
  ProductAssessment assess(const std::vector<Finding>& findings = {}, const std::vector<RuleInfo>& rules = {}) {
    const Artifact artifact{
        .id = artifact_id(1, 0), .path = "product.yaml", .kind = ArtifactKind::product, .roles = roles};
    EXPECT_TRUE(database.insert("main", std::span<const Artifact>(&artifact, 1)).has_value());
    EXPECT_TRUE(database.insert("main", rows).has_value());
    EXPECT_TRUE(database.finish_loading("main").has_value());
    Result<ProductAssessment> result = product::assess(database, findings, rules, policy());
    EXPECT_TRUE(result.has_value()) << result.error().text();
    return result ? *result : ProductAssessment{};
  }

  Rows rows;
  Database database;
  Role roles = Role::none;

 private:
  std::uint32_t line_ = 1;
};

std::size_t required(std::string_view tier) {
  std::size_t count = 0;
  for (const Control& control : policy().controls) count += control.from >= tier[1] - '0' ? 1U : 0U;
  return count;
}

TEST(Assess, NothingKnownIsNoGoodNews) {
  Subject subject;
  subject.privilege("IDP", 4);
  subject.privilege("RCE", 4);
  const ProductAssessment out = subject.assess();
  EXPECT_EQ(out.tier, "T0");
  EXPECT_EQ(out.grade, "D");
  EXPECT_EQ(out.decision, "ESCALATE");
  EXPECT_EQ(out.checked + out.told, 0);
  EXPECT_EQ(out.unanswered, static_cast<int>(required("T0")));
  EXPECT_EQ(out.questions.size(), required("T0"));
  EXPECT_THAT(out.questions.front(), HasSubstr("DST-UPDATE-VERIFY"))
      << "the widest door, and the weightiest control behind it";
  EXPECT_THAT(out.reasons.front(), HasSubstr("If this vendor is turned, an attacker can sign in as anyone"));
  EXPECT_THAT(out.conditions, Contains(HasSubstr("named approver")));
  EXPECT_THAT(out.conditions, Contains(HasSubstr("Do yourself")));
  EXPECT_THAT(out.conditions.back(), HasSubstr("All of these together"));
}

TEST(Assess, CountsSumToTheTotalOverall) {
  Subject subject;
  subject.privilege("IDP", 4);
  subject.claim("SRC-REVIEW", "E2", 1);
  subject.claim("SRC-REVIEW", "E1", 1);
  subject.claim("DST-CHANNEL", "E4", 1, "2026-04-20", "looked");
  subject.claim("RSP-NOTICE", "EW", 0);
  subject.claim("VUL-OWN", "E1", 1);
  const ProductAssessment out = subject.assess();
  EXPECT_EQ(out.checked, 1);
  EXPECT_EQ(out.told, 2);
  EXPECT_EQ(out.checked + out.told + out.unanswered, static_cast<int>(required(out.tier)) + 1)
      << "the own control counts too";
  int in_stages = 0;
  for (const StageScore& stage : out.stages) in_stages += stage.verified + stage.told + stage.refused + stage.unknown;
  EXPECT_EQ(in_stages, out.checked + out.told + out.unanswered);
}

TEST(Assess, AShownFailureContradictsABindingAnswer) {
  Subject subject;
  subject.privilege("IDP", 4);
  subject.claim("DST-UPDATE-VERIFY", "E2", 1);
  subject.claim("DST-UPDATE-VERIFY", "E4", 0, "2026-04-20", "the updater ran an unsigned package");
  const ProductAssessment out = subject.assess();
  EXPECT_EQ(out.gate, "contradiction");
  EXPECT_EQ(out.decision, "DO NOT BUY");
  ASSERT_EQ(out.contradictions.size(), 1U);
  EXPECT_THAT(out.contradictions[0], HasSubstr("told with a signature “yes” (2026-04-01) [product.yaml:3]"));
  EXPECT_THAT(out.contradictions[0], HasSubstr("the updater ran an unsigned package"));
  EXPECT_THAT(out.questions, Contains(HasSubstr("We saw this: checked “no”")));
}

TEST(Assess, AnUnsignedAnswerContradictedIsNoGate) {
  Subject subject;
  subject.privilege("IDP", 4);
  subject.claim("DST-UPDATE-VERIFY", "E1", 1);
  subject.claim("DST-UPDATE-VERIFY", "E4", 0, "2026-04-20", "looked");
  const ProductAssessment out = subject.assess();
  EXPECT_EQ(out.gate, "none");
  EXPECT_EQ(out.contradictions.size(), 1U);
}

Finding finding(std::string rule, Severity severity, Confidence confidence = Confidence::high) {
  return {.rule = std::move(rule),
          .severity = severity,
          .confidence = confidence,
          .message = "seen",
          .at = {"ci.yml", {{3, 1}, {3, 5}}},
          .related = {},
          .snippet = {},
          .values = {},
          .incidents = {},
          .fingerprint = {},
          .suppressions = {}};
}

TEST(Assess, FindingsOfTheScanAreChecksThatFailed) {
  Subject subject;
  subject.privilege("IDP", 4);
  subject.claim("BLD-PIPELINE", "E2", 1);
  const ProductAssessment out = subject.assess({finding("pipeline/outsider-text-in-shell", Severity::critical)});
  EXPECT_EQ(out.checked, 1);
  EXPECT_EQ(out.gate, "contradiction");
  EXPECT_THAT(out.contradictions.at(0), HasSubstr("[ci.yml:3]"));
}

TEST(Assess, AKnownIndicatorStopsAndASuppressedOneDoesNot) {
  Subject stopped;
  stopped.privilege("DAT", 1);
  EXPECT_EQ(stopped.assess({finding("sbom/known-malicious-package", Severity::critical)}).decision, "DO NOT BUY");
  Subject quiet;
  quiet.privilege("DAT", 1);
  Finding one = finding("sbom/known-malicious-package", Severity::critical);
  one.suppressions.push_back({.reason = "fixture", .until = "", .source = "baseline.json"});
  EXPECT_EQ(quiet.assess({one}).decision, "BUY");
  Subject unsure;
  unsure.privilege("DAT", 1);
  EXPECT_EQ(unsure.assess({finding("sbom/known-malicious-package", Severity::high, Confidence::medium)}).gate, "none");
}

TEST(Assess, LookingAndFindingNothingIsEvidenceToo) {
  Subject subject;
  subject.privilege("IDP", 4);
  subject.rows.add(evidence::WorkflowRow{.at = subject.rows.whole(), .system = "github", .path = "ci.yml"});
  const ProductAssessment clean = subject.assess();
  EXPECT_EQ(clean.checked, 1);
  EXPECT_THAT(clean.questions, Not(Contains(HasSubstr("BLD-PIPELINE"))));
}

TEST(Assess, ALeakedSecretMapStopsNothingButFails) {
  Subject subject;
  subject.privilege("IDP", 4);
  const auto run =
      subject.rows.add(evidence::LogRunRow{.at = subject.rows.locate({{50, 1}, {51, 1}}), .system = "github"});
  subject.rows.add(
      evidence::LogBlobRow{.at = subject.rows.locate({{60, 1}, {60, 99}}), .log_run_id = run, .content = "secret-map"});
  const ProductAssessment out = subject.assess();
  const auto build =
      std::find_if(out.stages.begin(), out.stages.end(), [](const StageScore& s) { return s.stage == "BLD"; });
  EXPECT_THAT(build->reasons,
              Contains(HasSubstr("BLD-SECRETS: a log holds an encoded map of secrets [product.yaml:60]")));
}

TEST(Assess, NotApplicableNeedsAReasonThatTheEvidenceConfirms) {
  const auto questions = [](std::string reason, bool declares_no_updater) {
    Subject subject;
    subject.privilege("IDP", 4);
    if (declares_no_updater) subject.privilege("UPD", 0);
    subject.claim("DST-STAGED", "NA", 0, "", std::move(reason));
    return subject.assess();
  };
  EXPECT_THAT(questions("it has no updater", true).questions, Not(Contains(HasSubstr("DST-STAGED"))));
  const ProductAssessment unconfirmed = questions("it has no updater", false);
  EXPECT_THAT(unconfirmed.questions, Contains(HasSubstr("DST-STAGED")));
  EXPECT_THAT(unconfirmed.reasons, Contains(HasSubstr("DST-STAGED is called not applicable")));
  const ProductAssessment silent = questions("", true);
  Subject plain;
  plain.privilege("IDP", 4);
  plain.privilege("UPD", 0);
  const ProductAssessment never = plain.assess();
  EXPECT_EQ(silent.questions, never.questions) << "without a reason it is as if never answered";
  EXPECT_EQ(silent.risk_worst, never.risk_worst);
  EXPECT_EQ(silent.unanswered, never.unanswered);
}

TEST(Assess, WhatTheArtefactShowsOutweighsWhatWasDeclared) {
  Subject subject;
  subject.privilege("AGT", 1);
  subject.privilege("AGT", 4, 1, "manifest", "the systemd unit runs as root");
  const ProductAssessment out = subject.assess();
  ASSERT_EQ(out.privileges.size(), 1U);
  EXPECT_EQ(out.privileges[0].level, 4);
  EXPECT_THAT(out.contradictions, Contains(HasSubstr("AGT was declared at level 1")));
}

TEST(Assess, ManifestsAmongTestsDoNotCount) {
  Subject subject;
  subject.roles = Role::test;
  subject.privilege("AGT", 4, 1, "manifest");
  EXPECT_TRUE(subject.assess().privileges.empty());
}

TEST(Assess, ExposureCountsOnlyWithAReason) {
  Subject with;
  with.privilege("UPD", 4, 0.4, "declared", "we stage updates");
  Subject without;
  without.privilege("UPD", 4, 0.4, "declared", "");
  EXPECT_NEAR(with.assess().consequence, 0.16, 1e-12);
  EXPECT_NEAR(without.assess().consequence, 0.40, 1e-12);
}

TEST(Assess, AnEarlierAssessmentsBadNewsStays) {
  const auto risk = [](bool before) {
    Subject subject;
    subject.privilege("IDP", 4);
    if (before) {
      EXPECT_TRUE(subject.database.add_schema("before").has_value());
      Rows rows(artifact_id(2, 0));
      rows.add(evidence::ClaimRow{.at = rows.whole(),
                                  .control = "SRC-REVIEW",
                                  .stage = "SRC",
                                  .answer = "no",
                                  .value = 0,
                                  .evidence_class = "E3",
                                  .dated = "2025-01-01"});
      rows.add(evidence::ClaimRow{.at = rows.whole(),
                                  .control = "SRC-MFA",
                                  .stage = "SRC",
                                  .answer = "yes",
                                  .value = 1,
                                  .evidence_class = "E3",
                                  .dated = "2025-01-01"});
      EXPECT_TRUE(subject.database.insert("before", rows).has_value());
    }
    return subject.assess();
  };
  EXPECT_GT(risk(true).risk_worst, risk(false).risk_worst);
  EXPECT_GT(risk(true).risk_best, risk(false).risk_best) << "and its good news is not carried over";
}

TEST(Assess, SaysWhenTheDecisionHangsByAThread) {
  CaseFile file{.privileges = {{"DAT", 4, 1}, {"MTN", 1, 1}}, .evidence = {}, .not_applicable = {}};  // just above .40
  const std::vector<Flip> flips = decision_flips(file, policy());
  EXPECT_TRUE(std::any_of(flips.begin(), flips.end(), [](const Flip& f) {
    return f.parameter == "weight of DAT" && f.factor < 1 && f.decision == "BUY";
  }));
  EXPECT_TRUE(decision_flips({.privileges = {{"DAT", 1, 1}}, .evidence = {}, .not_applicable = {}}, policy()).empty());
}

TEST(Assess, QuestionsThatCannotChangeMuchComeLast) {
  CaseFile file{.privileges = {{"IDP", 4, 1}}, .evidence = {}, .not_applicable = {}};
  const std::vector<std::string> open = open_controls(file, policy());
  const auto place = [&](std::string_view id) { return std::find(open.begin(), open.end(), id) - open.begin(); };
  EXPECT_LT(place("DST-UPDATE-VERIFY"), place("RSP-LOGS"));
  EXPECT_LT(place("VUL-KNOWN"), place("RSP-NOTICE"));
}

TEST(Assess, SameEvidenceSameWords) {
  const auto run = [] {
    Subject subject;
    subject.privilege("RCE", 3);
    subject.claim("SRC-REVIEW", "E1", 1);
    return subject.assess({finding("log/odd-host", Severity::high)});
  };
  const ProductAssessment one = run();
  const ProductAssessment two = run();
  EXPECT_EQ(one.reasons, two.reasons);
  EXPECT_EQ(one.questions, two.questions);
  EXPECT_EQ(one.conditions, two.conditions);
  EXPECT_EQ(one.risk_middle, two.risk_middle);
}

}  // namespace
}  // namespace assay::product
