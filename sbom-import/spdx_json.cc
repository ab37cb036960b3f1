#include <string>
#include <string_view>
#include <unordered_map>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/gaps.h"
#include "sbom-import/readers.h"
#include "sbom-import/spdx_linked.h"
#include "sbom-import/spdx_text.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::LocationId;
using evidence::RowId;
using evidence::Rows;
using evidence::Tri;
using formats::JsonNode;
using formats::JsonTree;

bool is_stated(std::string_view value) {
  return !value.empty() && value != "NOASSERTION" && value != "NONE";
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// "Organization: Example (mail@example.com)" -> "Example (mail@example.com)".
std::string_view without_role(std::string_view actor) {
  for (const std::string_view role : {"Organization:", "Person:", "Tool:"}) {
    if (actor.starts_with(role)) {
      actor.remove_prefix(role.size());
      while (actor.starts_with(' ')) actor.remove_prefix(1);
    }
  }
  return actor;
}

class Spdx {
 public:
  Spdx(const JsonTree& tree, Rows& rows) : tree_(tree), rows_(rows) {}

  ReadOutcome read() {
    gaps_.add(tree_);
    JsonNode root = tree_.root();
    if (root.at("sbom").is_object() && root.at("sbom").at("spdxVersion").exists())
      root = root.at("sbom");  // GitHub's export
    if (!root.is_object()) {
      gaps_.nothing_read("the document is not a JSON object");
      return gaps_.outcome(rows_.lost());
    }
    if (root.at("@graph").is_array()) {
      read_spdx_linked(tree_, rows_, gaps_);
      return gaps_.outcome(rows_.lost());
    }
    document(root);
    find_subjects(root);
    for (const JsonNode package : root.at("packages").items()) {
      if (package.is_object()) {
        component(package);
      } else {
        gaps_.add(package, "a package is not an object");
      }
    }
    for (const JsonNode file : root.at("files").items()) read_file(file);
    relationships(root.at("relationships"));
    rows_.sbom_document.back().component_count = listed_;
    return gaps_.outcome(rows_.lost());
  }

 private:
  LocationId place(const JsonNode& node) { return rows_.locate(node.span()); }
  std::string text(const JsonNode& node, std::string_view field) { return std::string(gaps_.text(node, field)); }

  void document(const JsonNode& root) {
    const JsonNode version = root.at("spdxVersion");
    if (!gaps_.text(version, "spdxVersion").starts_with("SPDX-2.")) {
      gaps_.add(version.exists() ? version : root, "spdxVersion is not 2.x; read as 2.3");
    }
    std::string written = text(version, "spdxVersion");
    if (written.starts_with("SPDX-")) written.erase(0, 5);
    const JsonNode creation = root.at("creationInfo");
    std::string generator;
    for (const JsonNode creator : creation.at("creators").items()) {
      const std::string_view who = gaps_.text(creator, "creationInfo.creators");
      if (!who.starts_with("Tool:")) continue;
      if (!generator.empty()) generator += ", ";
      generator += without_role(who);
    }
    document_ = rows_.add(evidence::SbomDocumentRow{.at = version.exists() ? place(version) : rows_.whole(),
                                                    .format = "spdx",
                                                    .version = std::move(written),
                                                    .serial = text(root.at("documentNamespace"), "documentNamespace"),
                                                    .created = text(creation.at("created"), "creationInfo.created"),
                                                    .generator = std::move(generator),
                                                    .subject = text(root.at("name"), "name")});
  }

  // What the document DESCRIBES, when that is one of several packages.
  void find_subjects(const JsonNode& root) {
    std::size_t count = 0;
    for (const JsonNode described : root.at("documentDescribes").items()) subject_ = (++count, described.string());
    for (const JsonNode relation : root.at("relationships").items()) {
      const std::string_view kind = relation.at("relationshipType").string();
      std::string_view one;
      if (kind == "DESCRIBES" && relation.at("spdxElementId").string() == "SPDXRef-DOCUMENT")
        one = relation.at("relatedSpdxElement").string();
      if (kind == "DESCRIBED_BY" && relation.at("relatedSpdxElement").string() == "SPDXRef-DOCUMENT")
        one = relation.at("spdxElementId").string();
      if (one.empty() || one == subject_) continue;
      subject_ = one;
      ++count;
    }
    if (count != 1 || root.at("packages").size() < 2) subject_ = {};
  }

  void component(const JsonNode& package) {
    const JsonNode name = package.at("name");
    const JsonNode identifier = package.at("SPDXID");
    const std::string_view reference = gaps_.text(identifier, "SPDXID");
    const bool subject = !subject_.empty() && reference == subject_;
    const std::string_view concluded = gaps_.text(package.at("licenseConcluded"), "licenseConcluded");
    const std::string_view declared = gaps_.text(package.at("licenseDeclared"), "licenseDeclared");
    const std::string_view supplier = gaps_.text(package.at("supplier"), "supplier");
    evidence::ComponentRow row{
        .at = place(name.exists() ? name : package),
        .sbom_document_id = document_,
        .version = text(package.at("versionInfo"), "versionInfo"),
        .kind = lowered(gaps_.text(package.at("primaryPackagePurpose"), "primaryPackagePurpose")),
        .supplier = std::string(is_stated(supplier) ? without_role(supplier) : std::string_view{}),
        .scope = subject ? "subject" : "",
        .declared_in = "sbom",
        .bom_ref = std::string(reference),
        .license = std::string(is_stated(concluded)  ? concluded
                               : is_stated(declared) ? declared
                                                     : std::string_view{})};
    if (row.kind.empty()) row.kind = "library";
    if (gaps_.text(name, "package name").empty()) gaps_.add(package, "a package has no name");
    identify_plain(row, {}, name.text());
    for (const JsonNode external : package.at("externalRefs").items()) {
      if (external.at("referenceType").string() != "purl") continue;
      const JsonNode locator = external.at("referenceLocator");
      const std::string_view written = gaps_.text(locator, "referenceLocator");
      if (auto purl = parse_package_url(written)) {
        identify(row, *purl, written);
        break;
      } else {
        row.purl = written;
        gaps_.add(locator, purl.error().message);
      }
    }
    if (subject) {
      rows_.sbom_document.back().subject = row.name;
      rows_.sbom_document.back().subject_version = row.version;
    }
    const std::string type = row.purl_type;
    const RowId id = rows_.add(std::move(row));
    if (id == 0) return;
    if (!subject) ++listed_;
    remember(identifier, id);
    checksums(package.at("checksums"), id);
    const JsonNode download = package.at("downloadLocation");
    if (const std::string_view url = gaps_.text(download, "downloadLocation"); is_stated(url)) {
      evidence::ComponentOriginRow origin = origin_of(url, type, {});
      origin.at = place(download);
      origin.component_id = id;
      if (package.at("checksums").size() > 0) origin.immutable = Tri::yes;
      rows_.add(std::move(origin));
    }
  }

  void read_file(const JsonNode& file) {
    if (file.at("checksums").size() == 0) return;
    const JsonNode name = file.at("fileName");
    evidence::ComponentRow row{.at = place(name.exists() ? name : file),
                               .sbom_document_id = document_,
                               .kind = "file",
                               .declared_in = "sbom",
                               .bom_ref = text(file.at("SPDXID"), "SPDXID")};
    identify_plain(row, {}, gaps_.text(name, "fileName"));
    const RowId id = rows_.add(std::move(row));
    if (id == 0) return;
    remember(file.at("SPDXID"), id);
    checksums(file.at("checksums"), id);
  }

  void checksums(const JsonNode& list, RowId component) {
    for (const JsonNode checksum : list.items()) {
      const JsonNode value = checksum.at("checksumValue");
      const std::string_view written = gaps_.text(value, "checksumValue");
      if (written.empty()) continue;
      const Digest digest = digest_of(gaps_.text(checksum.at("algorithm"), "checksum algorithm"), written);
      rows_.add(evidence::ComponentHashRow{
          .at = place(value), .component_id = component, .algorithm = digest.algorithm, .value = digest.value});
    }
  }

  void remember(const JsonNode& reference, RowId id) {
    const std::string_view text = reference.string();
    if (!text.empty() && !known_.emplace(text, id).second) gaps_.add(reference, "this SPDXID stands for two things");
  }

  RowId find(std::string_view reference) const {
    const auto found = known_.find(reference);
    return found == known_.end() ? 0 : found->second;
  }

  void relationships(const JsonNode& list) {
    for (const JsonNode relation : list.items()) {
      const std::string_view kind = gaps_.text(relation.at("relationshipType"), "relationshipType");
      JsonNode from = relation.at("spdxElementId");
      JsonNode to = relation.at("relatedSpdxElement");
      if (kind.ends_with("DEPENDENCY_OF")) {
        std::swap(from, to);
      } else if (kind != "DEPENDS_ON") {
        continue;
      }
      const std::string_view target = gaps_.text(to, "relatedSpdxElement");
      if (!is_stated(target)) continue;
      const RowId who = find(from.string());
      const RowId required = find(target);
      if (required == 0) gaps_.add(to, "depends on nothing in this document");
      rows_.add(evidence::DependencyRow{.at = place(relation.at("relatedSpdxElement")),
                                        .component_id = who,
                                        .target_id = required,
                                        .target = std::string(target)});
    }
  }

  const JsonTree& tree_;
  Rows& rows_;
  Gaps gaps_;
  RowId document_ = 0;
  std::int64_t listed_ = 0;
  std::string_view subject_;
  std::unordered_map<std::string_view, RowId> known_;
};

}  // namespace

ReadOutcome read_spdx_json(const intake::Input& input, evidence::Rows& rows) {
  const JsonTree tree(input.bytes);
  return Spdx(tree, rows).read();
}

ReadOutcome read_spdx(const intake::Input& input, evidence::Rows& rows) {
  const std::size_t first = input.bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && input.bytes[first] == '{') return read_spdx_json(input, rows);
  const bool tags = input.bytes.find("SPDXVersion:") != std::string_view::npos;
  const Transcribed transcribed = tags ? transcribe_spdx_tags(input.bytes) : transcribe_spdx_yaml(input.bytes);
  ReadOutcome outcome;
  if (!transcribed.readable) {
    outcome.not_at_all("neither JSON, tag-value nor YAML of SPDX 2");
    return outcome;
  }
  const JsonTree tree(transcribed.json, transcribed.places);
  outcome = Spdx(tree, rows).read();
  if (!transcribed.problem.empty()) outcome.partly(transcribed.problem);
  return outcome;
}

}  // namespace assay::sbom
