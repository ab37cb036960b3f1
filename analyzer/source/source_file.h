#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::source {

// Everything this room reads from a text file without a parser: unusual characters, execution triggers, and text
// under the name of a picture, font or program (a `binary_blob` row of format "text"); and one
// `source_file` row when the file gave any other row or has a role in which code runs unasked. An ordinary file costs
// one pass over its bytes at the speed of memory and writes nothing.
ReadOutcome read_source_file(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::source
