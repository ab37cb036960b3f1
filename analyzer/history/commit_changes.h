#pragma once

#include <git2.h>

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/history/change_ledger.h"
#include "analyzer/history/commit_walk.h"
#include "analyzer/history/object_store.h"

namespace assay::history {

// How comparing a commit with its parents ended. Only what is `complete` says anything about the commit.
enum class Compared : std::uint8_t {
  not_asked,   // a boundary of the clone, or after many directories were missing
  complete,    //
  missing,     // a directory is not in this clone
  corrupt,     // a directory object is damaged
  incomplete,  // more entries than limits::max_files, or deeper than limits::max_directory_depth
};

struct ComparedCommit {
  Compared compared = Compared::not_asked;
  CommitChanges changes;
};

// What each commit of the walk changed, in the walk's order. Commits the ledger knows are not compared again; the
// others are, in parallel, and stand in the ledger afterwards (complete ones only). The answer depends neither on the
// number of threads nor on what the ledger knew. An Error when the objects cannot be opened once more.
Result<std::vector<ComparedCommit>> compare_commits(const Layout& layout, const CommitWalk& walk, ChangeLedger& ledger);

}  // namespace assay::history
