#pragma once

#include "analyzer/app/command_line.h"
#include "analyzer/engine/bundle.h"

namespace assay::app {

// scan --fix: for the findings of a report that rules say can be mended without judgement, prints one unified diff on
// standard output (a terminal gets it with hostile characters made visible, anything else gets the bytes), or changes
// the files when options.fix is "apply". What was left, and why, goes to standard error. Only regular files below the
// directories the user named are written, each by a file beside it that takes its place; nothing is ever fetched.
// 0, or the exit code of an error.
int run_fix(const Subject& subject, const Report& report, const engine::Bundle& rules, const CommonOptions& options);

}  // namespace assay::app
