#include "analyzer/feeds/incident.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analyzer/formats/yaml_words.h"

namespace assay::feeds {
namespace {

using formats::yaml_place;
using formats::yaml_word;
using formats::yaml_words;
using formats::YamlNode;
using formats::YamlTree;

constexpr std::array<std::string_view, 21> kinds = {
    "package", "action-commit", "git-commit", "sha256", "sha1",          "md5",         "domain",
    "ip",      "url-path",      "file-name",  "path",   "workflow-name", "runner-name", "repository",
    "branch",  "email",         "identity",   "marker", "image-digest",  "advisory",    "url"};
constexpr std::array<std::string_view, 3> certainties = {"confirmed", "reported", "recalled"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& table, std::string_view text) {
  return std::find(table.begin(), table.end(), text) != table.end();
}

bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What is wrong with the value of an indicator, or "".
std::string fault(const Indicator& indicator) {
  if (!contains(kinds, indicator.kind)) return fmt::format("'{}' is not a kind of indicator", indicator.kind);
  if (indicator.value.empty()) return "'value' is missing";
  if (!contains(certainties, indicator.certainty))
    return fmt::format("'{}' is not confirmed, reported or recalled", indicator.certainty);
  if (indicator.kind == "sha256" && !is_hex(indicator.value, 64))
    return "a sha256 has 64 lower-case hexadecimal digits";
  if (indicator.kind == "sha1" && !is_hex(indicator.value, 40)) return "a sha1 has 40 lower-case hexadecimal digits";
  if (indicator.kind == "md5" && !is_hex(indicator.value, 32)) return "an md5 has 32 lower-case hexadecimal digits";
  if ((indicator.kind == "action-commit" || indicator.kind == "git-commit") && !is_hex(indicator.value, 40))
    return "a commit has 40 lower-case hexadecimal digits";
  if (indicator.kind == "package" && !indicator.value.starts_with("pkg:")) return "a package is a package URL";
  if (indicator.kind == "package" && indicator.versions.empty() && !indicator.any_version)
    return "a package needs 'versions': a list, or any";
  return {};
}

}  // namespace

IncidentReading read_incident(std::string_view text, const std::string& path) {
  IncidentReading reading;
  const Result<YamlTree> tree = YamlTree::parse(text);
  if (!tree) {
    reading.errors.push_back({ErrorCode::rule, tree.error().message, path + ":" + tree.error().where});
    return reading;
  }
  const YamlNode root = tree->root();
  const auto complain = [&](const YamlNode& node, std::string message) {
    reading.errors.push_back({ErrorCode::rule, std::move(message), fmt::format("{}:{}", path, yaml_place(node))});
  };
  Incident& incident = reading.incident;
  incident.id = yaml_word(root.at("id"));
  incident.name = yaml_word(root.at("name"));
  incident.date = yaml_word(root.at("date"));
  incident.certainty = yaml_word(root.at("certainty"));
  incident.summary = yaml_word(root.at("summary"));
  incident.lesson = yaml_word(root.at("lesson"));
  incident.privileged_product = root.at("privileged_product").text() == "true";
  incident.stages = yaml_words(root.at("stages"));
  incident.ecosystems = yaml_words(root.at("ecosystems"));
  incident.families = yaml_words(root.at("families"));
  incident.attack = yaml_words(root.at("attack"));
  incident.advisories = yaml_words(root.at("advisories"));
  incident.sources = yaml_words(root.at("sources"));
  const std::string file = path.substr(path.find_last_of('/') + 1);
  if (incident.id + ".yaml" != file) complain(root.at("id"), "the id must be the name of the file");
  if (incident.name.empty() || incident.date.empty() || incident.summary.empty())
    complain(root, "name, date and summary must be given");
  if (!contains(certainties, incident.certainty))
    complain(root.at("certainty"), "certainty is confirmed, reported or recalled");
  for (const YamlNode& node : root.at("indicators").items()) {
    Indicator indicator;
    indicator.kind = yaml_word(node.at("kind"));
    indicator.subject = yaml_word(node.at("subject"));
    indicator.value = yaml_word(node.at("value"));
    indicator.certainty = node.at("certainty").exists() ? yaml_word(node.at("certainty")) : incident.certainty;
    indicator.from = yaml_word(node.at("from"));
    indicator.until = yaml_word(node.at("until"));
    const YamlNode versions = node.at("versions");
    indicator.any_version = versions.is_scalar() && versions.text() == "any";
    if (!indicator.any_version) indicator.versions = yaml_words(versions);
    if (std::string wrong = fault(indicator); !wrong.empty()) complain(node, std::move(wrong));
    incident.indicators.push_back(std::move(indicator));
  }
  return reading;
}

}  // namespace assay::feeds
