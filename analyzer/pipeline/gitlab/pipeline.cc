#include "analyzer/pipeline/gitlab/pipeline.h"

#include <algorithm>
#include <set>

#include "analyzer/formats/yaml_tree.h"
#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/gitlab/job_rows.h"
#include "analyzer/pipeline/gitlab/job_view.h"

namespace assay::pipeline::gitlab {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::YamlNode;

struct Source {
  std::string_view event;
  Tri outsider;
  Tri privileged;
};

// docs.gitlab.com, "Types of pipelines" and CI_PIPELINE_SOURCE. A merge request from a fork runs in the fork, with the
// fork's rights; in the parent only when a member starts it.
constexpr Source sources[] = {
    {"push", Tri::no, Tri::yes},     {"merge_request_event", Tri::yes, Tri::no},
    {"schedule", Tri::no, Tri::yes}, {"web", Tri::no, Tri::yes},
    {"api", Tri::no, Tri::yes},      {"trigger", Tri::no, Tri::yes},
    {"pipeline", Tri::no, Tri::yes}, {"parent_pipeline", Tri::no, Tri::yes},
    {"chat", Tri::no, Tri::yes},     {"external_pull_request_event", Tri::yes, Tri::not_examined},
};

struct OldName {
  std::string_view written;
  std::string_view event;
};
constexpr OldName old_names[] = {{"merge_requests", "merge_request_event"},
                                 {"schedules", "schedule"},
                                 {"triggers", "trigger"},
                                 {"pipelines", "pipeline"},
                                 {"external_pull_requests", "external_pull_request_event"},
                                 {"branches", "push"},
                                 {"tags", "push"},
                                 {"pushes", "push"},
                                 {"web", "web"},
                                 {"api", "api"},
                                 {"chat", "chat"}};

bool is_tag(std::string_view reference) {
  const std::size_t digit = reference.find_first_of("0123456789");
  return (digit == 0 || (digit == 1 && (reference[0] == 'v' || reference[0] == 'V'))) &&
         reference.find('.') != std::string_view::npos && reference.find('/') == std::string_view::npos;
}

class Pipeline {
 public:
  Pipeline(evidence::Rows& rows, const File& file, const InputLimits& inputs, RowId workflow)
      : rows_(rows), file_(file), workflow_(workflow), job_rows_(rows, file, inputs, workflow) {}

  void add() {
    const YamlNode variables = file_.at("variables");
    job_rows_.variables(variables.entries(), 0);
    job_rows_.variables(file_.at("default").at("variables").entries(), 0);
    for (const YamlNode& include : file_.at("include").one_or_many()) add_include(include);
    add_settings(rows_, workflow_, 0, file_.root(), "",
                 {"variables", "image", "services", "before_script", "after_script"}, true);
    bool visible = false;
    for (const auto& [key, job] : file_.root().entries()) visible = visible || is_job(key, job, false);
    for (const auto& [key, job] : file_.root().entries()) {
      if (is_job(key, job, !visible)) job_rows_.add(key, JobView(file_, job));
    }
    add_unused_defaults();
    add_triggers();
  }

  bool complete() const { return job_rows_.complete(); }

 private:
  static bool is_job(const YamlNode& key, const YamlNode& job, bool hidden_too) {
    if (!job.is_mapping() || is_global_keyword(key.text())) return false;
    return hidden_too || !key.text().starts_with('.');
  }

  // Without jobs nothing takes the defaults; what they say is still written once, under a job of that name.
  void add_unused_defaults() {
    if (!rows_.job.empty()) return;
    const YamlNode key = file_.key("default").exists()         ? file_.key("default")
                         : file_.key("before_script").exists() ? file_.key("before_script")
                                                               : file_.key("image");
    if (key.exists()) job_rows_.add(key, JobView(file_, YamlNode{}));
  }

  void add_settings(evidence::Rows& rows, RowId workflow, RowId job, const YamlNode& node, std::string_view prefix,
                    std::initializer_list<std::string_view> skip, bool only_global) {
    for (const auto& [key, value] : node.entries()) {
      if (only_global && !is_global_keyword(key.text())) continue;
      if (std::find(skip.begin(), skip.end(), key.text()) != skip.end()) continue;
      if (value.is_mapping()) {
        pipeline::add_settings(rows, workflow, job, value, std::string(prefix) + std::string(key.text()));
      } else {
        std::int64_t position = 0;
        for (const YamlNode& item : value.one_or_many()) {
          if (item.is_scalar())
            add_setting(rows, workflow, job, rows.locate(item.span()), key.text(), item.text(), position);
          if (item.is_mapping()) pipeline::add_settings(rows, workflow, job, item, key.text());
          ++position;
        }
      }
    }
  }

  void add_include(const YamlNode& include) {
    evidence::UsesRow row;
    row.workflow_id = workflow_;
    row.kind = "include";
    row.reference_kind = "none";
    row.immutable = Tri::no;
    YamlNode named = include;
    if (include.is_scalar()) {
      row.text = include.text();
      row.kind = row.text.starts_with("http") ? "include" : "local";
    } else if (const YamlNode local = include.at("local"); local.exists()) {
      named = local;
      row.kind = "local";
      row.text = local.text();
      row.path = local.text();
      row.immutable = Tri::not_examined;
    } else if (const YamlNode shipped = include.at("template"); shipped.exists()) {
      named = shipped;
      row.kind = "template";
      row.text = shipped.text();
      row.first_party = Tri::yes;
    } else if (const YamlNode component = include.at("component"); component.exists()) {
      named = component;
      take_component(row, component.text());
    } else if (const YamlNode project = include.at("project"); project.exists()) {
      named = project;
      row.name = lower(project.text());
      row.owner = row.name.substr(0, row.name.find_last_of('/'));
      row.path = joined(include.at("file"));
      take_reference(row, include.at("ref").text());
      row.text = std::string(project.text()) + (row.reference.empty() ? "" : "@" + row.reference);
    } else if (const YamlNode remote = include.at("remote"); remote.exists()) {
      named = remote;
      row.text = remote.text();
      row.immutable = tri(include.at("integrity").exists());
      row.reference_kind = include.at("integrity").exists() ? "digest" : "none";
    } else {
      return;
    }
    row.at = rows_.locate(named.span());
    row.comment = named.comment();
    rows_.add(std::move(row));
    job_rows_.references(named, "other", 0);
  }

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
  }

  static void take_reference(evidence::UsesRow& row, std::string_view reference) {
    row.reference = reference;
    row.reference_kind = is_commit(reference) ? "commit"
                         : reference.empty()  ? "none"
                         : is_tag(reference)  ? "tag"
                                              : "branch-or-tag";
    if (reference.find('$') != std::string_view::npos) row.reference_kind = "expression";
    row.immutable = tri(is_commit(reference));
  }

  static void take_component(evidence::UsesRow& row, std::string_view text) {
    row.text = text;
    const std::size_t at = text.find('@');
    row.name = lower(text.substr(0, at));
    row.path = "component";
    const std::size_t first = row.name.find('/');
    const bool host = first != std::string::npos && row.name.substr(0, first).find('.') != std::string::npos;
    row.owner =
        host ? row.name.substr(first + 1, row.name.find('/', first + 1) - first - 1) : row.name.substr(0, first);
    take_reference(row, at == std::string_view::npos ? std::string_view{} : text.substr(at + 1));
  }

  void note(std::string_view text) {
    for (const Source& source : sources) {
      const std::size_t at = text.find(source.event);
      if (at == std::string_view::npos || text.find("CI_PIPELINE_SOURCE") == std::string_view::npos) continue;
      events_.insert(source.event);
    }
    if (text.find("CI_MERGE_REQUEST") != std::string_view::npos) events_.insert("merge_request_event");
  }

  void add_triggers() {
    bool limited = false;
    for (const YamlNode& rule : file_.at("workflow").at("rules").items()) {
      note(rule.at("if").text());
      limited = true;
    }
    for (const auto& [key, job] : file_.root().entries()) {
      if (!job.is_mapping() || is_global_keyword(key.text())) continue;
      for (const YamlNode& rule : job.at("rules").items()) note(rule.at("if").text());
      const YamlNode only = job.at("only").is_mapping() ? job.at("only").at("refs") : job.at("only");
      for (const YamlNode& item : only.one_or_many()) {
        for (const OldName& old : old_names) {
          if (item.text() == old.written) events_.insert(old.event);
        }
      }
    }
    if (!limited || events_.empty()) events_.insert("push");
    const YamlNode rules = file_.key("workflow");
    for (const Source& source : sources) {
      if (!events_.contains(source.event)) continue;
      rows_.add(evidence::TriggerRow{.at = rows_.locate(rules.exists() ? rules.span() : first_key(file_.root())),
                                     .workflow_id = workflow_,
                                     .event = std::string(source.event),
                                     .outsider = source.outsider,
                                     .privileged = source.privileged});
    }
  }

  evidence::Rows& rows_;
  const File& file_;
  RowId workflow_;
  JobRows job_rows_;
  std::set<std::string_view> events_;
};

InputLimits limits_of(const YamlNode& spec) {
  InputLimits out;
  for (const auto& [key, input] : spec.at("inputs").entries()) {
    const std::string_view type = input.at("type").text();
    out.limited[std::string(key.text())] =
        input.at("options").exists() || input.at("regex").exists() || type == "boolean" || type == "number";
  }
  return out;
}

}  // namespace

ReadOutcome read_gitlab_pipeline(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged salvaged = formats::YamlTree::salvage(input.bytes);
  const std::vector<YamlNode> documents = salvaged.tree.documents();
  YamlNode root = salvaged.tree.root();
  const InputLimits inputs = limits_of(root.at("spec"));
  const bool component = root.at("spec").exists();
  // A header of its own holds `spec`; the pipeline follows it.
  if (component && documents.size() > 1) root = documents[1];
  if (!readable(salvaged, root, outcome)) return outcome;
  if (documents.size() > (component ? 2U : 1U)) outcome.partly("only the first YAML document was read");

  const File file(root);
  bool runs = false;
  for (const auto& [key, job] : root.entries())
    runs = runs || (job.is_mapping() && !is_global_keyword(key.text()) && !key.text().starts_with('.'));
  const RowId workflow = rows.add(evidence::WorkflowRow{.at = rows.locate(first_key(root)),
                                                        .system = "gitlab",
                                                        .kind = component || !runs ? "template" : "workflow",
                                                        .path = input.artifact.path,
                                                        .name = std::string(root.at("workflow").at("name").text())});
  Pipeline pipeline(rows, file, inputs, workflow);
  pipeline.add();
  if (!pipeline.complete()) outcome.partly("a chain of extends or a script is longer than Assay follows");
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

}  // namespace assay::pipeline::gitlab
