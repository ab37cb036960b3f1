#include "analyzer/pipeline/definition_file.h"
#include "analyzer/pipeline/others/pipeline_rows.h"
#include "analyzer/pipeline/others/readers.h"

// Systems whose definitions are hardly more than named lists of commands.
namespace assay::pipeline::others {
namespace {

using evidence::RowId;
using evidence::Tri;
using evidence::tri;
using formats::ShellDialect;
using formats::YamlNode;

std::string_view control_of(std::string_view name) {
  for (const std::string_view outside :
       {"TRAVIS_COMMIT_MESSAGE", "TRAVIS_PULL_REQUEST_BRANCH", "DRONE_COMMIT_MESSAGE", "DRONE_PULL_REQUEST_TITLE",
        "DRONE_SOURCE_BRANCH", "DRONE_COMMIT_AUTHOR_NAME", "CI_COMMIT_MESSAGE", "CI_COMMIT_PULL_REQUEST_TITLE",
        "CI_COMMIT_SOURCE_BRANCH", "BUILDKITE_MESSAGE", "BUILDKITE_BRANCH", "BUILDKITE_BUILD_AUTHOR",
        "APPVEYOR_REPO_COMMIT_MESSAGE", "APPVEYOR_PULL_REQUEST_TITLE", "APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH"}) {
    if (name == outside) return "outsider";
  }
  for (const std::string_view inside :
       {"TRAVIS_BRANCH", "TRAVIS_TAG", "DRONE_BRANCH", "DRONE_TAG", "CI_COMMIT_BRANCH", "CI_COMMIT_TAG",
        "BUILDKITE_TAG", "APPVEYOR_REPO_BRANCH", "APPVEYOR_REPO_TAG_NAME"}) {
    if (name == inside) return "insider";
  }
  for (const std::string_view prefix : {"TRAVIS_", "DRONE_", "CI_", "BUILDKITE_", "APPVEYOR_"}) {
    if (name.starts_with(prefix)) return "platform";
  }
  return {};
}

void run(PipelineRows& out, const YamlNode& key, const YamlNode& lines, RowId job, std::int64_t& position,
         ShellDialect dialect = ShellDialect::posix) {
  for (const YamlNode& line : lines.one_or_many()) {
    // AppVeyor writes the shell in front: `ps:`, `cmd:`, `sh:`, `pwsh:`.
    const auto entries = line.entries();
    const YamlNode script = line.is_mapping() && !entries.empty() ? entries.front().second : line;
    const std::string_view shell =
        line.is_mapping() && !entries.empty() ? entries.front().first.text() : std::string_view{};
    if (!script.is_scalar()) continue;
    const RowId step = out.step(script.span(), job, position++, key.text(), "run", script.text());
    const bool power = shell == "ps" || shell == "pwsh";
    out.commands(script_of(script, power            ? ShellDialect::powershell
                                   : shell == "cmd" ? ShellDialect::batch
                                                    : dialect),
                 "run", job, step, control_of);
  }
}

void travis(PipelineRows& out, const YamlNode& root, ShellDialect dialect) {
  const Span head = first_key(root);
  out.trigger(head, "push", Tri::no, Tri::yes);
  out.trigger(head, "pull_request", Tri::yes, Tri::no);  // without secrets when it comes from a fork
  const RowId job = out.job(head, "build");
  for (const auto& [key, value] : root.at("environment").entries()) {
    if (value.is_scalar()) out.variable(key, key.text(), value.text(), job);
  }
  std::int64_t position = 0;
  for (const auto& [key, value] : root.entries()) {
    for (const std::string_view section :
         {"before_install", "install", "before_script", "script", "after_script", "after_success", "after_failure",
          "before_deploy", "after_deploy", "init", "before_build", "build_script", "after_build", "before_test",
          "test_script", "after_test", "deploy_script", "on_finish", "on_success"}) {
      if (key.text() == section) run(out, key, value, job, position, dialect);
    }
  }
  for (const YamlNode& deploy : root.at("deploy").one_or_many()) {
    const YamlNode provider = deploy.at("provider");
    if (provider.exists()) out.shared(provider.span(), "package", "write", provider.text(), {}, job, 0);
    for (const auto& [key, value] : deploy.entries()) {
      if (value.at("secure").exists()) out.secret(key.span(), key.text(), "other", job, 0);
    }
  }
  for (const YamlNode& item : root.at("env").at("global").one_or_many()) {
    if (item.at("secure").exists()) out.secret(item.span(), "secure", "env", job, 0);
  }
}

// Drone and Woodpecker: steps in containers.
void drone(PipelineRows& out, const YamlNode& root) {
  out.trigger(first_key(root), "push", Tri::no, Tri::yes);
  out.trigger(first_key(root), "pull_request", Tri::yes, Tri::not_examined);
  const auto step = [&](const YamlNode& at, std::string_view name, const YamlNode& node) {
    const RowId job = out.job(at.span(), name);
    std::int64_t position = 0;
    out.image(node.at("image").span(), node.at("image").text(), job);
    for (const std::string_view block : {"environment", "settings"}) {
      for (const auto& [key, value] : node.at(block).entries()) {
        if (const YamlNode secret = value.at("from_secret"); secret.exists())
          out.secret(secret.span(), secret.text(), block == "settings" ? "input" : "env", job, 0);
        if (value.is_scalar()) out.variable(key, key.text(), value.text(), job);
      }
    }
    for (const YamlNode& secret : node.at("secrets").items()) {
      if (secret.is_scalar()) out.secret(secret.span(), secret.text(), "env", job, 0);
    }
    if (node.at("privileged").text() == "true")
      add_setting(out.rows(), out.workflow(), job, out.rows().locate(key_of(node, "privileged").span()), "privileged",
                  "true");
    const YamlNode key = key_of(node, "commands");
    if (key.exists()) run(out, key, node.at("commands"), job, position);
  };
  for (const std::string_view list : {"steps", "services", "pipeline"}) {
    for (const YamlNode& item : root.at(list).items())
      step(key_of(item, "name").exists() ? key_of(item, "name") : item, item.at("name").text(), item);
    for (const auto& [key, node] : root.at(list).entries()) step(key, key.text(), node);
  }
}

void buildkite(PipelineRows& out, const YamlNode& root) {
  out.trigger(first_key(root), "push", Tri::no, Tri::yes);
  for (const auto& [key, value] : root.at("env").entries()) out.variable(key, key.text(), value.text(), 0);
  const auto each = [&](const YamlNode& node) {
    if (!node.is_mapping() || node.entries().empty()) return;
    const RowId job =
        out.job(first_key(node), node.at("label").exists() ? node.at("label").text() : node.at("name").text(),
                node.at("agents").at("queue").text());
    out.rows().job.back().self_hosted = Tri::yes;  // agents are always the owner's
    std::int64_t position = 0;
    for (const std::string_view name : {"command", "commands"}) {
      if (const YamlNode key = key_of(node, name); key.exists()) run(out, key, node.at(name), job, position);
    }
    for (const auto& [key, value] : node.at("env").entries()) out.variable(key, key.text(), value.text(), job);
    for (const YamlNode& plugin : node.at("plugins").one_or_many()) {
      const YamlNode name = plugin.is_scalar()         ? plugin
                            : plugin.entries().empty() ? YamlNode{}
                                                       : plugin.entries().front().first;
      const std::string_view text = name.text();
      const std::size_t sign = text.find('#');
      evidence::UsesRow row;
      row.kind = "plugin";
      row.text = text;
      row.name = text.substr(0, sign);
      row.reference = sign == std::string_view::npos ? std::string_view{} : text.substr(sign + 1);
      row.reference_kind = is_commit(row.reference) ? "commit" : row.reference.empty() ? "none" : "branch-or-tag";
      row.immutable = tri(is_commit(row.reference));
      if (name.exists()) out.uses(name.span(), std::move(row), job, 0);
    }
  };
  const YamlNode steps = root.is_sequence() ? root : root.at("steps");
  for (const YamlNode& item : steps.items()) {
    each(item);
    for (const YamlNode& inner : item.at("steps").items()) each(inner);
  }
}

}  // namespace

ReadOutcome read_script_lists(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  const formats::YamlTree::Salvaged file = formats::YamlTree::salvage(input.bytes);
  const std::string& path = input.artifact.path;
  const std::string_view name = std::string_view(path).substr(path.find_last_of('/') + 1);
  const bool drone_family =
      name.find("drone") != std::string_view::npos || path.find("woodpecker") != std::string::npos;
  bool any = false;
  for (const YamlNode& root : file.tree.documents()) {
    if (!any && !readable(file, root, outcome)) return outcome;
    if (!root.is_mapping() || (any && !drone_family)) continue;
    any = true;
    const bool kite = path.find("buildkite") != std::string::npos;
    const bool appveyor = name.find("appveyor") != std::string_view::npos;
    PipelineRows out(rows,
                     kite           ? "buildkite"
                     : drone_family ? "drone"
                     : appveyor     ? "appveyor"
                                    : "travis",
                     "workflow", path, first_key(root));
    if (kite) {
      buildkite(out, root);
    } else if (drone_family) {
      drone(out, root);
    } else {
      travis(out, root, appveyor ? ShellDialect::batch : ShellDialect::posix);
    }
  }
  if (!any) outcome.not_at_all("empty");
  if (rows.lost() > 0) outcome.partly("more rows than limits::max_rows_per_artifact");
  return outcome;
}

}  // namespace assay::pipeline::others
