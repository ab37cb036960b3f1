#include "analyzer/pipeline/others/pipeline_rows.h"

#include <algorithm>
#include <memory>

#include "analyzer/pipeline/commands.h"
#include "analyzer/pipeline/github/uses.h"
#include "analyzer/pipeline/gitlab/variables.h"

namespace assay::pipeline::others {

using evidence::RowId;
using evidence::Tri;

namespace {

constexpr std::size_t max_script_bytes = std::size_t{1} << 20;

// $(NAME) is a macro, not a command: written as ${NAME}, which is as long. << parameters.x >> is no here-document.
std::string without_macros(std::string_view text) {
  std::string out(text);
  for (const Macro& macro : macros_in(text, "$(", ")")) {
    if (macro.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") !=
        std::string::npos)
      continue;
    out[macro.begin + 1] = '{';
    out[macro.end - 1] = '}';
  }
  for (const Macro& macro : macros_in(text, "<<", ">>")) {
    if (!macro.name.starts_with("parameters.") && !macro.name.starts_with("pipeline.")) continue;
    for (std::size_t i = macro.begin; i < macro.end; ++i) {
      if (out[i] == '<' || out[i] == '>' || out[i] == ' ') out[i] = '_';
    }
  }
  return out;
}

}  // namespace

std::vector<Macro> macros_in(std::string_view text, std::string_view open, std::string_view close) {
  std::vector<Macro> out;
  std::size_t at = text.find(open);
  while (at != std::string_view::npos) {
    std::size_t begin = at + open.size();
    while (begin < text.size() && text[begin] == ' ') ++begin;
    std::size_t end = begin;
    while (end < text.size() && std::string_view(" \t\r\n'\"$(){}<>").find(text[end]) == std::string_view::npos) ++end;
    std::size_t stop = end;
    while (stop < text.size() && text[stop] == ' ') ++stop;
    if (end > begin && text.substr(stop, close.size()) == close)
      out.push_back({std::string(text.substr(begin, end - begin)), at, stop + close.size()});
    at = text.find(open, at + open.size());
  }
  return out;
}

Script script_of(const formats::YamlNode& node, formats::ShellDialect dialect) {
  const auto positions = std::make_shared<const formats::TextPositions>(node.positions());
  return {node.text().substr(0, max_script_bytes),
          [positions](std::size_t begin, std::size_t end) { return positions->span(begin, end); }, dialect};
}

PipelineRows::PipelineRows(evidence::Rows& rows, std::string_view system, std::string_view kind, std::string_view path,
                           Span at)
    : rows_(rows) {
  workflow_ = rows_.add(evidence::WorkflowRow{
      .at = rows_.locate(at), .system = std::string(system), .kind = std::string(kind), .path = std::string(path)});
}

void PipelineRows::trigger(Span at, std::string_view event, Tri outsider, Tri privileged) {
  rows_.add(evidence::TriggerRow{.at = rows_.locate(at),
                                 .workflow_id = workflow_,
                                 .event = std::string(event),
                                 .outsider = outsider,
                                 .privileged = privileged});
}

RowId PipelineRows::job(Span at, std::string_view name, std::string_view runs_on, std::string_view environment) {
  return rows_.add(evidence::JobRow{.at = rows_.locate(at),
                                    .workflow_id = workflow_,
                                    .name = std::string(name),
                                    .runs_on = std::string(runs_on),
                                    .environment = std::string(environment)});
}

RowId PipelineRows::step(Span at, RowId job, std::int64_t position, std::string_view name, std::string_view kind,
                         std::string_view script) {
  const auto where = rows_.locate(at);
  return rows_.add(evidence::StepRow{.at = where,
                                     .job_id = job,
                                     .workflow_id = workflow_,
                                     .position = position,
                                     .name = std::string(name),
                                     .kind = std::string(kind),
                                     .script = std::string(script.substr(0, max_script_bytes)),
                                     .body_at = where});
}

void PipelineRows::image(Span at, std::string_view text, RowId job) {
  if (text.empty()) return;
  evidence::UsesRow row = github::parse_image(text);
  if (text.find('$') != std::string_view::npos || text.find("<<") != std::string_view::npos) {
    row.reference_kind = "expression";
    row.immutable = Tri::not_examined;
  }
  uses(at, std::move(row), job, 0);
}

void PipelineRows::uses(Span at, evidence::UsesRow row, RowId job, RowId step) {
  row.at = rows_.locate(at);
  row.job_id = job;
  row.step_id = step;
  row.workflow_id = workflow_;
  rows_.add(std::move(row));
}

void PipelineRows::variable(const formats::YamlNode& key, std::string_view name, std::string_view value, RowId job,
                            RowId step) {
  rows_.add(evidence::VariableRow{.at = rows_.locate(key.span()),
                                  .step_id = step,
                                  .job_id = job,
                                  .workflow_id = workflow_,
                                  .name = std::string(name),
                                  .value = std::string(value)});
}

void PipelineRows::input(const formats::YamlNode& key, std::string_view name, std::string_view value, RowId job,
                         RowId step) {
  rows_.add(evidence::StepInputRow{.at = rows_.locate(key.span()),
                                   .step_id = step,
                                   .job_id = job,
                                   .workflow_id = workflow_,
                                   .name = std::string(name),
                                   .value = std::string(value)});
}

void PipelineRows::secret(Span at, std::string_view name, std::string_view sink, RowId job, RowId step) {
  rows_.add(evidence::SecretUseRow{.at = rows_.locate(at),
                                   .step_id = step,
                                   .job_id = job,
                                   .workflow_id = workflow_,
                                   .name = std::string(name),
                                   .sink = std::string(sink)});
}

void PipelineRows::expression(Span at, std::string_view context, std::string_view sink, std::string_view by, RowId job,
                              RowId step) {
  rows_.add(evidence::ExpressionRow{.at = rows_.locate(at),
                                    .step_id = step,
                                    .job_id = job,
                                    .workflow_id = workflow_,
                                    .text = std::string(context),
                                    .context = std::string(context),
                                    .sink = std::string(sink),
                                    .controlled_by = std::string(by),
                                    .parsed = Tri::yes});
}

void PipelineRows::shared(Span at, std::string_view kind, std::string_view direction, std::string_view key,
                          std::string_view path, RowId job, RowId step) {
  rows_.add(evidence::SharedStateRow{.at = rows_.locate(at),
                                     .step_id = step,
                                     .job_id = job,
                                     .workflow_id = workflow_,
                                     .kind = std::string(kind),
                                     .direction = std::string(direction),
                                     .key = std::string(key),
                                     .key_prefix = std::string(key.substr(0, key.find_first_of("${<"))),
                                     .path = std::string(path)});
}

void PipelineRows::checkout(Span at, std::string_view reference, Tri outsider, Tri persists, RowId job, RowId step) {
  rows_.add(evidence::CheckoutRow{.at = rows_.locate(at),
                                  .step_id = step,
                                  .job_id = job,
                                  .workflow_id = workflow_,
                                  .reference = std::string(reference),
                                  .outsider_code = outsider,
                                  .persists_credentials = persists});
}

void PipelineRows::commands(const Script& script, std::string_view origin, RowId job, RowId step,
                            const std::function<std::string_view(std::string_view)>& who) {
  const std::string text = without_macros(script.text);
  std::int64_t last = pipelines_;
  for (const formats::ShellCommand& command : formats::split_shell(text, script.dialect).commands) {
    const CommandFacts facts = describe(command);
    for (const formats::ShellWord& word : command.words) {
      if (word.text.find('$') == std::string::npos) continue;
      const std::string_view written = std::string_view(text).substr(word.begin, word.end - word.begin);
      for (const gitlab::VariableUse& use :
           gitlab::variables_in(written, script.dialect == formats::ShellDialect::posix)) {
        const Span at = script.span(word.begin + use.begin, word.begin + use.end);
        const std::string_view by = who ? who(use.name) : std::string_view{};
        if (by == "outsider" || by == "insider")
          expression(at, use.name, use.quoted ? "quoted" : "argument", by, job, step);
        if (by.empty() && gitlab::is_secret_name(use.name)) secret(at, use.name, "shell", job, step);
      }
    }
    if (facts.program.empty()) continue;
    evidence::CommandRow row = command_row(command, facts, script.text);
    const Span at = script.span(command.begin, command.end);
    row.at = rows_.locate(at);
    row.step_id = step;
    row.job_id = job;
    row.workflow_id = workflow_;
    row.origin = origin;
    row.pipeline += pipelines_;
    last = std::max(last, row.pipeline);
    rows_.add(std::move(row));
    if (!facts.publishes.empty()) shared(at, facts.publishes, "write", {}, {}, job, step);
  }
  pipelines_ = last + 1;
}

}  // namespace assay::pipeline::others
