#pragma once

#include <string_view>

#include "analyzer/evidence/rows.h"

namespace assay::source {

// Reads the answer of the C worker (c_family.h tells its lines) into `symbol`, `call` and `reach` rows. The worker met
// hostile text, so its answer is as little trusted. False when it does not end as it should, holds a line that is none,
// or says more than is followed; what was understood is in the rows then.
bool read_c_answer(std::string_view answer, evidence::Rows& rows);

}  // namespace assay::source
