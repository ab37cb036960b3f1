#include "analyzer/pipeline/gitlab/pipeline.h"

#include "analyzer/pipeline/gitlab/variables.h"
#include "tests/support/reading.h"

namespace assay::pipeline::gitlab {
namespace {

using Lines = std::vector<std::string>;

test::Reading pipeline(std::string_view text) {
  return {read_gitlab_pipeline, ".gitlab-ci.yml", text, ArtifactKind::gitlab_pipeline};
}

TEST(GitLabPipeline, ResolvesTemplatesDefaultsAndReferences) {
  auto reading = pipeline(
      "default:\n  image: alpine:3.20\n.base: &base\n  before_script:\n    - make prepare\n  variables: {A: one, B: "
      "two}\n"
      ".steps:\n  script:\n    - make one\n"
      "a:\n  extends: .base\n  variables: {B: three}\n  script:\n    - !reference [.steps, script]\n    - make two\n"
      "b:\n  <<: *base\n  image: debian:12\n  script: make\n");
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_EQ(
      reading.ask("SELECT j.name, s.name, c.text, l.line FROM command c JOIN job j USING (job_id) JOIN step s USING "
                  "(step_id) JOIN location l ON c.at = location_id ORDER BY command_id"),
      (Lines{"a|before_script|make prepare|5", "a|script|make one|9", "a|script|make two|15",
             "b|before_script|make prepare|5", "b|script|make|19"}));
  EXPECT_EQ(
      reading.ask(
          "SELECT j.name, u.text, l.line, l.column FROM uses u JOIN job j USING (job_id) JOIN location l ON u.at = "
          "location_id ORDER BY uses_id"),
      (Lines{"a|alpine:3.20|2|10", "b|debian:12|18|10"}));
  EXPECT_EQ(
      reading.ask("SELECT v.name, v.value FROM variable v JOIN job j USING (job_id) WHERE j.name = 'a' ORDER BY 1"),
      (Lines{"A|one", "B|three"}));
}

TEST(GitLabPipeline, KnowsWhoControlsAVariableAndWhereItGoes) {
  auto reading = pipeline(
      "variables:\n  TITLE: $CI_MERGE_REQUEST_TITLE\na:\n  image: app:$CI_COMMIT_TAG\n  script:\n"
      "    - echo \"$CI_COMMIT_MESSAGE\" '$CI_COMMIT_TITLE' $CI_COMMIT_SHA\n    - run $TITLE\n    - eval \"x "
      "$CI_COMMIT_BRANCH\"\n");
  EXPECT_EQ(
      reading.ask(
          "SELECT e.context, e.sink, e.controlled_by, e.via, l.line, l.column FROM expression e JOIN location l ON "
          "e.at = location_id WHERE e.job_id IS NOT NULL ORDER BY expression_id"),
      (Lines{"CI_COMMIT_TAG|image|insider||4|14", "CI_COMMIT_MESSAGE|quoted|outsider||6|13",
             "TITLE|argument|outsider|env TITLE, CI_MERGE_REQUEST_TITLE|7|11",
             "CI_COMMIT_BRANCH|shell|insider||8|15"}));
}

TEST(GitLabPipeline, TakesInIncludesByTheirReference) {
  auto reading = pipeline(
      "include:\n  - project: g/p\n    ref: main\n    file: /a.yml\n  - local: /b.yml\n  - remote: "
      "https://example.com/c.yml\n"
      "  - template: D.yml\n  - component: gitlab.example.com/g/e@1.2.3\n  - component: "
      "$CI_SERVER_FQDN/g/f@1111111111111111111111111111111111111111\n");
  EXPECT_EQ(reading.ask("SELECT kind, text, reference_kind, immutable, line FROM uses JOIN location ON at = "
                        "location_id ORDER BY uses_id"),
            (Lines{"include|g/p@main|branch-or-tag|0|2", "local|/b.yml|none|NULL|5",
                   "include|https://example.com/c.yml|none|0|6", "template|D.yml|none|0|7",
                   "include|gitlab.example.com/g/e@1.2.3|tag|0|8",
                   "include|$CI_SERVER_FQDN/g/f@1111111111111111111111111111111111111111|commit|1|9"}));
  EXPECT_EQ(reading.one("SELECT kind FROM workflow"), "template");
}

TEST(GitLabPipeline, RightsStateAndSettings) {
  auto reading = pipeline(
      "a:\n  id_tokens:\n    T: {aud: https://x.example.com}\n  secrets:\n    DB: {vault: a/b}\n  cache:\n    key: "
      "$CI_COMMIT_BRANCH\n"
      "    policy: pull\n    paths: [x/]\n  artifacts:\n    paths: [dist/]\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "
      "\"merge_request_event\"\n"
      "      when: manual\n  environment: {name: production}\n  tags: [one, two]\n  script:\n    - use $API_TOKEN\n    "
      "- npm publish\n");
  EXPECT_EQ(reading.ask("SELECT scope, level, comment FROM permission"),
            (Lines{"id-token|write|https://x.example.com"}));
  EXPECT_EQ(reading.ask("SELECT name, sink FROM secret_use ORDER BY secret_use_id"),
            (Lines{"DB|env", "API_TOKEN|shell"}));
  EXPECT_EQ(reading.ask("SELECT kind, direction, key, path FROM shared_state ORDER BY shared_state_id"),
            (Lines{"cache|read|$CI_COMMIT_BRANCH|x/", "artifact|write||dist/", "package|write||"}));
  EXPECT_EQ(
      reading.ask(
          "SELECT name, value, item, line FROM setting JOIN location ON at = location_id WHERE name LIKE 'rules.%'"),
      (Lines{"rules.if|$CI_PIPELINE_SOURCE == \"merge_request_event\"|0|13", "rules.when|manual|0|14"}));
  EXPECT_EQ(reading.ask("SELECT environment, runs_on, outsider_guarded FROM job"), (Lines{"production|one,two|0"}));
  EXPECT_EQ(reading.ask("SELECT event, outsider, privileged FROM trigger"),
            (Lines{"push|0|1", "merge_request_event|1|0"}));
}

TEST(GitLabPipeline, InputsAreFreeUnlessLimited) {
  auto reading = pipeline(
      "spec:\n  inputs:\n    free:\n    listed: {options: [a, b]}\n---\na:\n  script:\n    - run $[[ inputs.free | "
      "expand_vars ]] $[[ inputs.listed ]]\n");
  EXPECT_EQ(reading.outcome().coverage, Coverage::read);
  EXPECT_EQ(reading.ask("SELECT context, controlled_by, via, line, column FROM expression JOIN location ON at = "
                        "location_id ORDER BY expression_id"),
            (Lines{"inputs.free|unknown|expand_vars|8|11", "inputs.listed|workflow||8|44"}));
}

TEST(GitLabPipeline, HiddenJobsAreWrittenOnlyWhenNothingElseIs) {
  EXPECT_EQ(pipeline(".a:\n  script: [x]\n").one("SELECT name FROM job"), ".a");
  EXPECT_EQ(pipeline(".a:\n  script: [x]\nb:\n  extends: .a\n").one("SELECT name FROM job"), "b");
}

TEST(GitLabPipeline, SurvivesCirclesAndErrors) {
  auto circle = pipeline(
      "a:\n  extends: b\nb:\n  extends: a\n  script: [x]\n.c:\n  script: !reference [.c, script]\nd:\n  script: "
      "!reference [.c, script]\n");
  EXPECT_EQ(circle.outcome().coverage, Coverage::partly_read) << "the circle is told";
  EXPECT_EQ(circle.one("SELECT count(*) FROM command"), "2");
  auto broken = pipeline("a:\n  script: [make]\nb: [\n");
  EXPECT_EQ(broken.outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(broken.one("SELECT text FROM command"), "make");
  EXPECT_EQ(pipeline("- x\n").outcome().coverage, Coverage::not_read);
}

TEST(GitLabVariables, UsesInAWord) {
  const auto names = [](std::string_view text, bool shell) {
    std::string out;
    for (const VariableUse& use : variables_in(text, shell)) out += use.name + (use.quoted ? "\" " : " ");
    return out;
  };
  EXPECT_EQ(names("$A${B:-x}\\$C'$D'\"$E\"$(f $G)`h $I`$$J", true), "A B E\" ");
  EXPECT_EQ(names("a/$A-$B'$C'", false), "A B C ");
  EXPECT_EQ(names("$", true), "");
  EXPECT_EQ(names("${", true), "");
  EXPECT_TRUE(is_secret_name("DEPLOY_TOKEN"));
  EXPECT_FALSE(is_secret_name("CACHE_KEY"));
  EXPECT_EQ(predefined_control("CI_COMMIT_MESSAGE"), "outsider");
  EXPECT_EQ(predefined_control("CI_COMMIT_SHA"), "platform");
  EXPECT_EQ(predefined_control("MINE"), "");
}

}  // namespace
}  // namespace assay::pipeline::gitlab
