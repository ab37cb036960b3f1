#include "analyzer/app/rule_directory.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "analyzer/base/limits.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_below(const std::string& root, std::vector<Error>& errors) {
  std::vector<std::string> paths;
  std::error_code code;
  for (fs::recursive_directory_iterator it(root, code), end; it != end; it.increment(code)) {
    if (code) break;
    if (it->is_regular_file(code)) paths.push_back(it->path().string());
  }
  if (code) errors.push_back({ErrorCode::io, code.message(), root});
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string relative_to(const std::string& path, const std::string& root) {
  std::string rest = path.substr(root.size());
  while (!rest.empty() && rest.front() == '/') rest.erase(0, 1);
  return rest;
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path, std::uint64_t most) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorCode::io, "cannot be read", path);
  std::ostringstream text;
  text << stream.rdbuf();
  std::string bytes = std::move(text).str();
  if (bytes.size() > most) return fail(ErrorCode::limit, fmt::format("larger than {} bytes", most), path);
  return bytes;
}

Result<std::string> read_policies(const std::string& folder) {
  std::vector<Error> errors;
  std::string out;
  for (const std::string& path : files_below(folder, errors)) {
    ASSAY_TRY(const std::string text, read_whole_file(path, limits::max_text_bytes));
    out += fmt::format("{} {}\n", relative_to(path, folder), text.size()) + text;
  }
  if (!errors.empty()) return tl::unexpected<Error>(errors.front());
  return out;
}

engine::RuleReading read_rule_file(const std::string& path) {
  const std::size_t at = path.rfind("rules/");
  std::string id = at == std::string::npos ? fs::path(path).filename().string() : path.substr(at + 6);
  if (id.ends_with(".yaml")) id.resize(id.size() - 5);
  const Result<std::string> text = read_whole_file(path, limits::max_rule_bytes);
  if (!text) {
    engine::RuleReading reading;
    reading.errors.push_back(text.error());
    return reading;
  }
  return engine::read_rule(*text, path, id);
}

RuleDirectory read_rule_directory(const std::string& root) {
  RuleDirectory directory;
  for (const std::string& path : files_below(root, directory.errors)) {
    const std::string relative = relative_to(path, root);
    const std::string top = relative.substr(0, relative.find('/'));
    if (top == "policies" || relative == "README.md") continue;
    const Result<std::string> text =
        read_whole_file(path, top == "lists" ? limits::max_text_bytes : limits::max_rule_bytes);
    if (!text) {
      directory.errors.push_back(text.error());
      continue;
    }
    if (top == "lists") {
      if (path.ends_with(".txt")) directory.lists.push_back({path, *text});
    } else if (!path.ends_with(".yaml")) {
      continue;
    } else if (top == "incidents") {
      feeds::IncidentReading reading = feeds::read_incident(*text, path);
      directory.errors.insert(directory.errors.end(), reading.errors.begin(), reading.errors.end());
      directory.incidents.push_back(std::move(reading.incident));
    } else {
      engine::RuleReading reading = engine::read_rule(*text, path, relative.substr(0, relative.size() - 5));
      directory.errors.insert(directory.errors.end(), reading.errors.begin(), reading.errors.end());
      directory.rules.push_back(std::move(reading.rule));
    }
  }
  // An incident that no file describes is a typing error. A folder without incidents only adds rules to the bundled
  // ones.
  if (!directory.incidents.empty()) {
    std::set<std::string> known;
    for (const feeds::Incident& incident : directory.incidents) known.insert(incident.id);
    for (const engine::Rule& rule : directory.rules) {
      for (const std::string& incident : rule.info.incidents) {
        if (!known.contains(incident))
          directory.errors.push_back(
              {ErrorCode::rule, fmt::format("no incident '{}' in rules/incidents", incident), rule.path});
      }
    }
  }
  return directory;
}

std::vector<engine::Bundle::IndicatorValue> RuleDirectory::indicator_values() const {
  std::vector<engine::Bundle::IndicatorValue> values;
  for (const feeds::Incident& incident : incidents) {
    for (const feeds::Indicator& indicator : incident.indicators) values.push_back({indicator.kind, indicator.value});
  }
  return values;
}

}  // namespace assay::app
