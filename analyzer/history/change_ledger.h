#pragma once

#include <git2.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/history/object_store.h"
#include "analyzer/history/path_role.h"

namespace assay::history {

enum class FileFate : std::uint8_t { added, modified, deleted, renamed };

// A changed file whose path has a role.
struct RelevantFile {
  std::string path;
  FileFate fate = FileFate::modified;
  PathRole role = PathRole::none;
  std::uint64_t size = 0;  // after the change; 0 when deleted
  git_oid blob{};          // after the change; zero when deleted
  friend bool operator==(const RelevantFile& a, const RelevantFile& b) {
    return a.path == b.path && a.fate == b.fate && a.role == b.role && a.size == b.size &&
           git_oid_equal(&a.blob, &b.blob) != 0;
  }
};

// What one commit changed against its parents.
struct CommitChanges {
  std::uint64_t files = 0;  // all of them
  std::vector<RelevantFile> relevant{};
  friend bool operator==(const CommitChanges&, const CommitChanges&) = default;
};

// What commits changed, by commit id, to be remembered from one reading of a repository to the next: a commit never
// changes, and comparing trees is most of what a history costs. Grows in one thread; find() may be called from many
// while nothing grows.
//
// As bytes: a magic line, the inflated size, then zlib (RFC 1950) over one record a commit in the order of the ids:
// 20 bytes of id, then numbers as LEB128 and texts with their length before them.
class ChangeLedger {
 public:
  const CommitChanges* find(const git_oid& commit) const;
  void keep(const git_oid& commit, CommitChanges changes);
  std::size_t size() const { return changes_.size(); }

  // Equal ledgers have equal bytes.
  std::string bytes() const;
  // Bytes that are not such a ledger, cut off, or over max_ledger_bytes give an empty one: then everything is compared
  // again.
  static ChangeLedger from_bytes(std::string_view bytes);

 private:
  ObjectIdMap<CommitChanges> changes_;
};

}  // namespace assay::history
