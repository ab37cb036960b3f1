#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/json_tree.h"
#include "analyzer/provenance/place.h"

namespace assay::provenance {

// An in-toto statement (in-toto/attestation, spec/v0.1 and v1) or an in-toto link into attestation,
// attestation_subject and attestation_material. Read of the predicates:
//   SLSA provenance v0.1, v0.2, v1        builder, definition, run, event, ref, commit, materials
//   SLSA verification summary             verifier as builder, result
//   npm publish v0.1, PyPI publish v1     what was published
//   GitHub release, CycloneDX, SPDX       the subject and the kind only
//   any other                             subjects only
// GitHub's parameters are taken from where its generators put them: externalParameters.workflow, internalParameters
// .github (GitHub's own and npm's), internalParameters and invocation.environment in upper or lower case (SLSA's).
//
// `envelope` says how the statement came. Returns the attestation's id; 0 when `root` is no statement, and then writes
// nothing. Total; reads at most limits::max_rows_per_artifact rows.
evidence::RowId read_statement(const formats::JsonNode& root, std::string_view envelope, const Place& place);

// Whether the object says of itself that it is a statement or link.
bool is_statement(const formats::JsonNode& root);

}  // namespace assay::provenance
