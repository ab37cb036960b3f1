#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

// CI systems besides GitHub and GitLab, and build files. Each writes what it has of workflow, trigger, job, step,
// command, uses, variable, expression, secret_use, shared_state, checkout and setting; commands stand at their first
// word. A file with a YAML error is read up to the error and reported as partly read.
namespace assay::pipeline::others {

// Chooses by name and content among the systems below; not_at_all() when none fits.
ReadOutcome read_ci_definition(const intake::Input& input, evidence::Rows& rows);

// learn.microsoft.com, "YAML schema reference for Azure Pipelines". Templates are `uses` of kind 'template', tasks of
// kind 'action' by their major version, which Microsoft or the extension's owner moves.
ReadOutcome read_azure_pipeline(const intake::Input& input, evidence::Rows& rows);

// tekton.dev, "Pipelines API": Task, Pipeline, PipelineRun and TaskRun, several documents in one file; Pipelines as
// Code's annotations as triggers and its {{ … }} as expressions.
ReadOutcome read_tekton(const intake::Input& input, evidence::Rows& rows);

// circleci.com, "CircleCI configuration reference" 2.1: orbs are `uses` of kind 'orb', contexts secret_use.
ReadOutcome read_circleci(const intake::Input& input, evidence::Rows& rows);

// support.atlassian.com, "Bitbucket Pipelines configuration reference": pipes are `uses` of kind 'action'.
ReadOutcome read_bitbucket(const intake::Input& input, evidence::Rows& rows);

// jenkins.io, "Pipeline Syntax": stages, sh/bat/powershell/pwsh strings, docker images, @Library and library steps,
// credentials; declarative and scripted alike, read as text, so what Groovy computes is not seen.
ReadOutcome read_jenkinsfile(const intake::Input& input, evidence::Rows& rows);

// docs.travis-ci.com, "Job lifecycle"; www.appveyor.com, "appveyor.yml reference"; docs.drone.io and woodpecker-ci.org,
// "Workflow syntax" (steps as jobs); buildkite.com, "Defining steps" (plugins as `uses` of kind 'plugin').
ReadOutcome read_script_lists(const intake::Input& input, evidence::Rows& rows);

// docs.docker.com, "Dockerfile reference": FROM and COPY --from as `uses` of kind 'image', RUN in shell form as
// commands of origin 'dockerfile', ARG and ENV as variables, ADD of a URL as a download.
ReadOutcome read_dockerfile(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::pipeline::others
