#pragma once

#include <string>
#include <vector>

#include "analyzer/intake/tree.h"
#include "analyzer/model/finding.h"

namespace assay::app {

// Fills Finding::snippet: reads again the few files that findings point into, archive members included. A file that
// changed or vanished meanwhile leaves the snippet empty. `prefix` is what collect() put before the tree's paths.
void quote_lines(const intake::Tree& tree, const std::string& prefix, std::vector<Finding>& findings);

}  // namespace assay::app
