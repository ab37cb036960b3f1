#include <algorithm>

#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/readers.h"

namespace assay::pipeline::others {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::YamlNode;

// pipelinesascode.tekton.dev, "Authoring PipelineRuns": what {{ … }} holds.
std::string_view control_of(std::string_view name) {
  for (const std::string_view outside : {"title", "body", "message", "description", "source_branch", "trigger_comment",
                                         "ref", "label", "name", "email"}) {
    if (name == outside) return "outsider";
    if (name.starts_with("body.") && name.size() > outside.size() && name.ends_with(outside) &&
        name[name.size() - outside.size() - 1] == '.')
      return "outsider";
  }
  if (name.starts_with("body.") || name.starts_with("headers.")) return "platform";
  if (name == "target_branch" || name == "git_tag" || name == "sender") return "insider";
  return "platform";
}

class Tekton {
 public:
  Tekton(PipelineRows& out, const YamlNode& document) : out_(out), document_(document) {}

  void read() {
    annotations();
    const YamlNode spec = document_.at("spec");
    const std::string_view kind = document_.at("kind").text();
    const YamlNode pipeline = kind == "Pipeline" ? spec : spec.at("pipelineSpec");
    for (const std::string_view part : {"tasks", "finally"}) {
      for (const YamlNode& task : pipeline.at(part).items())
        clones_ = clones_ || task.at("taskRef").at("name").text().starts_with("git-clone");
      for (const YamlNode& task : pipeline.at(part).items()) this->task(task);
    }
    if (kind == "Task" || kind == "ClusterTask")
      steps(spec, key_of(document_, "spec"), document_.at("metadata").at("name").text());
    if (spec.at("taskSpec").exists())
      steps(spec.at("taskSpec"), key_of(spec, "taskSpec"), document_.at("metadata").at("name").text());
    if (const YamlNode reference = spec.at("pipelineRef"); reference.exists()) foreign(reference, 0);
    if (const YamlNode reference = spec.at("taskRef"); reference.exists()) foreign(reference, 0);
  }

 private:
  void annotations() {
    for (const auto& [key, value] : document_.at("metadata").at("annotations").entries()) {
      if (!key.text().starts_with("pipelinesascode.tekton.dev/")) continue;
      add_setting(out_.rows(), out_.workflow(), 0, out_.rows().locate(key.span()), key.text(), value.text());
      if (!key.text().ends_with("/on-event") && !key.text().ends_with("/on-cel-expression") &&
          !key.text().ends_with("/on-comment"))
        continue;
      const std::string_view events = value.text();
      // Only members' requests run by themselves; /ok-to-test lets an outsider's in, with the namespace's secrets.
      if (events.find("pull_request") != std::string_view::npos || key.text().ends_with("/on-comment")) {
        outsiders_ = true;
        out_.trigger(key.span(), "pull_request", Tri::yes, Tri::yes);
      }
      if (events.find("push") != std::string_view::npos) out_.trigger(key.span(), "push", Tri::no, Tri::yes);
    }
  }

  void foreign(const YamlNode& reference, RowId job) {
    evidence::UsesRow row;
    row.kind = "template";
    row.text = reference.at("name").text();
    row.reference_kind = "none";
    if (const YamlNode bundle = reference.at("bundle"); bundle.exists()) {
      out_.image(bundle.span(), bundle.text(), job);
      return;
    }
    for (const YamlNode& parameter : reference.at("params").items()) {
      const std::string_view name = parameter.at("name").text();
      const std::string_view value = parameter.at("value").text();
      if (name == "bundle") out_.image(parameter.at("value").span(), value, job);
      if (name == "url") row.text = value;
      if (name == "revision") {
        row.reference = value;
        row.reference_kind = is_commit(value) ? "commit" : "branch-or-tag";
        row.immutable = tri(is_commit(value));
      }
    }
    if (row.text.empty()) row.text = reference.at("resolver").text();
    out_.uses(reference.span(), std::move(row), job, 0);
  }

  void task(const YamlNode& node) {
    const YamlNode key = key_of(node, "name");
    if (node.at("taskSpec").exists()) steps(node.at("taskSpec"), key, node.at("name").text());
    if (const YamlNode reference = node.at("taskRef"); reference.exists()) {
      const RowId job = out_.job(key.exists() ? key.span() : node.span(), node.at("name").text());
      foreign(reference, job);
    }
  }

  void steps(const YamlNode& spec, const YamlNode& key, std::string_view name) {
    const RowId job = out_.job(key.exists() ? key.span() : spec.span(), name);
    if (clones_) out_.checkout(key.exists() ? key.span() : spec.span(), {}, tri(outsiders_), Tri::not_examined, job, 0);
    for (const YamlNode& sidecar : spec.at("sidecars").items())
      out_.image(sidecar.at("image").span(), sidecar.at("image").text(), job);
    std::int64_t position = 0;
    for (const YamlNode& step : spec.at("steps").items()) {
      const YamlNode script = step.at("script");
      const RowId id = out_.step(step.span(), job, position++, step.at("name").text(), "run", script.text());
      out_.image(step.at("image").span(), step.at("image").text(), job);
      for (const YamlNode& variable : step.at("env").items()) {
        const YamlNode secret = variable.at("valueFrom").at("secretKeyRef");
        out_.variable(key_of(variable, "name"), variable.at("name").text(), variable.at("value").text(), job, id);
        if (secret.exists())
          out_.secret(variable.span(),
                      std::string(secret.at("name").text()) + "/" + std::string(secret.at("key").text()), "env", job,
                      id);
      }
      for (const YamlNode& from : step.at("envFrom").items()) {
        if (const YamlNode secret = from.at("secretRef").at("name"); secret.exists())
          out_.secret(secret.span(), secret.text(), "env", job, id);
      }
      if (step.at("securityContext").at("privileged").text() == "true")
        add_setting(out_.rows(), out_.workflow(), job, out_.rows().locate(step.at("securityContext").span()),
                    "securityContext.privileged", "true");
      if (!script.is_scalar()) continue;
      const Script text = script_of(script);
      expressions(text, "shell", job, id);
      const bool other =
          text.text.starts_with("#!") && text.text.substr(0, text.text.find('\n')).find("sh") == std::string_view::npos;
      if (!other) out_.commands(text, "run", job, id);
    }
  }

  void expressions(const Script& text, std::string_view sink, RowId job, RowId step) {
    for (const Macro& macro : macros_in(text.text, "{{", "}}"))
      out_.expression(text.span(macro.begin, macro.end), macro.name, sink, control_of(macro.name), job, step);
    for (const Macro& macro : macros_in(text.text, "$(", ")")) {
      if (macro.name.starts_with("params."))
        out_.expression(text.span(macro.begin, macro.end), macro.name, sink, parameter(macro.name.substr(7)), job,
                        step);
    }
  }

  // What the run gives for a parameter of its pipeline.
  std::string_view parameter(std::string_view name) const {
    for (const YamlNode& given : document_.at("spec").at("params").items()) {
      if (given.at("name").text() != name) continue;
      std::string_view by = "workflow";
      for (const Macro& macro : macros_in(given.at("value").text(), "{{", "}}")) by = control_of(macro.name);
      return by;
    }
    return "unknown";
  }

  PipelineRows& out_;
  YamlNode document_;
  bool outsiders_ = false;
  bool clones_ = false;
};

}  // namespace

ReadOutcome read_tekton(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  if (!file.complete) outcome.partly("YAML error at " + file.error.text() + "; what follows it was not read");
  bool any = false;
  for (const YamlNode& document : file.tree.documents()) {
    if (document.at("apiVersion").text().find("tekton.dev") == std::string_view::npos) continue;
    any = true;
    const std::string_view kind = document.at("kind").text();
    PipelineRows out(rows, "tekton", kind.ends_with("Run") ? "workflow" : "template", input.artifact.path,
                     first_key(document));
    Tekton(out, document).read();
  }
  if (!any) outcome.not_at_all("no Tekton resource");
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

}  // namespace assay::pipeline::others
