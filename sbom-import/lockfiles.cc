#include "sbom-import/lockfiles.h"

#include <array>
#include <utility>

namespace assay::sbom {

LockfileReader lockfile_reader(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, LockfileReader>, 10> readers = {{
      {"Cargo.lock", read_cargo_lock},
      {"poetry.lock", read_python_lock},
      {"uv.lock", read_python_lock},
      {"pylock.toml", read_python_lock},
      {"yarn.lock", read_yarn_lock},
      {"pnpm-lock.yaml", read_pnpm_lock},
      {"go.sum", read_go_sum},
      {"Gemfile.lock", read_gemfile_lock},
      {"composer.lock", read_composer_lock},
      {"Pipfile.lock", read_pipfile_lock},
  }};
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const auto& [known, reader] : readers) {
    if (name == known) return reader;
  }
  return nullptr;
}

}  // namespace assay::sbom
