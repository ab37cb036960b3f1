#include "analyzer/pipeline/github/workflow.h"

#include <algorithm>

#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/github/action.h"
#include "analyzer/pipeline/github/definition.h"
#include "analyzer/pipeline/github/guards.h"
#include "analyzer/pipeline/github/triggers.h"
#include "analyzer/pipeline/github/uses.h"

namespace assay::pipeline::github {
namespace {

using evidence::Tri;
using evidence::tri;
using formats::YamlNode;

std::vector<std::string> texts(const YamlNode& node) {
  std::vector<std::string> out;
  for (const YamlNode& item : node.one_or_many()) out.emplace_back(item.text());
  return out;
}

std::vector<std::pair<YamlNode, YamlNode>> events_of(const YamlNode& on) {
  if (on.is_mapping()) return on.entries();
  std::vector<std::pair<YamlNode, YamlNode>> out;
  for (const YamlNode& item : on.one_or_many()) {
    if (item.is_scalar()) out.emplace_back(item, YamlNode{});
  }
  return out;
}

void add_triggers(evidence::Rows& rows, evidence::RowId workflow, const YamlNode& on) {
  for (const auto& [event, filter] : events_of(on)) {
    evidence::TriggerRow row;
    row.at = rows.locate(event.span());
    row.workflow_id = workflow;
    row.event = event.text();
    row.types = joined(filter.at("types"));
    row.branches = joined(filter.at("branches"));
    row.tags = joined(filter.at("tags"));
    row.workflows = joined(filter.at("workflows"));
    const EventTrust trust = trust_of(row.event, texts(filter.at("types")));
    row.outsider = trust.outsider;
    row.privileged = trust.privileged;
    rows.add(std::move(row));
  }
}

void add_permission(evidence::Rows& rows, const Place& job, evidence::LocationId at, std::string_view scope,
                    std::string_view level, std::string_view declared, std::string_view comment) {
  rows.add(evidence::PermissionRow{.at = at,
                                   .job_id = job.job,
                                   .workflow_id = job.workflow,
                                   .scope = std::string(scope),
                                   .level = std::string(level),
                                   .declared = std::string(declared),
                                   .comment = std::string(comment)});
}

void add_permissions(evidence::Rows& rows, const Place& job, const YamlNode& root, const YamlNode& node,
                     const YamlNode& job_key) {
  const YamlNode own_key = key_of(node, "permissions");
  const YamlNode key = own_key.exists() ? own_key : key_of(root, "permissions");
  const YamlNode value = own_key.exists() ? node.at("permissions") : root.at("permissions");
  const std::string_view declared = own_key.exists() ? "job" : "workflow";
  if (!key.exists()) {
    add_permission(rows, job, rows.locate(job_key.span()), "all", "write", "default", {});
    return;
  }
  if (value.is_scalar()) {
    const std::string_view level = value.text() == "write-all" ? "write" : value.text() == "read-all" ? "read" : "none";
    add_permission(rows, job, rows.locate(key.span()), "all", level, declared, value.comment());
    return;
  }
  const auto entries = value.entries();
  if (entries.empty()) add_permission(rows, job, rows.locate(key.span()), "all", "none", declared, {});
  for (const auto& [scope, level] : entries) {
    add_permission(rows, job, rows.locate(scope.span()), scope.text(), level.text(), declared, level.comment());
  }
}

// Rights at the top that every job replaces.
void add_unused_permissions(evidence::Rows& rows, const Place& whole, const YamlNode& root) {
  const YamlNode key = key_of(root, "permissions");
  if (key.exists()) add_permissions(rows, whole, root, YamlNode{}, key);
}

// Labels of runs-on with a static matrix put in.
std::vector<std::string> labels_of(const YamlNode& runs_on, const YamlNode& job) {
  std::vector<std::string> out;
  const YamlNode labels = runs_on.is_mapping() ? runs_on.at("labels") : runs_on;
  for (const YamlNode& item : labels.one_or_many()) {
    for (std::string& label : possible_values(item.text(), job)) out.push_back(std::move(label));
  }
  return out;
}

Tri is_self_hosted(const std::vector<std::string>& labels, const YamlNode& runs_on) {
  bool known = !labels.empty();
  for (const std::string& label : labels) {
    if (label == "self-hosted") return Tri::yes;
    // Labels a runner gets by itself when it is registered; no hosted runner answers to them alone.
    for (const std::string_view own :
         {"linux", "windows", "macos", "x64", "arm", "arm64", "Linux", "Windows", "macOS", "X64", "ARM", "ARM64"}) {
      if (label == own) return Tri::yes;
    }
    const bool hosted = label.starts_with("ubuntu-") || label.starts_with("windows-") || label.starts_with("macos-");
    known = known && hosted;
  }
  if (runs_on.at("group").exists()) return Tri::not_examined;
  return known ? Tri::no : Tri::not_examined;
}

std::string default_shell(const YamlNode& root, const YamlNode& job, const std::vector<std::string>& labels) {
  for (const YamlNode& level : {job, root}) {
    if (const YamlNode shell = level.at("defaults").at("run").at("shell"); shell.is_scalar())
      return std::string(shell.text());
  }
  const bool windows = !labels.empty() && std::all_of(labels.begin(), labels.end(), [](const std::string& label) {
    return label.starts_with("windows");
  });
  return windows ? "pwsh" : "bash";
}

// What has no table of its own and means something for safety.
void add_some_settings(evidence::Rows& rows, evidence::RowId workflow, evidence::RowId job, const YamlNode& node) {
  add_settings(rows, workflow, job, node, "",
               {"name", "on", "env", "jobs", "permissions", "run-name", "steps", "outputs", "with", "secrets", "uses",
                "if", "needs", "runs-on", "strategy", "container", "services", "environment", "timeout-minutes"});
}

class Jobs {
 public:
  Jobs(Definition& definition, const YamlNode& root, evidence::RowId workflow)
      : definition_(definition), rows_(definition.rows()), root_(root), workflow_(workflow) {}

  void add(const YamlNode& key, const YamlNode& node) {
    Place place{.workflow = workflow_, .job = 0, .step = 0, .scope = {.job = node, .step = {}}};
    const YamlNode runs_on = node.at("runs-on");
    const std::vector<std::string> labels = labels_of(runs_on, node);
    evidence::JobRow row;
    row.at = rows_.locate(key.span());
    row.workflow_id = workflow_;
    row.name = key.text();
    row.display_name = node.at("name").text();
    row.runs_on = runs_on.is_mapping() ? joined(runs_on.at("labels")) : joined(runs_on);
    if (const YamlNode group = runs_on.at("group"); group.exists())
      row.runs_on = "group:" + std::string(group.text()) + (row.runs_on.empty() ? "" : "," + row.runs_on);
    row.self_hosted = is_self_hosted(labels, runs_on);
    row.condition = node.at("if").text();
    const YamlNode environment = node.at("environment");
    row.environment = environment.is_mapping() ? environment.at("name").text() : environment.text();
    row.needs = joined(node.at("needs"));
    row.permissions_declared = tri(node.at("permissions").exists());
    inherits_permissions_ = inherits_permissions_ || !node.at("permissions").exists();
    row.concurrency_declared = tri(node.at("concurrency").exists());
    const Guard guard = guarded(node, 0);
    const Tri otherwise = row.environment.empty() ? Tri::no : Tri::not_examined;
    row.outsider_guarded = guard.outsiders ? Tri::yes : otherwise;
    row.rights_guarded = guard.rights ? Tri::yes : otherwise;
    row.calls = node.at("uses").text();
    row.inherits_secrets = tri(node.at("secrets").text() == "inherit");
    if (const YamlNode at = key_of(node, "runs-on"); at.exists()) row.runs_on_at = rows_.locate(at.span());
    if (const YamlNode at = key_of(node, "if"); at.exists()) row.condition_at = rows_.locate(at.span());
    place.job = rows_.add(std::move(row));

    add_permissions(rows_, place, root_, node, key);
    definition_.expressions(node.at("name"), "name", place);
    definition_.condition(node.at("if"), place);
    definition_.expressions_below(runs_on, "runs-on", place);
    definition_.variables(node.at("env"), place);
    definition_.expressions_below(environment, "other", place);
    definition_.expressions_below(node.at("concurrency"), "other", place);
    definition_.expressions_below(node.at("strategy"), "other", place);
    definition_.expressions_below(node.at("outputs"), "output", place);
    add_some_settings(rows_, workflow_, place.job, node);
    definition_.container(node.at("container"), place);
    for (const auto& [name, service] : node.at("services").entries()) definition_.container(service, place);
    called_workflow(node, place);
    const std::string shell = default_shell(root_, node, labels);
    std::int64_t position = 0;
    for (const YamlNode& step : node.at("steps").items()) {
      if (step.is_mapping()) definition_.step(step, position, shell, place);
      ++position;
    }
  }

  bool any_inherits_permissions() const { return inherits_permissions_; }

 private:
  // The job, or one it waits for, keeps outsiders out.
  Guard guarded(const YamlNode& node, int depth) {
    const std::string_view condition = node.at("if").text();
    Guard guard = guard_of(condition, definition_.contexts().events());
    if (guard.outsiders || depth > 4 || ++looked_ > 100'000) return guard;
    for (const std::string_view whatever : {"always()", "failure()", "cancelled()"}) {
      if (condition.find(whatever) != std::string_view::npos) return guard;
    }
    for (const YamlNode& needed : node.at("needs").one_or_many()) {
      const Guard other = guarded(root_.at("jobs").at(needed.text()), depth + 1);
      guard.outsiders = guard.outsiders || other.outsiders;
      guard.rights = guard.rights || other.rights;
    }
    return guard;
  }

  void called_workflow(const YamlNode& node, const Place& place) {
    const YamlNode called = node.at("uses");
    if (!called.is_scalar()) return;
    definition_.uses(called, parse_uses(called.text(), true), place);
    for (const auto& [key, value] : node.at("with").entries()) {
      rows_.add(evidence::StepInputRow{.at = rows_.locate(key.span()),
                                       .job_id = place.job,
                                       .workflow_id = workflow_,
                                       .name = std::string(key.text()),
                                       .value = std::string(value.text())});
      definition_.expressions(value, "input", place);
    }
    const YamlNode secrets = node.at("secrets");
    if (secrets.text() == "inherit") {
      rows_.add(evidence::SecretUseRow{.at = rows_.locate(secrets.span()),
                                       .job_id = place.job,
                                       .workflow_id = workflow_,
                                       .name = "*",
                                       .sink = "workflow"});
    }
    definition_.expressions_below(secrets, "workflow", place);
  }

  Definition& definition_;
  evidence::Rows& rows_;
  YamlNode root_;
  evidence::RowId workflow_;
  bool inherits_permissions_ = false;
  std::size_t looked_ = 0;  // jobs followed through needs, bounded against hostile graphs
};

void finish(const evidence::Rows& rows, const formats::YamlTree& tree, ReadOutcome& outcome) {
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  if (tree.documents().size() > 1) outcome.partly("only the first YAML document was read");
}

}  // namespace
ReadOutcome read_github_workflow(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const YamlNode root = file.tree.root();
  if (!readable(file, root, outcome)) return outcome;
  const YamlNode on = root.at("on");
  const YamlNode jobs = root.at("jobs");
  std::vector<std::string> events;
  for (const auto& [event, filter] : events_of(on)) events.emplace_back(event.text());
  const Span head = first_key(root);

  bool every_job_limits = true;
  bool any_job = false;
  for (const auto& [key, job] : jobs.entries()) {
    any_job = true;
    every_job_limits = every_job_limits && job.at("concurrency").exists();
  }
  evidence::WorkflowRow row;
  row.at = rows.locate(head);
  row.system = "github";
  row.kind = events.size() == 1 && events[0] == "workflow_call" ? "reusable-workflow" : "workflow";
  row.path = input.artifact.path;
  row.name = root.at("name").text();
  row.permissions_declared = tri(key_of(root, "permissions").exists());
  row.concurrency_declared = tri(root.at("concurrency").exists() || (any_job && every_job_limits));
  if (const YamlNode key = key_of(root, "on"); key.exists()) row.on_at = rows.locate(key.span());
  const evidence::RowId workflow = rows.add(std::move(row));
  add_triggers(rows, workflow, on);

  const Contexts contexts(root, std::move(events), false);
  Definition definition(rows, contexts);
  const Place whole{.workflow = workflow, .job = 0, .step = 0, .scope = {}};
  definition.expressions(root.at("run-name"), "name", whole);
  definition.variables(root.at("env"), whole);
  definition.expressions_below(root.at("concurrency"), "other", whole);
  definition.expressions_below(on.at("workflow_call").at("outputs"), "output", whole);
  add_some_settings(rows, workflow, 0, root);
  Jobs reader(definition, root, workflow);
  for (const auto& [key, job] : jobs.entries()) {
    if (job.is_mapping()) reader.add(key, job);
  }
  if (!reader.any_inherits_permissions()) add_unused_permissions(rows, whole, root);
  finish(rows, file.tree, outcome);
  return outcome;
}

ReadOutcome read_github_action(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const YamlNode root = file.tree.root();
  if (!readable(file, root, outcome)) return outcome;
  const YamlNode runs = root.at("runs");
  const Span head = first_key(root);
  const evidence::RowId workflow = rows.add(evidence::WorkflowRow{.at = rows.locate(head),
                                                                  .system = "github",
                                                                  .kind = "action",
                                                                  .path = input.artifact.path,
                                                                  .name = std::string(root.at("name").text())});
  const YamlNode key = key_of(root, "runs");
  evidence::JobRow job;
  job.at = key.exists() ? rows.locate(key.span()) : rows.locate(head);
  job.workflow_id = workflow;
  job.name = "runs";
  const evidence::RowId job_id = rows.add(std::move(job));

  const Contexts contexts(root, {}, true);
  Definition definition(rows, contexts);
  const Place place{.workflow = workflow, .job = job_id, .step = 0, .scope = {.job = runs, .step = {}}};
  definition.expressions_below(root.at("outputs"), "output", place);
  definition.expressions_below(root.at("inputs"), "other", place);
  if (const YamlNode image = runs.at("image"); image.text().starts_with("docker://"))
    definition.uses(image, parse_uses(image.text(), false), place);
  definition.variables(runs.at("env"), place);
  definition.expressions_below(runs.at("args"), "input", place);
  std::int64_t position = 0;
  for (const YamlNode& step : runs.at("steps").items()) {
    if (step.is_mapping()) definition.step(step, position, "bash", place);
    ++position;
  }
  finish(rows, file.tree, outcome);
  return outcome;
}

}  // namespace assay::pipeline::github
