#include "analyzer/history/commit_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <queue>

namespace assay::history {
namespace {

struct Waiting {
  std::int64_t time = 0;
  git_oid oid{};
  CommitText text;
};

struct Later {
  bool operator()(const Waiting& a, const Waiting& b) const {
    if (a.time != b.time) return a.time < b.time;
    return std::memcmp(a.oid.id, b.oid.id, GIT_OID_RAWSZ) > 0;
  }
};

class Walk {
 public:
  explicit Walk(const ObjectStore& store) : store_(store) {}

  // True when the commit is here and well-formed, now or already.
  bool visit(const git_oid& oid) {
    if (const auto known = known_.find(oid); known != known_.end()) return known->second;
    bool good = false;
    if (auto object = store_.read(oid); !object) {
      ++(object.error() == Missing::absent ? absent : damaged);
    } else if (CommitText text = read_commit(object->bytes); object->type == GIT_OBJECT_COMMIT && text.well_formed) {
      good = true;
      const std::int64_t time = text.committer.time;
      queue_.push_back({time, oid, std::move(text)});
      std::push_heap(queue_.begin(), queue_.end(), Later{});
    } else {
      ++damaged;
    }
    known_.emplace(oid, good);
    return good;
  }

  bool empty() const { return queue_.empty(); }
  std::size_t waiting() const { return queue_.size(); }
  Waiting next() {
    std::pop_heap(queue_.begin(), queue_.end(), Later{});
    Waiting out = std::move(queue_.back());
    queue_.pop_back();
    return out;
  }

  std::size_t absent = 0;
  std::size_t damaged = 0;

 private:
  const ObjectStore& store_;
  ObjectIdMap<bool> known_;
  std::vector<Waiting> queue_;
};

void mark_branches(CommitWalk& walk, std::span<const git_oid> branch_tips) {
  std::vector<std::uint32_t> stack;
  const auto mark = [&](std::uint32_t at) {
    if (walk.commits[at].on_branch) return;
    walk.commits[at].on_branch = true;
    stack.push_back(at);
  };
  for (const git_oid& tip : branch_tips) {
    if (const auto found = walk.index.find(tip); found != walk.index.end()) mark(found->second);
  }
  while (!stack.empty()) {
    const std::uint32_t at = stack.back();
    stack.pop_back();
    for (const std::uint32_t parent : walk.commits[at].parents) mark(parent);
  }
  for (const git_oid& tip : branch_tips) {
    for (auto found = walk.index.find(tip); found != walk.index.end();) {
      WalkedCommit& commit = walk.commits[found->second];
      if (std::exchange(commit.mainline, true) || commit.text.parents.empty()) break;
      found = walk.index.find(commit.text.parents.front());
    }
  }
}

}  // namespace

CommitWalk walk_commits(const ObjectStore& store, std::span<const git_oid> tips, std::span<const git_oid> branch_tips,
                        const ObjectIdSet& shallow_list, bool partial, std::size_t max_commits) {
  CommitWalk out;
  Walk walk(store);
  for (const git_oid& tip : tips) walk.visit(tip);
  const std::size_t absent_tips = std::exchange(walk.absent, 0);
  while (!walk.empty() && out.commits.size() < max_commits) {
    Waiting next = walk.next();
    WalkedCommit commit{.oid = next.oid, .text = std::move(next.text)};
    if (shallow_list.contains(commit.oid)) {
      out.shallow = true;
      commit.boundary = !commit.text.parents.empty();
    } else {
      for (const git_oid& parent : commit.text.parents) commit.boundary = !walk.visit(parent) || commit.boundary;
    }
    out.index.emplace(commit.oid, static_cast<std::uint32_t>(out.commits.size()));
    out.commits.push_back(std::move(commit));
  }
  if (!walk.empty()) {
    out.cut = true;
    out.gaps.push_back(
        fmt::format("only the newest {} commits were read (max_commits); at least {} older ones were not", max_commits,
                    walk.waiting()));
  }
  for (WalkedCommit& commit : out.commits) {
    const bool grafted = shallow_list.contains(commit.oid);
    for (const git_oid& parent : commit.text.parents) {
      if (const auto found = out.index.find(parent); found != out.index.end() && !grafted) {
        commit.parents.push_back(found->second);
      } else {
        commit.boundary = true;
      }
    }
    out.cut = out.cut || commit.boundary;
  }
  if (walk.damaged > 0)
    out.gaps.push_back(fmt::format("{} commits are damaged and what lies behind them was not read", walk.damaged));
  if (walk.absent > 0 && !partial) {
    out.gaps.push_back(
        fmt::format("{} commits are missing although the clone does not say that it is shallow", walk.absent));
  }
  if (absent_tips > 0) out.gaps.push_back(fmt::format("{} references name commits that are not here", absent_tips));
  mark_branches(out, branch_tips);
  return out;
}

}  // namespace assay::history
