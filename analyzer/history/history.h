#pragma once

#include <cstddef>
#include <string>

#include "analyzer/base/limits.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/history/change_ledger.h"
#include "analyzer/model/artifact.h"

namespace assay::history {

struct HistoryOptions {
  std::size_t max_commits = limits::max_commits;  // newest first; what is older is counted as not seen
  bool files = true;               // compare each commit with its parents (git_commit.files, commit_file)
  ChangeLedger* ledger = nullptr;  // what an earlier reading learned; holds what this one knows afterwards
};

// Reads a repository (a working tree, a bare repository, a linked worktree) into the tables of schema/history.def,
// under the artifact `rows` was made for. Walks every commit reachable from branches, remote branches, tags and HEAD;
// other references (pull requests of a mirror) are listed but not walked, as their commits belong to nobody's history
// yet.
//
// A shallow or partial clone is normal and read as far as it goes: repository.cut and git_commit.boundary tell where it
// ends. A repository without commits gives one row `repository`, coverage `read` and a sentence that says so. SHA-256
// repositories and reftables are not read. Damaged objects are left out and named. Signatures are recognised, never
// verified.
//
// Nothing in the repository is obeyed: see object_store.h. Deterministic: rows come newest commit first, ties by object
// id. Safe to call from several threads, one repository (and ledger) each.
ReadOutcome read_history(const std::string& repository_path, const HistoryOptions& options, evidence::Rows& rows);

}  // namespace assay::history
