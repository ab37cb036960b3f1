#include <fmt/core.h>

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/cyclonedx_xml.h"
#include "sbom-import/gaps.h"
#include "sbom-import/readers.h"
#include "sbom-import/stated.h"

namespace assay::sbom {
namespace {

using evidence::LocationId;
using evidence::RowId;
using evidence::Rows;
using evidence::Tri;
using formats::JsonNode;
using formats::JsonTree;

struct Listed {
  RowId id = 0;
  std::size_t row = 0;  // index in Rows::component
};

class CycloneDx {
 public:
  CycloneDx(const JsonTree& tree, Rows& rows) : tree_(tree), rows_(rows) {}

  ReadOutcome read() {
    gaps_.add(tree_);
    const JsonNode root = tree_.root();
    if (!root.is_object()) {
      gaps_.nothing_read("the document is not a JSON object");
      return gaps_.outcome(rows_.lost());
    }
    const JsonNode format = root.at("bomFormat");
    if (format.string() != "CycloneDX") {
      gaps_.add(format.exists() ? format : root, "bomFormat is not 'CycloneDX'");
    }
    known_.reserve(root.at("components").size() + 16);
    document(root);
    components(root.at("components"));
    for (const JsonNode service : root.at("services").items()) remember(service.at("bom-ref"), {});
    dependencies(root.at("dependencies"));
    vulnerabilities(root.at("vulnerabilities"));
    rows_.sbom_document.back().component_count = listed_;
    return gaps_.outcome(rows_.lost());
  }

 private:
  LocationId place(const JsonNode& node) { return rows_.locate(node.span()); }
  std::string text(const JsonNode& node, std::string_view field) { return std::string(gaps_.text(node, field)); }

  void document(const JsonNode& root) {
    const JsonNode metadata = root.at("metadata");
    const JsonNode subject = metadata.at("component");
    const JsonNode version = root.at("specVersion");
    document_ = rows_.add(evidence::SbomDocumentRow{
        .at = version.exists() ? place(version) : rows_.whole(),
        .format = "cyclonedx",
        .version = text(version, "specVersion"),
        .serial = text(root.at("serialNumber"), "serialNumber"),
        .created = text(metadata.at("timestamp"), "metadata.timestamp"),
        .generator = generator(metadata.at("tools")),
        .subject = text(subject.at("name"), "metadata.component.name"),
        .subject_version = text(subject.at("version"), "metadata.component.version"),
    });
    if (subject.is_object()) {
      component(subject, true);
      components(subject.at("components"));
    }
  }

  // 1.4 and before: a list of {vendor, name, version}; later also {components: […]}.
  std::string generator(const JsonNode& tools) {
    const JsonNode list = tools.is_object() ? tools.at("components") : tools;
    std::string out;
    for (const JsonNode tool : list.items()) {
      const std::string_view name = gaps_.text(tool.at("name"), "metadata.tools[].name");
      const std::string_view version = gaps_.text(tool.at("version"), "metadata.tools[].version");
      if (name.empty()) continue;
      if (!out.empty()) out += ", ";
      out += name;
      if (!version.empty()) out.append(" ").append(version);
    }
    return out;
  }

  // Nested components in document order, without recursion.
  void components(const JsonNode& top) {
    if (top.exists() && !top.is_array()) gaps_.add(top, "components is not a list");
    struct Level {
      JsonNode::Items::iterator at;
      JsonNode::Items::iterator end;
    };
    std::vector<Level> levels;
    const auto enter = [&](const JsonNode& list) {
      const JsonNode::Items items = list.items();
      if (!items.empty()) levels.push_back({items.begin(), items.end()});
    };
    enter(top);
    while (!levels.empty()) {
      Level& level = levels.back();
      if (level.at == level.end) {
        levels.pop_back();
        continue;
      }
      const JsonNode node = *level.at;
      ++level.at;
      if (!node.is_object()) {
        gaps_.add(node, "a component is not an object");
        continue;
      }
      component(node, false);
      enter(node.at("components"));
    }
  }

  void component(const JsonNode& node, bool subject) {
    fields_ = {};
    for (const auto [key, value] : node.members()) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        if (key.text() == names_[i]) fields_[i] = value;
      }
    }
    const JsonNode name = fields_[name_];
    evidence::ComponentRow row{.at = place(name.exists() ? name : node),
                               .sbom_document_id = document_,
                               .version = text(fields_[version_], "component version"),
                               .kind = text(fields_[type_], "component type"),
                               .scope = subject ? "subject" : text(fields_[scope_], "component scope"),
                               .declared_in = "sbom",
                               .bom_ref = text(fields_[bom_ref_], "bom-ref"),
                               .license = license(fields_[licenses_])};
    if (gaps_.text(name, "component name").empty()) gaps_.add(node, "a component has no name");
    row.supplier = supplier();
    const JsonNode purl = fields_[purl_];
    const std::string_view written = gaps_.text(purl, "purl");
    identify_plain(row, gaps_.text(fields_[group_], "component group"), name.text());
    PackageUrl parsed;
    if (!written.empty()) {
      if (auto result = parse_package_url(written)) {
        parsed = std::move(*result);
        identify(row, parsed, written);
      } else {
        row.purl = written;
        gaps_.add(purl, result.error().message);
      }
    }
    const std::string type = row.purl_type;
    const Listed kept{rows_.add(std::move(row)), rows_.component.size() - 1};
    if (kept.id == 0) return;
    if (!subject) ++listed_;
    remember(fields_[bom_ref_], kept);
    hashes(fields_[hashes_], kept.id);
    references(fields_[references_], kept.id, type);
    if (const std::string_view url = parsed.qualifier("download_url"); !url.empty()) {
      add_origin(origin_of(url, type, {}), purl, kept.id);
    }
  }

  std::string supplier() {
    for (const std::size_t i : {supplier_, manufacturer_}) {
      const JsonNode who = fields_[i];
      if (who.is_object()) {
        if (const std::string_view name = gaps_.text(who.at("name"), "supplier name"); !name.empty())
          return std::string(name);
      }
    }
    return text(fields_[publisher_], "publisher");
  }

  std::string license(const JsonNode& list) {
    std::string out;
    for (const JsonNode choice : list.items()) {
      std::string_view one = gaps_.text(choice.at("expression"), "licence expression");
      if (one.empty()) one = gaps_.text(choice.at("license").at("id"), "licence id");
      if (one.empty()) one = gaps_.text(choice.at("license").at("name"), "licence name");
      if (one.empty()) continue;
      if (!out.empty()) out += " AND ";
      out += one;
    }
    return out;
  }

  void hashes(const JsonNode& list, RowId component) {
    for (const JsonNode hash : list.items()) {
      const JsonNode content = hash.at("content");
      const std::string_view value = gaps_.text(content, "hash content");
      if (value.empty()) {
        gaps_.add(hash, "a hash has no content");
        continue;
      }
      const Digest digest = digest_of(gaps_.text(hash.at("alg"), "hash alg"), value);
      rows_.add(evidence::ComponentHashRow{
          .at = place(content), .component_id = component, .algorithm = digest.algorithm, .value = digest.value});
    }
  }

  void references(const JsonNode& list, RowId component, std::string_view type) {
    for (const JsonNode reference : list.items()) {
      const std::string_view what = gaps_.text(reference.at("type"), "externalReferences type");
      const bool fetched = what == "distribution" || what == "distribution-intake" || what == "source-distribution";
      if (!fetched && what != "vcs") continue;
      const JsonNode url = reference.at("url");
      const std::string_view written = gaps_.text(url, "externalReferences url");
      if (written.empty()) continue;
      evidence::ComponentOriginRow row = origin_of(written, type, {});
      if (!fetched) row.kind = "vcs";
      for (const JsonNode hash : reference.at("hashes").items()) {
        const Digest digest = digest_of(hash.at("alg").text(), hash.at("content").text());
        if (!row.integrity.empty()) row.integrity += ' ';
        row.integrity += digest.algorithm + ":" + digest.value;
        if (fetched) row.immutable = Tri::yes;
        rows_.add(evidence::ComponentHashRow{.at = place(hash.at("content")),
                                             .component_id = component,
                                             .algorithm = digest.algorithm,
                                             .value = digest.value});
      }
      add_origin(std::move(row), url, component);
    }
  }

  void add_origin(evidence::ComponentOriginRow row, const JsonNode& where, RowId component) {
    row.at = place(where);
    row.component_id = component;
    rows_.add(std::move(row));
  }

  void remember(const JsonNode& reference, Listed listed) {
    const std::string_view text = reference.string();
    if (text.empty()) return;
    if (!known_.emplace(text, listed).second) gaps_.add(reference, "this bom-ref stands for two things");
  }

  void dependencies(const JsonNode& list) {
    if (list.exists() && !list.is_array()) gaps_.add(list, "dependencies is not a list");
    bool subject_listed = false;
    for (const JsonNode entry : list.items()) {
      const JsonNode reference = entry.at("ref");
      const auto who = known_.find(reference.string());
      const Listed from = who == known_.end() ? Listed{} : who->second;
      if (who == known_.end())
        gaps_.add(reference.exists() ? reference : entry, "a dependency of nothing in this document");
      const bool from_subject = from.id != 0 && rows_.component[from.row].scope == "subject";
      for (const JsonNode target : entry.at("dependsOn").items()) {
        const std::string_view name = gaps_.text(target, "dependsOn");
        const auto found = known_.find(name);
        const Listed to = found == known_.end() ? Listed{} : found->second;
        if (found == known_.end()) gaps_.add(target, "depends on nothing in this document");
        rows_.add(evidence::DependencyRow{
            .at = place(target), .component_id = from.id, .target_id = to.id, .target = std::string(name)});
        if (from_subject && to.id != 0) rows_.component[to.row].direct = Tri::yes;
      }
      subject_listed = subject_listed || from_subject;
    }
    if (!subject_listed) return;
    for (evidence::ComponentRow& row : rows_.component) {
      if (row.direct == Tri::not_examined && row.scope != "subject") row.direct = Tri::no;
    }
  }

  void vulnerabilities(const JsonNode& list) {
    for (const JsonNode entry : list.items()) {
      const JsonNode identifier = entry.at("id");
      const JsonNode analysis = entry.at("analysis");
      const JsonNode state = analysis.at("state");
      evidence::VulnerabilityStatementRow row{.at = place(state.exists()        ? state
                                                          : identifier.exists() ? identifier
                                                                                : entry),
                                              .identifier = text(identifier, "vulnerability id")};
      state_of(gaps_.text(state, "analysis state"), row);
      const std::string_view why = gaps_.text(analysis.at("justification"), "analysis justification");
      if (!why.empty()) row.justification = why;
      const JsonNode::Items affects = entry.at("affects").items();
      if (affects.empty()) rows_.add(row);
      for (const JsonNode affected : affects) {
        const std::string_view reference = gaps_.text(affected.at("ref"), "affects ref");
        auto found = known_.find(reference);
        // A BOM-Link (urn:cdx:serial/version#ref) into this document names the component after '#'.
        if (found == known_.end() && reference.starts_with("urn:cdx:") &&
            reference.find('#') != std::string_view::npos) {
          found = known_.find(reference.substr(reference.find('#') + 1));
        }
        row.component_id = found == known_.end() ? 0 : found->second.id;
        rows_.add(row);
      }
    }
  }

  static void state_of(std::string_view written, evidence::VulnerabilityStatementRow& row) {
    if (written == "exploitable") {
      row.state = "affected";
    } else if (written == "resolved" || written == "resolved_with_pedigree") {
      row.state = "fixed";
    } else if (written == "false_positive") {
      row.state = "not_affected";
      row.justification = written;
    } else {
      row.state = written.empty() ? "affected" : written;
    }
  }

  enum Field : std::size_t {
    name_,
    version_,
    type_,
    scope_,
    bom_ref_,
    licenses_,
    purl_,
    group_,
    hashes_,
    references_,
    supplier_,
    manufacturer_,
    publisher_,
  };
  static constexpr std::array<std::string_view, 13> names_ = {
      "name",     "version",      "type",     "scope",  "bom-ref",
      "licenses", "purl",         "group",    "hashes", "externalReferences",
      "supplier", "manufacturer", "publisher"};

  const JsonTree& tree_;
  Rows& rows_;
  Gaps gaps_;
  RowId document_ = 0;
  std::int64_t listed_ = 0;
  std::array<JsonNode, 13> fields_;
  std::unordered_map<std::string_view, Listed> known_;
};

}  // namespace

ReadOutcome read_cyclonedx_xml(const intake::Input& input, evidence::Rows& rows) {
  const Transcribed transcribed = transcribe_cyclonedx_xml(input.bytes);
  ReadOutcome outcome;
  if (!transcribed.readable) {
    outcome.not_at_all("the root is not a 'bom' of CycloneDX");
    return outcome;
  }
  const JsonTree tree(transcribed.json, transcribed.places);
  outcome = CycloneDx(tree, rows).read();
  if (!transcribed.problem.empty()) {
    outcome.partly(fmt::format("line {} column {}: {}", transcribed.problem_at.line, transcribed.problem_at.column,
                               transcribed.problem));
  }
  return outcome;
}

ReadOutcome read_cyclonedx(const intake::Input& input, evidence::Rows& rows) {
  const std::size_t first = input.bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool xml = first != std::string_view::npos && input.bytes[first] == '<';
  return xml ? read_cyclonedx_xml(input, rows) : read_cyclonedx_json(input, rows);
}

ReadOutcome read_cyclonedx_json(const intake::Input& input, evidence::Rows& rows) {
  const JsonTree tree(input.bytes);
  return CycloneDx(tree, rows).read();
}

}  // namespace assay::sbom
