#include "analyzer/fleet/subject_state.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "analyzer/base/digest.h"
#include "analyzer/base/limits.h"

namespace assay::fleet {
namespace {

namespace fs = std::filesystem;

class Listing {
 public:
  // One line a file: its name and what changes when its content does.
  void stat_tree(const fs::path& root, const std::string& prefix, std::size_t depth) {
    if (depth > limits::max_directory_depth) return;
    std::error_code error;
    for (fs::directory_iterator it(root, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name == ".git") continue;
      const std::string path = prefix + name;
      struct stat status {};
      if (::lstat(it->path().c_str(), &status) != 0) continue;
      if (S_ISDIR(status.st_mode)) {
        stat_tree(it->path(), path + "/", depth + 1);
      } else {
        stat_one(path, status);
      }
    }
    if (error) lines_.push_back(fmt::format("{}\t{}", prefix, error.value()));
  }

  void stat_path(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
      lines_.push_back(path + "\tabsent");
    } else if (S_ISDIR(status.st_mode)) {
      stat_tree(path, path + "/", 0);
    } else {
      stat_one(path, status);
    }
  }

  void content(const fs::path& path, const std::string& name) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return;
    std::ifstream in(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    lines_.push_back(name + "\t" + digest::sha256(text));
  }

  void content_tree(const fs::path& root, const std::string& prefix, std::size_t depth) {
    if (depth > limits::max_directory_depth) return;
    std::error_code error;
    for (fs::directory_iterator it(root, fs::directory_options::skip_permission_denied, error), end;
         !error && it != end; it.increment(error)) {
      const std::string name = prefix + it->path().filename().string();
      std::error_code ignored;
      if (it->is_symlink(ignored)) continue;
      if (it->is_directory(ignored)) {
        content_tree(it->path(), name + "/", depth + 1);
      } else {
        content(it->path(), name);
      }
    }
  }

  std::string digest() {
    std::sort(lines_.begin(), lines_.end());
    return digest::sha256(fmt::format("{}", fmt::join(lines_, "\n")));
  }

 private:
  void stat_one(const std::string& path, const struct stat& status) {
    lines_.push_back(fmt::format("{}\t{:o}\t{}\t{}.{:09}", path, status.st_mode, status.st_size, status.st_ctim.tv_sec,
                                 status.st_ctim.tv_nsec));
  }

  std::vector<std::string> lines_;
};

// Where the references are: .git, what a .git file points to, or the directory itself when bare.
fs::path git_directory(const fs::path& root) {
  std::error_code error;
  fs::path inside = root / ".git";
  if (fs::is_directory(inside, error)) return inside;
  if (fs::is_regular_file(inside, error)) {
    std::ifstream in(inside);
    std::string line;
    std::getline(in, line);
    if (line.starts_with("gitdir: ")) return (root / line.substr(8)).lexically_normal();
  }
  return fs::is_regular_file(root / "HEAD", error) && fs::is_directory(root / "objects", error) ? root : fs::path();
}

}  // namespace

Result<std::string> state_of(const FleetSubject& subject) {
  std::error_code error;
  if (!fs::exists(subject.path, error))
    return fail(ErrorCode::io, "there is nothing at this path; clone the repository first", subject.path);
  Listing listing;
  const fs::path git = git_directory(subject.path);
  if (!git.empty()) {
    fs::path common = git;
    if (fs::is_regular_file(git / "commondir", error)) {
      std::ifstream in(git / "commondir");
      std::string line;
      std::getline(in, line);
      common = (git / line).lexically_normal();
    }
    listing.content(git / "HEAD", "git:HEAD");
    listing.content(common / "packed-refs", "git:packed-refs");
    listing.content(common / "shallow", "git:shallow");
    listing.content(common / "config", "git:config");
    listing.content_tree(common / "refs", "git:refs/", 0);
  }
  if (git.empty() || git != fs::path(subject.path)) listing.stat_tree(subject.path, "tree:", 0);
  for (const std::string& path : subject.sboms) listing.stat_path(path);
  for (const std::string& path : subject.logs) listing.stat_path(path);
  return listing.digest();
}

}  // namespace assay::fleet
