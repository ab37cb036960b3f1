#include <string>
#include <string_view>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using evidence::Rows;
using formats::JsonNode;
using formats::JsonTree;

class JsonLock {
 public:
  JsonLock(const JsonTree& tree, Rows& rows, std::string_view format, std::string_view type)
      : tree_(tree), rows_(rows), type_(type) {
    gaps_.add(tree_);
    if (!tree_.root().is_object()) gaps_.nothing_read("the document is not a JSON object");
    document_ = rows_.add(evidence::SbomDocumentRow{.at = rows_.whole(), .format = std::string(format)});
  }

  ReadOutcome composer() {
    const JsonNode root = tree_.root();
    for (const std::string_view list : {"packages", "packages-dev"}) {
      for (const JsonNode entry : root.at(list).items()) {
        const JsonNode name = entry.at("name");
        const RowId id = package(name, name.string(), gaps_.text(entry.at("version"), "version"),
                                 list == "packages" ? "required" : "dev");
        if (id == 0) continue;
        const JsonNode dist = entry.at("dist").at("url");
        const JsonNode source = entry.at("source").at("url");
        const std::string_view reference = entry.at("source").at("reference").string();
        const std::string_view sum = entry.at("dist").at("shasum").string();
        if (dist.is_string()) {
          origin(id, dist, dist.string(), sum);
        } else if (source.is_string()) {
          origin(id, source, "git+" + std::string(source.string()) + "#" + std::string(reference), {});
        }
        if (!sum.empty()) hash(id, entry.at("dist").at("shasum"), digest_of("sha-1", sum));
      }
    }
    return finish();
  }

  ReadOutcome pipfile() {
    const JsonNode root = tree_.root();
    for (const std::string_view list : {"default", "develop"}) {
      for (const auto [name, entry] : root.at(list).members()) {
        std::string_view version = gaps_.text(entry.at("version"), "version");
        while (version.starts_with('=')) version.remove_prefix(1);
        const RowId id = package(name, name.text(), version, list == "default" ? "required" : "dev");
        if (id == 0) continue;
        std::string_view guard;
        for (const JsonNode digest : entry.at("hashes").items()) {
          const std::string_view text = digest.string();
          const std::size_t colon = text.find(':');
          if (guard.empty()) guard = text;
          if (colon != std::string_view::npos)
            hash(id, digest, digest_of(text.substr(0, colon), text.substr(colon + 1)));
        }
        const JsonNode git = entry.at("git");
        if (git.is_string()) {
          origin(id, git, "git+" + std::string(git.string()) + "#" + std::string(entry.at("ref").string()), {});
        } else {
          origin(id, name, {}, guard);
        }
      }
    }
    return finish();
  }

 private:
  RowId package(const JsonNode& where, std::string_view name, std::string_view version, std::string_view scope) {
    if (name.empty()) {
      if (where.exists()) gaps_.add(where, "a package has no name");
      return 0;
    }
    evidence::ComponentRow row{.at = rows_.locate(where.span()),
                               .sbom_document_id = document_,
                               .version = std::string(version),
                               .kind = "library",
                               .scope = std::string(scope),
                               .declared_in = "lockfile",
                               .pinned = evidence::tri(!version.empty())};
    identify(row, type_, name, version);
    ++listed_;
    return rows_.add(std::move(row));
  }

  void origin(RowId id, const JsonNode& where, std::string_view url, std::string_view integrity) {
    evidence::ComponentOriginRow row = origin_of(url, type_, integrity);
    row.at = rows_.locate(where.span());
    row.component_id = id;
    rows_.add(std::move(row));
  }

  void hash(RowId id, const JsonNode& where, const Digest& digest) {
    rows_.add(evidence::ComponentHashRow{
        .at = rows_.locate(where.span()), .component_id = id, .algorithm = digest.algorithm, .value = digest.value});
  }

  ReadOutcome finish() {
    rows_.sbom_document.back().component_count = listed_;
    return gaps_.outcome(rows_.lost());
  }

  const JsonTree& tree_;
  Rows& rows_;
  std::string type_;
  Gaps gaps_;
  RowId document_ = 0;
  std::int64_t listed_ = 0;
};

}  // namespace

ReadOutcome read_composer_lock(const intake::Input& input, evidence::Rows& rows) {
  const JsonTree tree(input.bytes);
  return JsonLock(tree, rows, "composer-lock", "composer").composer();
}

ReadOutcome read_pipfile_lock(const intake::Input& input, evidence::Rows& rows) {
  const JsonTree tree(input.bytes);
  return JsonLock(tree, rows, "pipfile-lock", "pypi").pipfile();
}

}  // namespace assay::sbom
