#pragma once

#include <string_view>

#include "sbom-import/cyclonedx_xml.h"

namespace assay::sbom {

// SPDX 2.1 to 2.3 in tag-value form (SPDX specification 2.3, clause 4.4.3), written down as the JSON of the same
// version with the places it comes from. Lines that are no "Tag: value" are passed over; <text>…</text> may span lines.
Transcribed transcribe_spdx_tags(std::string_view text);

// SPDX 2.2 and 2.3 in YAML: the JSON of the same structure. Nesting is bounded by limits::max_yaml_depth.
Transcribed transcribe_spdx_yaml(std::string_view text);

}  // namespace assay::sbom
