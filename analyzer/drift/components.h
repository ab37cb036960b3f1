#pragma once

#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/drift/documents.h"
#include "analyzer/drift/version_step.h"
#include "analyzer/evidence/rows.h"

namespace assay::drift {

// A difference with the places it is seen at, before it becomes a row.
struct Difference {
  evidence::DriftRow row;
  evidence::LocationId before_at = 0;  // in schema `before`
};

// What changed between two documents: packages, versions, digests, origins, install scripts, requirements.
//
// Packages are told apart by type and name; where one side does not know the type, by the name alone. Of several
// versions of one package on both sides, those that stand on both are the same and the others are paired in their
// order. What a format cannot state on one of the sides (digests, origins, install scripts) is no difference.
// `share` is the part of the comparable entries of the document that differ in the same way: a move to another
// registry changes all of them, an attack one. Appends to `out`; pure.
void compare_documents(const Counterparts& documents, const VersionOrder& order, std::vector<Difference>& out);

}  // namespace assay::drift
