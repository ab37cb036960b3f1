// Triggers and instructions of editors, agents and tool servers.
#include <map>
#include <string>

#include "analyzer/source/config_tree.h"
#include "analyzer/source/trigger_writer.h"

namespace assay::source {
namespace {

using evidence::Tri;

// A command and its arguments, gathered from neighbouring leaves of one object.
struct Launch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string command;
  std::string arguments;
  bool folder_open = false;

  bool seen() const { return end > begin; }
  void at(const ConfigTree::Leaf& leaf) {
    if (seen()) return;
    begin = leaf.begin;
    end = leaf.end;
  }
  void argument(std::string_view text) {
    if (arguments.size() >= limits::max_line_bytes_shown) return;
    arguments += ' ';
    arguments += text;
  }
  std::string text() const { return command + arguments; }
};

std::vector<Launch> in_file_order(const std::map<std::int32_t, Launch>& launches) {
  std::vector<Launch> out;
  for (const auto& [holder, launch] : launches) {
    if (launch.seen()) out.push_back(launch);
  }
  std::sort(out.begin(), out.end(), [](const Launch& a, const Launch& b) { return a.begin < b.begin; });
  return out;
}

void note_broken(const ConfigTree& tree, TriggerWriter& out) {
  if (!tree.complete()) out.outcome.partly("not valid JSON throughout; what could be read was");
}

// Tool servers of one tree: the objects under `mcpServers`, `servers` or `context_servers`, at any depth up to two.
void servers(const ConfigTree& tree, TriggerWriter& out, std::string_view tool) {
  std::map<std::int32_t, Launch> launches;  // by the server's object
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    for (std::size_t up = 0; up <= 1; ++up) {  // the leaf stands in the server's object, or in an array or object of it
      const std::size_t names = up + 2;
      const std::string_view group = tree.key(leaf, names);
      if (tree.depth(leaf) < names + 1 || tree.depth(leaf) > names + 3) continue;
      if (group != "mcpServers" && group != "servers" && group != "context_servers") continue;
      Launch& launch = launches[tree.holder(leaf, up)];
      const std::string_view key = tree.key(leaf, up);
      if (up == 0 && (key == "command" || key == "url" || key == "serverUrl" || key == "httpUrl")) {
        launch.at(leaf);
        launch.command = leaf.text;
      } else if (up == 1 && key == "args") {
        launch.argument(leaf.text);
      }
      break;
    }
  }
  for (const Launch& launch : in_file_order(launches)) {
    out.steers(launch.begin, launch.end, tool, "server", launch.text(), "server start", Tri::not_examined);
  }
}

}  // namespace

std::string_view agent_of(std::string_view path) {
  struct Mark {
    std::string_view in_path;
    std::string_view tool;
  };
  static constexpr Mark marks[] = {
      {".claude/", "claude"}, {"CLAUDE", "claude"},      {"claude_desktop", "claude"}, {"SKILL.md", "claude"},
      {".cursor", "cursor"},  {".github/", "copilot"},   {"copilot", "copilot"},       {".gemini/", "gemini"},
      {"GEMINI", "gemini"},   {".windsurf", "windsurf"}, {".vscode/", "vscode"},       {".clinerules", "cline"},
      {".roo", "roo"},        {".amazonq/", "amazonq"},  {".continue/", "continue"},   {".kiro/", "kiro"},
      {".codex/", "codex"},   {".qwen/", "qwen"},        {".goosehints", "goose"},     {"mcp", "mcp"},
  };
  for (const Mark& mark : marks) {
    if (path.find(mark.in_path) != std::string_view::npos) return mark.tool;
  }
  return "agents";
}

void read_editor_tasks(TriggerWriter& out) {
  const ConfigTree tree = ConfigTree::parse(out.text());
  note_broken(tree, out);
  std::map<std::int32_t, Launch> tasks;
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    for (std::size_t up = 0; up <= 2;
         ++up) {  // a leaf of the task, of its runOptions, of an operating system's section
      if (tree.key(leaf, up + 2) != "tasks" || tree.depth(leaf) < up + 3 || tree.depth(leaf) > up + 4) continue;
      Launch& task = tasks[tree.holder(leaf, up)];
      const std::string_view key = tree.key(leaf);
      if (key == "command" || (key == "script" && up == 0)) {
        task.at(leaf);
        if (!task.command.empty()) task.command += " | ";
        if (task.command.size() < limits::max_line_bytes_shown) task.command += leaf.text;
      } else if (tree.key(leaf, 1) == "args") {
        task.argument(leaf.text);
      } else if (key == "runOn" && up == 1) {
        task.folder_open = leaf.text == "folderOpen";
        if (!task.seen()) task.at(leaf);
      }
      break;
    }
  }
  for (const Launch& task : in_file_order(tasks)) {
    if (!task.folder_open) continue;
    out.trigger(task.begin, task.end, "vscode", "folder-open task", "editor", task.text());
    out.steers(task.begin, task.end, "vscode", "task", task.text(), "folderOpen", Tri::yes);
  }
}

void read_editor_settings(TriggerWriter& out) {
  const ConfigTree tree = ConfigTree::parse(out.text());
  note_broken(tree, out);
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    const std::string_view key = tree.key(leaf);
    const bool allows_tasks = key == "task.allowAutomaticTasks" && leaf.text == "on";
    const bool approves = (key == "chat.tools.autoApprove" || key == "chat.tools.global.autoApprove" ||
                           key == "claudeCode.allowDangerouslySkipPermissions") &&
                          leaf.text == "true";
    const bool untrusted = key == "security.workspace.trust.enabled" && leaf.text == "false";
    if (!allows_tasks && !approves && !untrusted) continue;
    std::string setting(key);
    setting += '=';
    setting += leaf.text;
    out.steers(leaf.begin, leaf.end, "vscode", "permission", setting, "folderOpen", Tri::yes);
  }
  servers(tree, out, "vscode");
}

void read_agent_settings(TriggerWriter& out) {
  const std::string_view tool = agent_of(out.path());
  const ConfigTree tree = ConfigTree::parse(out.text());
  note_broken(tree, out);
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    const std::string_view key = tree.key(leaf);
    const std::size_t depth = tree.depth(leaf);
    if (key == "command" && depth >= 3 && depth <= 6 && tree.key(leaf, depth - 1) == "hooks") {
      const std::string_view event = tree.key(leaf, depth - 2);
      out.trigger(leaf.begin, leaf.end, tool, "session hook", "agent", leaf.text);
      out.steers(leaf.begin, leaf.end, tool, "hook", leaf.text, event, Tri::yes);
    } else if (tree.at(leaf, {"statusLine", "command"}) || tree.at(leaf, {"apiKeyHelper"}) ||
               tree.at(leaf, {"awsAuthRefresh"})) {
      const std::string_view event = tree.key(leaf, depth - 1);
      out.trigger(leaf.begin, leaf.end, tool, "helper command", "agent", leaf.text);
      out.steers(leaf.begin, leaf.end, tool, "hook", leaf.text, event, Tri::yes);
    } else if (tree.at(leaf, {"permissions", "allow", "*"})) {
      out.steers(leaf.begin, leaf.end, tool, "permission", leaf.text, "allow", Tri::yes);
    } else if (tree.at(leaf, {"permissions", "defaultMode"}) || tree.at(leaf, {"enableAllProjectMcpServers"}) ||
               tree.at(leaf, {"skipDangerousModePermissionPrompt"}) || tree.at(leaf, {"autoAccept"}) ||
               tree.at(leaf, {"trust"})) {
      std::string setting(key);
      setting += '=';
      setting += leaf.text;
      out.steers(leaf.begin, leaf.end, tool, "permission", setting, "", Tri::yes);
    } else if (tree.at(leaf, {"env", "*"}) && (key.ends_with("_BASE_URL") || key.ends_with("_PROXY"))) {
      std::string setting(key);
      setting += '=';
      setting += leaf.text;
      out.steers(leaf.begin, leaf.end, tool, "setting", setting, "", Tri::yes);
    }
  }
  servers(tree, out, tool);
}

void read_tool_servers(TriggerWriter& out) {
  const ConfigTree tree = ConfigTree::parse(out.text());
  note_broken(tree, out);
  servers(tree, out, agent_of(out.path()));
}

void read_devcontainer(TriggerWriter& out) {
  const ConfigTree tree = ConfigTree::parse(out.text());
  note_broken(tree, out);
  static constexpr std::string_view events[] = {"initializeCommand", "onCreateCommand",  "updateContentCommand",
                                                "postCreateCommand", "postStartCommand", "postAttachCommand"};
  // A string; or an array, one command; or an object of strings and arrays that run side by side.
  std::map<std::pair<std::string_view, std::int32_t>, Launch> launches;
  for (const ConfigTree::Leaf& leaf : tree.leaves()) {
    const std::size_t depth = tree.depth(leaf);
    if (depth == 0 || depth > 3) continue;
    const std::string_view event = tree.key(leaf, depth - 1);
    for (const std::string_view known : events) {
      if (event != known) continue;
      const bool in_array = depth > 1 && !tree.key(leaf).empty() &&
                            tree.key(leaf).find_first_not_of("0123456789") == std::string_view::npos;
      Launch& launch = launches[{known, in_array ? tree.holder(leaf) : leaf.node}];
      launch.at(leaf);
      if (launch.command.empty()) {
        launch.command = leaf.text;
      } else {
        launch.argument(leaf.text);
      }
    }
  }
  for (const auto& [key, launch] : launches) {
    out.trigger(launch.begin, launch.end, "devcontainer", key.first,
                key.first == "initializeCommand" ? "editor" : "container", launch.text());
    out.steers(launch.begin, launch.end, "devcontainer", "task", launch.text(), key.first, Tri::yes);
  }
}

void read_instructions(TriggerWriter& out) {
  const std::string_view tool = agent_of(out.path());
  // A rule file of Cursor is read each time only when its front matter says so; a command or skill when somebody asks
  // for it.
  const bool asked_for = out.path().find("/commands/") != std::string_view::npos || out.name() == "SKILL.md" ||
                         out.path().find("/prompts/") != std::string_view::npos;
  const bool on_demand =
      out.name().ends_with(".mdc") && out.text().substr(0, 2000).find("alwaysApply: true") == std::string_view::npos;
  out.steers(0, 0, tool, "instructions", "", "session", asked_for || on_demand ? Tri::no : Tri::yes);
}

}  // namespace assay::source
