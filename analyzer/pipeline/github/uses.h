#pragma once

#include <string>
#include <string_view>

#include "analyzer/evidence/rows.h"

namespace assay::pipeline::github {

// `uses:` of a step or job (docs.github.com, "Workflow syntax": jobs.<job_id>.steps[*].uses and jobs.<job_id>.uses) as
// a row without `at`, links and comment. An image comes out as kind 'image'.
evidence::UsesRow parse_uses(std::string_view text, bool reusable_workflow);

// A container image reference: [registry/]name[:tag][@digest].
evidence::UsesRow parse_image(std::string_view text);

}  // namespace assay::pipeline::github
