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

// Two more files of that name: Arch Linux's .BUILDINFO (BUILDINFO(5): the package as subject without digest, PKGBUILD
// and installed packages as materials) and the one of Maven and Gradle builds (reproducible-builds.org, JVM buildinfo:
// outputs as subjects, source.scm.*). Lines "key = value"; positions are those of the values.
ReadOutcome read_package_buildinfo(const intake::Input& input, evidence::Rows& rows);
bool looks_like_package_buildinfo(std::string_view head);

}  // namespace assay::provenance
