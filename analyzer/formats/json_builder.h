#pragma once

#include "analyzer/formats/json_tree.h"

namespace assay::formats {

// Fills an empty tree from its text; only JsonTree calls it.
void build_json_tree(JsonTree& tree);

}  // namespace assay::formats
