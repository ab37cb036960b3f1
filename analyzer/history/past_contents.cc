#include "analyzer/history/past_contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "analyzer/history/clone.h"
#include "analyzer/history/commit_walk.h"
#include "analyzer/history/tree_difference.h"

namespace assay::history {
namespace {

struct Life {
  std::string path;
  std::uint32_t brought = 0;  // indices into the walk
  std::uint32_t removed = 0;
  bool was_brought = false;
  bool was_removed = false;
};

class Listing {
 public:
  explicit Listing(Clone clone) : clone_(std::move(clone)), difference_(clone_.store) {}

  PastContents list(std::size_t max_commits) {
    PastContents past;
    past.gaps = clone_.gaps;
    const CommitWalk walk = walk_commits(clone_.store, clone_.tips, clone_.branch_tips, read_shallow(clone_.layout),
                                         clone_.facts.partial, max_commits);
    past.gaps.insert(past.gaps.end(), walk.gaps.begin(), walk.gaps.end());
    remember_present(walk);
    std::vector<git_oid> parent_trees;
    for (std::uint32_t i = 0; i < walk.commits.size(); ++i) {
      const WalkedCommit& commit = walk.commits[i];
      parent_trees.clear();
      for (const std::uint32_t parent : commit.parents) parent_trees.push_back(walk.commits[parent].text.tree);
      note(difference_.compare(commit.text.tree, parent_trees, [&](ChangedFile&& file) { live(std::move(file), i); }));
    }
    if (not_compared_ > 0)
      past.gaps.push_back(fmt::format(
          "trees of {} commits are damaged, absent or over a cap: what only they held was not seen", not_compared_));
    if (left_out_ > 0) past.gaps.push_back(fmt::format("{} contents above max_files were left out", left_out_));
    for (auto& [blob, life] : lives_) {
      if (!life.was_brought) continue;
      past.contents.push_back({.path = std::move(life.path),
                               .blob = hex(blob),
                               .brought_by = hex(walk.commits[life.brought].oid),
                               .removed_by = life.was_removed ? hex(walk.commits[life.removed].oid) : "",
                               .age = life.brought});
    }
    std::sort(past.contents.begin(), past.contents.end(), [](const PastContent& a, const PastContent& b) {
      return std::tie(a.brought_by, a.path, a.blob) < std::tie(b.brought_by, b.path, b.blob);
    });
    return past;
  }

 private:
  void note(TreeDifference::Outcome outcome) { not_compared_ += outcome == TreeDifference::Outcome::complete ? 0 : 1; }

  void remember_present(const CommitWalk& walk) {
    if (!clone_.references.head) return;
    const auto head = walk.index.find(*clone_.references.head);
    if (head == walk.index.end()) return;
    note(difference_.compare(walk.commits[head->second].text.tree, {},
                             [&](ChangedFile&& file) { present_.insert(file.blob); }));
  }

  // Commits come newest first: the last to add a content brought it, the first to drop it removed it.
  void live(ChangedFile&& file, std::uint32_t commit) {
    if (file.change != FileChange::deleted) {
      if (Life* life = life_of(file.blob)) {
        life->path = std::move(file.path);
        life->brought = commit;
        life->was_brought = true;
      }
    }
    if (file.change == FileChange::added) return;
    if (Life* life = life_of(file.before); life != nullptr && !life->was_removed) {
      life->removed = commit;
      life->was_removed = true;
    }
  }

  Life* life_of(const git_oid& blob) {
    if (present_.contains(blob)) return nullptr;
    if (const auto found = lives_.find(blob); found != lives_.end()) return &found->second;
    if (lives_.size() >= limits::max_files) {
      ++left_out_;
      return nullptr;
    }
    return &lives_[blob];
  }

  Clone clone_;
  TreeDifference difference_;
  ObjectIdSet present_;
  ObjectIdMap<Life> lives_;
  std::size_t not_compared_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace

Result<PastContents> list_past_contents(const std::string& repository_path, std::size_t max_commits) {
  ASSAY_TRY(Clone clone, open_clone(repository_path));
  return Listing(std::move(clone)).list(max_commits);
}

}  // namespace assay::history
