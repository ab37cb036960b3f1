#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::provenance {

class TrustedKeys;

// Reads statements about how something was made, in any of the shells of envelope.h, one document or one a line (JSON
// lines, as `gh attestation download` and SLSA's generators write them), Debian's .buildinfo and minisign's detached
// signatures, into attestation,
// attestation_subject, attestation_material and signature. Rows from inside a base64 payload stand at the payload.
//
// Nothing here says that a statement is true: see certificate.h for what is checked of signatures. Bytes beyond
// limits::max_document_bytes are not read; other caps are in envelope.h. Each makes the outcome partly read. Text that
// is not JSON to the letter is read as far as it goes and reported.
ReadOutcome read_attestation(const intake::Input& input, evidence::Rows& rows);
// The same; signatures are checked against `keys` as well. Null: no keys.
ReadOutcome read_attestation(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys);

// True when a file reads like one of them, by content alone. `head` is its beginning, 8 KiB are enough unless a payload
// longer than that stands before every telling key.
bool looks_like_attestation(std::string_view head);

}  // namespace assay::provenance
