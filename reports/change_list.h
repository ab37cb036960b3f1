#pragma once

#include <vector>

#include "analyzer/model/change.h"
#include "reports/screen.h"

namespace assay::reports {

// The changes of a comparison, by area and kind with what deserves a look first; long lists are folded unless
// `everything` is asked for. Writes nothing when there is none.
void write_changes(Screen& screen, const std::vector<Change>& changes, bool everything);

}  // namespace assay::reports
