#include "sbom-import/spdx_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/base/limits.h"
#include "analyzer/formats/position_grid.h"
#include "analyzer/formats/yaml_tree.h"
#include "sbom-import/lock_text.h"

namespace assay::sbom {
namespace {

class JsonWriter {
 public:
  void mark(Span span) { out.places.push_back({out.json.size(), span}); }
  void raw(std::string_view text) { out.json += text; }

  void quote(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out.json += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out.json += '\\';
        out.json += c;
      } else if (byte < 0x20) {
        out.json += "\\u00";
        out.json += digits[byte >> 4U];
        out.json += digits[byte & 15U];
      } else {
        out.json += c;
      }
    }
    out.json += '"';
  }

  Transcribed out;
};

struct Piece {
  std::string_view key;
  std::string_view value;
};
using Element = std::vector<Piece>;

std::string_view next_part(std::string_view& rest, char end) {
  rest = trimmed(rest);
  const std::size_t at = rest.find(end);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(at + 1));
  return part;
}

// Tags whose JSON name is not the tag itself without "Package" or "File" and a small first letter.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> names = {
    {{"SPDXVersion", "spdxVersion"},
     {"DocumentName", "name"},
     {"PackageVersion", "versionInfo"},
     {"FileName", "fileName"},
     {"PackageFileName", "packageFileName"},
     {"PrimaryPackagePurpose", "primaryPackagePurpose"},
     {"SPDXID", "SPDXID"}}};

std::string json_name(std::string_view tag) {
  for (const auto& [from, to] : names) {
    if (tag == from) return std::string(to);
  }
  if (tag.starts_with("Package"))
    tag.remove_prefix(7);
  else if (tag.starts_with("File"))
    tag.remove_prefix(4);
  std::string out(tag);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

class Tags {
 public:
  explicit Tags(std::string_view text) : text_(text), grid_(text) {}

  Transcribed run() {
    collect();
    writer_.raw("{");
    element_members(document_);
    writer_.raw(document_.empty() ? "\"creationInfo\":{" : ",\"creationInfo\":{");
    element_members(creation_);
    list(creation_.empty(), "creators", creators_, [&](const Element& one) { value(one.front().value); });
    writer_.raw("}");
    const auto object = [&](const Element& one) {
      writer_.mark(span(one.front().value));
      writer_.raw("{");
      element_members(one);
      writer_.raw("}");
    };
    list(false, "packages", packages_, object);
    list(false, "files", files_, object);
    list(false, "relationships", relationships_, object);
    writer_.raw("}");
    writer_.out.readable = true;
    return std::move(writer_.out);
  }

 private:
  Span span(std::string_view piece) const {
    const auto begin = static_cast<std::size_t>(piece.data() - text_.data());
    return grid_.span(begin, begin + piece.size());
  }

  void value(std::string_view piece) {
    writer_.mark(span(piece));
    writer_.quote(piece);
  }

  template <class Each>
  void list(bool first, std::string_view key, const std::vector<Element>& elements, Each each) {
    if (!first) writer_.raw(",");
    writer_.quote(key);
    writer_.raw(":[");
    bool begun = false;
    for (const Element& one : elements) {
      if (begun) writer_.raw(",");
      begun = true;
      each(one);
    }
    writer_.raw("]");
  }

  void element_members(const Element& element) {
    bool begun = false;
    const auto comma = [&] {
      if (begun) writer_.raw(",");
      begun = true;
    };
    for (const std::string_view gathered : {std::string_view("Checksum"), std::string_view("ExternalRef")}) {
      bool any = false;
      for (const Piece& piece : element) {
        if (!piece.key.ends_with(gathered)) continue;
        if (!any) comma();
        writer_.raw(any ? "," : gathered == "Checksum" ? "\"checksums\":[" : "\"externalRefs\":[");
        any = true;
        std::string_view rest = piece.value;
        const auto field = [&](std::string_view key, std::string_view text) {
          writer_.quote(key);
          writer_.raw(":");
          value(text);
        };
        writer_.raw("{");
        if (gathered == "Checksum") {
          field("algorithm", next_part(rest, ':'));
          writer_.raw(",");
          field("checksumValue", rest.empty() ? piece.value.substr(piece.value.size()) : rest);
        } else {
          field("referenceCategory", next_part(rest, ' '));
          writer_.raw(",");
          const std::string_view type = next_part(rest, ' ');
          field("referenceType", type.empty() ? piece.value : type);
          writer_.raw(",");
          field("referenceLocator", rest.empty() ? piece.value.substr(piece.value.size()) : rest);
        }
        writer_.raw("}");
      }
      if (any) writer_.raw("]");
    }
    std::vector<std::string> seen;
    for (const Piece& piece : element) {
      if (piece.key.ends_with("Checksum") || piece.key.ends_with("ExternalRef")) continue;
      std::string key = json_name(piece.key);
      // What may be repeated (comments, licences of files) is nothing that evidence has a place for: the first stands.
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      comma();
      writer_.quote(key);
      writer_.raw(":");
      value(piece.value);
      seen.push_back(std::move(key));
    }
  }

  void collect() {
    std::size_t at = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    enum class Section { document, package, file, other } section = Section::document;
    while (at < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      const std::string_view line = trimmed(text_.substr(at, end - at));
      at = end + 1;
      const std::size_t colon = line.find(':');
      if (line.empty() || line[0] == '#' || colon == std::string_view::npos) continue;
      const std::string_view tag = line.substr(0, colon);
      std::string_view piece = trimmed(line.substr(colon + 1));
      if (piece.starts_with("<text>")) {
        const auto begin = static_cast<std::size_t>(piece.data() - text_.data()) + 6;
        const std::size_t close = text_.find("</text>", begin);
        piece = text_.substr(begin, (close == std::string_view::npos ? text_.size() : close) - begin);
        if (close != std::string_view::npos)
          at = std::max(at, std::min(text_.find('\n', close), text_.size() - 1) + 1);
        else
          at = text_.size();
      }
      if (tag == "PackageName") {
        section = Section::package;
        packages_.push_back({{"Name", piece}});
      } else if (tag == "FileName") {
        section = Section::file;
        files_.push_back({{tag, piece}});
      } else if (tag == "SnippetSPDXID" || tag == "LicenseID" || tag == "Annotator") {
        section = Section::other;
      } else if (tag == "Relationship") {
        std::string_view rest = piece;
        const std::string_view from = next_part(rest, ' ');
        const std::string_view type = next_part(rest, ' ');
        if (!rest.empty())
          relationships_.push_back({{"spdxElementId", from}, {"relationshipType", type}, {"relatedSpdxElement", rest}});
      } else if (tag == "Creator") {
        creators_.push_back({{tag, piece}});
      } else if (tag == "Created" || tag == "LicenseListVersion") {
        creation_.push_back({tag, piece});
      } else if (section == Section::package) {
        packages_.back().push_back({tag, piece});
      } else if (section == Section::file) {
        files_.back().push_back({tag, piece});
      } else if (section == Section::document &&
                 (tag == "SPDXVersion" || tag == "SPDXID" || tag == "DocumentNamespace" || tag == "DocumentName")) {
        document_.push_back({tag, piece});
      }
    }
  }

  std::string_view text_;
  formats::PositionGrid grid_;
  JsonWriter writer_;
  Element document_;
  Element creation_;
  std::vector<Element> creators_;
  std::vector<Element> packages_;
  std::vector<Element> files_;
  std::vector<Element> relationships_;
};

// Depth is bounded by the tree's own limit; aliases by its count of nodes.
void yaml_value(JsonWriter& writer, const formats::YamlNode& node, std::size_t depth) {
  writer.mark(node.span());
  if (depth > limits::max_yaml_depth) {
    writer.raw("null");
  } else if (node.is_mapping()) {
    bool begun = false;
    writer.raw("{");
    for (const auto& [key, value] : node.entries()) {
      if (begun) writer.raw(",");
      begun = true;
      writer.mark(key.span());
      writer.quote(key.text());
      writer.raw(":");
      yaml_value(writer, value, depth + 1);
    }
    writer.raw("}");
  } else if (node.is_sequence()) {
    bool begun = false;
    writer.raw("[");
    for (const formats::YamlNode item : node.items()) {
      if (begun) writer.raw(",");
      begun = true;
      yaml_value(writer, item, depth + 1);
    }
    writer.raw("]");
  } else if (node.is_scalar()) {
    writer.quote(node.text());
  } else {
    writer.raw("null");
  }
}

}  // namespace

Transcribed transcribe_spdx_tags(std::string_view text) {
  return Tags(text).run();
}

Transcribed transcribe_spdx_yaml(std::string_view text) {
  const formats::YamlTree::Salvaged salvaged = formats::YamlTree::salvage(text);
  JsonWriter writer;
  yaml_value(writer, salvaged.tree.root(), 0);
  writer.out.readable = salvaged.tree.root().is_mapping();
  if (!salvaged.complete) writer.out.problem = salvaged.error.text();
  return std::move(writer.out);
}

}  // namespace assay::sbom
