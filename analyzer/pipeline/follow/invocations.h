#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/pipeline/commands.h"

namespace assay::pipeline::follow {

// What a command makes run that lies in the workspace. Paths are relative to where the command stands; `directory` is
// given by options like `make -C`.
struct Invocation {
  enum class Kind { file, make_target, package_script };
  Kind kind = Kind::file;
  std::string directory;  // '' for the current one
  std::string name;       // path of the file; target, "" for the first one; script of package.json
  std::string file;       // makefile named by -f
};

// Never fails; nothing for commands that run no file of the workspace or one whose name is not in the text. npm's
// install runs the package's own preinstall, install, postinstall and prepare (docs.npmjs.com, "Scripts").
std::vector<Invocation> invoked_by(const CommandFacts& command);

// `path` seen from `directory`, both relative to the root of the subject; nothing when it leaves the root, is absolute
// or is not known before the run.
// The signs for the workspace ($GITHUB_WORKSPACE, ${{ github.workspace }}, $CI_PROJECT_DIR, $(Build.SourcesDirectory)
// …) are the root.
std::optional<std::string> path_in_workspace(std::string_view directory, std::string_view path);

}  // namespace assay::pipeline::follow
