#pragma once

#include <string>

#include "analyzer/engine/bundle.h"

namespace assay::app {

// docs/coverage.md: technique family × vantage point, with the rules that see it there, holes shown as holes.
std::string coverage_matrix(const engine::Bundle& bundle);

}  // namespace assay::app
