#include <algorithm>
#include <string>
#include <string_view>

#include "sbom-import/json_lock.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using formats::JsonNode;

// name/version[@user/channel][#recipe revision][%time]
RowId conan_reference(JsonLock& lock, const JsonNode& where, std::string_view reference, std::string_view scope) {
  const std::string_view whole = reference;
  reference = reference.substr(0, reference.find('%'));
  const std::size_t hash = reference.find('#');
  const std::string_view revision = hash == std::string_view::npos ? std::string_view{} : reference.substr(hash + 1);
  reference = reference.substr(0, hash);
  const std::string_view channel =
      reference.find('@') == std::string_view::npos ? std::string_view{} : reference.substr(reference.find('@') + 1);
  reference = reference.substr(0, reference.find('@'));
  const std::size_t slash = reference.find('/');
  if (slash == std::string_view::npos) {
    lock.gaps().add(where, "not of the form name/version");
    return 0;
  }
  const RowId id = lock.package(where, reference.substr(0, slash), reference.substr(slash + 1));
  if (id == 0) return 0;
  lock.rows().last().scope = scope;
  lock.rows().last().bom_ref = whole;
  evidence::ComponentOriginRow row{.kind = "registry", .url = std::string(channel), .integrity = std::string(revision)};
  row.immutable = evidence::tri(!revision.empty() && revision != "0");
  lock.rows().origin(id, lock.place(where), std::move(row));
  if (revision.size() == 32) lock.rows().hash(id, lock.place(where), digest_of("md5", revision));
  return id;
}

// "https://github.com/Quick/Nimble.git" is the package "github.com/Quick/Nimble".
std::string swift_name(std::string_view url) {
  std::string_view rest = url;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) rest = rest.substr(scheme + 3);
  if (const std::size_t at = rest.find('@'); at < rest.find('/')) rest = rest.substr(at + 1);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.ends_with(".git")) rest.remove_suffix(4);
  std::string out(rest);
  if (const std::size_t colon = out.find(':'); colon < out.find('/')) out[colon] = '/';
  return out;
}

}  // namespace

// Version 0.4 is a graph of nodes, 0.5 lists of references (docs.conan.io, "Lockfiles").
ReadOutcome read_conan_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "conan-lock", "conan");
  const JsonNode root = lock.root();
  lock.rows().document().version = lock.text(root.at("version"), "version");
  for (const auto [key, node] : root.at("graph_lock").at("nodes").members()) {
    const JsonNode reference = node.at("ref");
    if (reference.string().empty()) {
      for (const JsonNode target : node.at("requires").items()) lock.rows().direct(std::string(target.string()));
      continue;
    }
    const RowId id = conan_reference(lock, reference, reference.string(),
                                     node.at("context").string() == "build" ? "dev" : "required");
    lock.rows().known_as(id, std::string(key.text()));
    for (const std::string_view list : {"requires", "build_requires"}) {
      for (const JsonNode target : node.at(list).items())
        lock.rows().require(id, lock.place(target), target.string(), {}, std::string(target.string()));
    }
  }
  for (const JsonNode reference : root.at("requires").items())
    conan_reference(lock, reference, reference.string(), "required");
  // Tools of the build: not in the product, but they ran beside it.
  for (const std::string_view list : {"build_requires", "python_requires"}) {
    for (const JsonNode reference : root.at(list).items())
      conan_reference(lock, reference, reference.string(), "excluded");
  }
  return lock.finish();
}

// bun.lock: JSON with superfluous commas; "packages" maps a path to [name@version, registry, {…}, integrity], with
// fewer parts for what does not come from a registry.
ReadOutcome read_bun_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "bun-lock", "npm");
  const JsonNode root = lock.root();
  LockRows& out = lock.rows();
  out.document().version = lock.text(root.at("lockfileVersion"), "lockfileVersion");
  out.document().subject = root.at("workspaces").at("").at("name").string();
  constexpr std::string_view lists[] = {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"};
  for (const auto [path, workspace] : root.at("workspaces").members()) {
    RowId id = 0;
    if (!path.text().empty()) {
      const JsonNode name = workspace.at("name");
      id = lock.package(name.exists() ? name : path, name.string(), lock.text(workspace.at("version"), "version"));
      if (id != 0) out.last().scope = "workspace";
    }
    for (const std::string_view list : lists) {
      for (const auto [name, range] : workspace.at(list).members()) {
        out.direct(std::string(name.text()), range.string());
        out.require(id, lock.place(name), name.text(), range.string(), std::string(name.text()));
      }
    }
  }
  for (const auto [key, entry] : root.at("packages").members()) {
    JsonNode spec;
    JsonNode registry;
    JsonNode about;
    JsonNode integrity;
    for (const JsonNode part : entry.items()) {
      if (!spec.exists())
        spec = part;
      else if (part.is_object())
        about = part;
      else if (!about.exists() && !registry.exists())
        registry = part;
      else
        integrity = part;
    }
    const std::string_view written = spec.string();
    const std::size_t at = written.find('@', 1);
    if (at == std::string_view::npos) {
      lock.gaps().add(key, "not of the form name@version");
      continue;
    }
    std::string_view reference = written.substr(at + 1);
    if (reference.starts_with("workspace:")) continue;  // told above
    if (reference.starts_with("npm:")) reference.remove_prefix(4);
    const bool elsewhere =
        reference.find(':') != std::string_view::npos || reference.find('/') != std::string_view::npos;
    const RowId id = lock.package(key, written.substr(0, at), elsewhere ? std::string_view{} : reference);
    if (id == 0) continue;
    out.last().bom_ref = key.text();
    out.last().pinned = evidence::Tri::yes;
    // An alias stands under the name it was given.
    const bool top =
        key.text().find('/', key.text().starts_with('@') ? key.text().find('/') + 1 : 0) == std::string_view::npos;
    if (top && key.text() != written.substr(0, at)) out.last().requirement = "npm:" + std::string(written);
    out.known_as(id, std::string(key.text()));
    out.origin(id,
               lock.place(elsewhere           ? spec
                          : registry.exists() ? registry
                                              : key),
               elsewhere ? reference : registry.string(), integrity.string());
    if (!elsewhere && rows.component_origin.back().kind == "url")
      rows.component_origin.back().kind = registry.string().find("/-/") == std::string_view::npos ? "url" : "registry";
    each_integrity(integrity.string(), [&](const Digest& digest) { out.hash(id, lock.place(integrity), digest); });
    for (const std::string_view list : lists) {
      for (const auto [name, range] : about.at(list).members()) {
        out.require(id, lock.place(name), name.text(), range.string(),
                    std::string(key.text()) + "/" + std::string(name.text()), std::string(name.text()));
      }
    }
  }
  // Bun runs the install scripts of these and of no others.
  for (const JsonNode trusted : root.at("trustedDependencies").items())
    rows.add(evidence::InstallTriggerRow{.at = lock.place(trusted),
                                         .ecosystem = "npm",
                                         .hook = "trustedDependencies",
                                         .command = std::string(trusted.string())});
  return lock.finish(true);
}

// Package.resolved, versions 1 to 3 (Swift Package Manager).
ReadOutcome read_swift_resolved(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "swift-resolved", "swift");
  const JsonNode root = lock.root();
  lock.rows().document().version = lock.text(root.at("version"), "version");
  const JsonNode pins = root.at("pins").exists() ? root.at("pins") : root.at("object").at("pins");
  for (const JsonNode pin : pins.items()) {
    const JsonNode url = pin.at("location").exists() ? pin.at("location") : pin.at("repositoryURL");
    const JsonNode state = pin.at("state");
    const JsonNode revision = state.at("revision");
    const bool registry = pin.at("kind").string() == "registry";
    const JsonNode identity = pin.at("identity").exists() ? pin.at("identity") : pin.at("package");
    std::string_view version = state.at("version").string();
    if (version.empty()) version = state.at("branch").string();
    if (version.empty()) version = revision.string();
    const RowId id = lock.package(
        registry || url.string().empty() ? identity : url,
        registry || url.string().empty() ? std::string(identity.string()) : swift_name(url.string()), version);
    if (id == 0) continue;
    lock.rows().last().bom_ref = identity.string();
    if (registry) {
      lock.rows().origin(id, lock.place(identity), {.kind = "registry"});
    } else {
      lock.rows().origin(id, lock.place(url), "git+" + std::string(url.string()) + "#" + std::string(revision.string()),
                         {});
    }
  }
  return lock.finish();
}

// build.sbt.lock of sbt-dependency-lock.
ReadOutcome read_sbt_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "sbt-lock", "maven");
  lock.rows().document().version = lock.text(lock.root().at("lockVersion"), "lockVersion");
  lock.rows().document().created = lock.root().at("timestamp").string();
  for (const JsonNode entry : lock.root().at("dependencies").items()) {
    const JsonNode name = entry.at("name");
    const std::string whole = std::string(entry.at("org").string()) + ":" + std::string(name.string());
    const RowId id =
        lock.package(name, name.string().empty() ? std::string{} : whole, lock.text(entry.at("version"), "version"));
    if (id == 0) continue;
    const formats::JsonNode::Items configurations = entry.at("configurations").items();
    const bool delivered =
        configurations.empty() || std::any_of(configurations.begin(), configurations.end(), [](const JsonNode& c) {
          return c.string() == "compile" || c.string() == "runtime";
        });
    if (!delivered) lock.rows().last().scope = "dev";
    for (const JsonNode artifact : entry.at("artifacts").items()) {
      const JsonNode sum = artifact.at("hash");
      const std::size_t colon = sum.string().find(':');
      if (colon != std::string_view::npos)
        lock.rows().hash(id, lock.place(sum), digest_of(sum.string().substr(0, colon), sum.string().substr(colon + 1)));
    }
  }
  return lock.finish();
}

// renv.lock (rstudio.github.io/renv/articles/lockfile.html).
ReadOutcome read_renv_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "renv-lock", "cran");
  for (const auto [key, entry] : lock.root().at("Packages").members()) {
    const JsonNode name = entry.at("Package");
    const RowId id = lock.package(key, name.string().empty() ? key.text() : name.string(),
                                  lock.text(entry.at("Version"), "Version"));
    if (id == 0) continue;
    LockRows& out = lock.rows();
    out.known_as(id, std::string(key.text()));
    const JsonNode sum = entry.at("Hash");
    const std::string_view commit = entry.at("RemoteSha").string();
    const JsonNode host = entry.at("RemoteHost");
    const std::string_view source = entry.at("Source").string();
    if (host.is_string()) {
      out.origin(id, lock.place(host),
                 "git+https://" + std::string(host.string()) + "/" + std::string(entry.at("RemoteUsername").string()) +
                     "/" + std::string(entry.at("RemoteRepo").string()) + "#" + std::string(commit),
                 {});
    } else {
      evidence::ComponentOriginRow row{.kind = source == "Local" ? "file" : "registry",
                                       .url = std::string(entry.at("Repository").string())};
      row.immutable = evidence::Tri::no;
      out.origin(id, lock.place(entry.at("Repository").exists() ? entry.at("Repository") : key), std::move(row));
    }
    // renv's own digest of the package's description, not of an archive: kept as integrity, never compared as a hash.
    if (!rows.component_origin.empty()) rows.component_origin.back().integrity = sum.string();
    for (const JsonNode target : entry.at("Requirements").items())
      out.require(id, lock.place(target), target.string(), {}, std::string(target.string()));
  }
  return lock.finish();
}

// conda-meta/NAME.json: one installed conda package.
ReadOutcome read_conda_meta(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "conda-meta", "conda", "installed");
  const JsonNode root = lock.root();
  const JsonNode name = root.at("name");
  const RowId id = lock.package(name.exists() ? name : root, name.string(), lock.text(root.at("version"), "version"));
  if (id != 0) {
    lock.rows().last().license = root.at("license").string();
    const JsonNode url = root.at("url").exists() ? root.at("url") : root.at("channel");
    evidence::ComponentOriginRow row = origin_of(url.string(), "conda", root.at("sha256").string());
    row.kind = "registry";
    lock.rows().origin(id, lock.place(url.exists() ? url : name), std::move(row));
    for (const std::string_view algorithm : {"md5", "sha256"}) {
      if (const JsonNode sum = root.at(algorithm); sum.is_string())
        lock.rows().hash(id, lock.place(sum), digest_of(algorithm, sum.string()));
    }
    for (const JsonNode target : root.at("depends").items()) {
      const std::string_view spec = target.string();
      const std::size_t space = spec.find(' ');
      lock.rows().require(id, lock.place(target), spec.substr(0, space),
                          space == std::string_view::npos ? std::string_view{} : spec.substr(space + 1), {});
    }
  }
  return lock.finish();
}

}  // namespace assay::sbom
