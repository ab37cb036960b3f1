#include "analyzer/pipeline/github/contexts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analyzer/pipeline/github/triggers.h"

namespace assay::pipeline::github {
namespace {

using formats::YamlNode;

constexpr int max_indirections = 5;

// What stands behind github.event. and is free text of whoever caused the event. '*' matches one part.
constexpr auto outsider_payload = std::to_array<std::string_view>({"issue.title",
                                                                   "issue.body",
                                                                   "pull_request.title",
                                                                   "pull_request.body",
                                                                   "pull_request.head.ref",
                                                                   "pull_request.head.label",
                                                                   "pull_request.head.repo.default_branch",
                                                                   "pull_request.head.repo.description",
                                                                   "pull_request.head.repo.homepage",
                                                                   "comment.body",
                                                                   "comment.path",
                                                                   "comment.diff_hunk",
                                                                   "review.body",
                                                                   "discussion.title",
                                                                   "discussion.body",
                                                                   "pages.*.page_name",
                                                                   "pages.*.title",
                                                                   "pages.*.summary",
                                                                   "commits.*.message",
                                                                   "commits.*.author.email",
                                                                   "commits.*.author.name",
                                                                   "commits.*.committer.email",
                                                                   "commits.*.committer.name",
                                                                   "head_commit.message",
                                                                   "head_commit.author.email",
                                                                   "head_commit.author.name",
                                                                   "head_commit.committer.email",
                                                                   "head_commit.committer.name",
                                                                   "workflow_run.head_branch",
                                                                   "workflow_run.display_title",
                                                                   "workflow_run.head_commit.message",
                                                                   "workflow_run.head_commit.author.email",
                                                                   "workflow_run.head_commit.author.name",
                                                                   "workflow_run.head_repository.description",
                                                                   "workflow_run.head_repository.default_branch",
                                                                   "workflow_run.pull_requests.*.head.ref",
                                                                   "check_suite.head_branch",
                                                                   "check_suite.pull_requests.*.head.ref",
                                                                   "check_run.check_suite.head_branch",
                                                                   "check_run.check_suite.pull_requests.*.head.ref",
                                                                   "forkee.description",
                                                                   "forkee.homepage",
                                                                   "forkee.default_branch",
                                                                   "changes.title.from"});

// Behind github.: text of people who may write.
constexpr auto insider_names =
    std::to_array<std::string_view>({"ref", "ref_name", "base_ref", "workflow_ref", "event.ref", "event.base_ref",
                                     "event.label.name", "event.milestone.title", "event.client_payload"});
constexpr auto insider_payload =
    std::to_array<std::string_view>({"inputs", "client_payload", "release", "ref", "label", "milestone", "deployment",
                                     "deployment_status", "base_ref", "description", "merge_group"});

// How an access compares with a pattern of parts: equal, a part above it, or a part below it.
bool covers(const std::vector<std::string>& parts, std::size_t from, std::string_view pattern) {
  std::size_t at = from;
  while (true) {
    const std::size_t dot = pattern.find('.');
    const std::string_view part = pattern.substr(0, dot);
    if (at >= parts.size()) return true;  // an object that contains the text
    const std::string& own = parts[at];
    if (own != part && own != "*" && own != "[]" && part != "*") return false;
    ++at;
    if (dot == std::string_view::npos) return true;
    pattern.remove_prefix(dot + 1);
  }
}

int rank(std::string_view by) {
  if (by == "outsider") return 4;
  if (by == "unknown") return 3;
  if (by == "insider") return 2;
  return by == "workflow" ? 1 : 0;
}

}  // namespace

Contexts::Contexts(YamlNode root, std::vector<std::string> events, bool action)
    : root_(root), events_(std::move(events)), action_(action) {}

bool Contexts::spend(std::size_t amount) const {
  const bool enough = amount <= budget_;
  budget_ = enough ? budget_ - amount : 0;
  return enough;
}

bool Contexts::has_event(std::string_view event) const {
  return std::find(events_.begin(), events_.end(), event) != events_.end();
}

bool Contexts::event_of(std::string_view object) const {
  return may_be_called() ||
         std::any_of(events_.begin(), events_.end(), [&](const std::string& event) { return delivers(event, object); });
}

Control Contexts::payload(const Access& access) const {
  const auto& parts = access.parts;
  bool elsewhere = false;
  for (const std::string_view pattern : outsider_payload) {
    if (!covers(parts, 2, pattern)) continue;
    if (event_of(pattern.substr(0, pattern.find('.')))) return {"outsider", {}};
    elsewhere = parts.size() > 3;
  }
  if (elsewhere) return {"platform", "payload of another event"};
  if (parts.size() > 2) {
    if (parts[2] == "inputs")
      return input({.parts = std::vector<std::string>(parts.begin() + 2, parts.end()), .name = access.name});
    if (std::find(insider_payload.begin(), insider_payload.end(), parts[2]) != insider_payload.end())
      return {"insider", {}};
    const std::string& last = parts.back();
    if (last == "ref" || last == "label" || last == "name" || last == "*") {
      return parts.size() > 4 && parts[3] == "base" ? Control{"insider", {}} : Control{"platform", {}};
    }
  }
  return {};
}

Control Contexts::github(const Access& access, const Scope&) const {
  const auto& parts = access.parts;
  if (parts.size() == 1)
    return event_of("pull_request") || event_of("issue") || event_of("discussion") ? Control{"outsider", {}}
                                                                                   : Control{"insider", {}};
  const std::string& name = parts[1];
  if (name == "head_ref") return event_of("pull_request") ? Control{"outsider", {}} : Control{};
  if (name == "event") return payload(access);
  if (name == "[]" || name == "*") return {"unknown", {}};
  if (std::find(insider_names.begin(), insider_names.end(), name) != insider_names.end()) return {"insider", {}};
  if (name == "workflow") return {"workflow", {}};
  return {};
}

Control Contexts::input(const Access& access) const {
  const std::string via = "input";
  if (action_) return {"unknown", via};
  const std::string name = access.parts.size() > 1 ? access.parts[1] : "";
  const YamlNode declared = root_.at("on").at("workflow_dispatch").at("inputs").at(name);
  const YamlNode called = root_.at("on").at("workflow_call").at("inputs").at(name);
  const std::string_view type = called.exists() ? called.at("type").text() : declared.at("type").text();
  if (type == "boolean" || type == "number") return {"platform", via};
  if (has_event("workflow_call")) return {"unknown", via};
  if (type == "choice") return {"workflow", via};
  return {has_event("workflow_dispatch") ? "insider" : "unknown", via};
}

Control Contexts::environment(const std::string& name, const Scope& scope, int depth) const {
  const std::string via = "env " + name;
  if (name == "GITHUB_HEAD_REF") return {event_of("pull_request") ? "outsider" : "platform", via};
  const std::array<YamlNode, 4> levels{scope.step.at("env"), scope.job.at("env"), root_.at("env"),
                                       scope.job.at("container").at("env")};
  for (const YamlNode& level : levels) {
    if (level.is_scalar()) return {"unknown", via};
    const YamlNode value = level.at(name);
    if (!value.exists()) continue;
    if (value.text().find("${{") == std::string_view::npos) return {"workflow", via};
    Control control = who_writes(value.text(), scope, depth + 1);
    control.via = control.via.empty() ? via : via + ", " + control.via;
    return control;
  }
  if (name.starts_with("GITHUB_") || name.starts_with("RUNNER_"))
    return {name.starts_with("GITHUB_REF") ? "insider" : "platform", via};
  return {"unknown", via};  // written to GITHUB_ENV, or by a caller
}

Control Contexts::matrix(const Access& access, const Scope& scope, int depth) const {
  const YamlNode table = scope.job.at("strategy").at("matrix");
  const std::string via = "matrix";
  const auto judge = [&](const YamlNode& value) { return who_writes(value.text(), scope, depth + 1).by; };
  std::string by = "workflow";
  const auto raise = [&](std::string_view other) {
    if (rank(other) > rank(by)) by = other;
  };
  if (table.is_scalar()) {
    raise("unknown");
    raise(judge(table));
    return {by, via};
  }
  const std::string name = access.parts.size() > 1 ? access.parts[1] : "";
  const auto weigh = [&](const YamlNode& values) {
    if (!spend(values.items().size())) raise("unknown");
    if (values.is_scalar() && values.text().find("${{") != std::string_view::npos) {
      raise(judge(values));
      raise("unknown");  // what fromJSON makes of it is not in the file
    }
    for (const YamlNode& item : values.items()) {
      if (item.text().find("${{") != std::string_view::npos) raise(judge(item));
    }
  };
  weigh(table.at(name));
  const YamlNode include = table.at("include");
  if (include.is_scalar()) weigh(include);
  for (const YamlNode& extra : include.items()) {
    const YamlNode value = extra.at(name);
    if (value.text().find("${{") != std::string_view::npos) raise(judge(value));
  }
  return {by, via};
}

Control Contexts::needed(const Access& access, int depth) const {
  const auto& parts = access.parts;
  if (parts.size() < 3 || parts[2] == "result") return {parts.size() < 3 ? "unknown" : "platform", {}};
  const std::string via = "output " + parts[1];
  if (parts.size() < 4) return {"unknown", via};
  const YamlNode job = root_.at("jobs").at(parts[1]);
  const YamlNode value = job.at("outputs").at(parts[3]);
  if (!value.exists() || depth >= max_indirections) return {"unknown", via};
  Control control = who_writes(value.text(), {.job = job, .step = {}}, depth + 1);
  control.via = control.via.empty() ? via : via + ", " + control.via;
  return control;
}

Control Contexts::step_output(const Access& access, const Scope& scope, int depth) const {
  const auto& parts = access.parts;
  if (parts.size() > 2 && (parts[2] == "outcome" || parts[2] == "conclusion")) return {};
  if (parts.size() < 4) return {"unknown", {}};
  const std::string via = "output " + parts[1] + "." + parts[3];
  if (depth >= max_indirections) return {"unknown", via};
  // A step that writes outsider text it holds in an expression or variable passes it on.
  const YamlNode steps = scope.job.at("steps");
  for (const YamlNode& step : steps.items()) {
    if (step.at("id").text() != parts[1]) continue;
    const YamlNode run = step.at("run");
    if (!run.is_scalar()) return {"unknown", via};
    const std::string_view script = run.text();
    if (script.find(parts[3]) == std::string_view::npos) return {"unknown", via};
    const Scope there{.job = scope.job, .step = step};
    if (who_writes(script, there, depth + 1).by == "outsider") return {"outsider", via};
    for (const auto& [key, value] : step.at("env").entries()) {
      const std::string name = std::string(key.text());
      const bool used =
          script.find("$" + name) != std::string_view::npos || script.find("${" + name) != std::string_view::npos;
      if (used && who_writes(value.text(), there, depth + 1).by == "outsider")
        return {"outsider", fmt::format("{}, env {}", via, name)};
    }
  }
  return {"unknown", via};
}

Control Contexts::who(const Access& access, const Scope& scope, int depth) const {
  if (depth > max_indirections || !spend(1)) return {"unknown", {}};
  const std::string& root = access.parts.front();
  const std::string name = access.parts.size() > 1 ? access.parts[1] : "";
  if (root == "github") return github(access, scope);
  if (root == "inputs") return input(access);
  if (root == "env") return name.empty() || name == "[]" ? Control{"unknown", {}} : environment(name, scope, depth);
  if (root == "matrix") return matrix(access, scope, depth);
  if (root == "needs" || root == "jobs") return needed(access, depth);
  if (root == "steps") return step_output(access, scope, depth);
  if (root == "secrets" || root == "vars") return {"insider", {}};
  if (root == "runner" || root == "strategy" || root == "job") return {};
  return {"unknown", {}};
}

Control Contexts::who_writes(std::string_view text, const Scope& scope, int depth) const {
  Control best{.by = "workflow", .via = {}};
  bool any = false;
  if (depth > max_indirections || !spend(1 + text.size() / 64)) return {"unknown", {}};
  for (const Fence& fence : find_fences(text)) {
    for (const Access& access : parse_expression(text.substr(fence.begin, fence.end - fence.begin)).accesses) {
      if (!access.flows) continue;
      Control control = who(access, scope, depth + 1);
      if (!any || rank(control.by) > rank(best.by)) best = std::move(control);
      any = true;
    }
  }
  return best;
}

bool names_pull_request_head(std::string_view reference) {
  for (const std::string_view mark :
       {"pull_request.head.", "github.head_ref", "workflow_run.head_", "refs/pull/", "pull_request.merge_commit_sha",
        "/merge", "pull/${{", "GITHUB_HEAD_REF", "head_sha", "head_ref", "head.sha", "head.ref"}) {
    if (reference.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace assay::pipeline::github
