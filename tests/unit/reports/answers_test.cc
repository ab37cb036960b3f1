#include "reports/answers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::reports {
namespace {

const std::string evil = "a\x1b]0;owned\x07\r\nb\xe2\x80\xae";
const std::string harmless = "a‹U+001B›]0;owned‹U+0007›‹U+000D›‹U+000A›b‹U+202E›";

TEST(ErrorLine, IsOneVisibleLine) {
  EXPECT_EQ(error_line({ErrorCode::io, "cannot be read", evil}), "assay: error: " + harmless + ": cannot be read\n");
  EXPECT_EQ(error_line({ErrorCode::usage, "wrong", ""}), "assay: error: wrong\n");
}

TEST(VisibleLines, KeepsOnlyLineEnds) {
  EXPECT_EQ(visible_lines("a\nb\r\n\nc\x1b"), "a\nb‹U+000D›\n\nc‹U+001B›");
  EXPECT_EQ(visible_lines(""), "");
}

TEST(TableText, AlignsByColumnsNotBytes) {
  Table table;
  table.columns = {"name", "n"};
  table.rows.push_back(
      {{.type = Cell::Type::text, .text = "日本日本"}, {.type = Cell::Type::integer, .integer = 1, .text = "1"}});
  table.rows.push_back({{.type = Cell::Type::text, .text = "ab"}, {}});
  EXPECT_EQ(table_text(table, "table"), "name      n\n--------  -\n日本日本  1\nab\n");
}

TEST(TableText, NoValueForgesALine) {
  Table table;
  table.columns = {"x"};
  table.rows.push_back({{.type = Cell::Type::text, .text = evil}});
  EXPECT_EQ(table_text(table, "table").find(harmless),
            table_text(table, "table").rfind('\n', table_text(table, "table").size() - 2) + 1);
  EXPECT_EQ(table_text(table, "csv"), "\"x\"\n\"" + harmless + "\"\n");
  EXPECT_EQ(nlohmann::json::parse(table_text(table, "json"))[0]["x"], evil);
}

TEST(TableText, JsonKeepsTypes) {
  Table table;
  table.columns = {"i", "r", "t", "n"};
  table.rows.push_back({{.type = Cell::Type::integer, .integer = 7, .text = "7"},
                        {.type = Cell::Type::real, .real = 0.5, .text = "0.5"},
                        {.type = Cell::Type::text, .text = "7"},
                        {}});
  const nlohmann::json row = nlohmann::json::parse(table_text(table, "json"))[0];
  EXPECT_EQ(row["i"], 7);
  EXPECT_EQ(row["r"], 0.5);
  EXPECT_EQ(row["t"], "7");
  EXPECT_TRUE(row["n"].is_null());
}

TEST(TableText, CsvKeepsEmptyFirstFields) {
  Table table;
  table.columns = {"a", "b"};
  table.rows.push_back({{}, {.type = Cell::Type::text, .text = "x"}});
  EXPECT_EQ(table_text(table, "csv"), "\"a\",\"b\"\n\"\",\"x\"\n");
}

StoredFinding stored(Standing standing, Severity severity, std::string path) {
  StoredFinding one;
  one.subject = "app";
  one.standing = standing;
  one.finding.severity = severity;
  one.finding.rule = "area/rule";
  one.finding.message = "wrong";
  one.finding.at = {std::move(path), {{3, 1}, {3, 2}}};
  return one;
}

TEST(SweepText, ListsWhatChangedFromASeverityOn) {
  SweepSummary summary;
  summary.run = 4;
  summary.finished = true;
  summary.examined = 2;
  summary.failed = {{evil, "gone"}};
  summary.fresh = 1;
  std::vector<StoredFinding> findings = {
      stored(Standing::fresh, Severity::high, evil), stored(Standing::known, Severity::critical, "k"),
      stored(Standing::gone, Severity::high, "g"), stored(Standing::fresh, Severity::low, "l"),
      stored(Standing::fresh, Severity::high, "s")};
  findings.back().finding.suppressions.push_back({"known", "", "x"});
  EXPECT_EQ(sweep_text(summary, findings, Severity::high),
            "new   high     app: " + harmless + ":3: wrong  [area/rule]\n" +
                "gone  high     app: g:3: wrong  [area/rule]\n" + "not examined: " + harmless + ": gone\n" +
                "run 4: 2 examined, 0 unchanged, 0 done before, 1 not examined; findings: 1 new, 0 known, 0 gone\n");
}

TEST(ProgressText, ErasesItselfWhenDone) {
  EXPECT_EQ(progress_text(1, 2, "x\x1b"), "\r\033[K1 of 2  x‹U+001B›");
  EXPECT_EQ(progress_text(2, 2, "x"), "\r\033[K2 of 2  x\r\033[K");
}

TEST(HuntText, SaysWhereAndWhatWasNotSeen) {
  HuntReport report;
  SubjectAnswer answer;
  answer.subject = "app";
  answer.answer = Answer::possible;
  answer.sightings.push_back({.answer = Answer::possible,
                              .indicator = "npm a@1",
                              .incident = {},
                              .path = evil,
                              .line = 2,
                              .found = "a",
                              .why = "a range"});
  answer.more_sightings = 3;
  answer.not_examined = {"no log"};
  report.subjects.push_back(answer);
  report.possible = 1;
  EXPECT_EQ(hunt_text(report), "POSSIBLE      app\n              " + harmless +
                                   ":2: a (a range)\n              and 3 more\n              not examined: no log\n"
                                   "0 affected, 1 possible, 0 not examined, 0 excluded, 0 not seen\n");
  const nlohmann::json document = nlohmann::json::parse(hunt_json(report));
  EXPECT_EQ(document["schema"], "assay-hunt/1");
  EXPECT_EQ(document["subjects"][0]["sightings"][0]["path"], evil);
  EXPECT_EQ(document["subjects"][0]["more"], 3);
}

TEST(HuntText, SaysWhatToRotateFirst) {
  HuntReport report;
  report.isolate_first = true;
  report.rotate_first.push_back({.power = CredentialPower::publishes,
                                 .subject = "app",
                                 .credential = "NPM_TOKEN\x1b",
                                 .held_by = "the environment of job release",
                                 .path = "a.log",
                                 .line = 7,
                                 .from = "2026-03-31T00:30:00Z",
                                 .until = "2026-03-31T00:40:00Z"});
  report.rotate_first.push_back({.answer = Answer::possible,
                                 .power = CredentialPower::unknown,
                                 .subject = "app",
                                 .credential = "OTHER",
                                 .held_by = "definition of job test",
                                 .path = "b.yml",
                                 .line = 2});
  EXPECT_EQ(
      hunt_text(report),
      "\nRotate first\n"
      "   before: this code spreads by itself and may watch its tokens. Cut the machines off the network, stop what\n"
      "           runs there, keep an image, and only then revoke.\n"
      "   1. NPM_TOKEN‹U+001B› of app: publishes what others install\n"
      "      a.log:7: the environment of job release; 2026-03-31T00:30:00Z to 2026-03-31T00:40:00Z\n"
      "   2. OTHER of app: what it opens is not known (possible)\n"
      "      b.yml:2: definition of job test\n\n"
      "0 affected, 0 possible, 0 not examined, 0 excluded, 0 not seen\n");
  const nlohmann::json document = nlohmann::json::parse(hunt_json(report));
  EXPECT_EQ(document["isolate_first"], true);
  EXPECT_EQ(document["rotate_first"][0]["power"], "publishes");
  EXPECT_EQ(document["rotate_first"][1]["answer"], "POSSIBLE");
}

TEST(RuleList, LeavesSignalsToTheJson) {
  RuleInfo finding;
  finding.id = "a/b";
  finding.title = "T";
  RuleInfo signal;
  signal.id = "a/s";
  const ListedRule rules[] = {{&finding, false, false}, {&signal, true, true}};
  EXPECT_EQ(rule_list_text(rules).find("a/s"), std::string::npos);
  EXPECT_TRUE(rule_list_text(rules).starts_with("a/b "));
  const nlohmann::json list = nlohmann::json::parse(rule_list_json(rules));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[1]["emits"], "signal");
  EXPECT_EQ(list[1]["matches"], "text");
}

TEST(Pages, ShowNoControlCharacter) {
  Finding finding;
  finding.at = {evil, {{1, 2}, {1, 3}}};
  finding.message = evil;
  finding.values = {{"ref", evil}};
  RuleInfo rule;
  rule.id = "a/b";
  rule.why = "one\ntwo\x1b";
  AttackPath path;
  path.title = evil;
  PathStep step;
  step.from = step.to = step.because = step.control = evil;
  path.steps.push_back(step);
  for (const std::string& page : {finding_page(finding, &rule), path_page(path)}) {
    EXPECT_EQ(page.find_first_of("\x1b\r\x07"), std::string::npos) << page;
    EXPECT_NE(page.find(harmless), std::string::npos) << page;
  }
  EXPECT_NE(finding_page(finding, &rule).find("one\ntwo‹U+001B›"), std::string::npos);
}

}  // namespace
}  // namespace assay::reports
