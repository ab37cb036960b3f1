#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/app/rule_tests.h"
#include "analyzer/app/worker_program.h"
#include "analyzer/engine/judge.h"
#include "reports/answers.h"
#include "reports/neutralise.h"

namespace assay::app {
namespace {

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
  std::vector<reports::ListedRule> rules;
  for (const engine::Rule& rule : bundle->rules())
    rules.push_back({&rule.info, rule.emits_signal, rule.is_pattern_rule()});
  write_text(format == "json" ? reports::rule_list_json(rules) : reports::rule_list_text(rules));
  return 0;
}

int run_rules_show(const std::string& id, const CommonOptions& options) {
  const Result<engine::Bundle> bundle = load_rules(options.rules_directory);
  if (!bundle) return report_error(bundle.error());
  const engine::Rule* rule = bundle->find(id);
  if (rule == nullptr) return report_error({ErrorCode::usage, "no such rule; `assay rules list` names them", id});
  write_text(reports::visible_lines(rule->text));
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
      write_text(reports::visible(compiled.info.id) + "\n");
      continue;
    }
    const engine::RuleReading reading = engine::read_rule(compiled.text, compiled.path, compiled.info.id);
    for (const RuleTestResult& result : run_rule_tests(reading.rule, *bundle, c_worker_program())) {
      if (result.fault.empty()) {
        ++passed;
        continue;
      }
      ++failed;
      write_text(
          fmt::format("FAILED {}\n       {}\n", reports::visible(result.name), reports::visible_lines(result.fault)));
    }
  }
  if (list_only) return 0;
  if (passed + failed == 0)
    return report_error({ErrorCode::usage, "no such rule, or it has no test", ids.empty() ? "" : ids.front()});
  write_text(fmt::format("rule tests: {} passed, {} failed\n", passed, failed));
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
  write_text(fmt::format("{0}\nNow: docs/writing-rules.md, then `assay rules test --rules {1} {2}`\n",
                         reports::visible(path.string()), reports::visible(directory), reports::visible(id)));
  return 0;
}

}  // namespace assay::app
