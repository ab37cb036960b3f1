#pragma once

#include <git2.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analyzer/history/commit_text.h"
#include "analyzer/history/object_store.h"

namespace assay::history {

struct WalkedCommit {
  git_oid oid{};
  CommitText text;
  std::vector<std::uint32_t> parents{};  // indices into CommitWalk::commits; those that are there
  bool boundary = false;                 // a parent exists but is not here
  bool on_branch = false;                // reachable from one of the branch tips
  bool mainline = false;                 // reachable from one of them by first parents alone
};

struct CommitWalk {
  std::vector<WalkedCommit>
      commits;  // latest committer time first, ties by object id; a child need not come before its parent
  ObjectIdMap<std::uint32_t> index;  // into commits
  bool shallow = false;
  bool cut = false;               // older commits exist that were not walked
  std::vector<std::string> gaps;  // one sentence each
};

// Every commit reachable from `tips`, at most `max_commits` of the newest. Parents of the commits in `shallow_list` are
// not followed; a parent that is absent without being announced there is a gap, unless the clone is partial. libgit2's
// own walk fails on both.
CommitWalk walk_commits(const ObjectStore& store, std::span<const git_oid> tips, std::span<const git_oid> branch_tips,
                        const ObjectIdSet& shallow_list, bool partial, std::size_t max_commits);

}  // namespace assay::history
