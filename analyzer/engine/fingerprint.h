#pragma once

#include <vector>

#include "analyzer/engine/bundle.h"
#include "analyzer/model/finding.h"

namespace assay::engine {

// Gives each finding a name that stays the same when lines move: 32 hex digits over the rule's id, the path and the
// columns the rule calls its fingerprint (the whole message when it names none), and the ordinal among findings equal
// in all of these, in order of place. Neither the line nor the reason of the rule goes in, so rewording a rule keeps
// baselines that name columns.
void add_fingerprints(std::vector<Finding>& findings, const Bundle& bundle);

}  // namespace assay::engine
