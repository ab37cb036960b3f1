#pragma once

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"

namespace assay::source {

// Writes `execution_trigger` rows for what makes code run without anyone calling it, and `agent_instruction` rows for
// what steers an editor, an agent or a tool server. Decides by the path alone whether a file can hold any, so it costs
// nothing for the rest. package.json is read with the components (sbom-import), CI definitions by their own readers.
//
//   pypi        setup.py; pyproject.toml with a build back end of its own (backend-path); *.pth lines that begin with
//   import;
//               sitecustomize.py and usercustomize.py
//   gyp         command expansion <!( ) and <!@( ) and actions in *.gyp and *.gypi
//   cargo       build.rs; Cargo.toml with build = "…" or proc-macro = true
//   rubygems    extconf.rb; extensions of a *.gemspec
//   composer    scripts and autoload.files of composer.json; plug-ins
//   nuget       <Exec Command= in *.targets and *.props
//   vscode      tasks with runOn folderOpen, settings that allow them
//   claude, gemini, cursor, …   hooks, tool servers, permissions, instruction files
//   devcontainer                the life-cycle commands of devcontainer.json
//   git         hooks in .husky and .githooks;  direnv  .envrc
ReadOutcome read_execution_triggers(const intake::Input& input, evidence::Rows& rows);

// Whether read_execution_triggers could find anything in a file of this path. Costs some tens of nanoseconds.
bool may_hold_triggers(std::string_view path);

}  // namespace assay::source
