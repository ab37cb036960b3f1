#include "analyzer/provenance/canonical_xml.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "analyzer/base/limits.h"

namespace assay::provenance {
namespace {

using Scope = std::map<std::string, std::string, std::less<>>;  // prefix to namespace; "" is the default

constexpr std::size_t max_prefixes = 32;  // in scope at one place; real documents have a handful

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

std::string_view prefix_of(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon);
}

// The prefix an attribute declares; false for other attributes.
bool declares(std::string_view name, std::string_view& prefix) {
  prefix = name.starts_with("xmlns:") ? name.substr(6) : std::string_view{};
  return name == "xmlns" || !prefix.empty();
}

class Printer {
 public:
  Printer(XmlForm form, pugi::xml_node without, std::size_t most) : form_(form), without_(without), most_(most) {}

  bool document(pugi::xml_node document) {
    bool before_root = true;
    for (const pugi::xml_node child : document.children()) {
      if (child.type() == pugi::node_element) {
        before_root = false;
        if (!element(child, {}, {}, 0)) return false;
      } else if (child.type() == pugi::node_pi) {
        if (!before_root) out_.push_back('\n');
        instruction(child);
        if (before_root) out_.push_back('\n');
      }
    }
    return !before_root;
  }

  // With what the elements above declare.
  bool apex(pugi::xml_node node) {
    std::vector<pugi::xml_node> above;
    for (pugi::xml_node one = node.parent(); one.type() == pugi::node_element; one = one.parent()) above.push_back(one);
    Scope scope;
    for (auto one = above.rbegin(); one != above.rend(); ++one) {
      if (!declare(*one, scope)) return false;
      for (const pugi::xml_attribute attribute : one->attributes()) {
        if (prefix_of(attribute.name()) == "xml" && form_ == XmlForm::inclusive) return false;
      }
    }
    return element(node, scope, {}, 0);
  }

  std::string take() { return std::move(out_); }

 private:
  static bool declares_something(pugi::xml_node node) {
    std::string_view prefix;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      if (declares(attribute.name(), prefix)) return true;
    }
    return false;
  }
  static bool declare(pugi::xml_node node, Scope& scope) {
    for (const pugi::xml_attribute attribute : node.attributes()) {
      std::string_view prefix;
      if (declares(attribute.name(), prefix)) scope.insert_or_assign(std::string(prefix), attribute.value());
      if (scope.size() > max_prefixes) return false;
    }
    return true;
  }

  // `printed`: what elements above have put out, which need not be said again. Most elements declare nothing and share
  // both with the one above.
  bool element(pugi::xml_node node, const Scope& above, const Scope& printed_above, std::size_t depth) {
    if (node == without_) return true;
    if (depth > limits::max_json_depth || out_.size() > most_) return false;
    const bool declaring = declares_something(node);
    Scope own;
    if (declaring) {
      own = above;
      if (!declare(node, own)) return false;
    }
    const Scope& scope = declaring ? own : above;
    struct Attribute {
      std::string_view uri, local;
      pugi::xml_attribute one;
    };
    std::vector<Attribute> attributes;
    Scope wanted;
    const auto use = [&](std::string_view prefix) {
      const auto found = scope.find(prefix);
      if (found == scope.end()) return prefix.empty();
      wanted.insert_or_assign(found->first, found->second);
      return true;
    };
    if (!use(prefix_of(node.name()))) return false;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      std::string_view prefix;
      if (declares(name, prefix)) continue;
      prefix = prefix_of(name);
      std::string_view uri;
      if (prefix == "xml") {
        uri = xml_namespace;
      } else if (!prefix.empty()) {
        if (!use(prefix)) return false;
        uri = scope.find(prefix)->second;
      }
      attributes.push_back({uri, prefix.empty() ? name : name.substr(prefix.size() + 1), attribute});
    }
    if (form_ == XmlForm::inclusive && (declaring || depth == 0)) wanted = scope;
    std::sort(attributes.begin(), attributes.end(), [](const Attribute& a, const Attribute& b) {
      return std::tie(a.uri, a.local) < std::tie(b.uri, b.local);
    });
    out_ += '<';
    out_ += node.name();
    std::optional<Scope> said;
    for (const auto& [prefix, uri] : wanted) {
      const auto before = printed_above.find(prefix);
      if (before == printed_above.end() ? prefix.empty() && uri.empty() : before->second == uri) continue;
      out_ += prefix.empty() ? " xmlns" : " xmlns:" + prefix;
      value(uri);
      if (!said) said = printed_above;
      said->insert_or_assign(prefix, uri);
    }
    const Scope& printed = said ? *said : printed_above;
    for (const Attribute& attribute : attributes) {
      out_ += ' ';
      out_ += attribute.one.name();
      value(attribute.one.value());
    }
    out_ += '>';
    for (const pugi::xml_node child : node.children()) {
      switch (child.type()) {
        case pugi::node_element:
          if (!element(child, scope, printed, depth + 1)) return false;
          break;
        case pugi::node_pcdata:
        case pugi::node_cdata:
          text(child.value());
          break;
        case pugi::node_pi:
          instruction(child);
          break;
        default:
          break;
      }
    }
    out_ += "</";
    out_ += node.name();
    out_ += '>';
    return out_.size() <= most_;
  }

  void instruction(pugi::xml_node node) {
    out_ += "<?";
    out_ += node.name();
    if (*node.value() != '\0') {
      out_ += ' ';
      out_ += node.value();
    }
    out_ += "?>";
  }

  void text(std::string_view characters) {
    for (const char c : characters) {
      if (c == '&')
        out_ += "&amp;";
      else if (c == '<')
        out_ += "&lt;";
      else if (c == '>')
        out_ += "&gt;";
      else if (c == '\r')
        out_ += "&#xD;";
      else
        out_ += c;
    }
  }

  void value(std::string_view characters) {
    out_ += "=\"";
    for (const char c : characters) {
      if (c == '&')
        out_ += "&amp;";
      else if (c == '<')
        out_ += "&lt;";
      else if (c == '"')
        out_ += "&quot;";
      else if (c == '\t')
        out_ += "&#x9;";
      else if (c == '\n')
        out_ += "&#xA;";
      else if (c == '\r')
        out_ += "&#xD;";
      else
        out_ += c;
    }
    out_ += '"';
  }

  XmlForm form_;
  pugi::xml_node without_;
  std::size_t most_;
  std::string out_;
};

}  // namespace

std::optional<std::string> canonical_xml(pugi::xml_node apex, XmlForm form, pugi::xml_node without, std::size_t most) {
  Printer printer(form, without, most);
  const bool good = apex.type() == pugi::node_document ? printer.document(apex) : printer.apex(apex);
  if (!good) return std::nullopt;
  return printer.take();
}

}  // namespace assay::provenance
