#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/render.h"
#include "tests/unit/reports/sample.h"

namespace assay::reports {
namespace {

using Json = nlohmann::json;

Json run_of(const Report& report, const RenderOptions& options = {}) {
  const Json log = Json::parse(sarif(report, options));
  EXPECT_EQ(log["version"], "2.1.0");
  EXPECT_EQ(log["runs"].size(), 1U);
  return log["runs"][0];
}

TEST(Sarif, ResultsPointIntoRules) {
  const Json run = run_of(sample::repository());
  const Json& rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(run["results"].size(), 11U);  // one path, ten findings that count
  for (const Json& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_TRUE(result["locations"][0]["physicalLocation"]["artifactLocation"].contains("uri"));
    EXPECT_EQ(result["partialFingerprints"]["primaryLocationLineHash"],
              result["partialFingerprints"]["assay/v1"].get<std::string>() + ":1");
  }
}

TEST(Sarif, RulesCarryWhatGitHubNeeds) {
  const Json run = run_of(sample::repository());
  for (const Json& rule : run["tool"]["driver"]["rules"]) {
    EXPECT_FALSE(rule["shortDescription"]["text"].get<std::string>().empty());
    EXPECT_LE(rule["fullDescription"]["text"].get<std::string>().size(), 1024U);
    EXPECT_FALSE(rule["help"]["text"].get<std::string>().empty());
    EXPECT_LE(rule["properties"]["tags"].size(), 10U);
    EXPECT_TRUE(rule["properties"]["security-severity"].is_string());
  }
  EXPECT_EQ(run["tool"]["driver"]["rules"][1]["properties"]["security-severity"], "9.5");
  EXPECT_EQ(run["tool"]["driver"]["rules"][1]["properties"]["tags"][3], "external/cwe/cwe-94");
}

TEST(Sarif, RegionsAreExactOrAbsent) {
  const Json run = run_of(sample::repository());
  const Json& shell = run["results"][1];
  EXPECT_EQ(shell["ruleId"], "pipeline/outsider-text-in-shell");
  EXPECT_EQ(shell["level"], "error");
  EXPECT_EQ(shell["baselineState"], "new");
  EXPECT_EQ(shell["locations"][0]["physicalLocation"]["region"],
            Json::parse(R"({"startLine": 14, "startColumn": 20, "endLine": 14, "endColumn": 51})"));
  EXPECT_EQ(shell["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 3);
  const Json& whole = run["results"].back();
  EXPECT_EQ(whole["message"]["text"], "The lock file is missing");
  EXPECT_FALSE(whole["locations"][0]["physicalLocation"].contains("region"));
  EXPECT_EQ(run["columnKind"], "unicodeCodePoints");
  EXPECT_EQ(run["automationDetails"]["id"], "assay/acme/webshop/");
}

TEST(Sarif, PathIsACodeFlow) {
  const Json run = run_of(sample::repository());
  const Json& path = run["results"][0];
  EXPECT_EQ(path["ruleId"], "path/attack-path");
  const Json& steps = path["codeFlows"][0]["threadFlows"][0]["locations"];
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps[1]["importance"], "essential");
  EXPECT_NE(steps[2]["location"]["message"]["text"].get<std::string>().find("(possible, not observed)"),
            std::string::npos);
  EXPECT_EQ(path["locations"][0]["physicalLocation"]["region"]["startLine"], 14) << "the weakest link";
}

TEST(Sarif, SuppressedAndGoneOnlyIfAsked) {
  RenderOptions options;
  options.with_suppressed = true;
  const Json run = run_of(sample::repository(), options);
  ASSERT_EQ(run["results"].size(), 13U);
  EXPECT_EQ(run["results"][11]["suppressions"][0]["justification"], "documentation only (until 2026-12-31)");
  EXPECT_EQ(run["results"][12]["baselineState"], "absent");
  EXPECT_EQ(run["results"][1]["suppressions"], Json::array());
}

TEST(Sarif, CoverageBecomesNotifications) {
  const Json invocation = run_of(sample::repository())["invocations"][0];
  EXPECT_TRUE(invocation["executionSuccessful"]);
  ASSERT_EQ(invocation["toolExecutionNotifications"].size(), 6U);
  EXPECT_EQ(invocation["toolExecutionNotifications"][0]["descriptor"]["id"], "coverage/not-read");
  EXPECT_EQ(invocation["toolExecutionNotifications"][3]["descriptor"]["id"], "coverage/partly-read");
  Report incomplete = sample::repository();
  incomplete.verdict.exit_code = 5;
  EXPECT_FALSE(run_of(incomplete)["invocations"][0]["executionSuccessful"]);
}

TEST(Sarif, TooManyResultsAreCutWorstKeptAndSaid) {
  Report report = sample::repository();
  report.paths.clear();
  Finding low = report.findings[9];
  const Finding critical = report.findings[0];
  report.findings.assign(25'010, low);
  report.findings.back() = critical;
  const Json run = run_of(report);
  ASSERT_EQ(run["results"].size(), 25'000U);
  EXPECT_EQ(run["results"][0]["ruleId"], critical.rule);
  EXPECT_EQ(run["properties"]["cut"], 10);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"], "coverage/cut");
}

TEST(Sarif, HostileTextIsHarmless) {
  const std::string text = sarif(sample::hostile_report(), {});
  const Json run = Json::parse(text)["runs"][0];
  for (const Json& result : run["results"]) {
    const std::string uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    for (const char c : uri) EXPECT_TRUE(std::string_view(" <>\"'`:?#[]@").find(c) == std::string_view::npos) << uri;
    const std::string message = result["message"]["text"];
    EXPECT_EQ(message.find("](http"), std::string::npos);
    EXPECT_EQ(message.find('\x1b'), std::string::npos);
    EXPECT_EQ(message.find("\xe2\x80\xae"), std::string::npos);
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << "minified";
}

}  // namespace
}  // namespace assay::reports
