#pragma once

#include <vector>

#include "analyzer/app/examine.h"

namespace assay::app {

// scan --history: the contents that the history of a repository holds and HEAD does not, examined beside the present
// ones.
//
// Of a past content only what it says by itself is evidence (signals, hidden text, binaries): it is no definition,
// manifest or inventory of the subject any more, so no rule may take it for one.

// Adds one source for each repository of the subject. Its paths begin with .git/history/COMMIT/, the commit that
// brought the content.
Result<void> add_past_contents(Subject& subject);

// A finding in a past content is kept once, at the commit that brought it, however many versions of the file repeat it,
// and left out when it still stands in the present one. Needs the findings' snippets. Its values get `brought_by` and
// `removed_by`, its message the same in words.
void fold_past_findings(const Subject& subject, std::vector<Finding>& findings);

}  // namespace assay::app
