#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

// Files that decide who changes dependencies and who must look at it. Each is a workflow of kind 'settings'.
namespace assay::pipeline::updates {

// .github/dependabot.yml (docs.github.com, "Dependabot options reference"). One job per entry of `updates`, named by
// its ecosystem, at the entry's package-ecosystem; its scalars are settings ("cooldown.default-days"), and those of
// `registries` settings of the file. Secrets of registries become secret_use.
ReadOutcome read_dependabot(const intake::Input& input, evidence::Rows& rows);

// .pre-commit-config.yaml (pre-commit.com, "Adding pre-commit plugins"). One job per repository with a `uses` of kind
// 'hook' at its URL; local hooks with `entry` become commands of origin 'run'. Scalars of the entry are settings.
ReadOutcome read_pre_commit(const intake::Input& input, evidence::Rows& rows);

// CODEOWNERS (docs.github.com, "About code owners"; GitLab's sections are understood). One setting per rule: the name
// is the pattern, the value the owners.
ReadOutcome read_codeowners(const intake::Input& input, evidence::Rows& rows);

}  // namespace assay::pipeline::updates
