#pragma once

#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/drift/components.h"
#include "analyzer/evidence/database.h"

namespace assay::drift {

// What build logs of the subject say happened that those of the other side do not say: hosts, packages, actions and the
// commits they were resolved to, images, programs, processes left over, lifecycle scripts, rights, runners, published
// artefacts, steps that take much longer. Facts are compared, not lines: times, paths and order do not count.
//
// A package or host is explained when the lockfiles of the two sides changed by it (`components`), and unexplained when
// both sides have lockfiles that did not. Appends to `out`. Without a log on both sides there is nothing to compare.
Result<void> compare_runs(evidence::Database& database, const std::vector<Difference>& components,
                          std::vector<Difference>& out);

}  // namespace assay::drift
