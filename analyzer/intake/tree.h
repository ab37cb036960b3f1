#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::intake {

// Bytes read from an input, reused from file to file. After the last byte there are at least `padding` zero bytes, so
// that vectorised parsers may read over the end. Owned by one thread.
class Buffer {
 public:
  static constexpr std::size_t padding = 64;

  std::string_view view() const { return {bytes_.get(), size_}; }
  // Makes room for `size` bytes and returns where to write them; the old content is lost.
  char* prepare(std::size_t size);
  // After fewer bytes arrived than prepared.
  void shrink(std::size_t size);
  void assign(std::string_view bytes);

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

enum class EntryType : std::uint8_t { file, symlink, special, unreadable };

struct Entry {
  std::string path;  // relative to the root, '/' between parts; any bytes
  EntryType type = EntryType::file;
  std::string reason;      // why it is unreadable, or where a symlink points
  std::string blob;        // git object id when the tree is git's
  std::uint64_t size = 0;  // 0 when only opening it would tell
};

// Which files are read with shortened lines (long_lines.h): those larger than `from` bytes of whose first bytes
// `wanted` says so. `wanted` may be called from many threads at once.
struct LongLines {
  std::uint64_t from = 0;
  std::size_t most = 0;  // bytes kept of a line
  std::function<bool(const Entry&, std::string_view head)> wanted;
};

// A set of named inputs: a directory, one file, a revision of a repository, standard input, a test's files. Entries are
// in an order that depends on nothing but the names. read() may be called from many threads at once, each with a buffer
// of its own. What a tree left out (too deep, too many) is in `gaps`.
class Tree {
 public:
  virtual ~Tree() = default;
  const std::vector<Entry>& entries() const { return entries_; }
  const std::vector<std::string>& gaps() const { return gaps_; }
  // At most `most` bytes; an error of code `limit` when the file is larger.
  virtual Result<void> read(const Entry& entry, std::uint64_t most, Buffer& into) const = 0;
  // The same with long lines shortened on the way, `most` then being what is kept; returns the size of the file. A tree
  // that holds its files in memory anyway shortens nothing.
  virtual Result<std::uint64_t> read(const Entry& entry, std::uint64_t most, const LongLines& lines,
                                     Buffer& into) const;

 protected:
  std::vector<Entry> entries_;
  std::vector<std::string> gaps_;
};

// Everything below a directory, or the one file `path` names. Version-control internals (.git, .hg, .svn, .bzr, CVS)
// are left out; nothing inside the directory decides what is read. Symbolic links are listed, never followed, not even
// when a directory is replaced by one while the walk runs (openat2 with RESOLVE_NO_SYMLINKS; Linux 5.6).
Result<std::unique_ptr<Tree>> open_directory(const std::string& path);

// The files of one revision (any form git understands: branch, tag, commit, HEAD~2), read from the object database
// without a checkout; submodules and links are listed, not followed. Works on bare and shallow clones.
Result<std::unique_ptr<Tree>> open_revision(const std::string& repository, const std::string& revision);

// Blobs of a repository under given paths, for contents that no single revision has. Entries are sorted by path; `gaps`
// become the tree's.
struct NamedBlob {
  std::string path;
  std::string blob;  // object id, hex
};
std::unique_ptr<Tree> open_blobs(const std::string& repository, std::vector<NamedBlob> blobs,
                                 std::vector<std::string> gaps);

// Paths that differ between two revisions, by object id; a rename is one path gone and one new. Sorted.
Result<std::vector<std::string>> changed_paths(const std::string& repository, const std::string& base,
                                               const std::string& head);

// The best common ancestor of two revisions; `base` itself when there is none in this clone.
Result<std::string> merge_base(const std::string& repository, const std::string& base, const std::string& head);

// The full id of the commit a revision stands for, annotated tags opened.
Result<std::string> commit_of(const std::string& repository, const std::string& revision);

// The directory that holds the repository `path` lies in, "" when there is none. Nothing of its configuration is
// honoured.
std::string repository_of(const std::string& path);

// Given bytes under given names: standard input, tests, archive members.
std::unique_ptr<Tree> in_memory(std::vector<std::pair<std::string, std::string>> files);

}  // namespace assay::intake
