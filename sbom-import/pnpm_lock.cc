#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analyzer/formats/yaml_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using formats::YamlNode;
using formats::YamlTree;

struct Named {
  std::string_view name;
  std::string_view version;
};

// "/name/1.0.0_peers" (5), "/name@1.0.0(peers)" (6), "name@1.0.0" (9); with a scope before the name.
Named split(std::string_view key) {
  const bool slashed = key.starts_with('/');
  if (slashed) key.remove_prefix(1);
  key = key.substr(0, key.find('('));
  std::size_t cut = key.find('@', 1);
  if (slashed && cut == std::string_view::npos) {
    cut = key.find('/', key.starts_with('@') ? key.find('/') + 1 : 0);
    if (cut == std::string_view::npos) return {};
    std::string_view version = key.substr(cut + 1);
    return {key.substr(0, cut), version.substr(0, version.find('_'))};
  }
  if (slashed) {
    const std::size_t slash = key.find('/', key.starts_with('@') ? key.find('/') + 1 : 0);
    if (slash != std::string_view::npos && slash < cut)
      return {key.substr(0, slash), key.substr(slash + 1, key.find('_', slash) - slash - 1)};
  }
  if (cut == std::string_view::npos) return {};
  return {key.substr(0, cut), key.substr(cut + 1)};
}

std::string known_as(const Named& named) {
  return std::string(named.name) + "@" + std::string(named.version);
}

// What "name: value" below dependencies refers to: a version, "1.0.0(peers)", "1.0.0_peers", another package's key, or
// a place.
std::string key_of_requirement(std::string_view name, std::string_view value) {
  const std::string_view plain = value.substr(0, value.find('('));
  if (plain.starts_with('/') || plain.find('@', 1) != std::string_view::npos) return known_as(split(value));
  return std::string(name) + "@" + std::string(plain.substr(0, plain.find('_')));
}

class Packages {
 public:
  Packages(evidence::Rows& rows, ReadOutcome& outcome)
      : rows_(rows), lock_(rows, "pnpm-lock", "npm"), outcome_(outcome) {}

  LockRows& lock() { return lock_; }

  void add(const YamlNode& key, const YamlNode& entry) {
    Named named = split(key.text());
    std::string_view elsewhere;  // "name@file:path", "name@https://…"
    const std::string written = known_as(named);
    if (named.version.find(':') != std::string_view::npos) std::swap(elsewhere, named.version);
    if (const std::string_view own = entry.at("name").text(); !own.empty()) named.name = own;
    if (const std::string_view own = entry.at("version").text(); !own.empty()) named.version = own;
    if (named.name.empty()) {
      outcome_.partly("an entry of packages has no name");
      return;
    }
    const RowId id = lock_.package(place(key), named.name, named.version);
    if (id == 0) return;
    lock_.last().pinned = evidence::Tri::yes;
    lock_.last().bom_ref = key.text();
    lock_.last().scope = entry.at("dev").text() == "true"        ? "dev"
                         : entry.at("optional").text() == "true" ? "optional"
                                                                 : "required";
    lock_.known_as(id, written);
    lock_.known_as(id, known_as(named));
    by_key_.emplace(std::string(key.text()), id);
    add_origin(id, key, entry.at("resolution"), elsewhere);
    if (const YamlNode hook = entry.at("requiresBuild"); hook.text() == "true")
      lock_.runs(id, place(hook), "requiresBuild");
    require(id, entry);
  }

  // Since version 9 who requires whom stands apart, under keys that may name peers.
  void add_snapshot(const YamlNode& key, const YamlNode& entry) {
    const std::string_view whole = key.text();
    const auto found = by_key_.find(std::string(whole.substr(0, whole.find('('))));
    if (found != by_key_.end()) require(found->second, entry);
  }

 private:
  evidence::LocationId place(const YamlNode& node) { return rows_.locate(node.span()); }

  void add_origin(RowId id, const YamlNode& key, const YamlNode& resolution, std::string_view elsewhere) {
    const YamlNode tarball = resolution.at("tarball");
    const YamlNode integrity = resolution.at("integrity");
    std::string url(tarball.exists() ? tarball.text() : elsewhere);
    if (const std::string_view repository = resolution.at("repo").text(); !repository.empty()) {
      url = (repository.starts_with("git") ? "" : "git+") + std::string(repository) + "#" +
            std::string(resolution.at("commit").text());
    }
    lock_.origin(id, place(tarball.exists() ? tarball : resolution.exists() ? resolution : key), url, integrity.text());
    each_integrity(integrity.text(), [&](const Digest& digest) { lock_.hash(id, place(integrity), digest); });
  }

  void require(RowId id, const YamlNode& entry) {
    for (const char* list : {"dependencies", "optionalDependencies"}) {
      for (const auto& [name, value] : entry.at(list).entries())
        lock_.require(id, place(name), name.text(), value.text(), key_of_requirement(name.text(), value.text()));
    }
  }

  evidence::Rows& rows_;
  LockRows lock_;
  ReadOutcome& outcome_;
  std::unordered_map<std::string, RowId> by_key_;
};

}  // namespace

ReadOutcome read_pnpm_lock(const intake::Input& input, evidence::Rows& rows) {
  const YamlTree::Salvaged salvaged = YamlTree::salvage(input.bytes);
  ReadOutcome outcome;
  if (!salvaged.complete) outcome.partly(salvaged.error.text());
  Packages packages(rows, outcome);
  packages.lock().document().version = salvaged.tree.root().at("lockfileVersion").text();
  for (const YamlNode root : salvaged.tree.documents()) {
    for (const auto& [key, entry] : root.at("packages").entries()) packages.add(key, entry);
    for (const auto& [key, entry] : root.at("snapshots").entries()) packages.add_snapshot(key, entry);
  }
  packages.lock().finish();
  if (outcome.gaps.size() > Gaps::shown) outcome.gaps.resize(Gaps::shown);
  return outcome;
}

}  // namespace assay::sbom
