#pragma once

#include <optional>
#include <string_view>

#include "analyzer/model/artifact.h"

namespace assay::sbom {

// What kind of SBOM, lockfile or manifest a document is, by the first bytes alone (8 KiB are enough; fewer may do).
// Told by content: CycloneDX in XML (its schema's namespace); SPDX 2 in tag-value form and YAML (its first tags); in
// JSON CycloneDX (bomFormat, or specVersion with components), SPDX 2 (spdxVersion, SPDXID, or elements with SPDXID
// before them), SPDX 3 (@graph with its context), npm lockfiles (lockfileVersion with packages or dependencies). Looks
// at keys of the two outermost levels, so a text that merely mentions such a word is not taken for one. Pure; never
// throws.
std::optional<ArtifactKind> recognise_sbom(std::string_view head);

// By the last part of a path, for what content cannot tell: package-lock.json, npm-shrinkwrap.json, package.json,
// requirements*.txt and their like (requirements/dev.txt, constraints.txt).
std::optional<ArtifactKind> recognise_sbom_name(std::string_view path);

}  // namespace assay::sbom
