#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"
#include "analyzer/model/artifact.h"

// The readers of this room, one file each. All obey analyzer/intake/input.h: total, stateless, positions in every row.
// A field that cannot be understood costs that field; the outcome names the first twenty places and counts the rest.
namespace assay::sbom {

// CycloneDX 1.2 to 1.7 in JSON (ECMA-424): components at every depth, hashes, licences, suppliers, distribution and vcs
// references, dependencies, vulnerabilities with their analysis. `at` of a component is its name, of a hash its
// content. The component the document is about has scope "subject".
ReadOutcome read_cyclonedx_json(const intake::Input&, evidence::Rows&);

// CycloneDX 1.0 to 1.7 in XML: the same evidence as from the same document in JSON, with positions in the XML.
ReadOutcome read_cyclonedx_xml(const intake::Input&, evidence::Rows&);

// Whichever of the two it is.
ReadOutcome read_cyclonedx(const intake::Input&, evidence::Rows&);

// SPDX 2.2 and 2.3 (ISO/IEC 5962) in JSON: packages, files with checksums, relationships; and SPDX 3.0 as JSON-LD:
// packages, files, Relationship elements, security assessments left out.
ReadOutcome read_spdx_json(const intake::Input&, evidence::Rows&);

// package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3. bom_ref is the key below "packages" (v1: the path
// the nesting means). An alias stands under the name it really has; requirement says what it was asked as.
ReadOutcome read_package_lock(const intake::Input&, evidence::Rows&);

// package.json: what it requires, and the scripts that run on installation.
ReadOutcome read_package_json(const intake::Input&, evidence::Rows&);

// Requirements files of pip: requirement specifiers (PEP 508), hashes, URLs, VCS references, editable installs, options
// that move the index. `-r` and `-c` files are named, not opened.
ReadOutcome read_pip_requirements(const intake::Input&, evidence::Rows&);

}  // namespace assay::sbom
