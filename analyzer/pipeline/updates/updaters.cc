#include "analyzer/pipeline/updates/updaters.h"

#include "analyzer/formats/shell_commands.h"
#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/commands.h"
#include "analyzer/pipeline/definition_file.h"

namespace assay::pipeline::updates {
namespace {

using evidence::RowId;
using evidence::tri;
using formats::YamlNode;

constexpr std::size_t max_lines = 100'000;

RowId add_file(evidence::Rows& rows, const intake::Input& input, std::string_view system, Span at) {
  return rows.add(evidence::WorkflowRow{
      .at = rows.locate(at), .system = std::string(system), .kind = "settings", .path = input.artifact.path});
}

// ${{secrets.NAME}} in a registry's values.
void add_secret(evidence::Rows& rows, RowId workflow, const YamlNode& value) {
  const std::string_view text = value.text();
  const std::size_t at = text.find("secrets.");
  if (text.find("${{") == std::string_view::npos || at == std::string_view::npos) return;
  const std::size_t begin = at + 8;
  const std::size_t end = text.find_first_of(" }", begin);
  rows.add(
      evidence::SecretUseRow{.at = rows.locate(value.span()),
                             .workflow_id = workflow,
                             .name = std::string(text.substr(begin, end == std::string_view::npos ? end : end - begin)),
                             .sink = "other"});
}

void add_hook_repository(evidence::Rows& rows, RowId workflow, RowId job, const YamlNode& entry) {
  const YamlNode repository = entry.at("repo");
  if (repository.text() == "local" || repository.text() == "meta" || !repository.is_scalar()) return;
  const std::string_view revision = entry.at("rev").text();
  evidence::UsesRow row;
  row.at = rows.locate(repository.span());
  row.job_id = job;
  row.workflow_id = workflow;
  row.kind = "hook";
  row.text = std::string(repository.text()) + "@" + std::string(revision);
  row.name = repository_of_url(repository.text());
  row.owner = row.name.substr(0, row.name.find_last_of('/') == std::string::npos ? 0 : row.name.find_last_of('/'));
  row.reference = revision;
  row.reference_kind = is_commit(revision) ? "commit" : revision.empty() ? "none" : "branch-or-tag";
  row.immutable = tri(is_commit(revision));
  row.first_party = tri(row.owner == "pre-commit");
  row.comment = entry.at("rev").comment();
  rows.add(std::move(row));
}

void add_local_command(evidence::Rows& rows, RowId workflow, RowId job, const YamlNode& hook) {
  const YamlNode entry = hook.at("entry");
  if (!entry.is_scalar()) return;
  const formats::TextPositions positions = entry.positions();
  for (const formats::ShellCommand& command : formats::split_shell(entry.text()).commands) {
    const CommandFacts facts = describe(command);
    if (facts.program.empty()) continue;
    evidence::CommandRow row = command_row(command, facts, entry.text());
    row.at = rows.locate(positions.span(command.begin, command.end));
    row.job_id = job;
    row.workflow_id = workflow;
    row.origin = "run";
    rows.add(std::move(row));
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The first blank that no backslash escapes.
std::size_t end_of_pattern(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == ' ' || line[i] == '\t') {
      return i;
    }
  }
  return line.size();
}

}  // namespace

ReadOutcome read_dependabot(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const YamlNode root = file.tree.root();
  if (!readable(file, root, outcome)) return outcome;
  const RowId workflow = add_file(rows, input, "dependabot", first_key(root));
  add_settings(rows, workflow, 0, root, "", {"updates"});
  for (const auto& [name, registry] : root.at("registries").entries()) {
    for (const auto& [key, value] : registry.entries()) add_secret(rows, workflow, value);
  }
  for (const YamlNode& update : root.at("updates").items()) {
    if (!update.is_mapping()) continue;
    const YamlNode ecosystem = key_of(update, "package-ecosystem");
    const RowId job =
        rows.add(evidence::JobRow{.at = rows.locate(ecosystem.exists() ? ecosystem.span() : update.span()),
                                  .workflow_id = workflow,
                                  .name = std::string(update.at("package-ecosystem").text()),
                                  .display_name = joined(update.at("directory"))});
    add_settings(rows, workflow, job, update, "");
  }
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

ReadOutcome read_pre_commit(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const YamlNode root = file.tree.root();
  if (!readable(file, root, outcome)) return outcome;
  const RowId workflow = add_file(rows, input, "pre-commit", first_key(root));
  for (const YamlNode& entry : root.at("repos").items()) {
    if (!entry.is_mapping()) continue;
    const RowId job = rows.add(evidence::JobRow{
        .at = rows.locate(first_key(entry)), .workflow_id = workflow, .name = std::string(entry.at("repo").text())});
    add_hook_repository(rows, workflow, job, entry);
    for (const YamlNode& hook : entry.at("hooks").items()) {
      if (entry.at("repo").text() == "local") add_local_command(rows, workflow, job, hook);
    }
    add_settings(rows, workflow, job, entry, "");
  }
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

ReadOutcome read_codeowners(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const RowId workflow = add_file(rows, input, "codeowners", Span{{1, 1}, {1, 1}});
  std::string_view rest = input.bytes;
  for (std::uint32_t number = 1; !rest.empty(); ++number) {
    if (number > max_lines) {
      outcome.partly("only the first 100000 lines were read");
      break;
    }
    const std::size_t end = rest.find('\n');
    const std::string_view whole = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    std::string_view line = trimmed(whole.substr(0, whole.find(" #")));
    if (line.empty() || line[0] == '#' || line[0] == '[' || line[0] == '^') continue;
    const std::size_t blank = end_of_pattern(line);
    const auto column = static_cast<std::uint32_t>(whole.find_first_not_of(" \t\r") + 1);
    const Position begin{number, column};
    const Position finish{number, column + static_cast<std::uint32_t>(blank)};
    add_setting(rows, workflow, 0, rows.locate(Span{begin, finish}), line.substr(0, blank),
                trimmed(line.substr(blank)));
  }
  return outcome;
}

}  // namespace assay::pipeline::updates
