#pragma once

#include <string>

#include "analyzer/app/examine.h"

namespace assay::app {

// Examines everything product.yaml names as evidence, together with the file itself, and scores the product from it.
// A fault in product.yaml is an error with file, line and column; evidence it names that is not there is in the
// coverage.
Result<Examination> review(const std::string& product_yaml, const engine::Bundle& bundle,
                           const ExamineOptions& options);

}  // namespace assay::app
