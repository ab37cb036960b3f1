#include "sbom-import/validate.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "analyzer/formats/json_tree.h"
#include "sbom-import/cyclonedx_schema.h"
#include "sbom-import/cyclonedx_xml.h"
#include "sbom-import/spdx_license_ids.h"

namespace assay::sbom {
namespace {

using formats::JsonKind;
using formats::JsonNode;
using formats::JsonTree;

constexpr std::size_t most = 1000;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether `text` has the form of `form`, where 'x' stands for a hexadecimal digit, '0' for a decimal one.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool good = form[i] == 'x' ? is_hex(text[i]) : form[i] == '0' ? is_digit(text[i]) : text[i] == form[i];
    if (!good) return false;
  }
  return true;
}

bool is_serial(std::string_view text) {
  return text.starts_with("urn:uuid:") && has_form(text.substr(9), "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

bool is_digest(std::string_view text) {
  const std::size_t size = text.size();
  return (size == 32 || size == 40 || size == 64 || size == 96 || size == 128) &&
         std::all_of(text.begin(), text.end(), is_hex);
}

// RFC 3339 date-time.
bool is_time(std::string_view text) {
  if (text.size() < 20 || !has_form(text.substr(0, 10), "0000-00-00") || (text[10] != 'T' && text[10] != 't') ||
      !has_form(text.substr(11, 8), "00:00:00")) {
    return false;
  }
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  if (number(5) < 1 || number(5) > 12 || number(8) < 1 || number(8) > 31 || number(11) > 23 || number(14) > 59 ||
      number(17) > 60)
    return false;
  std::string_view zone = text.substr(19);
  if (zone.starts_with('.')) {
    std::size_t end = 1;
    while (end < zone.size() && is_digit(zone[end])) ++end;
    if (end == 1) return false;
    zone.remove_prefix(end);
  }
  return zone == "Z" || zone == "z" || has_form(zone, "+00:00") || has_form(zone, "-00:00");
}

class Validator {
 public:
  Validator(const JsonTree& tree, int version, int written) : tree_(tree), version_(version), written_(written) {}

  std::vector<Violation> run() {
    for (const formats::JsonProblem& problem : tree_.problems()) {
      out_.push_back({tree_.position(problem.offset), "", problem.message});
    }
    for (const JsonNode& key : tree_.duplicates()) violate(key, fmt::format("the key '{}' is repeated", shown(key)));
    object(tree_.root(), ObjectName::document);
    return std::move(out_);
  }

 private:
  static std::string shown(const JsonNode& node) { return std::string(node.text().substr(0, 60)); }

  void violate(const JsonNode& node, std::string message) {
    if (out_.size() < most) out_.push_back({node.span().begin, path_, std::move(message)});
  }

  bool is(const JsonNode& value, JsonKind kind, std::string_view word) {
    if (value.kind() == kind) return true;
    violate(value, fmt::format("must be {}", word));
    return false;
  }

  // Depth is bounded by JsonTree's.
  void object(const JsonNode& node, ObjectName name) {
    if (!is(node, JsonKind::object, "an object")) return;
    const ObjectRule& rule = rule_of(name);
    for (const auto [key, value] : node.members()) {
      const auto field =
          std::find_if(rule.fields.begin(), rule.fields.end(),
                       [text = key.text(), this](const FieldRule& f) { return f.key == text && f.since <= version_; });
      const std::size_t before = path_.size();
      if (!path_.empty()) path_ += '.';
      path_ += key.text().substr(0, 60);
      if (field != rule.fields.end()) {
        check(value, *field);
      } else if (rule.closed && !(version_ >= 5 && key.text() == "$comment")) {
        violate(key, fmt::format("CycloneDX 1.{} has no such field here", written_));
      }
      path_.resize(before);
    }
    for (const FieldRule& field : rule.fields) {
      if (version_ < field.required_since || version_ > field.required_until || field.since > version_) continue;
      if (!node.at(field.key).exists()) violate(node, fmt::format("the field '{}' is missing", field.key));
    }
    special(node, name);
  }

  void each(const JsonNode& list, const FieldRule& field) {
    if (!is(list, JsonKind::array, "a list")) return;
    std::size_t number = 0;
    for (const JsonNode item : list.items()) {
      const std::size_t before = path_.size();
      path_ += fmt::format("[{}]", number++);
      if (field.shape == Shape::objects) {
        object(item, field.object);
      } else if (field.shape == Shape::word_list) {
        word(item, field);
      } else if (field.shape == Shape::texts) {
        is(item, JsonKind::string, "a string");
      }
      path_.resize(before);
    }
  }

  void word(const JsonNode& value, const FieldRule& field) {
    if (!is(value, JsonKind::string, "a string")) return;
    if (std::find(field.words.begin(), field.words.end(), value.text()) == field.words.end()) {
      violate(value, fmt::format("'{}' is none of the words allowed here", shown(value)));
    }
  }

  void check(const JsonNode& value, const FieldRule& field) {
    const auto text_that = [&](bool (*good)(std::string_view), std::string_view what) {
      if (is(value, JsonKind::string, "a string") && !good(value.text()))
        violate(value, fmt::format("'{}' is not {}", shown(value), what));
    };
    switch (field.shape) {
      case Shape::anything:
        if (field.object == ObjectName::tools) tools(value);
        return;
      case Shape::text:
        is(value, JsonKind::string, "a string");
        return;
      case Shape::filled:
        text_that([](std::string_view t) { return !t.empty(); }, "filled");
        return;
      case Shape::boolean:
        is(value, JsonKind::boolean, "true or false");
        return;
      case Shape::integer:
        if (is(value, JsonKind::number, "a number") && value.integer().value_or(-1) < 0)
          violate(value, "must be a whole number, not negative");
        return;
      case Shape::number:
        is(value, JsonKind::number, "a number");
        return;
      case Shape::word:
        word(value, field);
        return;
      case Shape::object:
        object(value, field.object);
        return;
      case Shape::objects:
      case Shape::texts:
      case Shape::word_list:
      case Shape::list:
        each(value, field);
        return;
      case Shape::time:
        text_that(is_time, "a time stamp of RFC 3339");
        return;
      case Shape::digest:
        text_that(is_digest, "a digest in hexadecimal");
        return;
      case Shape::serial:
        text_that(is_serial, "of the form urn:uuid:…");
        return;
      case Shape::license_id:
        text_that(is_spdx_license, "an identifier of the SPDX licence list");
        return;
      case Shape::address:
        text_that([](std::string_view t) { return t.find_first_of(" \t\n<>\"") == std::string_view::npos; },
                  "an address");
        return;
    }
  }

  // 1.4 and before: a list of tools; since 1.5 also an object of components and services.
  void tools(const JsonNode& value) {
    if (value.is_object() && version_ >= 5) {
      object(value, ObjectName::tools);
    } else {
      each(value, {.key = "tools", .shape = Shape::objects, .object = ObjectName::tool});
    }
  }

  // What no table of fields can say.
  void special(const JsonNode& node, ObjectName name) {
    if (name == ObjectName::license_choice) {
      const bool license = node.at("license").exists();
      const bool expression = node.at("expression").exists();
      if (license == expression) violate(node, "needs either 'license' or 'expression'");
    } else if (name == ObjectName::license) {
      if (node.at("id").exists() == node.at("name").exists()) violate(node, "needs either 'id' or 'name'");
    } else if (name == ObjectName::component || name == ObjectName::service || name == ObjectName::vulnerability) {
      unique(node.at("bom-ref"));
      licenses(node.at("licenses"));
    } else if (name == ObjectName::dependency) {
      std::unordered_set<std::string_view> seen;
      for (const JsonNode target : node.at("dependsOn").items()) {
        if (!seen.insert(target.text()).second) violate(target, fmt::format("'{}' is named twice", shown(target)));
      }
    } else if (name == ObjectName::lifecycle) {
      if (node.at("phase").exists() == node.at("name").exists()) violate(node, "needs either 'phase' or 'name'");
    } else if (name == ObjectName::version_range) {
      if (node.at("version").exists() == node.at("range").exists()) violate(node, "needs either 'version' or 'range'");
    }
  }

  void unique(const JsonNode& reference) {
    if (reference.is_string() && !references_.insert(reference.text()).second) {
      violate(reference, fmt::format("the bom-ref '{}' is used twice", shown(reference)));
    }
  }

  // Up to 1.6 a list holds licences, or one expression and nothing else.
  void licenses(const JsonNode& list) {
    if (version_ >= 7) return;
    for (const JsonNode choice : list.items()) {
      if (choice.at("expression").exists() && list.size() > 1) {
        violate(choice, "an expression stands alone in its list");
        return;
      }
    }
  }

  const JsonTree& tree_;
  int version_;
  int written_;  // 0 and 1 are judged as 2
  std::string path_;
  std::vector<Violation> out_;
  std::unordered_set<std::string_view> references_;
};

}  // namespace

namespace {

Result<std::vector<Violation>> verdict(const JsonTree& tree, int oldest) {
  if (!tree.root().is_object()) return fail(ErrorCode::syntax, "not a JSON object");
  const std::string_view version = tree.root().at("specVersion").string();
  int minor = -1;
  if (version.size() == 3 && version.starts_with("1.") && is_digit(version[2])) minor = version[2] - '0';
  if (minor < oldest || minor > newest_version) {
    return fail(ErrorCode::unsupported,
                fmt::format("specVersion '{}' is none of 1.{} to 1.{}", version.substr(0, 20), oldest, newest_version));
  }
  // The tables begin at 1.2; 1.0 and 1.1 hold nothing that 1.2 does not.
  return Validator(tree, std::max(minor, 2), minor).run();
}

}  // namespace

Result<std::vector<Violation>> validate_cyclonedx(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos || text[first] != '<') return verdict(JsonTree(text), 2);
  const Transcribed transcribed = transcribe_cyclonedx_xml(text);
  if (!transcribed.readable) return fail(ErrorCode::syntax, "the root is not a 'bom' of CycloneDX");
  const JsonTree tree(transcribed.json, transcribed.places);
  Result<std::vector<Violation>> out = verdict(tree, 0);
  // The version is part of the namespace, so a wrong one is a wrong document and not an unknown format.
  if (!out) return std::vector<Violation>{{tree.root().at("specVersion").span().begin, "", out.error().message}};
  if (!transcribed.problem.empty()) out->insert(out->begin(), {transcribed.problem_at, "", transcribed.problem});
  return out;
}

}  // namespace assay::sbom
