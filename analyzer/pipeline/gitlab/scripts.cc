#include <algorithm>

#include "analyzer/formats/shell_commands.h"
#include "analyzer/pipeline/commands.h"
#include "analyzer/pipeline/gitlab/job_rows.h"
#include "analyzer/pipeline/gitlab/variables.h"

// The part of JobRows that looks inside scripts.
namespace assay::pipeline::gitlab {

using evidence::RowId;
using evidence::Tri;
using formats::ShellCommand;
using formats::YamlNode;

namespace {

constexpr std::size_t max_lines = 20'000;
constexpr std::size_t max_script_bytes = std::size_t{1} << 20;

bool argument(const CommandFacts& facts, std::string_view wanted) {
  return std::find(facts.arguments.begin(), facts.arguments.end(), wanted) != facts.arguments.end();
}

// The words of this command are read as a script once more.
bool evaluates(const CommandFacts& facts) {
  if (facts.program == "eval" || facts.program == "ssh" || facts.program == "invoke-expression" ||
      facts.program == "iex")
    return true;
  for (const std::string_view shell : {"bash", "sh", "zsh", "dash", "ash", "su", "pwsh", "powershell"}) {
    if (facts.program == shell)
      return argument(facts, "-c") || argument(facts, "-ec") || argument(facts, "-lc") || argument(facts, "-Command");
  }
  for (const std::string_view interpreter : {"python", "python3", "node", "ruby", "perl", "php"}) {
    if (facts.program == interpreter) return argument(facts, "-c") || argument(facts, "-e") || argument(facts, "-r");
  }
  return false;
}

}  // namespace

void JobRows::section(const JobView& job, RowId id, std::string_view name, std::int64_t position) {
  const YamlNode script = job.at(name);
  const YamlNode key = job.key(name);
  const std::vector<YamlNode> lines = script_lines(file_, script, max_lines);
  if (lines.size() == max_lines) complete_ = false;
  if (lines.empty()) return;
  evidence::StepRow row;
  row.at = rows_.locate(key.span());
  row.job_id = id;
  row.workflow_id = workflow_;
  row.position = position;
  row.name = name;
  row.identifier = name;
  row.kind = "run";
  row.shell = "bash";
  for (const YamlNode& line : lines) {
    if (row.script.size() + line.text().size() > max_script_bytes) {
      complete_ = false;
      break;
    }
    row.script.append(line.text()).append("\n");
  }
  row.body_at = row.at;
  const RowId step = rows_.add(std::move(row));
  const Place place{.job = id, .step = step};
  if (name == "script") {
    const bool for_merge_requests = rows_.job.back().outsider_guarded == Tri::no;
    rows_.add(evidence::CheckoutRow{.at = rows_.locate(key.span()),
                                    .step_id = step,
                                    .job_id = id,
                                    .workflow_id = workflow_,
                                    .outsider_code = for_merge_requests ? Tri::yes : Tri::not_examined,
                                    .persists_credentials = Tri::no});
  }
  std::int64_t pipelines = position * 1'000'000;
  for (const YamlNode& each : lines) line(each, place, pipelines);
}

void JobRows::line(const YamlNode& node, const Place& place, std::int64_t& pipelines) {
  const std::string_view text = node.text().substr(0, max_script_bytes);
  const formats::TextPositions positions = node.positions();
  for (const InputUse& use : inputs_in(text)) {
    const auto known = inputs_.limited.find(use.name);
    const bool limited = known != inputs_.limited.end() && known->second;
    expression(rows_.locate(positions.span(use.begin, use.end)), text.substr(use.begin, use.end - use.begin),
               "inputs." + use.name, "shell",
               {limited ? "workflow" : "unknown", use.expands_variables ? "expand_vars" : ""}, place);
  }
  const formats::ShellScript split = formats::split_shell(text);
  std::int64_t last = pipelines;
  for (const ShellCommand& command : split.commands) {
    const CommandFacts facts = describe(command);
    const bool again = evaluates(facts);
    for (const formats::ShellWord& word : command.words) {
      const std::string_view written = text.substr(word.begin, word.end - word.begin);
      if (written.find('$') == std::string_view::npos) continue;
      for (const VariableUse& use : variables_in(written, true)) {
        const Control control = control_of(use.name, 0);
        const auto at = rows_.locate(positions.span(word.begin + use.begin, word.begin + use.end));
        const bool chosen = control.by == "outsider" || control.by == "insider";
        if (chosen)
          expression(at, written, use.name, again ? "shell" : use.quoted ? "quoted" : "argument", control, place);
        if (control.by == "unknown" && is_secret_name(use.name)) use_secret(use.name, at, place, "shell");
      }
    }
    if (facts.program.empty()) continue;
    evidence::CommandRow row = command_row(command, facts, text);
    row.at = rows_.locate(positions.span(command.begin, command.end));
    row.step_id = place.step;
    row.job_id = place.job;
    row.workflow_id = workflow_;
    row.origin = "run";
    row.pipeline += pipelines;
    last = std::max(last, row.pipeline);
    const evidence::LocationId where = row.at;
    rows_.add(std::move(row));
    if (!facts.publishes.empty()) {
      rows_.add(evidence::SharedStateRow{.at = where,
                                         .step_id = place.step,
                                         .job_id = place.job,
                                         .workflow_id = workflow_,
                                         .kind = facts.publishes,
                                         .direction = "write"});
    }
  }
  pipelines = last + 1;
}

}  // namespace assay::pipeline::gitlab
