#include "analyzer/app/review.h"

#include <fmt/format.h>

#include "analyzer/app/bundled.h"
#include "analyzer/app/command_line.h"
#include "analyzer/app/rule_directory.h"
#include "analyzer/base/limits.h"
#include "analyzer/product/assess.h"
#include "analyzer/product/product_file.h"

namespace assay::app {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

Result<product::ScoringPolicy> bundled_scoring() {
  return product::read_policy({.privilege_weights = bundled_policy("privilege-weights.yaml"),
                               .stage_weights = bundled_policy("stage-weights.yaml"),
                               .decision_table = bundled_policy("decision-table.csv"),
                               .required_evidence = bundled_policy("required-evidence.yaml"),
                               .finding_evidence = bundled_policy("finding-evidence.yaml")});
}

// product.yaml decides: a buyer asks whether to buy, not whether a threshold was crossed.
int exit_code_of(const ProductAssessment& product) {
  return product.decision == "BUY" || product.decision == "BUY WITH CONDITIONS" ? 0 : 1;
}

}  // namespace

Result<Examination> review(const std::string& product_yaml, const engine::Bundle& bundle,
                           const ExamineOptions& options) {
  ASSAY_TRY(const std::string text, read_whole_file(product_yaml, limits::max_text_bytes));
  const product::ProductFile file = product::parse_product_file(text, product_yaml);
  if (!file.problems.empty()) {
    Error error = file.problems.front();
    error.code = ErrorCode::usage;
    return tl::unexpected<Error>(std::move(error));
  }
  Subject subject;
  subject.name = fmt::format("{} {} {}", file.vendor, file.name, file.version);
  Source own;
  own.name = product_yaml;
  own.tree = intake::in_memory({{"product.yaml", text}});
  subject.sources.push_back(std::move(own));
  std::vector<CoverageLine> missing;
  for (const product::EvidencePath& evidence : file.evidence) {
    Result<Source> source =
        open_source(evidence.path.starts_with('/') ? evidence.path : folder_of(product_yaml) + evidence.path);
    if (!source) {
      missing.push_back({evidence.path, ArtifactKind::unknown, Coverage::not_read,
                         fmt::format("named in product.yaml:{}: {}", evidence.at.begin.line, source.error().message)});
      continue;
    }
    source->prefix = evidence.path;
    if (source->tree->entries().size() == 1 && evidence.path.ends_with(source->tree->entries().front().path)) {
      source->prefix.resize(source->prefix.size() - source->tree->entries().front().path.size());
    } else if (!source->prefix.ends_with('/')) {
      source->prefix += '/';
    }
    subject.sources.push_back(std::move(*source));
  }
  ASSAY_TRY(const product::ScoringPolicy policy, bundled_scoring());
  ASSAY_TRY(Examination examination, examine(subject, nullptr, bundle, options));
  Report& report = examination.report;
  report.verb = "review";
  report.not_fully_read.insert(report.not_fully_read.end(), missing.begin(), missing.end());
  ASSAY_TRY(report.product, product::assess(*examination.database, report.findings, report.rules, policy));
  report.verdict.exit_code = exit_code_of(*report.product);
  if (options.strict && report.verdict.exit_code == 0 && !missing.empty()) report.verdict.exit_code = 5;
  report.verdict.sentence = report.product->decision;
  return examination;
}

int run_review(const std::string& product_yaml, const CommonOptions& options) {
  const Result<engine::Bundle> rules = load_rules(options.rules_directory);
  if (!rules) return report_error(rules.error());
  const Result<Examination> examination = review(product_yaml, *rules, options.examine);
  if (!examination) return report_error(examination.error());
  const int written = write_outputs(examination->report, options);
  return written != 0 ? written : examination->report.verdict.exit_code;
}

}  // namespace assay::app
