#include <string>
#include <string_view>

#include "analyzer/formats/yaml_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/lock_rows.h"
#include "sbom-import/lockfiles.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using formats::YamlNode;
using formats::YamlTree;

// "Name/Part (1.2.3)": a pod and its version, or a requirement.
struct Pod {
  std::string_view name;
  std::string_view version;
};
Pod pod(std::string_view text) {
  const std::size_t open = text.find(" (");
  if (open == std::string_view::npos) return {text, {}};
  std::string_view version = text.substr(open + 2);
  return {text.substr(0, open), version.substr(0, version.find(')'))};
}

ReadOutcome finish(LockRows& out, const YamlTree::Salvaged& salvaged, const evidence::Rows& rows) {
  out.finish();
  ReadOutcome outcome;
  if (!salvaged.complete) outcome.partly(salvaged.error.text());
  if (rows.lost() > 0) outcome.partly("rows beyond max_rows_per_artifact were not kept");
  return outcome;
}

}  // namespace

// pubspec.lock (dart.dev/tools/pub/glossary#lockfile).
ReadOutcome read_pubspec_lock(const intake::Input& input, evidence::Rows& rows) {
  const YamlTree::Salvaged salvaged = YamlTree::salvage(input.bytes);
  LockRows out(rows, "pubspec-lock", "pub");
  for (const auto& [key, entry] : salvaged.tree.root().at("packages").entries()) {
    const auto at = rows.locate(key.span());
    const RowId id = out.package(at, key.text(), entry.at("version").text());
    if (id == 0) continue;
    const std::string_view how = entry.at("dependency").text();
    if (how.find("dev") != std::string_view::npos) out.last().scope = "dev";
    out.last().direct = evidence::tri(how.starts_with("direct"));
    const YamlNode description = entry.at("description");
    const YamlNode url = description.at("url");
    const YamlNode sum = description.at("sha256");
    const std::string_view source = entry.at("source").text();
    const auto where = url.exists() ? rows.locate(url.span()) : at;
    if (source == "git") {
      out.origin(id, where, "git+" + std::string(url.text()) + "#" + std::string(description.at("resolved-ref").text()),
                 {});
    } else if (source == "path") {
      out.origin(id, at, {.kind = "file", .url = std::string(description.at("path").text())});
    } else {
      evidence::ComponentOriginRow row = origin_of(url.text(), "pub", sum.text());
      row.kind = "registry";
      out.origin(id, where, std::move(row));
    }
    if (sum.exists()) out.hash(id, rows.locate(sum.span()), digest_of("sha-256", sum.text()));
  }
  return finish(out, salvaged, rows);
}

// Podfile.lock (CocoaPods): PODS, DEPENDENCIES, SPEC CHECKSUMS, EXTERNAL SOURCES, CHECKOUT OPTIONS.
ReadOutcome read_podfile_lock(const intake::Input& input, evidence::Rows& rows) {
  const YamlTree::Salvaged salvaged = YamlTree::salvage(input.bytes);
  LockRows out(rows, "podfile-lock", "cocoapods");
  const YamlNode root = salvaged.tree.root();
  out.document().version = root.at("COCOAPODS").text();
  for (const YamlNode item : root.at("PODS").items()) {
    const auto entries = item.entries();
    const YamlNode head = entries.empty() ? item : entries.front().first;
    const Pod own = pod(head.text());
    const auto at = rows.locate(head.span());
    const RowId id = out.package(at, own.name, own.version);
    if (id == 0) continue;
    out.known_as(id, std::string(own.name));
    const std::string_view whole = own.name.substr(0, own.name.find('/'));
    const YamlNode elsewhere = root.at("EXTERNAL SOURCES").at(whole);
    const YamlNode git = elsewhere.at(":git");
    if (git.exists()) {
      out.origin(id, rows.locate(git.span()),
                 "git+" + std::string(git.text()) + "#" +
                     std::string(root.at("CHECKOUT OPTIONS").at(whole).at(":commit").text()),
                 {});
    } else if (const YamlNode path = elsewhere.at(":path"); path.exists()) {
      out.origin(id, rows.locate(path.span()), {.kind = "file", .url = std::string(path.text())});
    }
    // A digest of the podspec, not of the source.
    if (const YamlNode sum = root.at("SPEC CHECKSUMS").at(whole);
        sum.exists() && !git.exists() && !elsewhere.exists()) {
      evidence::ComponentOriginRow row = origin_of({}, "cocoapods", sum.text());
      row.immutable = evidence::Tri::no;
      out.origin(id, rows.locate(sum.span()), std::move(row));
    }
    if (entries.empty()) continue;
    for (const YamlNode target : entries.front().second.items()) {
      const Pod needed = pod(target.text());
      out.require(id, rows.locate(target.span()), needed.name, needed.version, std::string(needed.name));
    }
  }
  for (const YamlNode item : root.at("DEPENDENCIES").items()) {
    const Pod asked = pod(item.text());
    out.direct(std::string(asked.name), asked.version);
  }
  return finish(out, salvaged, rows);
}

}  // namespace assay::sbom
