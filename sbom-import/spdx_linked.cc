#include "sbom-import/spdx_linked.h"

#include <string>
#include <string_view>
#include <unordered_map>

#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::RowId;
using evidence::Rows;
using formats::JsonNode;
using formats::JsonTree;

std::string_view type_of(const JsonNode& element) {
  const JsonNode type = element.at("type");
  return type.exists() ? type.string() : element.at("@type").string();
}

std::string_view id_of(const JsonNode& element) {
  const JsonNode id = element.at("spdxId");
  return id.exists() ? id.string() : element.at("@id").string();
}

class Linked {
 public:
  Linked(const JsonTree& tree, Rows& rows, Gaps& gaps) : graph_(tree.root().at("@graph")), rows_(rows), gaps_(gaps) {}

  void read() {
    for (const JsonNode element : graph_.items()) {
      const std::string_view id = id_of(element);
      if (!id.empty()) elements_.emplace(id, element);
    }
    document();
    for (const JsonNode element : graph_.items()) {
      const std::string_view type = type_of(element);
      if (type == "software_Package") package(element);
      if (type == "software_File" && element.at("verifiedUsing").size() > 0) file(element);
    }
    for (const JsonNode element : graph_.items()) {
      const std::string_view type = type_of(element);
      if (type == "Relationship" || type == "LifecycleScopedRelationship") relationship(element);
    }
    rows_.sbom_document.back().component_count = listed_;
  }

 private:
  auto place(const JsonNode& node) { return rows_.locate(node.span()); }

  JsonNode element(std::string_view id) const {
    const auto found = elements_.find(id);
    return found == elements_.end() ? JsonNode{} : found->second;
  }

  void document() {
    evidence::SbomDocumentRow row{.at = place(graph_), .format = "spdx", .version = "3.0"};
    for (const JsonNode candidate : graph_.items()) {
      const std::string_view type = type_of(candidate);
      if (type == "SpdxDocument") {
        row.serial = id_of(candidate);
        row.subject = gaps_.text(candidate.at("name"), "name");
      } else if (type == "CreationInfo" && row.created.empty()) {
        row.created = gaps_.text(candidate.at("created"), "created");
        row.version = gaps_.text(candidate.at("specVersion"), "specVersion");
        for (const JsonNode tool : candidate.at("createdUsing").items()) {
          if (!row.generator.empty()) row.generator += ", ";
          row.generator += element(tool.string()).at("name").string();
        }
      }
    }
    document_ = rows_.add(std::move(row));
  }

  void package(const JsonNode& node) {
    const JsonNode name = node.at("name");
    evidence::ComponentRow row{
        .at = place(name.exists() ? name : node),
        .sbom_document_id = document_,
        .version = std::string(gaps_.text(node.at("software_packageVersion"), "software_packageVersion")),
        .kind = std::string(node.at("software_primaryPurpose").string()),
        .declared_in = "sbom",
        .bom_ref = std::string(id_of(node))};
    if (row.kind.empty()) row.kind = "library";
    row.supplier = element(node.at("suppliedBy").string()).at("name").string();
    if (gaps_.text(name, "name").empty()) gaps_.add(node, "a package has no name");
    identify_plain(row, {}, name.text());
    JsonNode purl = node.at("software_packageUrl");
    for (const JsonNode external : node.at("externalIdentifier").items()) {
      const std::string_view kind = external.at("externalIdentifierType").string();
      if (!purl.exists() && (kind == "packageUrl" || kind == "packageURL" || kind == "purl"))
        purl = external.at("identifier");
    }
    if (const std::string_view written = gaps_.text(purl, "software_packageUrl"); !written.empty()) {
      if (auto parsed = parse_package_url(written)) {
        identify(row, *parsed, written);
      } else {
        row.purl = written;
        gaps_.add(purl, parsed.error().message);
      }
    }
    const std::string type = row.purl_type;
    const RowId id = rows_.add(std::move(row));
    if (id == 0) return;
    ++listed_;
    known_.emplace(id_of(node), id);
    hashes(node, id);
    const JsonNode download = node.at("software_downloadLocation");
    if (const std::string_view url = gaps_.text(download, "software_downloadLocation");
        !url.empty() && url != "NOASSERTION") {
      evidence::ComponentOriginRow origin = origin_of(url, type, {});
      origin.at = place(download);
      origin.component_id = id;
      rows_.add(std::move(origin));
    }
  }

  void file(const JsonNode& node) {
    const JsonNode name = node.at("name");
    evidence::ComponentRow row{.at = place(name.exists() ? name : node),
                               .sbom_document_id = document_,
                               .kind = "file",
                               .declared_in = "sbom",
                               .bom_ref = std::string(id_of(node))};
    identify_plain(row, {}, gaps_.text(name, "name"));
    const RowId id = rows_.add(std::move(row));
    known_.emplace(id_of(node), id);
    hashes(node, id);
  }

  void hashes(const JsonNode& node, RowId component) {
    for (JsonNode hash : node.at("verifiedUsing").items()) {
      if (hash.is_string()) hash = element(hash.string());
      const JsonNode value = hash.at("hashValue");
      const std::string_view written = gaps_.text(value, "hashValue");
      if (written.empty()) continue;
      const Digest digest = digest_of(gaps_.text(hash.at("algorithm"), "algorithm"), written);
      rows_.add(evidence::ComponentHashRow{
          .at = place(value), .component_id = component, .algorithm = digest.algorithm, .value = digest.value});
    }
  }

  void relationship(const JsonNode& node) {
    if (node.at("relationshipType").string() != "dependsOn") return;
    const auto from = known_.find(node.at("from").string());
    for (const JsonNode target : node.at("to").items()) {
      const auto to = known_.find(target.string());
      rows_.add(evidence::DependencyRow{.at = place(target),
                                        .component_id = from == known_.end() ? 0 : from->second,
                                        .target_id = to == known_.end() ? 0 : to->second,
                                        .target = std::string(target.string())});
    }
  }

  JsonNode graph_;
  Rows& rows_;
  Gaps& gaps_;
  RowId document_ = 0;
  std::int64_t listed_ = 0;
  std::unordered_map<std::string_view, JsonNode> elements_;
  std::unordered_map<std::string_view, RowId> known_;
};

}  // namespace

void read_spdx_linked(const JsonTree& tree, Rows& rows, Gaps& gaps) {
  Linked(tree, rows, gaps).read();
}

}  // namespace assay::sbom
