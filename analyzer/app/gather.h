#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analyzer/app/examine.h"
#include "analyzer/base/result.h"
#include "analyzer/engine/bundle.h"
#include "analyzer/evidence/database.h"
#include "analyzer/match/pattern_set.h"
#include "analyzer/model/artifact.h"

namespace assay::app {

// What a subject gave beside evidence: every input with how its reading ended, in the order of the inputs.
struct Gathered {
  std::vector<Artifact> artifacts;
  std::uint64_t bytes = 0;
  match::ScanCost matching;  // only with ExamineOptions::stats
};

// From bytes to tables: reads every source of a subject, with its history and past contents where it has them, and
// loads the evidence into a schema of the database while reading goes on. The indexes are made at the end.
Result<Gathered> gather_into(evidence::Database& database, std::string_view schema, const Subject& subject,
                             const engine::Bundle& bundle, const ExamineOptions& options);

}  // namespace assay::app
