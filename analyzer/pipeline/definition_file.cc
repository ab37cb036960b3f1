#include "analyzer/pipeline/definition_file.h"

#include <algorithm>

#include "analyzer/base/limits.h"

namespace assay::pipeline {

using formats::YamlNode;

YamlNode key_of(const YamlNode& mapping, std::string_view name) {
  for (const auto& [key, value] : mapping.entries()) {
    if (key.text() == name) return key;
  }
  return {};
}

std::string joined(const YamlNode& node) {
  std::string out;
  for (const YamlNode& item : node.one_or_many()) {
    if (!item.is_scalar()) continue;
    if (!out.empty()) out += ',';
    out += item.text();
  }
  return out;
}

Span first_key(const YamlNode& mapping) {
  const auto entries = mapping.entries();
  return entries.empty() ? Span{{1, 1}, {1, 1}} : entries.front().first.span();
}

bool readable(const formats::YamlTree::Salvaged& file, const YamlNode& root, ReadOutcome& outcome) {
  if (!file.complete) outcome.partly("YAML error at " + file.error.text() + "; what follows it was not read");
  if (root.is_mapping()) return true;
  outcome.not_at_all(file.complete ? "not a YAML mapping" : "YAML error at " + file.error.text());
  return false;
}

void add_setting(evidence::Rows& rows, evidence::RowId workflow, evidence::RowId job, evidence::LocationId at,
                 std::string_view name, std::string_view value, std::int64_t item) {
  rows.add(evidence::SettingRow{.at = at,
                                .job_id = job,
                                .workflow_id = workflow,
                                .name = std::string(name),
                                .value = std::string(value),
                                .item = item});
}

namespace {

struct SettingWalk {
  evidence::Rows& rows;
  evidence::RowId workflow;
  evidence::RowId job;
  std::size_t left = 200'000;  // rows: aliases can show one node many times

  void walk(const YamlNode& node, const YamlNode& shown, const std::string& name, std::int64_t item,
            std::size_t depth) {
    if (depth > limits::max_yaml_depth || left == 0) return;
    if (node.is_mapping() && !node.entries().empty()) {
      for (const auto& [key, value] : node.entries()) {
        const std::string below = name.empty() ? std::string(key.text()) : name + "." + std::string(key.text());
        walk(value, key, below, item, depth + 1);
      }
      return;
    }
    if (node.is_sequence() && !node.items().empty()) {
      std::int64_t at = 0;
      for (const YamlNode& value : node.items()) walk(value, value, name, item < 0 ? at++ : item, depth + 1);
      return;
    }
    --left;
    add_setting(rows, workflow, job, rows.locate(shown.span()), name, node.text(), item);
  }
};

}  // namespace

void add_settings(evidence::Rows& rows, evidence::RowId workflow, evidence::RowId job, const YamlNode& node,
                  std::string_view prefix, std::initializer_list<std::string_view> skip) {
  SettingWalk walk{.rows = rows, .workflow = workflow, .job = job};
  for (const auto& [key, value] : node.entries()) {
    if (std::find(skip.begin(), skip.end(), key.text()) != skip.end()) continue;
    std::string name(prefix);
    if (!name.empty()) name += '.';
    walk.walk(value, key, name.append(key.text()), -1, 0);
  }
}

std::string repository_of_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  if (const std::size_t user = rest.find('@'); user != std::string_view::npos && user < rest.find('/'))
    rest.remove_prefix(user + 1);
  if (scheme == std::string_view::npos && rest.find(':') == std::string_view::npos) return {};
  std::string out(rest);
  if (scheme == std::string_view::npos) out[out.find(':')] = '/';
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  while (!out.empty() && out.back() == '/') out.pop_back();
  if (out.ends_with(".git")) out.resize(out.size() - 4);
  if (out.starts_with("github.com/")) out.erase(0, 11);
  return out;
}

bool is_commit(std::string_view reference) {
  return (reference.size() == 40 || reference.size() == 64) &&
         reference.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

}  // namespace assay::pipeline
