#pragma once

#include <string>
#include <vector>

#include "analyzer/evidence/database.h"
#include "analyzer/model/finding.h"
#include "analyzer/model/path.h"

// Ways from something an outsider controls to something powerful.
//
// The graph is made from the evidence alone; findings only lend their fingerprints to the steps they stand at, and give
// the starting points that no table has (malicious code in a file that something runs). Three kinds of beginnings:
//   an outsider's event that starts a job and puts code or text of the outsider into it;
//   a component or action that the `known` schema says was bad, where the evidence shows it is used, installed or was
//   resolved; third-party actions that can be moved: always possible, so all of them together are one path of medium
//   severity.
// Ends: secrets, publishing identities and rights of a job, published packages, machines of the owner, privileges of a
// product under review.
//
// A path is reported when it has three steps or more, or when a step was seen to happen. What a maintainer may do
// anyway (push, tag, dispatch) is no beginning. Nothing known with less than confirmed certainty makes a path above
// medium.
namespace assay::paths {

struct FoundPaths {
  std::vector<AttackPath> paths;
  std::vector<std::string>
      missing;  // why paths may be missing: a cap was hit, a question not answered. For the report's coverage
};

// Worst first, at most 25, one for each beginning and kind of end, at most 5 of them hidden code. Same evidence, same
// bytes. Bounded by limits::max_path_nodes.
FoundPaths find_paths(evidence::Database& database, const std::vector<Finding>& findings);

}  // namespace assay::paths
