#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::pipeline::gitlab {

// A GitLab pipeline, an included file or a component (docs.gitlab.com, "CI/CD YAML syntax reference").
//
// Each job is written as GitLab runs it: `extends`, `default`, old global keywords, anchors, merge keys and
// `!reference` are resolved inside the file, so a command of a template stands, at its own place, under every job that
// uses it. Hidden jobs are written only when the file has no other. Files named by `include` are `uses` rows, not
// opened here.
//
// Writes workflow (at the first key; kind 'template' when nothing in it runs by itself), trigger (derived from rules
// and only; at the first key or the condition), job (at its key), step (before_script, script, after_script, at their
// keys), command (at its first word; `pipeline` counts on through the job), uses (images, services, includes), variable
// (at the key), expression (variables and inputs: sinks shell, argument, quoted, image, environment, cache-key, other),
// secret_use (id_tokens, `secrets`, and variables named like one that the file does not define), permission (id_tokens
// as id-token: write), shared_state (cache, artifact, what commands publish), checkout and setting (every other
// scalar).
//
// A file with a YAML error is read up to the error and reported as partly read.
ReadOutcome read_gitlab_pipeline(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::pipeline::gitlab
