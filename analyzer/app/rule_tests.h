#pragma once

#include <string>
#include <vector>

#include "analyzer/engine/bundle.h"
#include "analyzer/engine/rule.h"

namespace assay::app {

// What became of one inline test: "" when it passed, else what was expected and what was found.
struct RuleTestResult {
  std::string name;  // "pipeline/x: issue title in run"
  std::string fault;
};

// Runs the inline tests of `rule` through the whole way from bytes to findings, with all rules of `bundle` loaded and
// only this rule's findings looked at. A scripted history becomes a real repository in a temporary directory that is
// removed again.
std::vector<RuleTestResult> run_rule_tests(const engine::Rule& rule, const engine::Bundle& bundle,
                                           const std::string& c_worker);

}  // namespace assay::app
