#pragma once

#include <cstddef>

#include "analyzer/formats/json_tree.h"
#include "analyzer/model/artifact.h"
#include "analyzer/provenance/place.h"
#include "analyzer/provenance/trusted_keys.h"

namespace assay::provenance {

// What one artifact may still cost, shared by all its documents.
struct Budget {
  std::size_t decoded_bytes = 64U << 20U;  // max_archive_member_bytes of base/limits.h: payloads decoded
  std::size_t signatures = 1'000;          // signatures checked against their certificates
  std::size_t envelopes = 100'000;         // envelopes opened
};

// The shells around statements, each told by its keys:
//   DSSE envelope             payload, payloadType, signatures[].sig, .keyid, .cert (secure-systems-lab/dsse)
//   sigstore bundle 0.1-0.3   verificationMaterial, dsseEnvelope or messageSignature (sigstore/protobuf-specs)
//   cosign's older bundle     base64Signature, cert
//   npm's response            attestations[].predicateType, .bundle (docs: npm registry, attestations)
//   GitHub's response         attestations[].bundle; gh attestation verify: [].attestation.bundle
//   PyPI                      attestation object: verification_material, envelope; provenance object:
//                             attestation_bundles[].publisher, .attestations[] (PEP 740)
//   a bare statement
// Writes attestations and signatures. A signature is checked against the certificate beside it when there is one
// (certificate.h says what that proves), and against `keys` when they are given (trusted_keys.h). False when the
// document is none of them.
bool read_document(const formats::JsonNode& root, const Place& place, const TrustedKeys* keys, Budget& budget,
                   ReadOutcome& outcome);

// Whether read_document would find something, from a document or its beginning alone.
bool is_document(const formats::JsonNode& root);

}  // namespace assay::provenance
