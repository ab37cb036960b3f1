#include <git2.h>
#include <tbb/enumerable_thread_specific.h>

#include <cstring>

#include "analyzer/base/limits.h"
#include "analyzer/intake/libgit2.h"
#include "analyzer/intake/tree.h"

namespace assay::intake {
namespace {

struct Closer {
  void operator()(git_repository* p) const { git_repository_free(p); }
  void operator()(git_object* p) const { git_object_free(p); }
  void operator()(git_tree* p) const { git_tree_free(p); }
  void operator()(git_blob* p) const { git_blob_free(p); }
  void operator()(git_diff* p) const { git_diff_free(p); }
};
template <class T>
using Git = std::unique_ptr<T, Closer>;

std::string last_message() {
  const git_error* error = git_error_last();
  return error == nullptr || error->message == nullptr ? "libgit2 failed" : error->message;
}

Result<Git<git_repository>> open_repository(const std::string& path) {
  start_libgit2();
  git_repository* raw = nullptr;
  if (git_repository_open_ext(&raw, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0) {
    return fail(ErrorCode::io, "not a readable git repository: " + last_message(), path);
  }
  return Git<git_repository>(raw);
}

Result<Git<git_object>> resolve(git_repository* repository, const std::string& revision, git_object_t kind) {
  git_object* raw = nullptr;
  if (git_revparse_single(&raw, repository, revision.c_str()) != 0) {
    return fail(ErrorCode::usage, "no such revision: " + last_message(), revision);
  }
  const Git<git_object> found(raw);
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, found.get(), kind) != 0)
    return fail(ErrorCode::usage, "cannot be read as a tree: " + last_message(), revision);
  return Git<git_object>(peeled);
}

std::string hex(const git_oid* oid) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), oid);
  return text;
}

class RevisionTree : public Tree {
 public:
  using Tree::read;
  RevisionTree(std::string repository) : path_(std::move(repository)) {}

  void list(std::vector<NamedBlob> blobs, std::vector<std::string> gaps) {
    gaps_ = std::move(gaps);
    entries_.reserve(blobs.size());
    for (NamedBlob& named : blobs)
      entries_.push_back({.path = std::move(named.path),
                          .type = EntryType::file,
                          .reason = {},
                          .blob = std::move(named.blob),
                          .size = 0});
    sort();
  }

  Result<void> list(git_repository* repository, const git_tree* root) {
    // Iterative, because a hostile tree may be deeper than the stack.
    struct Pending {
      Git<git_tree> tree;
      std::string prefix;
      std::size_t depth;
    };
    std::vector<Pending> pending;
    git_tree* copy = nullptr;
    git_tree_dup(&copy, const_cast<git_tree*>(root));
    pending.push_back({Git<git_tree>(copy), "", 0});
    while (!pending.empty()) {
      Pending current = std::move(pending.back());
      pending.pop_back();
      std::vector<Pending> below;
      for (std::size_t i = 0; i < git_tree_entrycount(current.tree.get()); ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(current.tree.get(), i);
        std::string path = current.prefix + git_tree_entry_name(entry);
        const git_filemode_t mode = git_tree_entry_filemode_raw(entry);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
          if (current.depth >= limits::max_directory_depth) {
            gaps_.push_back(path + ": deeper than max_directory_depth");
            continue;
          }
          git_tree* next = nullptr;
          if (git_tree_lookup(&next, repository, git_tree_entry_id(entry)) != 0) {
            entries_.push_back({.path = path,
                                .type = EntryType::unreadable,
                                .reason = "tree: " + last_message(),
                                .blob = {},
                                .size = 0});
            continue;
          }
          below.push_back({Git<git_tree>(next), path + "/", current.depth + 1});
        } else if (git_tree_entry_type(entry) == GIT_OBJECT_COMMIT) {
          entries_.push_back({.path = path,
                              .type = EntryType::unreadable,
                              .reason = "a submodule; its content is another repository",
                              .blob = hex(git_tree_entry_id(entry)),
                              .size = 0});
        } else {
          const bool link = (static_cast<unsigned>(mode) & 0170000U) == 0120000U;
          entries_.push_back({.path = path,
                              .type = link ? EntryType::symlink : EntryType::file,
                              .reason = link ? "a symbolic link; links are not followed" : "",
                              .blob = hex(git_tree_entry_id(entry)),
                              .size = 0});
        }
        if (entries_.size() >= limits::max_files) {
          gaps_.push_back(fmt::format("more than {} files (max_files); the rest was not read", limits::max_files));
          return {};
        }
      }
      std::move(below.rbegin(), below.rend(), std::back_inserter(pending));
    }
    sort();
    return {};
  }

  Result<void> read(const Entry& entry, std::uint64_t most, Buffer& into) const override {
    Git<git_repository>& repository = handles_.local();  // one handle a worker: a shared object database contends
    if (!repository) {
      ASSAY_TRY(repository, open_repository(path_));
    }
    git_oid oid;
    if (git_oid_fromstr(&oid, entry.blob.c_str()) != 0)
      return fail(ErrorCode::internal, "not an object id", entry.path);
    git_odb* database = nullptr;
    if (git_repository_odb(&database, repository.get()) != 0) return fail(ErrorCode::io, last_message(), entry.path);
    std::size_t size = 0;
    git_object_t kind = GIT_OBJECT_INVALID;
    const int header = git_odb_read_header(&size, &kind, database, &oid);
    git_odb_free(database);
    if (header != 0) return fail(ErrorCode::io, "the object is not in this clone: " + last_message(), entry.path);
    if (size > most)
      return fail(ErrorCode::limit, fmt::format("{} bytes, more than the {} that are read", size, most), entry.path);
    git_blob* raw = nullptr;
    if (git_blob_lookup(&raw, repository.get(), &oid) != 0) return fail(ErrorCode::io, last_message(), entry.path);
    const Git<git_blob> blob(raw);
    into.assign({static_cast<const char*>(git_blob_rawcontent(blob.get())),
                 static_cast<std::size_t>(git_blob_rawsize(blob.get()))});
    return {};
  }

 private:
  void sort() {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
  }

  std::string path_;
  mutable tbb::enumerable_thread_specific<Git<git_repository>> handles_;
};

}  // namespace

Result<std::unique_ptr<Tree>> open_revision(const std::string& repository, const std::string& revision) {
  ASSAY_TRY(Git<git_repository> handle, open_repository(repository));
  ASSAY_TRY(Git<git_object> root, resolve(handle.get(), revision, GIT_OBJECT_TREE));
  auto tree = std::make_unique<RevisionTree>(repository);
  ASSAY_CHECK(tree->list(handle.get(), reinterpret_cast<const git_tree*>(root.get())));
  return tree;
}

std::unique_ptr<Tree> open_blobs(const std::string& repository, std::vector<NamedBlob> blobs,
                                 std::vector<std::string> gaps) {
  auto tree = std::make_unique<RevisionTree>(repository);
  tree->list(std::move(blobs), std::move(gaps));
  return tree;
}

Result<std::vector<std::string>> changed_paths(const std::string& repository, const std::string& base,
                                               const std::string& head) {
  ASSAY_TRY(Git<git_repository> handle, open_repository(repository));
  ASSAY_TRY(Git<git_object> before, resolve(handle.get(), base, GIT_OBJECT_TREE));
  ASSAY_TRY(Git<git_object> after, resolve(handle.get(), head, GIT_OBJECT_TREE));
  git_diff* raw = nullptr;
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.flags = GIT_DIFF_SKIP_BINARY_CHECK | GIT_DIFF_INCLUDE_TYPECHANGE;
  if (git_diff_tree_to_tree(&raw, handle.get(), reinterpret_cast<git_tree*>(before.get()),
                            reinterpret_cast<git_tree*>(after.get()), &options) != 0) {
    return fail(ErrorCode::io, last_message(), repository);
  }
  const Git<git_diff> diff(raw);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
    const git_diff_delta* delta = git_diff_get_delta(diff.get(), i);
    paths.emplace_back(delta->new_file.path);
    if (std::strcmp(delta->old_file.path, delta->new_file.path) != 0) paths.emplace_back(delta->old_file.path);
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

Result<std::string> commit_of(const std::string& repository, const std::string& revision) {
  ASSAY_TRY(Git<git_repository> handle, open_repository(repository));
  ASSAY_TRY(Git<git_object> commit, resolve(handle.get(), revision, GIT_OBJECT_COMMIT));
  return hex(git_object_id(commit.get()));
}

Result<std::string> merge_base(const std::string& repository, const std::string& base, const std::string& head) {
  ASSAY_TRY(Git<git_repository> handle, open_repository(repository));
  ASSAY_TRY(Git<git_object> one, resolve(handle.get(), base, GIT_OBJECT_COMMIT));
  ASSAY_TRY(Git<git_object> two, resolve(handle.get(), head, GIT_OBJECT_COMMIT));
  git_oid oid;
  if (git_merge_base(&oid, handle.get(), git_object_id(one.get()), git_object_id(two.get())) != 0)
    return hex(git_object_id(one.get()));
  return hex(&oid);
}

std::string repository_of(const std::string& path) {
  start_libgit2();
  git_buf found = GIT_BUF_INIT;
  if (git_repository_discover(&found, path.c_str(), 0, nullptr) != 0) return {};
  std::string directory(found.ptr, found.size);
  git_buf_dispose(&found);
  return directory;
}

}  // namespace assay::intake
