#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/coverage_matrix.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/base/limits.h"
#include "analyzer/evidence/schema.h"
#include "reports/answers.h"

namespace assay::app {
namespace {

Result<Report> read_report(const std::string& path) {
  ASSAY_TRY(const std::string text, read_whole_file(path, limits::max_document_bytes));
  Result<Report> report = reports::read_json(text);
  if (!report) return fail(ErrorCode::usage, "not a report of Assay in JSON: " + report.error().text(), path);
  return report;
}

// Fewer digits of a fingerprint would soon stand for several.
constexpr std::size_t least_digits = 6;

bool is_print_of(const std::string& what, const std::string& fingerprint) {
  return what.size() >= least_digits && fingerprint.starts_with(what);
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
    write_text(reports::rule_page(rule->info));
    return 0;
  }
  if (run.empty())
    return report_error(
        {ErrorCode::usage, "no rule of this id; for the fingerprint of a finding also give --run RUN.json", what});
  const Result<Report> report = read_report(run);
  if (!report) return report_error(report.error());
  for (const Finding& finding : report->findings) {
    if (!is_print_of(what, finding.fingerprint)) continue;
    const engine::Rule* rule = bundle->find(finding.rule);
    write_text(reports::finding_page(finding, rule == nullptr ? nullptr : &rule->info));
    return 0;
  }
  for (const AttackPath& path : report->paths) {
    if (!is_print_of(what, path.fingerprint)) continue;
    write_text(reports::path_page(path));
    return 0;
  }
  return report_error(
      {ErrorCode::usage, "no finding of this fingerprint in the report (give at least six digits)", what});
}

// assay docs evidence|schema|coverage: the pages that are made from the code and the rules.
int run_docs(const std::string& what, const std::string& rules_directory) {
  if (what == "evidence") {
    write_text(evidence::markdown());
    return 0;
  }
  if (what == "schema") {
    write_text(evidence::json_schema());
    return 0;
  }
  if (what == "coverage") {
    const Result<engine::Bundle> bundle = load_rules(rules_directory);
    if (!bundle) return report_error(bundle.error());
    write_text(coverage_matrix(*bundle));
    return 0;
  }
  return report_error({ErrorCode::usage, "docs are: evidence, schema, coverage", what});
}

}  // namespace assay::app
