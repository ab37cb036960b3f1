#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/base/result.h"

namespace assay::sbom {

struct Violation {
  Position position;
  std::string path;     // "components[2].hashes[0].alg"; "" for the document
  std::string message;  // what is wrong
};

// The strict verdict the lenient readers do not give: whether a document is valid CycloneDX of the version it
// names, JSON 1.2 to 1.7 or XML 1.0 to 1.7 (the order of elements is not checked). Checked are well-formedness,
// repeated keys, required fields, types, the words of enumerations, patterns (serial numbers, digests, time stamps),
// SPDX licence identifiers, uniqueness of bom-ref, and unknown fields of the objects of the inventory itself. Not
// checked below the first level: declarations, definitions, formulation, model cards, cryptographic properties,
// signatures. Empty means valid. At most 1,000 violations are listed. An Error when the bytes are neither JSON nor XML
// at all or name no version Assay knows.
Result<std::vector<Violation>> validate_cyclonedx(std::string_view text);

}  // namespace assay::sbom
