#include "sbom-import/cyclonedx_xml.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/base/limits.h"
#include "sbom-import/xml_tree.h"

namespace assay::sbom {
namespace {

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Elements that only hold a list of others.
constexpr std::array<std::string_view, 34> wrappers = {
    "formulation",  "components",    "services",   "hashes",     "licenses",   "externalReferences",
    "dependencies", "compositions",  "properties", "authors",    "lifecycles", "ancestors",
    "descendants",  "variants",      "commits",    "patches",    "resolves",   "ratings",
    "cwes",         "advisories",    "affects",    "responses",  "versions",   "annotations",
    "tags",         "aliases",       "notes",      "endpoints",  "assemblies", "vulnerabilities",
    "individuals",  "organizations", "subjects",   "occurrences"};
// The attributes the schema knows; it allows any other anywhere.
constexpr std::array<std::string_view, 18> known_attributes = {
    "type", "bom-ref", "mime-type", "ref",        "alg",   "name",   "encoding",        "content-type",
    "flow", "tagId",   "version",   "tagVersion", "patch", "locale", "acknowledgement", "description",
    "url",  "id"};
// Elements that hold each child once; a second one is a mistake and not a list.
constexpr std::array<std::string_view, 24> single = {
    "bom",    "metadata", "component", "service",       "license",      "supplier", "manufacture", "manufacturer",
    "tool",   "pedigree", "commit",    "patch",         "diff",         "issue",    "source",      "reference",
    "rating", "analysis", "swid",      "vulnerability", "releaseNotes", "author",   "committer",   "organization"};
constexpr std::array<std::string_view, 4> booleans = {"modified", "authenticated", "x-trust-boundary", "isExternal"};
constexpr std::array<std::string_view, 3> numbers = {"score", "cwe", "tagVersion"};
// Repeated without a wrapper; JSON has them as a list of the same name.
constexpr std::array<std::string_view, 3> repeated = {"omniborId", "swhid", "data"};

class Writer {
 public:
  explicit Writer(const XmlTree& tree) : tree_(tree) {}

  void bom(pugi::xml_node root, std::string_view version) {
    out_ += "{\"bomFormat\":\"CycloneDX\",\"specVersion\":";
    put(version, tree_.offset(root), std::strlen(root.name()));
    if (!root.attribute("version")) out_ += ",\"version\":1";
    if (const pugi::xml_attribute written = root.attribute("version")) {
      out_ += ",\"version\":";
      literal(written.value(), tree_.offset(written.value(), tree_.offset(root)), true);
    }
    first_ = false;
    if (const pugi::xml_attribute serial = root.attribute("serialNumber")) attribute("serialNumber", serial, root);
    members(root, "bom", 0);
    out_ += '}';
  }

  std::string out_;
  std::vector<formats::TranscribedPlace> places_;
  bool cut_ = false;

 private:
  static std::string_view name_of(pugi::xml_node node) { return XmlTree::local(node.name()); }

  bool own(pugi::xml_node node) const {
    if (node.type() != pugi::node_element) return false;
    const std::string_view whole(node.name());
    const std::size_t colon = whole.find(':');
    const std::string_view prefix = colon == std::string_view::npos ? std::string_view{} : whole.substr(0, colon);
    if (prefix == prefix_) return true;
    const std::string_view parent = name_of(node.parent());
    return (name_of(node) == "dependencies" && parent == "bom") ||
           (name_of(node) == "dependency" && (parent == "dependencies" || parent == "dependency"));
  }

  void mark(std::size_t source, std::size_t size) {
    places_.push_back({out_.size(), tree_.span(source, source + size)});
  }

  void quote(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (byte < 0x20) {
        out_ += "\\u00";
        out_ += digits[byte >> 4U];
        out_ += digits[byte & 15U];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  void put(std::string_view text, std::size_t source, std::size_t size) {
    mark(source, size);
    quote(text);
  }

  // A number or boolean as written; a string where it is none, so that the validator sees what is wrong.
  void literal(std::string_view text, std::size_t source, bool number) {
    mark(source, text.size());
    const bool plain_number = !text.empty() && text.size() < 18 &&
                              text.find_first_not_of("0123456789.-") == std::string_view::npos && text.front() != '.' &&
                              text.back() != '.' && (text == "0" || text.front() != '0' || text.starts_with("0."));
    if (number && plain_number) {
      out_ += text;
    } else if (!number && (text == "true" || text == "1")) {
      out_ += "true";
    } else if (!number && (text == "false" || text == "0")) {
      out_ += "false";
    } else {
      quote(text);
    }
  }

  void key(std::string_view name, std::size_t source, std::size_t size) {
    if (!first_) out_ += ',';
    first_ = false;
    put(name, source, size);
    out_ += ':';
  }

  void attribute(std::string_view name, pugi::xml_attribute value, pugi::xml_node owner) {
    const std::size_t at = tree_.offset(value.name(), tree_.offset(owner));
    key(name, at, std::strlen(value.name()));
    const std::string_view text(value.value());
    const std::size_t place = tree_.offset(value.value(), at);
    if (one_of(name, numbers))
      literal(text, place, true);
    else if (name == "patch")
      literal(text, place, false);
    else
      put(text, place, text.size());
  }

  void attributes(pugi::xml_node node) {
    for (const pugi::xml_attribute one : node.attributes()) {
      const std::string_view name(one.name());
      if (!one_of(name, known_attributes)) continue;
      std::string_view as = name;
      if (name == "content-type") as = "contentType";
      attribute(as, one, node);
    }
  }

  void string_of(pugi::xml_node node) {
    std::size_t at = 0;
    const std::string text = tree_.text(node, at);
    put(text, at, std::max<std::size_t>(text.size(), 1));
  }

  // "name": value for each child element; children that stand for one list are gathered.
  void members(pugi::xml_node node, std::string_view element, std::size_t depth) {
    std::unordered_map<std::string_view, std::size_t> count;
    for (const pugi::xml_node child : node.children()) {
      if (own(child)) ++count[name_of(child)];
    }
    std::unordered_set<std::string_view> gathered;
    for (const pugi::xml_node child : node.children()) {
      if (!own(child)) continue;
      const std::string_view name = name_of(child);
      std::string_view list = list_name(name, element);
      if (list.empty() && count[name] > 1 && !one_of(element, single)) list = name;
      if (!list.empty()) {
        if (!gathered.insert(list).second) continue;
        key(list, tree_.offset(child), std::strlen(child.name()));
        out_ += '[';
        first_ = true;
        for (const pugi::xml_node same : node.children(child.name())) item(same, element, depth + 1);
        out_ += ']';
        first_ = false;
        continue;
      }
      key(renamed(name, element), tree_.offset(child), std::strlen(child.name()));
      value(child, element, depth + 1);
    }
  }

  static std::string_view list_name(std::string_view name, std::string_view element) {
    const bool organization = element == "supplier" || element == "manufacture" || element == "manufacturer" ||
                              element == "provider" || element == "organization";
    if (organization && (name == "url" || name == "contact")) return name;
    if (element == "vulnerability" || element == "component" || element == "issue") {
      if (one_of(name, repeated)) return name;
    }
    return {};
  }

  static std::string_view renamed(std::string_view name, std::string_view element) {
    if (name == "responses" && element == "analysis") return "response";
    return name;
  }

  // One more item of the list being written.
  void item(pugi::xml_node node, std::string_view wrapper, std::size_t depth) {
    if (!first_) out_ += ',';
    first_ = false;
    const std::string_view name = name_of(node);
    if (wrapper == "licenses") {
      mark(tree_.offset(node), std::strlen(node.name()));
      out_ += '{';
      first_ = true;
      if (name == "expression") attributes(node);
      key(name, tree_.offset(node), std::strlen(node.name()));
      if (name == "expression")
        string_of(node);
      else
        value(node, wrapper, depth);
      out_ += '}';
      first_ = false;
    } else if ((wrapper == "assemblies" || wrapper == "subjects") || (name == "dependency" && in_composition_) ||
               (wrapper == "vulnerabilities" && in_composition_)) {
      const pugi::xml_attribute reference = node.attribute(wrapper == "vulnerabilities" ? "bom-ref" : "ref");
      const std::string_view text(reference.value());
      put(text, tree_.offset(reference.value(), tree_.offset(node)), text.size());
    } else if (name == "hash") {
      with_content(node, "content");
    } else if (name == "property") {
      with_content(node, "value");
    } else if (name == "dependency") {
      dependency(node);
    } else if (name == "dataflow") {
      dataflow(node, depth);
    } else {
      value(node, wrapper, depth);
    }
  }

  // Attributes, and the text under a name of its own.
  void with_content(pugi::xml_node node, std::string_view field) {
    mark(tree_.offset(node), std::strlen(node.name()));
    out_ += '{';
    first_ = true;
    attributes(node);
    key(field, tree_.offset(node), std::strlen(node.name()));
    string_of(node);
    out_ += '}';
    first_ = false;
  }

  void dependency(pugi::xml_node node) {
    mark(tree_.offset(node), std::strlen(node.name()));
    out_ += '{';
    first_ = true;
    attributes(node);
    for (const std::string_view list : {std::string_view("dependency"), std::string_view("provides")}) {
      bool any = false;
      for (const pugi::xml_node child : node.children()) {
        if (!own(child) || name_of(child) != list) continue;
        if (!any) {
          key(list == "dependency" ? "dependsOn" : "provides", tree_.offset(child), std::strlen(child.name()));
          out_ += '[';
        } else {
          out_ += ',';
        }
        any = true;
        const pugi::xml_attribute reference = child.attribute("ref");
        const std::string_view text(reference.value());
        if (!reference) {
          mark(tree_.offset(child), std::strlen(child.name()));
          out_ += "null";
          continue;
        }
        put(text, tree_.offset(reference.value(), tree_.offset(child)), text.size());
      }
      if (any) out_ += ']';
    }
    out_ += '}';
    first_ = false;
  }

  // Since 1.5: what JSON keeps in one object of a service's "data".
  void dataflow(pugi::xml_node node, std::size_t depth) {
    mark(tree_.offset(node), std::strlen(node.name()));
    out_ += '{';
    first_ = true;
    attributes(node);
    for (const pugi::xml_node child : node.children()) {
      if (!own(child)) continue;
      const std::string_view name = name_of(child);
      if (const pugi::xml_attribute flow = child.attribute("flow"); flow && name == "classification")
        attribute("flow", flow, child);
      key(name, tree_.offset(child), std::strlen(child.name()));
      if (name == "source" || name == "destination") {
        out_ += '[';
        first_ = true;
        for (const pugi::xml_node url : child.children()) {
          if (!own(url)) continue;
          if (!first_) out_ += ',';
          first_ = false;
          string_of(url);
        }
        out_ += ']';
        first_ = false;
      } else if (name == "classification") {
        string_of(child);
      } else {
        value(child, "dataflow", depth + 1);
      }
    }
    out_ += '}';
    first_ = false;
  }

  // evidence/copyright/text is a list of objects in JSON.
  void copyrights(pugi::xml_node node) {
    out_ += '[';
    first_ = true;
    for (const pugi::xml_node child : node.children()) {
      if (!own(child)) continue;
      out_ += first_ ? "{" : ",{";
      first_ = true;
      key("text", tree_.offset(child), std::strlen(child.name()));
      string_of(child);
      out_ += '}';
      first_ = false;
    }
    out_ += ']';
    first_ = false;
  }

  // Depth is bounded by the caller's count.
  void value(pugi::xml_node node, std::string_view parent, std::size_t depth) {
    const std::string_view name = name_of(node);
    if (depth >= limits::max_json_depth - 8) {
      cut_ = true;
      out_ += "null";
      return;
    }
    bool elements = false;
    for (const pugi::xml_node child : node.children()) elements = elements || child.type() == pugi::node_element;
    const bool issue_references = name == "references";
    const bool service_data = name == "data" && parent == "service";
    const bool wrapper = issue_references || service_data || (one_of(name, wrappers) && !(name == "tools"));
    if (name == "copyright" && parent == "evidence") {
      copyrights(node);
      return;
    }
    const bool filled = !elements && *node.text().get() != '\0' &&
                        std::string_view(node.text().get()).find_first_not_of(" \t\r\n") != std::string_view::npos;
    if ((name == "tools" && !is_new_tools(node)) || (wrapper && !filled)) {
      const bool composition = in_composition_;
      in_composition_ = parent == "composition";
      mark(tree_.offset(node), std::strlen(node.name()));
      out_ += '[';
      first_ = true;
      for (const pugi::xml_node child : node.children()) {
        if (own(child)) item(child, name, depth + 1);
      }
      out_ += ']';
      first_ = false;
      in_composition_ = composition;
      return;
    }
    std::size_t at = 0;
    if (one_of(name, booleans) || one_of(name, numbers)) {
      const std::string text = tree_.text(node, at);
      literal(text, at, one_of(name, numbers));
      return;
    }
    const bool attachment =
        name == "text" && (parent == "license" || parent == "swid" || parent == "diff" || parent == "note");
    const bool structure = elements || node.first_attribute() || attachment || is_object(name, parent);
    if (!structure || (name == "classification" && parent != "data") || name == "copyright") {
      string_of(node);
      return;
    }
    mark(tree_.offset(node), std::strlen(node.name()));
    out_ += '{';
    first_ = true;
    attributes(node);
    if (attachment || (name == "attachment")) {
      key("content", tree_.offset(node), std::strlen(node.name()));
      string_of(node);
    } else if (name == "classification") {
      key("classification", tree_.offset(node), std::strlen(node.name()));
      string_of(node);
    } else {
      members(node, name, depth);
    }
    out_ += '}';
    first_ = false;
  }

  // 1.4 and before: tool elements; since 1.5 also components and services.
  static bool is_new_tools(pugi::xml_node node) {
    for (const pugi::xml_node child : node.children()) {
      const std::string_view name = name_of(child);
      if (name == "components" || name == "services") return true;
    }
    return false;
  }

  static bool is_object(std::string_view name, std::string_view parent) {
    constexpr std::array<std::string_view, 13> objects = {
        "provider", "metadata", "component", "service", "supplier", "manufacture", "manufacturer",
        "pedigree", "evidence", "analysis",  "credits", "license",  "tool"};
    return one_of(name, objects) && !(name == "license" && parent != "licenses");
  }

  const XmlTree& tree_;
  std::string_view prefix_;
  bool first_ = true;
  bool in_composition_ = false;

 public:
  void prefix(std::string_view text) { prefix_ = text; }
};

}  // namespace

Transcribed transcribe_cyclonedx_xml(std::string_view text) {
  Transcribed out;
  const XmlTree tree(text);
  if (!tree.complete()) {
    out.problem = tree.problem();
    out.problem_at = tree.problem_position();
  }
  const pugi::xml_node root = tree.root();
  if (XmlTree::local(root.name()) != "bom") return out;
  const std::string_view whole(root.name());
  const std::size_t colon = whole.find(':');
  const std::string prefix(colon == std::string_view::npos ? std::string_view{} : whole.substr(0, colon));
  const std::string_view space(root.attribute(prefix.empty() ? "xmlns" : ("xmlns:" + prefix).c_str()).value());
  constexpr std::string_view schema = "http://cyclonedx.org/schema/bom/";
  if (!space.starts_with(schema)) return out;
  out.readable = true;
  Writer writer(tree);
  writer.prefix(prefix);
  writer.bom(root, space.substr(schema.size()));
  if (writer.cut_ && out.problem.empty()) out.problem = "nested deeper than max_json_depth";
  out.json = std::move(writer.out_);
  out.places = std::move(writer.places_);
  return out;
}

}  // namespace assay::sbom
