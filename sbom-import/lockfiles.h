#pragma once

#include <optional>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"
#include "analyzer/model/artifact.h"

// Lockfiles beyond npm's own, one reader each, all by the contract of analyzer/intake/input.h. What each gives: the
// packages with exact versions, where they come from, and their digests where the format has any.
namespace assay::sbom {

// Cargo.lock, poetry.lock, uv.lock, pylock.toml: the part of TOML they are written in ([[package]] tables, strings,
// inline tables and lists); anything else is passed over.
ReadOutcome read_cargo_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_python_lock(const intake::Input&, evidence::Rows&);
// yarn.lock, classic and Berry.
ReadOutcome read_yarn_lock(const intake::Input&, evidence::Rows&);
// pnpm-lock.yaml, lockfileVersion 5 to 9.
ReadOutcome read_pnpm_lock(const intake::Input&, evidence::Rows&);
// go.sum. A module of which only the go.mod was needed is left out.
ReadOutcome read_go_sum(const intake::Input&, evidence::Rows&);
ReadOutcome read_gemfile_lock(const intake::Input&, evidence::Rows&);
// composer.lock and Pipfile.lock (JSON).
ReadOutcome read_composer_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_pipfile_lock(const intake::Input&, evidence::Rows&);

using LockfileReader = ReadOutcome (*)(const intake::Input&, evidence::Rows&);
// The reader for a path, by its last part; nullptr when it is none of the above.
LockfileReader lockfile_reader(std::string_view path);

}  // namespace assay::sbom
