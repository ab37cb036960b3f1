#pragma once

#include "analyzer/app/examine.h"

namespace assay::app {

// What a change introduces: `after` examined against `before`, without the findings and attack paths that `before` has
// too. What both sides have is known by its fingerprint. `settings` are those of the second side; baselines and
// exceptions apply to it alone. The verdict is settled again.
Result<Examination> examine_change(const Subject& before, const Subject& after, const engine::Bundle& bundle,
                                   const ExamineOptions& settings);

}  // namespace assay::app
