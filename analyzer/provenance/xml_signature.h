#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::provenance {

class TrustedKeys;

// Signatures inside an XML document, as CycloneDX may have them (W3C, XML Signature Syntax and Processing 1.1):
// enveloped ones over the whole document (one Reference with an empty URI), with SHA-256, SHA-384 or SHA-512. Writes
// one row of kind "xml" for each, whatever it signs.
//
// `fits` is `no` when the digest is not that of the document without the signature, or when the certificate in KeyInfo
// did not sign SignedInfo; `yes` when both hold, which says nothing about who issued the certificate. It is not
// examined for other references, transforms and digests, for documents with a document type, and, where the digest is
// right, for signatures without a certificate. `verified` is held against `keys` in the same cases, also without a
// certificate. Three signatures are examined, in documents up to 16 MiB; beyond that the outcome is partly read.
ReadOutcome read_xml_signatures(const intake::Input& input, evidence::Rows& rows, const TrustedKeys* keys);

}  // namespace assay::provenance
