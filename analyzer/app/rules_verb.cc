#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/app/rule_tests.h"
#include "analyzer/app/worker_program.h"
#include "analyzer/engine/judge.h"

namespace assay::app {
namespace {

nlohmann::ordered_json to_json(const engine::Rule& rule) {
  const RuleInfo& info = rule.info;
  return {{"id", info.id}, {"title", info.title}, {"severity", word(info.severity)}, {"confidence", word(info.confidence)},
          {"audience", word(info.audience)}, {"maturity", word(info.maturity)}, {"stage", info.stage}, {"families", info.families},
          {"incidents", info.incidents}, {"mappings", info.mappings}, {"equivalents", info.equivalents},
          {"emits", rule.emits_signal ? "signal" : "finding"}, {"matches", rule.is_pattern_rule() ? "text" : "evidence"},
          {"why", info.why}, {"fix", info.fix}, {"false_positives", info.false_positives}};
}

std::string skeleton(const std::string& id) {
  return fmt::format(R"(id: {}
title: One sentence that says what is wrong
severity: medium
confidence: medium
audience: regular
maturity: incubating
stage: build
families: [poisoned-pipeline]
incidents: []
mappings: {{}}
equivalents: {{}}
why: >
  What an attacker does with it.
fix: >
  What to change.
false_positives: >
  When it fires although nothing is wrong.
query: |
  SELECT s.at, s.name
  FROM step s
  WHERE s.name = 'change me'
message: "the step `{{name}}` …"
tests:
  - name: the least that must be found
    files:
      .github/workflows/a.yml: |
        on: push
        jobs:
          a:
            runs-on: ubuntu-latest
            steps:
              - name: change me
                run: make
    expect: [{{file: .github/workflows/a.yml, line: 6}}]
  - name: the same without the one thing that matters
    files:
      .github/workflows/a.yml: |
        on: push
        jobs:
          a:
            runs-on: ubuntu-latest
            steps:
              - name: changed
                run: make
    expect: []
)",
                     id);
}

}  // namespace

int run_rules_list(const std::string& format, const CommonOptions& options) {
  const Result<engine::Bundle> bundle = load_rules(options.rules_directory);
  if (!bundle) return report_error(bundle.error());
  if (format == "json") {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const engine::Rule& rule : bundle->rules()) list.push_back(to_json(rule));
    std::puts(list.dump(2).c_str());
    return 0;
  }
  for (const engine::Rule& rule : bundle->rules()) {
    if (rule.emits_signal) continue;
    std::puts(fmt::format("{:<58} {:<9} {:<7} {:<9} {}", rule.info.id, word(rule.info.severity), word(rule.info.confidence), word(rule.info.audience), rule.info.title).c_str());
  }
  return 0;
}

int run_rules_show(const std::string& id, const CommonOptions& options) {
  const Result<engine::Bundle> bundle = load_rules(options.rules_directory);
  if (!bundle) return report_error(bundle.error());
  const engine::Rule* rule = bundle->find(id);
  if (rule == nullptr) return report_error({ErrorCode::usage, "no such rule; `assay rules list` names them", id});
  std::fputs(rule->text.c_str(), stdout);
  return 0;
}

int run_rules_test(const std::vector<std::string>& ids, const std::string& directory, bool list_only) {
  const Result<engine::Bundle> bundle = load_rules(directory);
  if (!bundle) return report_error(bundle.error());
  int passed = 0;
  int failed = 0;
  for (const engine::Rule& compiled : bundle->rules()) {
    if (!ids.empty() && std::find(ids.begin(), ids.end(), compiled.info.id) == ids.end()) continue;
    if (list_only) {
      std::puts(compiled.info.id.c_str());
      continue;
    }
    const engine::RuleReading reading = engine::read_rule(compiled.text, compiled.path, compiled.info.id);
    for (const RuleTestResult& result : run_rule_tests(reading.rule, *bundle, c_worker_program())) {
      if (result.fault.empty()) {
        ++passed;
        continue;
      }
      ++failed;
      std::puts(fmt::format("FAILED {}\n       {}", result.name, result.fault).c_str());
    }
  }
  if (list_only) return 0;
  if (passed + failed == 0) return report_error({ErrorCode::usage, "no such rule, or it has no test", ids.empty() ? "" : ids.front()});
  std::puts(fmt::format("rule tests: {} passed, {} failed", passed, failed).c_str());
  return failed == 0 ? 0 : 1;
}

int run_rules_new(const std::string& id, const std::string& directory) {
  const std::filesystem::path path = std::filesystem::path(directory) / (id + ".yaml");
  std::error_code code;
  if (std::filesystem::exists(path, code)) return report_error({ErrorCode::usage, "exists already", path.string()});
  std::filesystem::create_directories(path.parent_path(), code);
  std::ofstream stream(path);
  stream << skeleton(id);
  if (!stream.flush()) return report_error({ErrorCode::io, "cannot be written", path.string()});
  std::puts(fmt::format("{}\nNow: docs/writing-rules.md, then `assay rules test --rules {} {}`", path.string(), directory, id).c_str());
  return 0;
}

}  // namespace assay::app
