#include "analyzer/intake/libgit2.h"

#include <git2.h>

#include <cstddef>

namespace assay::intake {
namespace {

constexpr std::size_t mapped_pack_bytes = std::size_t{64} << 20;
constexpr std::size_t pack_window_bytes = std::size_t{8} << 20;

struct Library {
  Library() {
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // Nothing of the user's or the system's configuration is wanted, and the repository's own is the attacker's.
    for (const int level :
         {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    const char* extensions[] = {"worktreeconfig", "partialclone"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, 2);
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, pack_window_bytes);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, mapped_pack_bytes);
  }
};

}  // namespace

void start_libgit2() {
  static const Library library;
}

}  // namespace assay::intake
