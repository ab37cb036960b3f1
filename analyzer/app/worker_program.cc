#include "analyzer/app/worker_program.h"

#include <filesystem>
#include <system_error>

namespace assay::app {

std::string c_worker_program() {
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::path self = fs::read_symlink("/proc/self/exe", code);
  if (code) return {};
  for (const fs::path& candidate :
       {self.parent_path() / "assay-c-facts", self.parent_path().parent_path() / "assay-c-facts",
        self.parent_path().parent_path() / "libexec" / "assay" / "assay-c-facts"}) {
    if (fs::is_regular_file(candidate, code)) return candidate.string();
  }
  return {};
}

}  // namespace assay::app
