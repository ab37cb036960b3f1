#include "analyzer/pipeline/github/definition.h"

#include <algorithm>

#include "analyzer/pipeline/github/known_actions.h"
#include "analyzer/pipeline/github/uses.h"

namespace assay::pipeline::github {

using evidence::tri;
using formats::YamlNode;

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

constexpr int max_walk = 40;
constexpr std::size_t max_matrix_choices = 256;  // GitHub's own limit on jobs of a matrix

}  // namespace

void Definition::secret(const Access& access, evidence::LocationId where, std::string_view sink, const Place& place) {
  if (access.parts.front() != "secrets") return;
  const bool all = access.parts.size() == 1 || access.parts[1] == "[]" || access.parts[1] == "*";
  std::string_view to = "other";
  if (sink == "env" || sink == "shell" || sink == "condition" || sink == "input") to = sink;
  if (sink == "code-input") to = "input";
  if (sink == "workflow") to = "workflow";
  rows_.add(evidence::SecretUseRow{.at = where,
                                   .step_id = place.step,
                                   .job_id = place.job,
                                   .workflow_id = place.workflow,
                                   .name = all ? "*" : access.parts[1],
                                   .sink = std::string(to)});
}

void Definition::expression(std::string_view text, const formats::TextPositions& positions, std::size_t offset,
                            std::string_view sink, const Place& place) {
  const Expression parsed = parse_expression(text);
  evidence::ExpressionRow row;
  row.step_id = place.step;
  row.job_id = place.job;
  row.workflow_id = place.workflow;
  row.text = trimmed(text);
  row.sink = sink == "workflow" ? "input" : sink;
  row.parsed = tri(parsed.parsed);
  if (parsed.accesses.empty()) {
    row.at = rows_.locate(positions.span(offset, offset + text.size()));
    row.controlled_by = "workflow";
    rows_.add(std::move(row));
    return;
  }
  for (const Access& access : parsed.accesses) {
    evidence::ExpressionRow own = row;
    own.at = rows_.locate(positions.span(offset + access.begin, offset + access.end));
    own.context = access.name;
    Control control =
        access.flows || sink == "condition" ? contexts_.who(access, place.scope) : Control{.by = "workflow", .via = {}};
    own.controlled_by = std::move(control.by);
    own.via = std::move(control.via);
    secret(access, own.at, sink, place);
    rows_.add(std::move(own));
  }
  if (sink == "condition") return;
  for (const ConstantPart& part : parsed.constant_parts) {
    evidence::ExpressionRow own = row;
    own.at = rows_.locate(positions.span(offset + part.begin, offset + part.end));
    own.text = trimmed(text.substr(part.begin, part.end - part.begin));
    own.controlled_by = "workflow";
    rows_.add(std::move(own));
  }
}

void Definition::expressions(const YamlNode& node, std::string_view sink, const Place& place) {
  if (!node.is_scalar() || node.text().find("${{") == std::string_view::npos) return;
  const formats::TextPositions positions = node.positions();
  for (const Fence& fence : find_fences(node.text())) {
    expression(node.text().substr(fence.begin, fence.end - fence.begin), positions, fence.begin, sink, place);
  }
}

void Definition::expressions_below(const YamlNode& node, std::string_view sink, const Place& place, int depth) {
  if (depth > max_walk) return;
  expressions(node, sink, place);
  for (const auto& [key, value] : node.entries()) expressions_below(value, sink, place, depth + 1);
  for (const YamlNode& item : node.items()) expressions_below(item, sink, place, depth + 1);
}

void Definition::condition(const YamlNode& node, const Place& place) {
  if (!node.is_scalar()) return;
  if (node.text().find("${{") != std::string_view::npos) {
    expressions(node, "condition", place);
  } else {
    expression(node.text(), node.positions(), 0, "condition", place);
  }
}

// `env: ${{ … }}`: nobody knows the names before the run, except
// `env: ${{ matrix.NAME }}`: the mappings the matrix holds under that name, each variable at the expression.
void Definition::variables_of_matrix(const YamlNode& env, const Place& place) {
  const std::vector<Fence> fences = find_fences(env.text());
  const auto unknown = [&] {
    rows_.add(evidence::VariableRow{.at = at(env),
                                    .step_id = place.step,
                                    .job_id = place.job,
                                    .workflow_id = place.workflow,
                                    .name = "*",
                                    .value = std::string(env.text())});
  };
  if (fences.size() != 1) return unknown();
  const Expression parsed = parse_expression(env.text().substr(fences[0].begin, fences[0].end - fences[0].begin));
  if (parsed.accesses.size() != 1 || parsed.accesses[0].parts.size() != 2 || parsed.accesses[0].parts[0] != "matrix")
    return unknown();
  const std::string& name = parsed.accesses[0].parts[1];
  const YamlNode table = place.scope.job.at("strategy").at("matrix");
  std::vector<YamlNode> choices = table.at(name).items();
  for (const YamlNode& extra : table.at("include").items()) choices.push_back(extra.at(name));
  if (choices.empty()) return unknown();
  if (choices.size() > max_matrix_choices) choices.resize(max_matrix_choices);
  for (const YamlNode& choice : choices) {
    for (const auto& [key, value] : choice.entries()) {
      rows_.add(evidence::VariableRow{.at = at(env),
                                      .step_id = place.step,
                                      .job_id = place.job,
                                      .workflow_id = place.workflow,
                                      .name = std::string(key.text()),
                                      .value = std::string(value.text())});
    }
  }
}

void Definition::variables(const YamlNode& env, const Place& place) {
  expressions(env, "env", place);
  if (env.is_scalar() && !env.text().empty()) variables_of_matrix(env, place);
  for (const auto& [key, value] : env.entries()) {
    rows_.add(evidence::VariableRow{.at = at(key),
                                    .step_id = place.step,
                                    .job_id = place.job,
                                    .workflow_id = place.workflow,
                                    .name = std::string(key.text()),
                                    .value = std::string(value.text())});
    expressions(value, "env", place);
  }
}

void Definition::uses(const YamlNode& node, evidence::UsesRow row, const Place& place) {
  row.at = at(node);
  row.step_id = place.step;
  row.job_id = place.job;
  row.workflow_id = place.workflow;
  row.comment = node.comment();
  rows_.add(std::move(row));
}

namespace {

// Of one access to the matrix, whatever its columns and exclusions leave.
std::vector<std::string> matrix_values(const std::vector<std::string>& parts, const YamlNode& job) {
  std::vector<std::string> out;
  if (parts.size() < 2) return out;
  const YamlNode table = job.at("strategy").at("matrix");
  const auto take = [&](YamlNode value) {
    for (std::size_t i = 2; i < parts.size(); ++i) value = value.at(parts[i]);
    for (const YamlNode& one : value.one_or_many()) {
      if (one.is_scalar() && std::find(out.begin(), out.end(), one.text()) == out.end() && out.size() < 256)
        out.emplace_back(one.text());
    }
  };
  const auto excluded = [&](const YamlNode& value) {
    for (const YamlNode& entry : table.at("exclude").items()) {
      if (value.is_scalar() && entry.entries().size() == 1 && entry.at(parts[1]).text() == value.text()) return true;
    }
    return false;
  };
  for (const YamlNode& value : table.at(parts[1]).one_or_many()) {
    if (!excluded(value)) take(value);
  }
  for (const YamlNode& extra : table.at("include").items()) take(extra.at(parts[1]));
  return out;
}

// The literals of `condition && 'one' || 'other'`; nothing when the expression may give anything else.
std::vector<std::string> literal_choices(std::string_view expression) {
  std::vector<std::string> out;
  for (const std::string_view sign : {"&&", "||"}) {
    for (std::size_t at = expression.find(sign); at != std::string_view::npos && out.size() < 16;
         at = expression.find(sign, at + 2)) {
      const std::size_t begin = expression.find_first_not_of(' ', at + 2);
      if (begin == std::string_view::npos || expression[begin] != '\'') return {};
      const std::size_t end = expression.find('\'', begin + 1);
      if (end == std::string_view::npos) return {};
      out.emplace_back(expression.substr(begin + 1, end - begin - 1));
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> possible_values(std::string_view text, const YamlNode& job) {
  const std::vector<Fence> fences = find_fences(text);
  std::vector<std::string> out;
  if (fences.size() == 1 && fences[0].outer_begin == 0 && fences[0].outer_end == text.size()) {
    const std::string_view inside = text.substr(fences[0].begin, fences[0].end - fences[0].begin);
    const Expression parsed = parse_expression(inside);
    out = literal_choices(inside);
    // What stands before && or in a comparison decides, and is not the value.
    const bool decides = inside.find("&&") != std::string_view::npos;
    if (!decides && parsed.accesses.size() == 1 && parsed.accesses[0].flows &&
        parsed.accesses[0].parts.front() == "matrix") {
      for (std::string& value : matrix_values(parsed.accesses[0].parts, job)) out.push_back(std::move(value));
    }
  }
  if (out.empty()) out.emplace_back(text);
  return out;
}

void Definition::container(const YamlNode& node, const Place& place) {
  const YamlNode image = node.is_scalar() ? node : node.at("image");
  if (image.is_scalar() && !image.text().empty()) {
    for (const std::string& name : possible_values(image.text(), place.scope.job)) {
      if (!name.empty()) uses(image, parse_image(name), place);
    }
    expressions(image, "image", place);
  }
  variables(node.at("env"), place);
  for (const auto& [key, value] : node.at("credentials").entries()) {
    rows_.add(evidence::StepInputRow{.at = at(value),
                                     .job_id = place.job,
                                     .workflow_id = place.workflow,
                                     .name = "credentials." + lower(key.text()),
                                     .value = std::string(value.text())});
    expressions(value, "other", place);
  }
  expressions(node.at("options"), "image", place);
}

evidence::Tri Definition::takes_outsider_code(std::string_view reference, std::string_view repository,
                                              const Scope& scope) const {
  const bool pull_request = contexts_.has_event("pull_request") || contexts_.has_event("pull_request_review") ||
                            contexts_.has_event("pull_request_review_comment");
  const bool fork_event = contexts_.has_event("pull_request_target") || contexts_.has_event("workflow_run") ||
                          contexts_.has_event("issue_comment") || contexts_.has_event("issues");
  if (reference.empty() && repository.empty())
    return contexts_.may_be_called() && !pull_request ? evidence::Tri::not_examined : tri(pull_request);
  if (!fork_event && !pull_request && !contexts_.may_be_called()) return evidence::Tri::no;
  if (names_pull_request_head(reference) || names_pull_request_head(repository)) return evidence::Tri::yes;
  const Control by_reference = contexts_.who_writes(reference, scope);
  if (by_reference.by == "outsider" || contexts_.who_writes(repository, scope).by == "outsider")
    return evidence::Tri::yes;
  return by_reference.by == "unknown" ? evidence::Tri::not_examined : evidence::Tri::no;
}

void Definition::checkout(const YamlNode& node, const YamlNode& with, const Place& place) {
  evidence::CheckoutRow row;
  row.at = at(node);
  row.step_id = place.step;
  row.job_id = place.job;
  row.workflow_id = place.workflow;
  row.repository = input_of(with, "repository").text();
  row.reference = input_of(with, "ref").text();
  row.outsider_code = takes_outsider_code(row.reference, row.repository, place.scope);
  const std::string persist = lower(input_of(with, "persist-credentials").text());
  row.persists_credentials =
      persist.find("${{") != std::string::npos ? evidence::Tri::not_examined : tri(persist != "false");
  rows_.add(std::move(row));
}

void Definition::action(const YamlNode& node, const evidence::UsesRow& uses, const Place& place) {
  const YamlNode with = node.at("with");
  if (uses.name == "actions/checkout") checkout(node, with, place);
  const std::string_view comment = node.at("uses").comment();
  const std::string_view version = uses.reference_kind == "commit" && !comment.empty() ? comment : uses.reference;
  for (const Sharing& sharing : sharing_of(uses.name, uses.path, version, with)) {
    evidence::SharedStateRow row;
    row.at = at(node.at("uses"));
    row.step_id = place.step;
    row.job_id = place.job;
    row.workflow_id = place.workflow;
    row.kind = sharing.kind;
    row.direction = sharing.direction;
    row.key = sharing.key;
    row.spares = sharing.spares;
    row.key_prefix = sharing.key.substr(0, sharing.key.find("${{"));
    std::string_view rest = sharing.restore_keys;
    while (!rest.empty()) {
      const std::string_view line = trimmed(rest.substr(0, rest.find('\n')));
      const std::string_view prefix = line.substr(0, line.find("${{"));
      if (!line.empty() && prefix.size() < row.key_prefix.size()) row.key_prefix = prefix;
      rest.remove_prefix(
          std::min(rest.size(), rest.find('\n') == std::string_view::npos ? rest.size() : rest.find('\n') + 1));
    }
    row.path = sharing.path;
    rows_.add(std::move(row));
  }
}

std::string Definition::directory_of(const YamlNode& step, const Place& job) const {
  const YamlNode own = step.at("working-directory");
  if (own.is_scalar()) return std::string(own.text());
  for (const YamlNode& level : {job.scope.job, contexts_.root()}) {
    if (const YamlNode given = level.at("defaults").at("run").at("working-directory"); given.is_scalar())
      return std::string(given.text());
  }
  return {};
}

void Definition::step(const YamlNode& node, std::int64_t position, std::string_view default_shell, const Place& job) {
  Place place = job;
  place.scope.step = node;
  const YamlNode run = node.at("run");
  const YamlNode used = node.at("uses");
  const YamlNode shell = node.at("shell");
  YamlNode body_key;
  YamlNode condition_key;
  YamlNode shell_key;
  for (const auto& [key, value] : node.entries()) {
    if (key.text() == "run" || key.text() == "uses") body_key = key;
    if (key.text() == "if") condition_key = key;
    if (key.text() == "shell") shell_key = key;
  }
  evidence::StepRow row;
  row.at = at(node);
  row.job_id = job.job;
  row.workflow_id = job.workflow;
  row.position = position;
  row.name = node.at("name").text();
  row.identifier = node.at("id").text();
  row.kind = run.exists() ? "run" : "uses";
  row.condition = node.at("if").text();
  if (run.exists()) row.shell = shell.exists() ? shell.text() : default_shell;
  row.script = run.text();
  const std::string_view tolerated = node.at("continue-on-error").text();
  row.continue_on_error =
      tolerated.find("${{") != std::string_view::npos ? evidence::Tri::not_examined : tri(tolerated == "true");
  row.body_at = body_key.exists() ? at(body_key) : row.at;
  if (condition_key.exists()) row.condition_at = at(condition_key);
  if (shell_key.exists()) row.shell_at = at(shell_key);
  row.directory = directory_of(node, job);
  const std::string effective_shell = row.shell;
  place.step = rows_.add(std::move(row));

  expressions(node.at("name"), "name", place);
  condition(node.at("if"), place);
  variables(node.at("env"), place);
  expressions(node.at("working-directory"), "other", place);
  expressions(shell, "other", place);
  std::string action_name;
  if (used.is_scalar()) {
    evidence::UsesRow parsed = parse_uses(used.text(), false);
    action_name = parsed.name;
    action(node, parsed, place);
    uses(used, std::move(parsed), place);
    expressions(used, "image", place);
  }
  expressions(node.at("with"), "input", place);
  if (node.at("with").is_scalar()) {
    rows_.add(evidence::StepInputRow{.at = at(node.at("with")),
                                     .step_id = place.step,
                                     .job_id = place.job,
                                     .workflow_id = place.workflow,
                                     .name = "*",
                                     .value = std::string(node.at("with").text())});
  }
  for (const auto& [key, value] : node.at("with").entries()) {
    const std::string name = lower(key.text());
    rows_.add(evidence::StepInputRow{.at = at(key),
                                     .step_id = place.step,
                                     .job_id = place.job,
                                     .workflow_id = place.workflow,
                                     .name = name,
                                     .value = std::string(value.text())});
    expressions(value, executes_input(action_name, name) ? "code-input" : "input", place);
  }
  if (run.is_scalar()) {
    expressions(run, "shell", place);
    script(run, effective_shell, place);
  }
}

}  // namespace assay::pipeline::github
