#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"
#include "analyzer/pipeline/github/action.h"

namespace assay::pipeline::github {

// A file of .github/workflows (docs.github.com, "Workflow syntax for GitHub Actions").
//
// Writes workflow, trigger, job, step, step_input, variable, uses, expression, permission, secret_use, shared_state,
// checkout and command. Where the rows stand: workflow at the file's first key, trigger at the event's name, job at its
// key, step at the first character of its mapping, step_input and variable at the key, uses at the reference,
// expression at the access itself (inside block scalars too), permission at the entry (for defaults at the job's key),
// command at its first word.
//
// A file with a YAML error is read up to the error and reported as partly read; one that is no mapping is not read.
ReadOutcome read_github_workflow(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::pipeline::github
