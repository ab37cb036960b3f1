#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::provenance {

class TrustedKeys;

// Signatures inside a JSON document, as CycloneDX has them at the document and at its parts: JSON Signature Format
// (JSF 0.82; members algorithm, publicKey, certificatePath, keyId, excludes, value; alone, as `signers` or as `chain`)
// over the canonical form (canonical_json.h) of the object the member `signature` stands in. Writes one row of kind
// "jsf" for each.
//
// `fits` is held against the key or certificate that came with it: yes proves that the object was not changed after
// signing and nothing about who signed, since anybody brings a key of their own. `verified` is held against `keys`
// (trusted_keys.h). Neither is examined for secret-key algorithms (HS256 …). At most 1,000 signatures are checked and
// twice the size of the document canonicalised; beyond that the outcome is partly read.
ReadOutcome read_json_signatures(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys);

}  // namespace assay::provenance
