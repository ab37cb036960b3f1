#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/formats/json_tree.h"

namespace assay::sbom {

// A CycloneDX document in another syntax, written down as the JSON of the same specification version with the places it
// comes from, so that one reader and one validator serve all syntaxes and the same document gives the same evidence.
struct Transcribed {
  std::string json;
  std::vector<formats::TranscribedPlace> places;
  std::string problem;  // "" when all of the syntax was understood
  Position problem_at;
  bool readable = false;  // the root is that of a CycloneDX document
};

// CycloneDX XML 1.0 to 1.7 (ECMA-424, XML schema). No document type is obeyed. Elements of foreign namespaces are left
// out, as the schema allows them anywhere; the dependency graph extension of 1.0 and 1.1 is read as `dependencies`.
// Nesting beyond limits::max_json_depth is cut.
Transcribed transcribe_cyclonedx_xml(std::string_view text);

}  // namespace assay::sbom
