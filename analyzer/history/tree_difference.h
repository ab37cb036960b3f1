#pragma once

#include <git2.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/history/object_store.h"

namespace assay::history {

enum class FileChange : std::uint8_t { added, modified, deleted };

// A file that differs from every parent's file of that path. Directories, submodules and symbolic links are not files.
struct ChangedFile {
  std::string path;
  FileChange change = FileChange::added;
  git_oid blob{};    // after the change; zero when deleted
  git_oid before{};  // in the first parent; zero when added
};

// Compares trees by their object ids, so equal directories are never opened. With one parent this is the ordinary
// difference; with several, only what a merge itself changed is left, because a file equal to one of its parents was
// changed there. Keeps recently used trees, as consecutive commits share most of them. Bounded in depth and in entries
// looked at, so that a tree built to unfold endlessly ends as `incomplete`. Used by one thread.
class TreeDifference {
 public:
  explicit TreeDifference(const ObjectStore& store) : store_(store) {}

  enum class Outcome : std::uint8_t { complete, missing, corrupt, incomplete };

  // Calls `seen` for every changed file in git's order. An empty span of parents means a first commit: everything is
  // added.
  Outcome compare(const git_oid& tree, std::span<const git_oid> parents,
                  const std::function<void(ChangedFile&&)>& seen);

 private:
  struct Entry {
    std::uint32_t mode = 0;
    std::uint32_t name_begin = 0;
    std::uint32_t name_size = 0;
    git_oid oid{};
  };
  struct Tree {
    std::string names;
    std::vector<Entry> entries;
    std::string_view name(const Entry& entry) const {
      return std::string_view(names).substr(entry.name_begin, entry.name_size);
    }
  };
  // Null when the object is no directory that can be read. Valid until the next compare().
  const Tree* load(const git_oid& oid);
  void walk(const git_oid* mine, std::span<const git_oid* const> parents, std::string& path, std::size_t depth);
  bool note(Outcome outcome);

  const ObjectStore& store_;
  using Cache = ObjectIdMap<std::unique_ptr<const Tree>>;
  Cache cache_;
  std::vector<Cache> retired_;  // overflowed while the present commit may still look at them
  std::size_t cached_bytes_ = 0;
  std::uint64_t budget_ = 0;  // entries that may still be looked at in this repository
  std::uint64_t commit_budget_ = 0;
  bool started_ = false;
  Outcome outcome_ = Outcome::complete;
  const std::function<void(ChangedFile&&)>* seen_ = nullptr;
};

}  // namespace assay::history
