#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::provenance {

// A Debian .buildinfo (deb-buildinfo(5), format 0.x and 1.0), with or without the clear-text signature around it
// (RFC 4880 section 7; its presence is noted, it is not checked): one attestation with the archive or machine as
// builder, the files of Checksums-Sha256 (or -Sha1) as subjects and Installed-Build-Depends as materials, each at its
// own line.
ReadOutcome read_buildinfo(const intake::Input& input, evidence::Rows& rows);

// By the fields that every such file begins with.
bool looks_like_buildinfo(std::string_view head);

}  // namespace assay::provenance
