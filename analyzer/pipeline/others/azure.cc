#include <algorithm>

#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/readers.h"

namespace assay::pipeline::others {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::ShellDialect;
using formats::YamlNode;

constexpr int max_walk = 60;

// learn.microsoft.com, "Use predefined variables": those whose text somebody outside the definition writes.
std::string_view control_of(std::string_view name) {
  for (const std::string_view outside :
       {"Build.SourceVersionMessage", "System.PullRequest.SourceBranch", "Build.SourceVersionAuthor"}) {
    if (name == outside) return "outsider";
  }
  for (const std::string_view inside :
       {"Build.SourceBranch", "Build.SourceBranchName", "Build.RequestedFor", "Build.RequestedForEmail",
        "System.PullRequest.TargetBranch", "Build.DefinitionName"}) {
    if (name == inside) return "insider";
  }
  for (const std::string_view prefix : {"Build.", "System.", "Agent.", "Pipeline.", "Environment.", "Release."}) {
    if (name.starts_with(prefix)) return "platform";
  }
  return "unknown";
}

bool looks_secret(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const std::string_view end : {"token", "secret", "password", "pat", "apikey", "accesskey", "privatekey"}) {
    if (lower.ends_with(end)) return true;
  }
  return false;
}

class Azure {
 public:
  Azure(PipelineRows& out, const YamlNode& root) : out_(out), root_(root) {}

  void read() {
    triggers();
    variables(root_.at("variables"), 0);
    for (const YamlNode& repository : root_.at("resources").at("repositories").items()) {
      evidence::UsesRow row;
      row.kind = "template";
      row.text = std::string(repository.at("name").text()) + "@" + std::string(repository.at("ref").text());
      row.name = repository.at("name").text();
      row.reference = repository.at("ref").text();
      row.reference_kind = is_commit(row.reference)                  ? "commit"
                           : row.reference.starts_with("refs/tags/") ? "tag"
                           : row.reference.empty()                   ? "none"
                                                                     : "branch-or-tag";
      row.immutable = tri(is_commit(row.reference));
      out_.uses(first_key(repository), std::move(row), 0, 0);
    }
    for (const YamlNode& container : root_.at("resources").at("containers").items())
      out_.image(container.at("image").span(), container.at("image").text(), 0);
    if (const YamlNode base = root_.at("extends").at("template"); base.exists()) template_use(base, 0);
    if (root_.at("stages").exists()) {
      stages(root_.at("stages"), 0);
    } else if (root_.at("jobs").exists()) {
      jobs(root_.at("jobs"), 0);
    } else if (root_.at("steps").exists()) {
      const YamlNode key = key_of(root_, "steps");
      job(key, root_, "steps");
    }
  }

 private:
  void triggers() {
    const YamlNode pr = root_.at("pr");
    const YamlNode key = key_of(root_, "pr");
    if (pr.text() != "none") {
      // Without `pr`, repositories on GitHub and Bitbucket build every pull request; forks' with secrets when set so.
      from_pull_requests_ = true;
      out_.trigger(key.exists() ? key.span() : first_key(root_), "pull_request", Tri::yes, Tri::not_examined);
    }
    if (root_.at("trigger").text() != "none") {
      const YamlNode push = key_of(root_, "trigger");
      out_.trigger(push.exists() ? push.span() : first_key(root_), "push", Tri::no, Tri::yes);
    }
    if (const YamlNode schedule = key_of(root_, "schedules"); schedule.exists())
      out_.trigger(schedule.span(), "schedule", Tri::no, Tri::yes);
  }

  void variables(const YamlNode& node, RowId job) {
    for (const auto& [key, value] : node.entries()) out_.variable(key, key.text(), value.text(), job);
    for (const YamlNode& item : node.items()) {
      const YamlNode key = key_of(item, "name");
      if (key.exists()) out_.variable(key, item.at("name").text(), item.at("value").text(), job);
      if (const YamlNode group = item.at("group"); group.exists())
        out_.secret(group.span(), group.text(), "env", job, 0);
      if (const YamlNode file = item.at("template"); file.exists()) template_use(file, job);
    }
  }

  void template_use(const YamlNode& node, RowId job) {
    const std::string_view text = node.text();
    const std::size_t at = text.find('@');
    evidence::UsesRow row;
    row.kind = at == std::string_view::npos || text.substr(at) == "@self" ? "local" : "template";
    row.text = text;
    row.path = text.substr(0, at);
    row.name = at == std::string_view::npos ? std::string() : std::string(text.substr(at + 1));
    row.reference_kind = "none";
    out_.uses(node.span(), std::move(row), job, 0);
  }

  // Calls `each` for the items, those behind ${{ if … }}: keys included.
  template <class Each>
  void items(const YamlNode& list, int depth, const Each& each) {
    if (depth > max_walk) return;
    for (const YamlNode& item : list.items()) {
      const auto entries = item.entries();
      if (entries.size() == 1 && entries[0].first.text().starts_with("${{")) {
        items(entries[0].second, depth + 1, each);
      } else {
        each(item);
      }
    }
  }

  void stages(const YamlNode& list, int depth) {
    items(list, depth, [&](const YamlNode& stage) {
      if (stage.at("template").exists()) template_use(stage.at("template"), 0);
      variables(stage.at("variables"), 0);
      jobs(stage.at("jobs"), depth + 1);
    });
  }

  void jobs(const YamlNode& list, int depth) {
    items(list, depth, [&](const YamlNode& node) {
      if (node.at("template").exists()) template_use(node.at("template"), 0);
      for (const std::string_view kind : {"job", "deployment"}) {
        if (const YamlNode name = node.at(kind); node.at(kind).exists() || key_of(node, kind).exists())
          job(key_of(node, kind), node, name.text());
      }
    });
  }

  void job(const YamlNode& key, const YamlNode& node, std::string_view name) {
    const YamlNode pool = node.at("pool").exists() ? node.at("pool") : root_.at("pool");
    const std::string runs_on = pool.is_scalar()
                                    ? std::string(pool.text())
                                    : std::string(pool.at(pool.at("vmImage").exists() ? "vmImage" : "name").text());
    const YamlNode environment = node.at("environment");
    const RowId id = out_.job(key.span(), name, runs_on,
                              environment.is_mapping() ? environment.at("name").text() : environment.text());
    const bool hosted = runs_on.starts_with("ubuntu-") || runs_on.starts_with("windows-") ||
                        runs_on.starts_with("macOS-") || pool.at("vmImage").exists();
    out_.rows().job.back().self_hosted = hosted ? Tri::no : Tri::not_examined;
    const YamlNode container = node.at("container");
    out_.image(container.span(), container.is_mapping() ? container.at("image").text() : std::string_view{}, id);
    if (&node != &root_) variables(node.at("variables"), id);
    std::int64_t position = 0;
    bool named_checkout = false;
    const auto each = [&](const YamlNode& step) {
      named_checkout = named_checkout || step.at("checkout").exists();
      this->step(step, id, position++);
    };
    items(node.at("steps"), 0, each);
    for (const auto& [strategy, phases] : node.at("strategy").entries()) {
      for (const auto& [phase, body] : phases.entries()) items(body.at("steps"), 0, each);
    }
    if (!named_checkout && !key_of(node, "deployment").exists() && position > 0) {
      out_.checkout(key.span(), {}, from_pull_requests_ ? Tri::yes : Tri::no, Tri::no, id, 0);
    }
  }

  void step(const YamlNode& node, RowId job, std::int64_t position) {
    for (const std::string_view kind : {"script", "bash", "pwsh", "powershell"}) {
      const YamlNode body = node.at(kind);
      if (!body.is_scalar()) continue;
      const RowId id =
          out_.step(key_of(node, kind).span(), job, position, node.at("displayName").text(), "run", body.text());
      script(body, kind == "pwsh" || kind == "powershell" ? ShellDialect::powershell : ShellDialect::posix, job, id);
      environment(node, job, id);
      return;
    }
    if (const YamlNode checkout = node.at("checkout"); checkout.exists()) {
      const RowId id =
          out_.step(key_of(node, "checkout").span(), job, position, node.at("displayName").text(), "uses", {});
      const bool own = checkout.text() == "self";
      if (checkout.text() != "none")
        out_.checkout(checkout.span(), own ? std::string_view{} : checkout.text(),
                      own && from_pull_requests_ ? Tri::yes : Tri::no,
                      tri(node.at("persistCredentials").text() == "true"), job, id);
      return;
    }
    if (const YamlNode file = node.at("template"); file.exists()) {
      template_use(file, job);
      return;
    }
    task(node, job, position);
  }

  void task(const YamlNode& node, RowId job, std::int64_t position) {
    const YamlNode task = node.at("task");
    if (!task.is_scalar()) return;
    const RowId id = out_.step(key_of(node, "task").span(), job, position, node.at("displayName").text(), "uses", {});
    const std::string_view text = task.text();
    const std::string_view name = text.substr(0, text.find('@'));
    evidence::UsesRow row;
    row.kind = "task";
    row.text = text;
    row.name = name;
    row.reference = text.find('@') == std::string_view::npos ? std::string_view{} : text.substr(text.find('@') + 1);
    row.reference_kind = "tag";
    row.immutable = Tri::no;
    row.first_party = tri(name.find('.') == std::string_view::npos);
    out_.uses(task.span(), std::move(row), job, id);
    const YamlNode inputs = node.at("inputs");
    for (const auto& [key, value] : inputs.entries()) {
      out_.input(key, key.text(), value.text(), job, id);
      if (key.text() == "script" || key.text() == "inlineScript" || key.text() == "Inline") {
        script(value,
               name.starts_with("PowerShell") || name.starts_with("AzurePowerShell") ? ShellDialect::powershell
                                                                                     : ShellDialect::posix,
               job, id);
      } else {
        macros(value, "input", job, id);
      }
    }
    if (name == "Cache")
      out_.shared(task.span(), "cache", "both", inputs.at("key").text(), inputs.at("path").text(), job, id);
    if (name.starts_with("Publish") && name.ends_with("Artifact"))
      out_.shared(task.span(), "artifact", "write", inputs.at("artifact").text(), inputs.at("targetPath").text(), job,
                  id);
    if (name.starts_with("Download"))
      out_.shared(task.span(), "artifact", "read", inputs.at("artifact").text(), {}, job, id);
    if (name == "TwineAuthenticate" || name == "NuGetAuthenticate" || name == "npmAuthenticate")
      out_.secret(task.span(), name, "other", job, id);
    environment(node, job, id);
  }

  void environment(const YamlNode& node, RowId job, RowId step) {
    for (const auto& [key, value] : node.at("env").entries()) {
      out_.variable(key, key.text(), value.text(), job, step);
      macros(value, "env", job, step);
    }
  }

  void macros(const YamlNode& value, std::string_view sink, RowId job, RowId step) {
    const Script text = script_of(value);
    for (const Macro& macro : macros_in(text.text, "$(", ")")) {
      const std::string_view by = control_of(macro.name);
      out_.expression(text.span(macro.begin, macro.end), macro.name, sink, by, job, step);
      if (by == "unknown" && looks_secret(macro.name))
        out_.secret(text.span(macro.begin, macro.end), macro.name, sink == "shell" ? "shell" : "env", job, step);
    }
    for (const Macro& macro : macros_in(text.text, "${{", "}}")) {
      if (macro.name.starts_with("parameters."))
        out_.expression(text.span(macro.begin, macro.end), macro.name, sink,
                        limited(macro.name.substr(11)) ? "workflow" : "insider", job, step);
    }
  }

  // Parameters with a list of values or of a type that is no text.
  bool limited(std::string_view name) const {
    for (const YamlNode& parameter : root_.at("parameters").items()) {
      if (parameter.at("name").text() != name) continue;
      const std::string_view type = parameter.at("type").text();
      return parameter.at("values").exists() || type == "boolean" || type == "number";
    }
    return false;
  }

  void script(const YamlNode& body, ShellDialect dialect, RowId job, RowId step) {
    macros(body, "shell", job, step);
    // Secrets reach scripts as macros or through env, both written already.
    out_.commands(script_of(body, dialect), "run", job, step,
                  [](std::string_view) { return std::string_view("platform"); });
  }

  PipelineRows& out_;
  YamlNode root_;
  bool from_pull_requests_ = false;
};

}  // namespace

ReadOutcome read_azure_pipeline(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const YamlNode root = file.tree.root();
  if (!readable(file, root, outcome)) return outcome;
  const bool runs = root.at("stages").exists() || root.at("jobs").exists() || root.at("steps").exists() ||
                    root.at("extends").exists();
  PipelineRows out(rows, "azure",
                   root.at("parameters").exists() && !root.at("trigger").exists() ? "template"
                   : runs                                                         ? "workflow"
                                                                                  : "template",
                   input.artifact.path, first_key(root));
  Azure(out, root).read();
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

}  // namespace assay::pipeline::others
