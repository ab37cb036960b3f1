#include "analyzer/pipeline/gitlab/job_rows.h"

#include <algorithm>

#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/github/uses.h"
#include "analyzer/pipeline/gitlab/variables.h"

namespace assay::pipeline::gitlab {

using evidence::RowId;
using evidence::Tri;
using formats::YamlNode;

namespace {

YamlNode value_of(const YamlNode& variable) {
  return variable.is_mapping() ? variable.at("value") : variable;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string needs_of(const YamlNode& needs) {
  std::string out;
  for (const YamlNode& item : needs.one_or_many()) {
    const std::string_view name =
        item.is_mapping() ? (item.at("project").exists() ? "" : item.at("job").text()) : item.text();
    if (name.empty()) continue;
    if (!out.empty()) out += ',';
    out += name;
  }
  return out;
}

// Conditions of `rules` as one text, and whether a merge request's pipeline can pass them.
std::string conditions_of(const YamlNode& rules) {
  std::string out;
  for (const YamlNode& rule : rules.items()) {
    if (!rule.at("if").is_scalar()) continue;
    if (!out.empty()) out += " || ";
    out += rule.at("if").text();
  }
  return out;
}

}  // namespace

JobRows::Control JobRows::control_of(std::string_view variable, int depth) const {
  if (depth > 4) return {"unknown", {}};
  YamlNode defined;
  if (current_ != nullptr) defined = current_->below("variables", variable);
  if (!defined.exists()) defined = file_.at("variables").at(variable);
  if (!defined.exists()) {
    const std::string_view by = predefined_control(variable);
    return {by.empty() ? "unknown" : std::string(by), {}};
  }
  Control out{"workflow", {}};
  for (const VariableUse& use : variables_in(value_of(defined).text(), false)) {
    if (use.name == variable) continue;
    Control inner = control_of(use.name, depth + 1);
    if (inner.by == "outsider" || (inner.by == "insider" && out.by != "outsider")) {
      out.by = inner.by;
      out.via = "env " + std::string(variable) + ", " + use.name;
    }
  }
  return out;
}

void JobRows::expression(evidence::LocationId at, std::string_view text, std::string_view context,
                         std::string_view sink, const Control& control, const Place& place) {
  rows_.add(evidence::ExpressionRow{.at = at,
                                    .step_id = place.step,
                                    .job_id = place.job,
                                    .workflow_id = workflow_,
                                    .text = std::string(text),
                                    .context = std::string(context),
                                    .sink = std::string(sink),
                                    .controlled_by = control.by,
                                    .via = control.via,
                                    .parsed = Tri::yes});
}

void JobRows::use_secret(std::string_view name, evidence::LocationId at, const Place& place, std::string_view sink) {
  rows_.add(evidence::SecretUseRow{.at = at,
                                   .step_id = place.step,
                                   .job_id = place.job,
                                   .workflow_id = workflow_,
                                   .name = std::string(name),
                                   .sink = std::string(sink)});
}

void JobRows::references(const YamlNode& value, std::string_view sink, RowId job) {
  if (!value.is_scalar()) return;
  const std::string_view text = value.text();
  if (!holds(text, "$")) return;
  const formats::TextPositions positions = value.positions();
  const Place place{.job = job, .step = 0};
  for (const InputUse& use : inputs_in(text)) {
    const auto known = inputs_.limited.find(use.name);
    const bool limited = known != inputs_.limited.end() && known->second;
    expression(rows_.locate(positions.span(use.begin, use.end)), text.substr(use.begin, use.end - use.begin),
               "inputs." + use.name, sink,
               {limited ? "workflow" : "unknown", use.expands_variables ? "expand_vars" : ""}, place);
  }
  for (const VariableUse& use : variables_in(text, false)) {
    const Control control = control_of(use.name, 0);
    expression(rows_.locate(positions.span(use.begin, use.end)), text, use.name, sink, control, place);
    if (control.by == "unknown" && is_secret_name(use.name))
      use_secret(use.name, rows_.locate(positions.span(use.begin, use.end)), place, "env");
  }
}

void JobRows::variables(const std::vector<std::pair<YamlNode, YamlNode>>& entries, RowId job) {
  for (const auto& [key, variable] : entries) {
    const YamlNode value = value_of(variable);
    rows_.add(evidence::VariableRow{.at = rows_.locate(key.span()),
                                    .job_id = job,
                                    .workflow_id = workflow_,
                                    .name = std::string(key.text()),
                                    .value = std::string(value.text())});
    references(value, "env", job);
    if (variable.is_mapping()) add_settings(rows_, workflow_, job, variable, "variables." + std::string(key.text()));
  }
}

void JobRows::image(const YamlNode& node, RowId job) {
  const YamlNode name = node.is_mapping() ? node.at("name") : node;
  if (!name.is_scalar() || name.text().empty()) return;
  evidence::UsesRow row = github::parse_image(name.text());
  if (holds(name.text(), "$")) {
    row.reference_kind = "expression";
    row.immutable = holds(row.text, "@sha256:") ? Tri::yes : Tri::not_examined;
  }
  row.at = rows_.locate(name.span());
  row.job_id = job;
  row.workflow_id = workflow_;
  row.comment = name.comment();
  rows_.add(std::move(row));
  references(name, "image", job);
}

void JobRows::rights(const JobView& job, RowId id) {
  for (const auto& [key, token] : job.merged("id_tokens")) {
    const auto at = rows_.locate(key.span());
    rows_.add(evidence::PermissionRow{.at = at,
                                      .job_id = id,
                                      .workflow_id = workflow_,
                                      .scope = "id-token",
                                      .level = "write",
                                      .declared = "job",
                                      .comment = joined(token.at("aud"))});
  }
  for (const auto& [key, secret] : job.merged("secrets"))
    use_secret(key.text(), rows_.locate(key.span()), {.job = id}, "env");
}

void JobRows::shared(const JobView& job, RowId id) {
  const auto add = [&](const YamlNode& where, std::string_view kind, std::string_view direction, std::string_view key,
                       const YamlNode& paths) {
    rows_.add(evidence::SharedStateRow{.at = rows_.locate(where.span()),
                                       .job_id = id,
                                       .workflow_id = workflow_,
                                       .kind = std::string(kind),
                                       .direction = std::string(direction),
                                       .key = std::string(key),
                                       .key_prefix = std::string(key.substr(0, key.find('$'))),
                                       .path = joined(paths)});
  };
  for (const YamlNode& cache : job.at("cache").one_or_many()) {
    if (!cache.is_mapping()) continue;
    const YamlNode key = cache.at("key");
    const YamlNode text = key.is_mapping() ? key.at("prefix") : key;
    const std::string_view policy = cache.at("policy").text();
    const std::string_view direction = policy == "pull" ? "read" : policy == "push" ? "write" : "both";
    add(key_of(cache, "key").exists() ? key_of(cache, "key") : cache, "cache", direction,
        text.exists() || key.exists() ? text.text() : "default", cache.at("paths"));
    references(text, "cache-key", id);
  }
  if (const YamlNode key = job.key("artifacts"); key.exists()) {
    const YamlNode name = job.below("artifacts", "name");
    add(key, "artifact", "write", name.text(), job.below("artifacts", "paths"));
    references(name, "name", id);
  }
  for (const YamlNode& need : job.at("needs").one_or_many()) {
    const bool taken = need.is_mapping() && need.at("artifacts").text() != "false" &&
                       (need.at("project").exists() || need.at("pipeline").exists());
    if (taken) add(need, "artifact", "read", need.at("job").text(), {});
  }
}

void JobRows::settings(const JobView& job, RowId id) {
  std::vector<std::string> given;
  const auto layer = [&](const YamlNode& node, bool defaults) {
    for (const auto& [key, value] : node.entries()) {
      const std::string_view name = key.text();
      const bool elsewhere = name == "script" || name == "before_script" || name == "after_script" ||
                             name == "variables" || name == "extends";
      if (elsewhere || std::find(given.begin(), given.end(), name) != given.end()) continue;
      if (defaults && !job.at(name).exists()) continue;
      if (value.tag() == "!reference") {
        add_settings(rows_, workflow_, id, job.at(name), name);
      } else if (value.is_mapping() && !defaults) {
        // Merged once, nearest layer first.
        for (const auto& [inner, below] : job.merged(name)) {
          const std::string path = std::string(name) + "." + std::string(inner.text());
          if (below.is_mapping() || below.is_sequence()) {
            for (const YamlNode& item : below.one_or_many()) {
              if (item.is_scalar()) add_setting(rows_, workflow_, id, rows_.locate(item.span()), path, item.text(), 0);
            }
            add_settings(rows_, workflow_, id, below, path);
          } else {
            add_setting(rows_, workflow_, id, rows_.locate(inner.span()), path, below.text());
          }
        }
      } else {
        add_key(key, value, id);
      }
      given.emplace_back(name);
    }
  };
  for (const YamlNode& node : job.layers()) layer(node, false);
  layer(file_.at("default"), true);
}

void JobRows::add_key(const YamlNode& key, const YamlNode& value, RowId id) {
  if (value.is_scalar() || value.kind() == formats::YamlKind::null) {
    add_setting(rows_, workflow_, id, rows_.locate(key.span()), key.text(), value.text());
    return;
  }
  if (value.is_mapping()) {
    add_settings(rows_, workflow_, id, value, key.text());
    return;
  }
  std::int64_t position = 0;
  for (const YamlNode& item : value.items()) {
    if (item.is_scalar())
      add_setting(rows_, workflow_, id, rows_.locate(item.span()), key.text(), item.text(), position);
    if (item.is_mapping()) {
      add_list_item(key.text(), item, position, id);
    }
    ++position;
  }
  if (position == 0) add_setting(rows_, workflow_, id, rows_.locate(key.span()), key.text(), "");
}

void JobRows::add_list_item(std::string_view name, const YamlNode& item, std::int64_t position, RowId id) {
  for (const auto& [key, value] : item.entries()) {
    const std::string path = std::string(name) + "." + std::string(key.text());
    if (value.is_mapping() || value.is_sequence()) {
      for (const YamlNode& one : value.one_or_many()) {
        if (one.is_scalar()) add_setting(rows_, workflow_, id, rows_.locate(one.span()), path, one.text(), position);
      }
      add_settings(rows_, workflow_, id, value, path);
    } else {
      add_setting(rows_, workflow_, id, rows_.locate(key.span()), path, value.text(), position);
    }
  }
}

void JobRows::add(const YamlNode& key, const JobView& job) {
  current_ = &job;
  complete_ = complete_ && job.complete();
  evidence::JobRow row;
  row.at = rows_.locate(key.span());
  row.workflow_id = workflow_;
  row.name = key.text();
  row.runs_on = joined(job.at("tags"));
  row.self_hosted = Tri::not_examined;
  const YamlNode rules = job.at("rules");
  row.condition = conditions_of(rules);
  const YamlNode environment = job.at("environment");
  const YamlNode environment_name = environment.is_mapping() ? job.below("environment", "name") : environment;
  row.environment = environment_name.text();
  row.needs = needs_of(job.at("needs"));
  const bool for_merge_requests = holds(row.condition, "merge_request") || holds(row.condition, "CI_MERGE_REQUEST") ||
                                  holds(joined(job.at("only")), "merge_requests");
  const bool limited = !row.condition.empty() || job.at("only").exists();
  row.outsider_guarded = for_merge_requests ? Tri::no : limited ? Tri::yes : Tri::not_examined;
  row.rights_guarded = row.outsider_guarded;
  row.calls = job.at("trigger").is_scalar() ? job.at("trigger").text() : job.below("trigger", "project").text();
  if (const YamlNode where = job.key("tags"); where.exists()) row.runs_on_at = rows_.locate(where.span());
  if (const YamlNode where = job.key("rules"); where.exists()) row.condition_at = rows_.locate(where.span());
  const RowId id = rows_.add(std::move(row));

  image(job.at("image"), id);
  for (const YamlNode& service : job.at("services").items()) image(service, id);
  variables(job.merged("variables"), id);
  references(environment_name, "environment", id);
  for (const YamlNode& tag : job.at("tags").one_or_many()) references(tag, "runs-on", id);
  rights(job, id);
  shared(job, id);
  settings(job, id);
  section(job, id, "before_script", 0);
  section(job, id, "script", 1);
  section(job, id, "after_script", 2);
  for (const YamlNode& foreign : job.foreign()) {
    rows_.add(evidence::UsesRow{.at = rows_.locate(foreign.span()),
                                .job_id = id,
                                .workflow_id = workflow_,
                                .kind = "template",
                                .text = std::string(foreign.text()),
                                .reference_kind = "none"});
  }
  current_ = nullptr;
}

}  // namespace assay::pipeline::gitlab
