#include <string>
#include <string_view>
#include <utility>

#include "analyzer/formats/yaml_tree.h"
#include "sbom-import/gaps.h"
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

}  // namespace

ReadOutcome read_pnpm_lock(const intake::Input& input, evidence::Rows& rows) {
  const YamlTree::Salvaged salvaged = YamlTree::salvage(input.bytes);
  ReadOutcome outcome;
  if (!salvaged.complete) outcome.partly(salvaged.error.text());
  evidence::SbomDocumentRow document{.at = rows.whole(), .format = "pnpm-lock"};
  document.version = salvaged.tree.root().at("lockfileVersion").text();
  const RowId document_id = rows.add(std::move(document));
  std::int64_t listed = 0;
  for (const YamlNode root : salvaged.tree.documents()) {
    for (const auto& [key, entry] : root.at("packages").entries()) {
      Named named = split(key.text());
      std::string_view elsewhere;  // "name@file:path", "name@https://…"
      if (named.version.find(':') != std::string_view::npos) std::swap(elsewhere, named.version);
      if (const std::string_view own = entry.at("name").text(); !own.empty()) named.name = own;
      if (const std::string_view own = entry.at("version").text(); !own.empty()) named.version = own;
      if (named.name.empty()) {
        outcome.partly("an entry of packages has no name");
        continue;
      }
      const YamlNode resolution = entry.at("resolution");
      const YamlNode tarball = resolution.at("tarball");
      const YamlNode integrity = resolution.at("integrity");
      evidence::ComponentRow row{.at = rows.locate(key.span()),
                                 .sbom_document_id = document_id,
                                 .version = std::string(named.version),
                                 .kind = "library",
                                 .scope = entry.at("dev").text() == "true"        ? "dev"
                                          : entry.at("optional").text() == "true" ? "optional"
                                                                                  : "required",
                                 .declared_in = "lockfile",
                                 .bom_ref = std::string(key.text()),
                                 .pinned = evidence::Tri::yes};
      identify(row, "npm", named.name, named.version);
      const RowId id = rows.add(std::move(row));
      ++listed;
      std::string url(tarball.exists() ? tarball.text() : elsewhere);
      if (const std::string_view repository = resolution.at("repo").text(); !repository.empty()) {
        url = (repository.starts_with("git") ? "" : "git+") + std::string(repository) + "#" +
              std::string(resolution.at("commit").text());
      }
      evidence::ComponentOriginRow origin = origin_of(url, "npm", integrity.text());
      origin.at = rows.locate((tarball.exists() ? tarball : resolution.exists() ? resolution : key).span());
      origin.component_id = id;
      rows.add(std::move(origin));
      each_integrity(integrity.text(), [&](const Digest& digest) {
        rows.add(evidence::ComponentHashRow{.at = rows.locate(integrity.span()),
                                            .component_id = id,
                                            .algorithm = digest.algorithm,
                                            .value = digest.value});
      });
      if (const YamlNode hook = entry.at("requiresBuild"); hook.text() == "true") {
        rows.add(evidence::InstallTriggerRow{
            .at = rows.locate(hook.span()), .component_id = id, .ecosystem = "npm", .hook = "requiresBuild"});
      }
    }
  }
  rows.sbom_document.back().component_count = listed;
  if (outcome.gaps.size() > Gaps::shown) outcome.gaps.resize(Gaps::shown);
  return outcome;
}

}  // namespace assay::sbom
