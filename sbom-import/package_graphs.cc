#include <string>
#include <string_view>

#include "sbom-import/json_lock.h"
#include "sbom-import/lockfiles.h"

// JSON lockfiles that state a whole graph: Deno, Lake, Nimble.
namespace assay::sbom {
namespace {

using evidence::RowId;
using formats::JsonNode;

struct Named {
  std::string_view name;
  std::string_view version;
};

// "@scope/name@1.2.3_peer@4": the version begins at the '@' after the name, what peers were chosen at the first '_'.
Named deno_named(std::string_view key) {
  const std::size_t at = key.find('@', 1);
  if (at == std::string_view::npos) return {key, {}};
  const std::string_view version = key.substr(at + 1);
  return {key.substr(0, at), version.substr(0, version.find('_'))};
}

// In one lockfile a package of npm and one of JSR may have the same name.
std::string deno_key(std::string_view registry, std::string_view key) {
  return std::string(registry) + ":" + std::string(key);
}

// JSR publishes for npm clients as "@jsr/scope__name"; a package URL type of its own it has not.
void deno_jsr(JsonLock& lock, const JsonNode& list) {
  for (const auto [key, entry] : list.members()) {
    const Named named = deno_named(key.text());
    const auto at = lock.place(key);
    const RowId id = lock.rows().package(at, {}, named.name, named.version);
    lock.rows().known_as(id, deno_key("jsr", key.text()));
    lock.rows().known_as(id, deno_key("jsr", named.name));
    const JsonNode integrity = entry.at("integrity");
    // A SHA-256 of the version's manifest, in hex.
    lock.rows().origin(id, at,
                       {.kind = "registry",
                        .url = "jsr:" + std::string(key.text()),
                        .host = "jsr.io",
                        .integrity = std::string(integrity.string()),
                        .immutable = evidence::tri(integrity.is_string())});
    for (const JsonNode target : entry.at("dependencies").items()) {
      const std::string_view written = target.string();
      const std::string_view registry = written.substr(0, written.find(':'));
      const std::string_view wanted =
          registry.size() < written.size() ? written.substr(registry.size() + 1) : std::string_view{};
      const Named what = deno_named(wanted);
      lock.rows().require(id, lock.place(target), what.name, what.version, std::string(written),
                          deno_key(registry, what.name));
    }
  }
}

void deno_npm(JsonLock& lock, const JsonNode& list) {
  for (const auto [key, entry] : list.members()) {
    const Named named = deno_named(key.text());
    const auto at = lock.place(key);
    const RowId id = lock.rows().package(at, named.name, named.version);
    if (id == 0) continue;
    lock.rows().known_as(id, deno_key("npm", key.text()));
    lock.rows().known_as(id, deno_key("npm", named.name));
    const JsonNode integrity = entry.at("integrity");
    const JsonNode tarball = entry.at("tarball");
    lock.rows().origin(id, tarball.exists() ? lock.place(tarball) : at, tarball.string(), integrity.string());
    each_integrity(integrity.string(),
                   [&](const Digest& digest) { lock.rows().hash(id, lock.place(integrity), digest); });
    if (const JsonNode scripts = entry.at("scripts"); scripts.text() == "true")
      lock.rows().runs(id, lock.place(scripts), "scripts");
    for (const std::string_view kind : {"dependencies", "optionalDependencies"}) {
      const JsonNode wanted = entry.at(kind);
      // Until version 4 an object of name to key, since then a list of names or keys.
      for (const auto [name, target] : wanted.members())
        lock.rows().require(id, lock.place(name), name.text(), deno_named(target.string()).version,
                            deno_key("npm", target.string()));
      for (const JsonNode target : wanted.items()) {
        const Named what = deno_named(target.string());
        lock.rows().require(id, lock.place(target), what.name, what.version, deno_key("npm", target.string()),
                            deno_key("npm", what.name));
      }
    }
  }
}

}  // namespace

// deno.lock, versions 2 to 5 (docs.deno.com, "Lockfile"; denoland/deno_lockfile): packages of npm and JSR, digests of
// modules loaded from a URL.
ReadOutcome read_deno_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "deno-lock", "npm");
  const JsonNode root = lock.root();
  lock.rows().document().version = lock.text(root.at("version"), "version");
  // Version 3 keeps everything below "packages", version 2 npm's below "npm"/"packages".
  const JsonNode old = root.at("packages");
  deno_jsr(lock, old.exists() ? old.at("jsr") : root.at("jsr"));
  const JsonNode npm = old.exists() ? old.at("npm") : root.at("npm");
  deno_npm(lock, npm.at("packages").is_object() ? npm.at("packages") : npm);
  for (const auto [specifier, version] : (old.exists() ? old.at("specifiers") : root.at("specifiers")).members()) {
    const std::string_view asked = specifier.text();
    const std::size_t colon = asked.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view registry = asked.substr(0, colon);
    const Named named = deno_named(asked.substr(colon + 1));
    // "npm:chalk@5" to "5.3.0_peer@1", in version 3 to "npm:chalk@5.3.0".
    const std::string_view chosen = version.string();
    lock.rows().direct(chosen.starts_with(registry) && chosen.substr(registry.size(), 1) == ":"
                           ? std::string(chosen)
                           : deno_key(registry, std::string(named.name) + "@" + std::string(chosen)),
                       named.version);
  }
  for (const auto [url, digest] : root.at("remote").members()) {
    const auto at = lock.place(url);
    const RowId id = lock.rows().package(at, {}, url.text(), {});
    if (id == 0) continue;
    lock.rows().last().kind = "file";
    lock.rows().origin(id, at, url.text(), digest.string());
    lock.rows().hash(id, lock.place(digest), digest_of("sha-256", digest.string()));
  }
  return lock.finish();
}

// lake-manifest.json of Lean (lean-lang.org, "Lake", manifest): git repositories at a commit, folders.
ReadOutcome read_lake_manifest(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "lake-manifest", {});
  const JsonNode root = lock.root();
  lock.rows().document().version = lock.text(root.at("version"), "version");
  lock.rows().document().subject = root.at("name").string();
  for (const JsonNode item : root.at("packages").items()) {
    // Until version 6 the kind was a key around the fields.
    const bool wrapped = item.at("git").is_object() || item.at("path").is_object();
    const JsonNode entry = !wrapped ? item : item.at("git").is_object() ? item.at("git") : item.at("path");
    const JsonNode name = entry.at("name");
    const JsonNode revision = entry.at("rev");
    const RowId id = lock.package(name.exists() ? name : entry, name.string(), revision.string());
    if (id == 0) continue;
    lock.rows().last().requirement = entry.at(wrapped ? "inputRev?" : "inputRev").string();
    if (const JsonNode inherited = entry.at("inherited"); inherited.exists())
      lock.rows().last().direct = evidence::tri(inherited.text() != "true");
    if (const JsonNode url = entry.at("url"); url.is_string()) {
      lock.rows().origin(id, lock.place(url), "git+" + std::string(url.string()) + "#" + std::string(revision.string()),
                         {});
    } else if (const JsonNode folder = entry.at("dir"); folder.is_string()) {
      lock.rows().origin(id, lock.place(folder), {.kind = "file", .url = std::string(folder.string())});
    }
  }
  return lock.finish();
}

// nimble.lock (nim-lang.github.io/nimble, "Lock files"): a commit and a SHA-1 of the checked-out files each.
ReadOutcome read_nimble_lock(const intake::Input& input, evidence::Rows& rows) {
  JsonLock lock(input.bytes, rows, "nimble-lock", "nim");
  const JsonNode root = lock.root();
  lock.rows().document().version = lock.text(root.at("version"), "version");
  for (const auto [name, entry] : root.at("packages").members()) {
    const RowId id = lock.package(name, name.text(), entry.at("version").string());
    if (id == 0) continue;
    lock.rows().known_as(id, std::string(name.text()));
    const JsonNode url = entry.at("url");
    lock.rows().origin(id, lock.place(url.exists() ? url : name),
                       "git+" + std::string(url.string()) + "#" + std::string(entry.at("vcsRevision").string()), {});
    if (const JsonNode sum = entry.at("checksums").at("sha1"); sum.is_string())
      lock.rows().hash(id, lock.place(sum), digest_of("sha-1", sum.string()));
    for (const JsonNode target : entry.at("dependencies").items())
      lock.rows().require(id, lock.place(target), target.string(), {}, std::string(target.string()));
  }
  return lock.finish();
}

}  // namespace assay::sbom
