#include "analyzer/app/introduced.h"

#include <algorithm>
#include <unordered_set>

namespace assay::app {

Result<Examination> examine_change(const Subject& before, const Subject& after, const engine::Bundle& bundle,
                                   const ExamineOptions& settings) {
  ExamineOptions lenient = settings;
  lenient.stats = false;
  lenient.baseline.clear();
  lenient.exceptions.clear();
  std::unordered_set<std::string> known;
  std::unordered_set<std::string> known_paths;
  {
    ASSAY_TRY(const Examination old, examine(before, nullptr, bundle, lenient));
    for (const Finding& finding : old.report.findings) known.insert(finding.fingerprint);
    for (const AttackPath& attack : old.report.paths) known_paths.insert(attack.fingerprint);
  }
  ASSAY_TRY(Examination examination, examine(after, &before, bundle, settings));
  Report& report = examination.report;
  std::erase_if(report.findings, [&](const Finding& finding) { return known.contains(finding.fingerprint); });
  std::erase_if(report.paths, [&](const AttackPath& attack) { return known_paths.contains(attack.fingerprint); });
  for (Finding& finding : report.findings) finding.standing = Standing::fresh;
  std::erase_if(report.rules, [&](const RuleInfo& rule) {
    return std::none_of(report.findings.begin(), report.findings.end(),
                        [&](const Finding& finding) { return finding.rule == rule.id; });
  });
  settle(report, settings);
  return examination;
}

}  // namespace assay::app
