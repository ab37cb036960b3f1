#include <algorithm>
#include <unordered_map>

#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/reader_frame.h"
#include "analyzer/pipeline/others/readers.h"

namespace assay::pipeline::others {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::YamlNode;

constexpr int max_walk = 20;

// circleci.com, "Pipeline values and parameters" and "Built-in environment variables".
std::string_view control_of(std::string_view name) {
  if (name == "pipeline.git.branch" || name == "pipeline.git.tag" ||
      name == "pipeline.trigger_parameters.github_app.commit_title")
    return "insider";
  if (name.ends_with("commit_message") || name.ends_with("commit_title") || name.ends_with("commit_author_name"))
    return "outsider";
  if (name.starts_with("pipeline.parameters.") || name.starts_with("parameters.")) return "unknown";
  return "platform";
}
std::string_view variable_control(std::string_view name) {
  if (name == "CIRCLE_BRANCH" || name == "CIRCLE_TAG" || name == "CIRCLE_PR_USERNAME" || name == "CIRCLE_PR_REPONAME")
    return "insider";
  return name.starts_with("CIRCLE_") ? "platform" : "";
}

// x.y.z of an orb never changes; x.y, x, volatile and dev: do.
bool is_exact(std::string_view version) {
  return std::count(version.begin(), version.end(), '.') == 2 &&
         version.find_first_not_of("0123456789.") == std::string_view::npos;
}

class Circle {
 public:
  Circle(PipelineRows& out, const YamlNode& root) : out_(out), root_(root) {}

  void read() {
    out_.trigger(first_key(root_), "push", Tri::no, Tri::yes);
    for (const auto& [name, orb] : root_.at("orbs").entries()) {
      if (orb.is_scalar()) add_orb(orb);
    }
    for (const auto& [name, command] : root_.at("commands").entries()) add_job(name, command, true);
    for (const auto& [name, job] : root_.at("jobs").entries()) add_job(name, job, false);
    contexts();
  }

 private:
  void add_orb(const YamlNode& orb) {
    const std::string_view text = orb.text();
    const std::size_t at = text.find('@');
    evidence::UsesRow row;
    row.kind = "orb";
    row.text = text;
    row.name = text.substr(0, at);
    row.owner = text.substr(0, text.find('/'));
    row.reference = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    row.reference_kind = row.reference.empty() ? "none" : "tag";
    row.immutable = tri(is_exact(row.reference));
    row.first_party = tri(row.owner == "circleci");
    out_.uses(orb.span(), std::move(row), 0, 0);
  }

  void add_images(const YamlNode& node, RowId job) {
    for (const YamlNode& container : node.at("docker").items()) {
      out_.image(container.at("image").span(), container.at("image").text(), job);
      for (const auto& [key, value] : container.at("environment").entries())
        out_.variable(key, key.text(), value.text(), job);
      for (const auto& [key, value] : container.at("auth").entries())
        out_.input(key, "credentials." + std::string(key.text()), value.text(), job, 0);
    }
    if (const YamlNode image = node.at("machine").at("image"); image.exists())
      add_setting(out_.rows(), out_.workflow(), job, out_.rows().locate(image.span()), "machine.image", image.text());
  }

  void add_job(const YamlNode& key, const YamlNode& node, bool command) {
    const YamlNode executor = node.at("executor").is_mapping() ? node.at("executor").at("name") : node.at("executor");
    const RowId job = out_.job(key.span(), key.text(), node.at("resource_class").text());
    // A resource class with a name space is a runner the owner keeps.
    if (!command)
      out_.rows().job.back().self_hosted = tri(node.at("resource_class").text().find('/') != std::string_view::npos);
    add_images(node, job);
    add_images(root_.at("executors").at(executor.text()), job);
    for (const auto& [name, value] : node.at("environment").entries())
      out_.variable(name, name.text(), value.text(), job);
    std::int64_t position = 0;
    steps(node.at("steps"), job, position, 0);
  }

  void steps(const YamlNode& list, RowId job, std::int64_t& position, int depth) {
    if (depth > max_walk) return;
    for (const YamlNode& item : list.items()) {
      const auto entries = item.entries();
      const YamlNode key = item.is_scalar() ? item : entries.empty() ? YamlNode{} : entries[0].first;
      const YamlNode body = item.is_scalar() || entries.empty() ? YamlNode{} : entries[0].second;
      if (!key.exists()) continue;
      const std::string_view name = key.text();
      if (name == "when" || name == "unless") {
        steps(body.at("steps"), job, position, depth + 1);
        continue;
      }
      const YamlNode script = body.is_scalar() ? body : body.at("command");
      const RowId id = out_.step(key.span(), job, position++, body.at("name").text(), name == "run" ? "run" : "uses",
                                 name == "run" ? script.text() : std::string_view{});
      if (name == "run" && script.is_scalar()) {
        const Script text = script_of(script);
        for (const Macro& macro : macros_in(text.text, "<<", ">>"))
          out_.expression(text.span(macro.begin, macro.end), macro.name, "shell", control_of(macro.name), job, id);
        for (const auto& [variable, value] : body.at("environment").entries())
          out_.variable(variable, variable.text(), value.text(), job, id);
        out_.commands(text, "run", job, id, variable_control);
      } else if (name == "checkout") {
        // Forks' requests are built only when the project says so.
        out_.checkout(key.span(), {}, Tri::not_examined, Tri::yes, job, id);
      } else if (name == "save_cache" || name == "restore_cache") {
        const YamlNode cache = body.at("key").exists()           ? body.at("key")
                               : body.at("keys").items().empty() ? YamlNode{}
                                                                 : body.at("keys").items().front();
        out_.shared(key.span(), "cache", name == "save_cache" ? "write" : "read", cache.text(),
                    joined(body.at("paths")), job, id);
      } else if (name == "store_artifacts" || name == "persist_to_workspace") {
        out_.shared(key.span(), "artifact", "write", {},
                    body.at("path").exists() ? std::string(body.at("path").text()) : joined(body.at("paths")), job, id);
      } else {
        for (const auto& [parameter, value] : body.entries())
          out_.input(parameter, parameter.text(), value.text(), job, id);
      }
    }
  }

  // Jobs get the secrets of the contexts that a workflow names for them.
  void contexts() {
    std::unordered_map<std::string_view, RowId> jobs;
    for (const evidence::JobRow& row : out_.rows().job) jobs.emplace(row.name, row.job_id);
    for (const auto& [name, workflow] : root_.at("workflows").entries()) {
      for (const YamlNode& item : workflow.at("jobs").items()) {
        for (const auto& [job_name, body] : item.entries()) {
          const auto known = jobs.find(job_name.text());
          const RowId job = known == jobs.end() ? 0 : known->second;
          for (const YamlNode& context : body.at("context").one_or_many()) {
            if (context.is_scalar()) out_.secret(context.span(), context.text(), "env", job, 0);
          }
        }
      }
    }
  }

  PipelineRows& out_;
  YamlNode root_;
};

}  // namespace

ReadOutcome read_circleci(const intake::Input& input, evidence::Rows& rows) {
  return read_yaml_as<Circle>("circleci", input, rows);
}

}  // namespace assay::pipeline::others
