#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/limits.h"
#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"
#include "analyzer/source/position_cursor.h"

namespace assay::source {

// What the readers of triggers share: writing rows at byte ranges of one file, shortened to what a report can show.
class TriggerWriter {
 public:
  TriggerWriter(const intake::Input& input, evidence::Rows& rows)
      : input_(input), rows_(rows), positions_(input.bytes) {}

  std::string_view text() const { return input_.bytes; }
  std::string_view path() const { return input_.artifact.path; }
  std::string_view name() const { return path().substr(path().find_last_of('/') + 1); }

  // `begin` == `end` means the file as a whole.
  void trigger(std::size_t begin, std::size_t end, std::string_view ecosystem, std::string_view kind,
               std::string_view phase, std::string_view command, std::string_view target = {});
  void steers(std::size_t begin, std::size_t end, std::string_view tool, std::string_view kind,
              std::string_view command, std::string_view event, evidence::Tri automatic);

  ReadOutcome outcome{};

 private:
  evidence::LocationId place(std::size_t begin, std::size_t end);

  const intake::Input& input_;
  evidence::Rows& rows_;
  PositionCursor positions_;
  std::size_t written_ = 0;
};

// One function a file format; each is total and bounded. trigger_*.cc
void read_setup_script(TriggerWriter& out);    // setup.py
void read_python_project(TriggerWriter& out);  // pyproject.toml
void read_path_file(TriggerWriter& out);       // *.pth
void read_customize(TriggerWriter& out);       // sitecustomize.py, usercustomize.py
void read_text_pickle(TriggerWriter& out);     // pickle protocol 0 is text; the others are read as binaries
void read_gyp(TriggerWriter& out);
void read_cargo_build(TriggerWriter& out);  // build.rs
void read_cargo_manifest(TriggerWriter& out);
void read_ruby_extension(TriggerWriter& out);  // extconf.rb
void read_gemspec(TriggerWriter& out);
void read_msbuild(TriggerWriter& out);
void read_git_hook(TriggerWriter& out);
void read_envrc(TriggerWriter& out);
void read_composer(TriggerWriter& out);
void read_editor_tasks(TriggerWriter& out);     // tasks.json, *.code-workspace
void read_editor_settings(TriggerWriter& out);  // .vscode/settings.json
void read_agent_settings(TriggerWriter& out);   // .claude/settings.json and its like
void read_tool_servers(TriggerWriter& out);     // mcp.json
void read_devcontainer(TriggerWriter& out);
void read_instructions(TriggerWriter& out);  // CLAUDE.md and its like

// The tool an agent file belongs to, from its path: claude, cursor, copilot, …; "agents" for what several read.
std::string_view agent_of(std::string_view path);

}  // namespace assay::source
