#include <string>
#include <string_view>

#include "sbom-import/json_lock.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using formats::JsonNode;

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// The digest of a .nupkg: base64 of SHA-512, with or without the algorithm before it.
void content_hash(JsonLock& lock, RowId id, const JsonNode& node) {
  std::string text(node.string());
  if (text.empty()) return;
  if (!text.starts_with("sha512-")) text.insert(0, "sha512-");
  each_integrity(text, [&](const Digest& digest) { lock.rows().hash(id, lock.place(node), digest); });
}

}  // namespace

// One object a target framework; the same package stands under each.
ReadOutcome read_nuget_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "nuget-lock", "nuget");
  lock.rows().document().version = lock.text(lock.root().at("version"), "version");
  for (const auto [framework, packages] : lock.root().at("dependencies").members()) {
    const std::string target = std::string(framework.text()) + "\n";
    for (const auto [name, entry] : packages.members()) {
      const std::string_view type = entry.at("type").string();
      const JsonNode resolved = entry.at("resolved");
      const bool project = lowered(type) == "project";
      if (!project && !resolved.exists()) lock.gaps().add(entry, "a package without 'resolved'");
      const RowId id = lock.package(name, name.text(), lock.text(resolved, "resolved"));
      if (id == 0) continue;
      evidence::ComponentRow& row = lock.rows().last();
      row.bom_ref = std::string(framework.text()) + "/" + std::string(name.text());
      row.requirement = entry.at("requested").string();
      if (project) row.scope = "workspace";
      row.direct = project ? evidence::Tri::not_examined : evidence::tri(type == "Direct");
      lock.rows().known_as(id, target + lowered(name.text()));
      const JsonNode sum = entry.at("contentHash");
      if (project) {
        lock.rows().origin(id, lock.place(name), {.kind = "workspace"});
      } else {
        lock.rows().origin(id, lock.place(sum.exists() ? sum : name), {}, sum.string());
        content_hash(lock, id, sum);
      }
      for (const auto [dependency, range] : entry.at("dependencies").members()) {
        lock.rows().require(id, lock.place(dependency), dependency.text(), range.string(),
                            target + lowered(dependency.text()));
      }
    }
  }
  return lock.finish();
}

// NAME.deps.json beside a published program: "libraries" says what there is, "targets" who requires whom and which
// files really ship. A package of which the target ships no file is a reference only and left out, unless no target
// says anything.
ReadOutcome read_dotnet_deps(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "dotnet-deps", "nuget", "installed");
  const JsonNode root = lock.root();
  const std::string_view runtime = root.at("runtimeTarget").at("name").string().empty()
                                       ? root.at("runtimeTarget").text()
                                       : root.at("runtimeTarget").at("name").string();
  lock.rows().document().version = runtime;
  const JsonNode target = root.at("targets").at(runtime);
  const auto ships = [&](const JsonNode& key) {
    if (!target.is_object()) return true;
    const JsonNode entry = target.at(key.text());
    if (!entry.exists()) return true;
    return entry.at("runtime").size() > 0 || entry.at("runtimeTargets").size() > 0 || entry.at("native").size() > 0;
  };
  for (const auto [key, library] : root.at("libraries").members()) {
    const std::string_view written = key.text();
    const std::size_t slash = written.rfind('/');
    if (slash == std::string_view::npos) {
      lock.gaps().add(key, "not of the form name/version");
      continue;
    }
    const std::string_view type = library.at("type").string();
    std::string_view name = written.substr(0, slash);
    // "runtimepack.NAME": the runtime itself, delivered with a program that brings its own.
    if (type == "runtimepack" && name.starts_with("runtimepack.")) name.remove_prefix(12);
    if (type == "package" && !ships(key)) continue;
    const RowId id = lock.package(key, name, written.substr(slash + 1));
    if (id == 0) continue;
    lock.rows().last().bom_ref = written;
    if (type == "project") lock.rows().last().scope = "workspace";
    lock.rows().known_as(id, std::string(written));
    if (type != "package") continue;
    const JsonNode sum = library.at("sha512");
    lock.rows().origin(id, lock.place(sum.exists() ? sum : key), {}, sum.string());
    content_hash(lock, id, sum);
  }
  for (const evidence::ComponentRow& row : rows.component) {
    for (const auto [name, version] : target.at(row.bom_ref).at("dependencies").members()) {
      lock.rows().require(row.component_id, lock.place(name), name.text(), version.string(),
                          std::string(name.text()) + "/" + std::string(version.text()));
    }
  }
  return lock.finish();
}

}  // namespace assay::sbom
