#include "analyzer/product/privilege_manifests.h"

#include "analyzer/base/find_literal.h"
#include "analyzer/base/limits.h"
#include "analyzer/product/privilege_sink.h"

namespace assay::product {
namespace {

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
    return name.size() >= ending.size() && same_word(name.substr(name.size() - ending.size()), ending);
  });
}

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view one) { return same_word(name, one); });
}

bool holds(std::string_view head, std::string_view word) {
  return find_literal(head, word) != std::string_view::npos;
}

// A line that begins with `start` after nothing.
bool has_line(std::string_view head, std::string_view start) {
  for (std::size_t at = find_literal(head, start); at != std::string_view::npos;
       at = find_literal(head, start, at + 1)) {
    if (at == 0 || head[at - 1] == '\n') return true;
  }
  return false;
}

bool install_script(std::string_view name) {
  if (one_of(name, {"postinst", "preinst", "postrm", "prerm", "postinstall", "preinstall"})) return true;
  const bool script = ends_with_any(name, {".sh", ".ps1", ".bat", ".cmd"});
  return script &&
         (find_word(name, "install") != std::string_view::npos || find_word(name, "setup") != std::string_view::npos ||
          find_word(name, "postinst") != std::string_view::npos);
}

ManifestFormat tree_format(std::string_view name, std::string_view head) {
  if (find_word(name, "compose") != std::string_view::npos && has_line(head, "services:"))
    return ManifestFormat::compose;
  const bool object = has_line(head, "apiVersion:") && has_line(head, "kind:");
  // Workflow engines and package managers also write apiVersion and kind; only Kubernetes objects of these kinds hold
  // privileges.
  if (object) {
    for (const std::string_view kind : {"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Pod", "Deployment",
                                        "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob", "List"}) {
      if (has_line(head, fmt::format("kind: {}", kind))) return ManifestFormat::kubernetes;
    }
  }
  if (ends_with_any(name, {".json"})) {
    if (name == "manifest.json" && holds(head, "\"manifest_version\"")) return ManifestFormat::extension;
    if (holds(head, "\"Statement\"") && holds(head, "\"Effect\"")) return ManifestFormat::iam;
    if (holds(head, "\"AssignableScopes\"") || holds(head, "\"assignableScopes\"")) return ManifestFormat::iam;
    if (holds(head, "\"bindings\"") && holds(head, "\"roles/")) return ManifestFormat::iam;
    if (holds(head, "\"oauthScopes\"") || holds(head, "\"oauth_scopes\"") || holds(head, "\"requiredResourceAccess\""))
      return ManifestFormat::scopes;
  }
  if (ends_with_any(name, {".json", ".yaml", ".yml"}) &&
      (holds(head, "https://www.googleapis.com/auth/") || holds(head, "https://graph.microsoft.com/")) &&
      find_word(head, "scope") != std::string_view::npos) {
    return ManifestFormat::scopes;
  }
  return ManifestFormat::none;
}

}  // namespace

ManifestFormat manifest_format(std::string_view path, std::string_view head) {
  const std::string_view name = file_name(path);
  if (ends_with_any(name, {".service"}) && has_line(head, "[Service]")) return ManifestFormat::systemd;
  if (name == "sudoers" || path.find("sudoers.d/") != std::string_view::npos || ends_with_any(name, {".sudoers"}))
    return ManifestFormat::sudoers;
  if (ends_with_any(name, {".spec"}) && has_line(head, "Name:")) return ManifestFormat::script;
  if (ends_with_any(name, {".nsi", ".nsh"})) return ManifestFormat::script;
  if (ends_with_any(name, {".iss"}) && has_line(head, "[Setup]")) return ManifestFormat::script;
  if (install_script(name)) return ManifestFormat::script;
  if (ends_with_any(name, {".inf"}) && holds(head, "[Version]")) return ManifestFormat::inf;
  if (ends_with_any(name, {".wxs", ".wxi"}) || name == "AndroidManifest.xml") return ManifestFormat::xml;
  if (ends_with_any(name, {".manifest"}) && holds(head, "requestedExecutionLevel")) return ManifestFormat::xml;
  if (ends_with_any(name, {".plist"}) && holds(head, "<key>Label</key>")) return ManifestFormat::xml;
  if (ends_with_any(name, {".entitlements"})) return ManifestFormat::xml;
  return tree_format(name, head);
}

bool looks_like_privilege_manifest(std::string_view path, std::string_view head) {
  return manifest_format(path, head) != ManifestFormat::none;
}

ReadOutcome read_privilege_manifest(const intake::Input& input, evidence::Rows& rows) {
  ReadOutcome outcome;
  std::string_view text = input.bytes;
  if (text.size() > limits::max_manifest_bytes) {
    outcome.partly(fmt::format("only the first {} bytes were examined for privileges (max_manifest_bytes)",
                               limits::max_manifest_bytes));
    text = text.substr(0, limits::max_manifest_bytes);
  }
  PrivilegeSink sink(text, rows);
  switch (const ManifestFormat format = manifest_format(input.artifact.path, text); format) {
    case ManifestFormat::none:
      outcome.not_at_all("it is no manifest of a kind that tells privileges");
      break;
    case ManifestFormat::systemd:
      read_systemd(text, sink);
      break;
    case ManifestFormat::sudoers:
      read_sudoers(text, sink);
      break;
    case ManifestFormat::script:
      read_script(text, sink);
      break;
    case ManifestFormat::inf:
      read_inf(text, sink);
      break;
    case ManifestFormat::xml:
      read_xml(text, sink);
      break;
    default:
      read_tree(text, format, sink, outcome);
  }
  if (rows.lost() > 0) outcome.partly(fmt::format("{} rows beyond max_rows_per_artifact were left out", rows.lost()));
  return outcome;
}

}  // namespace assay::product
