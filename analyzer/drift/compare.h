#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/drift/version_step.h"
#include "analyzer/evidence/database.h"
#include "analyzer/model/change.h"

namespace assay::drift {

struct CompareOptions {
  VersionOrder order;                  // plain_order() where it is empty or knows no answer
  std::vector<std::string> gathering;  // ids of the rules whose signals are facts and no findings
};

// Compares the schemas `before` and `main` of a database, both loaded: fills the table main.drift, which rules judge,
// and returns the same as plain values for the report, sorted by area, kind, name and place. Knows no format and no
// rule. An error is the database's.
Result<std::vector<Change>> compare(evidence::Database& database, const CompareOptions& options);

}  // namespace assay::drift
