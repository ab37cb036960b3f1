#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::pipeline::github {

// An action.yml or action.yaml (docs.github.com, "Metadata syntax"): composite, JavaScript or container. The same
// tables; one job named 'runs', no triggers and no permissions. What inputs hold is the caller's choice, so `inputs.*`
// is controlled by 'unknown'.
ReadOutcome read_github_action(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::pipeline::github
