#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/formats/json_tree.h"
#include "sbom-import/gaps.h"

namespace assay::sbom {

// SPDX 3.0 in JSON-LD as its own serialisation writes it (an "@graph" list of elements with "type" and "spdxId";
// compact terms of the SPDX context, no general JSON-LD). Elements with "type" software_Package and software_File
// become components, Relationship elements of type dependsOn dependencies.
void read_spdx_linked(const formats::JsonTree& tree, evidence::Rows& rows, Gaps& gaps);

}  // namespace assay::sbom
