#pragma once

#include <git2.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::history {

// A git repository as files: objects through libgit2's object database, everything else (references, HEAD, the shallow
// list, a few facts of the configuration) read by hand. libgit2's own repository object is avoided on purpose: it
// refuses extensions that do not concern a reader, checks owners, follows `include` in the configuration (which may
// name a pipe) and cannot walk a shallow clone. So nothing in the repository's configuration is ever obeyed, no hook or
// filter can run and nothing is fetched. Formats: gitrepository-layout(5), git-pack-refs(1), git-config(1).

struct ObjectIdHash {
  std::size_t operator()(const git_oid& oid) const noexcept;
};
struct ObjectIdEqual {
  bool operator()(const git_oid& a, const git_oid& b) const noexcept { return git_oid_equal(&a, &b) != 0; }
};
template <class Value>
using ObjectIdMap = std::unordered_map<git_oid, Value, ObjectIdHash, ObjectIdEqual>;
using ObjectIdSet = std::unordered_set<git_oid, ObjectIdHash, ObjectIdEqual>;

std::string hex(const git_oid& oid);

// Where things are. A linked worktree has its own git_dir and shares common_dir.
struct Layout {
  std::string git_dir;
  std::string common_dir;
  bool bare = false;
};
Result<Layout> find_layout(const std::string& path);

// The facts of the configuration that tell what can be read. Includes are not followed.
struct ConfigurationFacts {
  std::string origin;         // URL of remote "origin", credentials removed
  std::string object_format;  // "sha1" when nothing is said
  std::string ref_storage;    // "files" when nothing is said
  bool partial = false;       // a remote promises objects that a filter left out
};
ConfigurationFacts read_configuration(std::string_view text);

// The URL without user, password and query: "https://user:secret@host/a?token=x" is "https://host/a".
std::string without_credentials(std::string_view url);

struct Reference {
  std::string name;  // refs/heads/main
  git_oid target{};  // what it names; a tag object is not peeled
};
struct References {
  std::vector<Reference> all;   // sorted by name, each name once
  std::string head_branch;      // refs/heads/main, "" when detached
  std::optional<git_oid> head;  // nothing when the branch has no commit yet
  std::size_t unreadable = 0;   // references whose file does not hold an object id
};
References read_references(const Layout& layout);

// The commits whose parents were cut off, from the file `shallow`.
ObjectIdSet read_shallow(const Layout& layout);

struct Object {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string bytes;
};

enum class Missing : std::uint8_t { absent, corrupt, too_large };

// One handle on the objects. Used by one thread; open one a worker.
class ObjectStore {
 public:
  static Result<ObjectStore> open(const Layout& layout);
  ObjectStore(ObjectStore&& other) noexcept : odb_(std::exchange(other.odb_, nullptr)) {}
  ObjectStore& operator=(ObjectStore&&) = delete;
  ~ObjectStore();

  // Objects over limits::max_text_bytes are not read. Hashes are verified.
  tl::expected<Object, Missing> read(const git_oid& oid) const;
  // Size without content; nothing when the object is not here.
  std::optional<std::uint64_t> size(const git_oid& oid) const;

 private:
  explicit ObjectStore(git_odb* odb) : odb_(odb) {}
  git_odb* odb_ = nullptr;
};

}  // namespace assay::history
