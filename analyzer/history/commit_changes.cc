#include "analyzer/history/commit_changes.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "analyzer/history/tree_difference.h"

namespace assay::history {
namespace {

// Neighbours share most of their directories, so a piece is long enough to use what it has opened, and always the same,
// so that bounds strike in the same place whatever the threads do.
constexpr std::size_t commits_a_piece = 512;
constexpr std::size_t most_missing_a_piece = 16;
constexpr std::uint64_t max_sniffed_bytes = std::uint64_t{4} << 20;

// Compares the commits of one piece. One thread's.
class Comparison {
 public:
  Comparison(const ObjectStore& store, const CommitWalk& walk) : store_(store), walk_(walk), difference_(store) {}

  ComparedCommit compare(const WalkedCommit& commit) {
    ComparedCommit out;
    if (commit.boundary || missing_ >= most_missing_a_piece) return out;
    parent_trees_.clear();
    for (const std::uint32_t parent : commit.parents) parent_trees_.push_back(walk_.commits[parent].text.tree);
    changed_.clear();
    const auto outcome = difference_.compare(commit.text.tree, parent_trees_, [&](ChangedFile&& file) {
      ++out.changes.files;
      if (role_of(file.path) != PathRole::none || file.change == FileChange::deleted)
        changed_.push_back(std::move(file));
    });
    switch (outcome) {
      case TreeDifference::Outcome::complete:
        out.compared = Compared::complete;
        break;
      case TreeDifference::Outcome::missing:
        out.compared = Compared::missing;
        break;
      case TreeDifference::Outcome::corrupt:
        out.compared = Compared::corrupt;
        break;
      case TreeDifference::Outcome::incomplete:
        out.compared = Compared::incomplete;
        break;
    }
    missing_ += out.compared == Compared::missing ? 1 : 0;
    out.changes.relevant = relevant();
    return out;
  }

 private:
  std::vector<RelevantFile> relevant() {
    std::vector<RelevantFile> out;
    ObjectIdSet removed;
    for (const ChangedFile& file : changed_) {
      if (file.change == FileChange::deleted) removed.insert(file.before);
    }
    for (const ChangedFile& file : changed_) {
      const bool deleted = file.change == FileChange::deleted;
      PathRole role = role_of(file.path);
      if (role == PathRole::none) continue;
      if (role == PathRole::maybe_test_binary) {
        if (!is_binary(deleted ? file.before : file.blob)) continue;
        role = PathRole::test_binary;
      }
      RelevantFile& kept = out.emplace_back();
      kept.path = file.path;
      kept.role = role;
      kept.fate = deleted                               ? FileFate::deleted
                  : file.change == FileChange::modified ? FileFate::modified
                  : removed.contains(file.blob)         ? FileFate::renamed
                                                        : FileFate::added;
      if (deleted) continue;
      kept.size = store_.size(file.blob).value_or(0);
      kept.blob = file.blob;
    }
    return out;
  }

  // As git decides: a zero byte near the start. Remembered, because fixtures come back in many commits.
  bool is_binary(const git_oid& blob) {
    const auto [entry, fresh] = binary_.try_emplace(blob, false);
    if (!fresh) return entry->second;
    const auto size = store_.size(blob);
    if (!size || *size > max_sniffed_bytes) return entry->second = size.has_value();
    const auto object = store_.read(blob);
    return entry->second =
               object && std::string_view(object->bytes).substr(0, 8000).find('\0') != std::string_view::npos;
  }

  const ObjectStore& store_;
  const CommitWalk& walk_;
  TreeDifference difference_;
  ObjectIdMap<bool> binary_;
  std::vector<ChangedFile> changed_;
  std::vector<git_oid> parent_trees_;
  std::size_t missing_ = 0;
};

}  // namespace

Result<std::vector<ComparedCommit>> compare_commits(const Layout& layout, const CommitWalk& walk,
                                                    ChangeLedger& ledger) {
  std::vector<ComparedCommit> all(walk.commits.size());
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const WalkedCommit& commit = walk.commits[i];
    const CommitChanges* remembered = commit.boundary ? nullptr : ledger.find(commit.oid);
    if (remembered != nullptr)
      all[i] = {.compared = Compared::complete, .changes = *remembered};
    else
      unknown.push_back(i);
  }
  const std::size_t pieces = (unknown.size() + commits_a_piece - 1) / commits_a_piece;
  std::vector<std::optional<Error>> failed(pieces);
  tbb::enumerable_thread_specific<Result<ObjectStore>> stores([&] { return ObjectStore::open(layout); });
  tbb::parallel_for(std::size_t{0}, pieces, [&](std::size_t piece) {
    const Result<ObjectStore>& store = stores.local();
    if (!store) {
      failed[piece] = store.error();
      return;
    }
    Comparison comparison(*store, walk);
    const std::size_t end = std::min((piece + 1) * commits_a_piece, unknown.size());
    for (std::size_t i = piece * commits_a_piece; i < end; ++i)
      all[unknown[i]] = comparison.compare(walk.commits[unknown[i]]);
  });
  for (const std::optional<Error>& error : failed) {
    if (error) return tl::unexpected<Error>(*error);
  }
  // What is no longer reachable is not remembered any longer.
  ledger = {};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].compared == Compared::complete) ledger.keep(walk.commits[i].oid, all[i].changes);
  }
  return all;
}

}  // namespace assay::history
