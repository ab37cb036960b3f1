#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/coverage_matrix.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/base/limits.h"
#include "analyzer/evidence/schema.h"
#include "reports/neutralise.h"

namespace assay::app {
namespace {

Result<Report> read_report(const std::string& path) {
  ASSAY_TRY(const std::string text, read_whole_file(path, limits::max_document_bytes));
  Result<Report> report = reports::read_json(text);
  if (!report) return fail(ErrorCode::usage, "not a report of Assay in JSON: " + report.error().text(), path);
  return report;
}

void print_rule(const RuleInfo& info) {
  const auto line = [](std::string_view name, const std::string& value) {
    if (!value.empty()) std::puts(fmt::format("{:<16} {}", name, value).c_str());
  };
  std::puts(fmt::format("{}\n{}\n", info.id, info.title).c_str());
  line("severity", std::string(word(info.severity)));
  line("confidence", std::string(word(info.confidence)));
  line("audience", std::string(word(info.audience)));
  line("families", fmt::format("{}", fmt::join(info.families, ", ")));
  line("incidents", fmt::format("{}", fmt::join(info.incidents, ", ")));
  for (const auto& [name, ids] : info.mappings) line(name, fmt::format("{}", fmt::join(ids, ", ")));
  std::puts(fmt::format("\nWhy\n{}\n\nFix\n{}\n\nWhen it is wrong\n{}", info.why, info.fix, info.false_positives).c_str());
}

}  // namespace

// assay report RUN.json -o FORMAT: the same report in another medium, without examining again.
int run_report(const std::string& run, const CommonOptions& options) {
  const Result<Report> report = read_report(run);
  if (!report) return report_error(report.error());
  const int written = write_outputs(*report, options);
  return written != 0 ? written : report->verdict.exit_code;
}

// assay explain RULE | FINGERPRINT (with --run RUN.json).
int run_explain(const std::string& what, const std::string& run, const CommonOptions& options) {
  const Result<engine::Bundle> bundle = load_rules(options.rules_directory);
  if (!bundle) return report_error(bundle.error());
  if (const engine::Rule* rule = bundle->find(what)) {
    print_rule(rule->info);
    return 0;
  }
  if (run.empty()) return report_error({ErrorCode::usage, "no rule of this id; for the fingerprint of a finding also give --run RUN.json", what});
  const Result<Report> report = read_report(run);
  if (!report) return report_error(report.error());
  for (const Finding& finding : report->findings) {
    if (what.size() < 6 || !finding.fingerprint.starts_with(what)) continue;
    std::puts(fmt::format("{}:{}:{}: {}\n", reports::visible(finding.at.path), finding.at.span.begin.line, finding.at.span.begin.column, reports::visible(finding.message)).c_str());
    for (const auto& [name, value] : finding.values) std::puts(fmt::format("  {:<16} {}", name, reports::visible(value)).c_str());
    std::puts("");
    if (const engine::Rule* rule = bundle->find(finding.rule)) print_rule(rule->info);
    return 0;
  }
  for (const AttackPath& path : report->paths) {
    if (what.size() < 6 || !path.fingerprint.starts_with(what)) continue;
    std::puts(fmt::format("{} ({})\n", reports::visible(path.title), word(path.severity)).c_str());
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      const PathStep& step = path.steps[i];
      std::puts(fmt::format("{}. {} → {}: {} ({}){}\n   break it: {}", i + 1, reports::visible(step.from), reports::visible(step.to), reports::visible(step.because),
                            step.observed ? "observed" : "possible", i == path.weakest ? " ← weakest link" : "", reports::visible(step.control))
                    .c_str());
    }
    return 0;
  }
  return report_error({ErrorCode::usage, "no finding of this fingerprint in the report (give at least six digits)", what});
}

// assay docs evidence|schema|coverage: the pages that are made from the code and the rules.
int run_docs(const std::string& what, const std::string& rules_directory) {
  if (what == "evidence") {
    std::fputs(evidence::markdown().c_str(), stdout);
    return 0;
  }
  if (what == "schema") {
    std::fputs(evidence::json_schema().c_str(), stdout);
    return 0;
  }
  if (what == "coverage") {
    const Result<engine::Bundle> bundle = load_rules(rules_directory);
    if (!bundle) return report_error(bundle.error());
    std::fputs(coverage_matrix(*bundle).c_str(), stdout);
    return 0;
  }
  return report_error({ErrorCode::usage, "docs are: evidence, schema, coverage", what});
}

}  // namespace assay::app
