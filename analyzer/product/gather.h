#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/evidence/database.h"
#include "analyzer/model/finding.h"
#include "analyzer/product/score.h"

namespace assay::product {

// An item of evidence with what a reader wants to know of it.
struct SourcedItem {
  EvidenceItem item;
  std::string sentence;  // "told “yes” on 2026-03-14", "the pipeline lets outsiders in"
  std::string question;  // as asked, when the product file says
  Location at;
};

struct SourcedPrivilege {
  HeldPrivilege held;
  bool declared = false;
  std::string reason;
  Location at;
};

// All that is known of one product, in an order that depends on nothing but the evidence.
struct Gathered {
  std::string name, vendor, version, assessed_on;
  CaseFile file;
  std::vector<SourcedItem> items;
  std::vector<SourcedPrivilege> privileges;
  std::vector<std::string> stops;     // why a finding stops the purchase
  std::vector<std::string> rejected;  // "not applicable" that the evidence does not confirm
};

// Reads product, privilege and claim, runs the policy's checks, and maps findings to controls. Findings that carry a
// suppression do not count: the caller must not let the product's own files suppress anything. Privileges seen in
// tests, documentation or vendored code do not count. A `before` schema is an earlier assessment: its adverse answers
// stay until a newer check.
Result<Gathered> gather(evidence::Database& database, const std::vector<Finding>& findings,
                        const std::vector<RuleInfo>& rules, const ScoringPolicy& policy);

// The first entry of the policy that fits the finding; nullptr when none does. `rule` may be nullptr: unknown stage and
// families.
const FailureRule* failure_of(const Finding& finding, const RuleInfo* rule, const ScoringPolicy& policy);

}  // namespace assay::product
