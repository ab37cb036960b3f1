#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/drift/components.h"
#include "analyzer/drift/sides.h"
#include "analyzer/evidence/database.h"

namespace assay::drift {

// What the code of the subject can do that the other side's could not, for each file and, where syntax trees tell, each
// function: calls with a capability, code that runs from special symbols, signals of the rules that only gather facts
// (`gathering`, their ids), and what runs without anyone calling it. Of one capability in one file one row is made: at
// its first place. Appends to `out`.
Result<void> compare_sources(evidence::Database& database, const Side& before, const Side& after,
                             const std::vector<std::string>& gathering, std::vector<Difference>& out);

}  // namespace assay::drift
