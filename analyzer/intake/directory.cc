#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "analyzer/base/limits.h"
#include "analyzer/intake/long_lines.h"
#include "analyzer/intake/tree.h"

namespace assay::intake {
namespace {

std::string system_message() {
  return std::strerror(errno);
}  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe

class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }
  explicit operator bool() const { return value_ >= 0; }

 private:
  int value_;
};

// Opens below `root` without ever passing through a symbolic link.
Descriptor open_below(int root, const char* path, std::uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return Descriptor(static_cast<int>(syscall(SYS_openat2, root, path, &how, sizeof how)));
}

bool is_version_control(std::string_view name) {
  return name == ".git" || name == ".hg" || name == ".svn" || name == ".bzr" || name == "CVS";
}

struct Folder {
  std::string path;  // "" for the root
  std::vector<Entry> files;
  std::vector<std::string> folders;
  std::string reason;  // why it could not be listed
};

EntryType type_of(int root, const std::string& path, unsigned char kind, bool& folder) {
  folder = kind == DT_DIR;
  if (kind == DT_REG) return EntryType::file;
  if (kind == DT_LNK) return EntryType::symlink;
  if (kind != DT_UNKNOWN) return EntryType::special;
  struct stat status {};
  if (fstatat(root, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return EntryType::unreadable;
  folder = S_ISDIR(status.st_mode);
  if (S_ISREG(status.st_mode)) return EntryType::file;
  return S_ISLNK(status.st_mode) ? EntryType::symlink : EntryType::special;
}

void list(int root, Folder& folder) {
  Descriptor descriptor = open_below(root, folder.path.empty() ? "." : folder.path.c_str(), O_RDONLY | O_DIRECTORY);
  DIR* handle = descriptor ? fdopendir(descriptor.get()) : nullptr;
  if (handle == nullptr) {
    folder.reason = system_message();
    return;
  }
  descriptor.release();
  while (const dirent* entry = readdir(handle)) {  // NOLINT(concurrency-mt-unsafe): one thread owns the handle
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (is_version_control(name)) continue;
    std::string path = folder.path.empty() ? std::string(name) : folder.path + "/" + std::string(name);
    bool is_folder = false;
    const EntryType type = type_of(root, path, entry->d_type, is_folder);
    if (is_folder) {
      folder.folders.push_back(std::move(path));
    } else {
      Entry found{.path = std::move(path), .type = type, .reason = {}, .blob = {}, .size = 0};
      if (type == EntryType::symlink) found.reason = "a symbolic link; links are not followed";
      if (type == EntryType::special) found.reason = "a device, socket or pipe; these are not opened";
      if (type == EntryType::unreadable) found.reason = system_message();
      folder.files.push_back(std::move(found));
    }
  }
  closedir(handle);
  std::sort(folder.folders.begin(), folder.folders.end());
  std::sort(folder.files.begin(), folder.files.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
}

constexpr std::size_t block_bytes = std::size_t{1} << 20;

class OpenFile {
 public:
  OpenFile(int descriptor, const std::string& where) : descriptor_(descriptor), where_(where) {}

  Result<std::uint64_t> size() const {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) return fail(ErrorCode::io, system_message(), where_);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::io, "not a regular file", where_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  // Until `size` bytes or the end of the file; how many they were.
  Result<std::size_t> fill(char* to, std::size_t size) const {
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = ::read(descriptor_, to + have, size - have);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail(ErrorCode::io, system_message(), where_);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    return have;
  }

  tl::unexpected<Error> too_large(std::uint64_t size, std::uint64_t most) const {
    return fail(ErrorCode::limit, fmt::format("{} bytes, more than the {} that are read", size, most), where_);
  }

 private:
  int descriptor_;
  const std::string& where_;
};

Result<void> read_whole(const OpenFile& file, std::uint64_t most, Buffer& into) {
  ASSAY_TRY(const std::uint64_t size, file.size());
  if (size > most) return file.too_large(size, most);
  ASSAY_TRY(const std::size_t have, file.fill(into.prepare(size), size));
  if (have != size) into.shrink(have);
  return {};
}

// Reads on in a file whose first `have` bytes stand in the buffer, up to the size it had when it was opened.
Result<void> read_shortened(const OpenFile& file, std::uint64_t size, std::uint64_t most, LineShortener shortener,
                            std::size_t have, char* bytes, Buffer& into) {
  std::size_t kept = shortener.keep(bytes, have, bytes);
  for (std::uint64_t left = size - have; left > 0 && have > 0; left -= have) {
    ASSAY_TRY(have, file.fill(bytes + kept, std::min<std::uint64_t>(left, block_bytes)));
    kept += shortener.keep(bytes + kept, have, bytes + kept);
    if (kept > most) return file.too_large(kept, most);
  }
  into.shrink(kept);
  return {};
}

Result<std::uint64_t> read_lines(const OpenFile& file, const Entry& entry, std::uint64_t most, const LongLines& lines,
                                 Buffer& into) {
  ASSAY_TRY(const std::uint64_t size, file.size());
  if (size <= lines.from) {
    ASSAY_CHECK(read_whole(file, most, into));
    return into.view().size();
  }
  // Memory that is never written to costs nothing.
  char* const bytes = into.prepare(std::min(size, most) + block_bytes);
  ASSAY_TRY(const std::size_t have, file.fill(bytes, std::min<std::uint64_t>(size, block_bytes)));
  const std::string_view head(bytes, have);
  if (lines.wanted(entry, head)) {
    ASSAY_CHECK(read_shortened(file, size, most, LineShortener(lines.most, utf16::order(head)), have, bytes, into));
    return size;
  }
  if (size > most) return file.too_large(size, most);
  ASSAY_TRY(const std::size_t rest, file.fill(bytes + have, size - have));
  into.shrink(have + rest);
  return into.view().size();
}

class DirectoryTree : public Tree {
 public:
  explicit DirectoryTree(Descriptor root) : root_(std::move(root)) {}

  void walk() {
    // Level by level, the folders of a level in parallel; the order of the result is that of a sorted depth-first walk.
    std::vector<Folder> all;
    all.emplace_back();
    std::vector<std::vector<std::size_t>> children(1);
    std::size_t begin = 0;
    std::size_t files = 0;
    for (std::size_t depth = 0; begin < all.size(); ++depth) {
      const std::size_t end = all.size();
      tbb::parallel_for(begin, end, [&](std::size_t i) { list(root_.get(), all[i]); });
      if (depth >= limits::max_directory_depth) {
        gaps_.push_back(fmt::format("directories deeper than {} (max_directory_depth) were not entered",
                                    limits::max_directory_depth));
        break;
      }
      for (std::size_t i = begin; i < end; ++i) {
        files += all[i].files.size();
        for (std::string& path : all[i].folders) {
          children[i].push_back(all.size());
          Folder next;
          next.path = std::move(path);
          all.push_back(std::move(next));
          children.emplace_back();
        }
      }
      if (files > limits::max_files) {
        gaps_.push_back(fmt::format("more than {} files (max_files); the rest was not read", limits::max_files));
        break;
      }
      begin = end;
    }
    entries_.reserve(files);
    std::vector<std::size_t> pending = {0};
    while (!pending.empty()) {
      const std::size_t at = pending.back();
      pending.pop_back();
      Folder& folder = all[at];
      if (!folder.reason.empty()) {
        entries_.push_back({.path = folder.path.empty() ? "." : folder.path,
                            .type = EntryType::unreadable,
                            .reason = "directory: " + folder.reason,
                            .blob = {},
                            .size = 0});
      }
      std::move(folder.files.begin(), folder.files.end(), std::back_inserter(entries_));
      pending.insert(pending.end(), children[at].rbegin(), children[at].rend());
    }
  }

  Result<void> read(const Entry& entry, std::uint64_t most, Buffer& into) const override {
    const Descriptor file = open_below(root_.get(), entry.path.c_str(), O_RDONLY);
    if (!file) return fail(ErrorCode::io, system_message(), entry.path);
    return read_whole(OpenFile(file.get(), entry.path), most, into);
  }
  Result<std::uint64_t> read(const Entry& entry, std::uint64_t most, const LongLines& lines,
                             Buffer& into) const override {
    const Descriptor file = open_below(root_.get(), entry.path.c_str(), O_RDONLY);
    if (!file) return fail(ErrorCode::io, system_message(), entry.path);
    return read_lines(OpenFile(file.get(), entry.path), entry, most, lines, into);
  }

 private:
  Descriptor root_;
};

class SingleFile : public Tree {
 public:
  SingleFile(Descriptor file, std::string name) : file_(std::move(file)) {
    entries_.push_back({.path = std::move(name), .type = EntryType::file, .reason = {}, .blob = {}, .size = 0});
  }
  Result<void> read(const Entry& entry, std::uint64_t most, Buffer& into) const override {
    if (lseek(file_.get(), 0, SEEK_SET) < 0) return fail(ErrorCode::io, system_message(), entry.path);
    return read_whole(OpenFile(file_.get(), entry.path), most, into);
  }
  Result<std::uint64_t> read(const Entry& entry, std::uint64_t most, const LongLines& lines,
                             Buffer& into) const override {
    if (lseek(file_.get(), 0, SEEK_SET) < 0) return fail(ErrorCode::io, system_message(), entry.path);
    return read_lines(OpenFile(file_.get(), entry.path), entry, most, lines, into);
  }

 private:
  Descriptor file_;
};

}  // namespace

Result<std::unique_ptr<Tree>> open_directory(const std::string& path) {
  // What the user names may be a link: the user chose it.
  Descriptor root(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!root || fstat(root.get(), &status) != 0) return fail(ErrorCode::io, system_message(), path);
  if (S_ISDIR(status.st_mode)) {
    auto tree = std::make_unique<DirectoryTree>(std::move(root));
    tree->walk();
    return tree;
  }
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::io, "neither a file nor a directory", path);
  return std::make_unique<SingleFile>(std::move(root), path.substr(path.find_last_of('/') + 1));
}

}  // namespace assay::intake
