#include <algorithm>

#include "analyzer/pipeline/commands.h"
#include "analyzer/pipeline/github/definition.h"

// The part of Definition that looks inside `run`.
namespace assay::pipeline::github {

using formats::ShellCommand;
using formats::YamlNode;

namespace {

constexpr std::size_t max_script_bytes = std::size_t{1} << 20;

bool is_variable_character(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Names behind $ in a word: $A, ${A}, $env:A, %A%.
std::vector<std::string> variables_in(std::string_view word) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] != '$') continue;
    std::size_t from = at + 1;
    if (word.compare(from, 2, "{{") == 0) continue;
    if (from < word.size() && word[from] == '{') ++from;
    if (word.compare(from, 4, "env:") == 0) from += 4;
    std::size_t to = from;
    while (to < word.size() && is_variable_character(word[to])) ++to;
    if (to > from) out.emplace_back(word.substr(from, to - from));
  }
  return out;
}

std::string_view environment_file_in(std::string_view text) {
  for (const std::string_view name : {"GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT"}) {
    if (text.find(name) != std::string_view::npos) return name;
  }
  return {};
}

// The command's own writing to an environment file: a redirection, or an argument of tee and PowerShell's writers.
std::string_view written_file(const ShellCommand& command, const std::string& program) {
  for (const formats::ShellRedirect& redirect : command.redirects) {
    if (redirect.sign.find('>') == std::string::npos) continue;
    if (const std::string_view file = environment_file_in(redirect.target); !file.empty()) return file;
  }
  if (program == "tee" || program == "out-file" || program == "add-content") {
    for (const formats::ShellWord& word : command.words) {
      if (const std::string_view file = environment_file_in(word.text); !file.empty()) return file;
    }
  }
  return {};
}

}  // namespace

formats::ShellDialect dialect_of(std::string_view shell) {
  if (shell.starts_with("pwsh") || shell.starts_with("powershell")) return formats::ShellDialect::powershell;
  return shell.starts_with("cmd") ? formats::ShellDialect::batch : formats::ShellDialect::posix;
}

bool is_command_shell(std::string_view shell) {
  const std::string_view program = shell.substr(0, shell.find(' '));
  for (const std::string_view name :
       {"", "bash", "sh", "zsh", "dash", "pwsh", "powershell", "cmd", "ksh", "msys2", "wsl-bash"}) {
    if (program == name ||
        (program.size() > name.size() && program.ends_with(name) && program[program.size() - name.size() - 1] == '/'))
      return true;
  }
  return program.find("${{") != std::string_view::npos;
}

void Definition::environment_file(const ShellCommand& command, std::string_view script, std::string_view file,
                                  const formats::TextPositions& positions, const Place& place) {
  const std::string_view sink = file == "GITHUB_OUTPUT" ? "output" : "env-file";
  const std::string_view written = script.substr(command.begin, command.end - command.begin);
  for (const Fence& fence : find_fences(written)) {
    expression(written.substr(fence.begin, fence.end - fence.begin), positions, command.begin + fence.begin, sink,
               place);
  }
  std::vector<std::pair<std::string, std::size_t>> names;
  for (const formats::ShellWord& word : command.words) {
    for (std::string& name : variables_in(word.text)) names.emplace_back(std::move(name), word.begin);
  }
  for (std::string& name : variables_in(command.here_document)) names.emplace_back(std::move(name), command.begin);
  for (const auto& [name, begin] : names) {
    Access access;
    access.parts = {"env", name};
    Control control = contexts_.who(access, place.scope);
    if (control.by != "outsider") continue;
    std::string context = "env." + name;
    for (const YamlNode& level : {place.scope.step.at("env"), place.scope.job.at("env")}) {
      const std::string_view value = level.at(name).text();
      for (const Fence& fence : find_fences(value)) {
        for (const Access& source : parse_expression(value.substr(fence.begin, fence.end - fence.begin)).accesses) {
          if (source.flows && contexts_.who(source, place.scope).by == "outsider") context = source.name;
        }
      }
    }
    rows_.add(evidence::ExpressionRow{.at = rows_.locate(positions.span(begin, command.end)),
                                      .step_id = place.step,
                                      .job_id = place.job,
                                      .workflow_id = place.workflow,
                                      .text = "env." + name,
                                      .context = context,
                                      .sink = std::string(sink),
                                      .controlled_by = "outsider",
                                      .via = control.via,
                                      .parsed = evidence::Tri::yes});
  }
}

void Definition::script(const YamlNode& run, std::string_view shell, const Place& place) {
  if (!is_command_shell(shell)) return;
  const std::string_view text = run.text().substr(0, max_script_bytes);
  const formats::TextPositions positions = run.positions();
  const formats::ShellScript split = formats::split_shell(text, dialect_of(shell));
  // `{ …; } >> "$GITHUB_ENV"` writes what every command of the group prints; the group is taken to be the script.
  std::string_view group_file;
  for (const ShellCommand& command : split.commands) {
    if (command.words.empty()) {
      if (const std::string_view file = written_file(command, {}); !file.empty()) group_file = file;
    }
  }
  for (const ShellCommand& command : split.commands) {
    const CommandFacts facts = describe(command);
    std::string_view file = written_file(command, facts.program);
    if (file.empty() && (facts.program == "echo" || facts.program == "printf" || facts.program == "cat"))
      file = group_file;
    if (!file.empty()) environment_file(command, text, file, positions, place);
    if (facts.program.empty()) continue;
    evidence::CommandRow row = command_row(command, facts, text);
    row.at = rows_.locate(positions.span(command.begin, command.end));
    row.step_id = place.step;
    row.job_id = place.job;
    row.workflow_id = place.workflow;
    row.origin = "run";
    const evidence::LocationId where = row.at;
    const std::string written = row.text;
    rows_.add(std::move(row));
    if (!facts.publishes.empty()) {
      rows_.add(evidence::SharedStateRow{.at = where,
                                         .step_id = place.step,
                                         .job_id = place.job,
                                         .workflow_id = place.workflow,
                                         .kind = facts.publishes,
                                         .direction = "write"});
    }
    const auto argument = [&](std::string_view wanted) {
      return std::any_of(facts.arguments.begin(), facts.arguments.end(),
                         [&](const std::string& word) { return word == wanted; });
    };
    const bool pull = facts.program == "gh" && argument("pr") && argument("checkout");
    const bool git = facts.program == "git" && (argument("checkout") || argument("fetch") || argument("pull") ||
                                                argument("switch") || argument("merge"));
    if (facts.program == "gh" && argument("run") && argument("download")) {
      rows_.add(evidence::SharedStateRow{.at = where,
                                         .step_id = place.step,
                                         .job_id = place.job,
                                         .workflow_id = place.workflow,
                                         .kind = "artifact",
                                         .direction = "read"});
    }
    std::string reference = written;
    for (const std::string& name : variables_in(written)) {
      for (const YamlNode& level : {place.scope.step.at("env"), place.scope.job.at("env")})
        reference.append(" ").append(level.at(name).text());
    }
    const bool head = git && takes_outsider_code(reference, {}, place.scope) == evidence::Tri::yes;
    if (pull || head) {
      rows_.add(evidence::CheckoutRow{.at = where,
                                      .step_id = place.step,
                                      .job_id = place.job,
                                      .workflow_id = place.workflow,
                                      .reference = written,
                                      .outsider_code = evidence::Tri::yes,
                                      .persists_credentials = evidence::Tri::no});
    }
  }
}

}  // namespace assay::pipeline::github
