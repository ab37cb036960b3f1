#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"
#include "analyzer/model/finding.h"
#include "analyzer/model/product.h"
#include "analyzer/product/gather.h"
#include "analyzer/product/policy.h"

namespace assay::product {

// The assessment of the product in the database: its rows of product, privilege and claim, the policy's checks over all
// other evidence, and the findings of the same scan. Same evidence and policy, same bytes out. See gather.h for what
// counts.
Result<ProductAssessment> assess(evidence::Database& database, const std::vector<Finding>& findings,
                                 const std::vector<RuleInfo>& rules, const ScoringPolicy& policy);

// The same from gathered evidence; total.
ProductAssessment assess(const Gathered& gathered, const ScoringPolicy& policy);

// One parameter whose change by the policy's `stability` flips the decision.
struct Flip {
  std::string parameter;  // "weight of RCE", "count of E4"
  double factor = 1;      // 0.9 or 1.1
  std::string decision;   // what it becomes
};
std::vector<Flip> decision_flips(const CaseFile& file, const ScoringPolicy& policy);

// The required controls that nobody has audited or checked well and freshly, the one first whose answer would narrow
// the interval between best and worst risk most.
std::vector<std::string> open_controls(const CaseFile& file, const ScoringPolicy& policy);

}  // namespace assay::product
