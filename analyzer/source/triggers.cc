#include "analyzer/source/triggers.h"

#include <array>
#include <string_view>

#include "analyzer/base/limits.h"
#include "analyzer/source/trigger_writer.h"

namespace assay::source {
namespace {

using Read = void (*)(TriggerWriter&);

struct Named {
  std::string_view name;
  Read read;
};

// Sorted by name.
constexpr std::array by_name{
    Named{".clinerules", read_instructions},
    Named{".cursorrules", read_instructions},
    Named{".devcontainer.json", read_devcontainer},
    Named{".envrc", read_envrc},
    Named{".goosehints", read_instructions},
    Named{".mcp.json", read_tool_servers},
    Named{".roorules", read_instructions},
    Named{".windsurfrules", read_instructions},
    Named{"AGENT.md", read_instructions},
    Named{"AGENTS.md", read_instructions},
    Named{"CLAUDE.local.md", read_instructions},
    Named{"CLAUDE.md", read_instructions},
    Named{"Cargo.toml", read_cargo_manifest},
    Named{"GEMINI.md", read_instructions},
    Named{"SKILL.md", read_instructions},
    Named{"build.rs", read_cargo_build},
    Named{"claude_desktop_config.json", read_tool_servers},
    Named{"composer.json", read_composer},
    Named{"copilot-instructions.md", read_instructions},
    Named{"devcontainer.json", read_devcontainer},
    Named{"extconf.rb", read_ruby_extension},
    Named{"mcp.json", read_tool_servers},
    Named{"mcp_config.json", read_tool_servers},
    Named{"pyproject.toml", read_python_project},
    Named{"setup.py", read_setup_script},
    Named{"sitecustomize.py", read_customize},
    Named{"usercustomize.py", read_customize},
};

constexpr std::string_view git_hooks[] = {
    "applypatch-msg",   "commit-msg",   "post-applypatch", "post-checkout",      "post-commit",
    "post-merge",       "post-rewrite", "pre-applypatch",  "pre-auto-gc",        "pre-commit",
    "pre-merge-commit", "pre-push",     "pre-rebase",      "prepare-commit-msg",
};

// The file's folder is `folder`, or stands somewhere below it.
bool below(std::string_view path, std::string_view folder) {
  for (std::size_t at = path.find(folder); at != std::string_view::npos; at = path.find(folder, at + 1)) {
    if ((at == 0 || path[at - 1] == '/') && path.substr(at + folder.size()).starts_with('/')) return true;
  }
  return false;
}

Read reader_of_dotted_folder(std::string_view path, std::string_view name) {
  if (name == "tasks.json" && below(path, ".vscode")) return read_editor_tasks;
  if (name == "settings.json" && below(path, ".vscode")) return read_editor_settings;
  const bool settings = name == "settings.json" || name == "settings.local.json" || name == "hooks.json";
  if (settings && (below(path, ".claude") || below(path, ".gemini") || below(path, ".cursor") ||
                   below(path, ".codex") || below(path, ".qwen"))) {
    return read_agent_settings;
  }
  if ((name.ends_with(".md") || name.ends_with(".mdc")) &&
      (below(path, ".cursor/rules") || below(path, ".claude/commands") || below(path, ".claude/agents") ||
       below(path, ".github/instructions") || below(path, ".github/prompts") || below(path, ".github/chatmodes") ||
       below(path, ".windsurf/rules") || below(path, ".clinerules") || below(path, ".roo/rules") ||
       below(path, ".amazonq/rules") || below(path, ".continue/rules") || below(path, ".kiro/steering"))) {
    return read_instructions;
  }
  if (below(path, ".husky") || below(path, ".githooks")) {
    for (const std::string_view hook : git_hooks) {
      if (name == hook) return read_git_hook;
    }
  }
  return nullptr;
}

Read reader_of(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  const auto found = std::lower_bound(by_name.begin(), by_name.end(), name,
                                      [](const Named& one, std::string_view key) { return one.name < key; });
  if (found != by_name.end() && found->name == name) return found->read;
  const std::size_t dot = name.find_last_of('.');
  const std::string_view suffix = dot == std::string_view::npos ? std::string_view() : name.substr(dot);
  if (suffix == ".gyp" || suffix == ".gypi") return read_gyp;
  if (suffix == ".pth") return read_path_file;
  if (suffix == ".pkl" || suffix == ".pickle" || suffix == ".dill" || suffix == ".joblib") return read_text_pickle;
  if (suffix == ".gemspec") return read_gemspec;
  if (suffix == ".targets" || suffix == ".props") return read_msbuild;
  if (suffix == ".code-workspace") return read_editor_tasks;
  const bool plain = suffix.empty() || suffix == ".json" || suffix == ".md" || suffix == ".mdc";
  // A folder whose name begins with a dot is the only other place.
  if (plain && (path.starts_with('.') || path.find("/.") != std::string_view::npos))
    return reader_of_dotted_folder(path, name);
  return nullptr;
}

std::string shortened(std::string_view text) {
  return std::string(text.substr(0, limits::max_line_bytes_shown));
}

}  // namespace

evidence::LocationId TriggerWriter::place(std::size_t begin, std::size_t end) {
  return begin == end ? rows_.whole() : rows_.locate(positions_.span(begin, end));
}

void TriggerWriter::trigger(std::size_t begin, std::size_t end, std::string_view ecosystem, std::string_view kind,
                            std::string_view phase, std::string_view command, std::string_view target) {
  if (++written_ > limits::max_matches_per_file)
    return outcome.partly("more than limits::max_matches_per_file triggers");
  rows_.add(evidence::ExecutionTriggerRow{.at = place(begin, end),
                                          .path = input_.artifact.path,
                                          .ecosystem = std::string(ecosystem),
                                          .kind = shortened(kind),
                                          .phase = std::string(phase),
                                          .command = shortened(command),
                                          .target = shortened(target)});
}

void TriggerWriter::steers(std::size_t begin, std::size_t end, std::string_view tool, std::string_view kind,
                           std::string_view command, std::string_view event, evidence::Tri automatic) {
  if (++written_ > limits::max_matches_per_file)
    return outcome.partly("more than limits::max_matches_per_file instructions");
  rows_.add(evidence::AgentInstructionRow{.at = place(begin, end),
                                          .path = input_.artifact.path,
                                          .tool = std::string(tool),
                                          .kind = std::string(kind),
                                          .command = shortened(command),
                                          .event = shortened(event),
                                          .automatic = automatic});
}

bool may_hold_triggers(std::string_view path) {
  return reader_of(path) != nullptr;
}

ReadOutcome read_execution_triggers(const intake::Input& input, evidence::Rows& rows) {
  const Read read = reader_of(input.artifact.path);
  if (read == nullptr) return {};
  if (input.bytes.size() > limits::max_manifest_bytes) {
    ReadOutcome outcome;
    outcome.partly("larger than max_manifest_bytes: execution triggers were not looked for");
    return outcome;
  }
  TriggerWriter out(input, rows);
  read(out);
  return std::move(out.outcome);
}

}  // namespace assay::source
