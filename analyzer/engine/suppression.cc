#include "analyzer/engine/suppression.h"

#include <fmt/format.h>

#include "analyzer/formats/yaml_words.h"

namespace assay::engine {
namespace {

using formats::YamlNode;
using formats::YamlTree;

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

bool path_matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern.ends_with("*")) return path.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == path;
}

}  // namespace

Result<std::vector<Exception>> read_exceptions(std::string_view text, const std::string& path) {
  Result<YamlTree> tree = YamlTree::parse(text);
  if (!tree) return fail(ErrorCode::usage, tree.error().message, path + ":" + tree.error().where);
  std::vector<Exception> exceptions;
  const auto place = [&](const YamlNode& node) { return fmt::format("{}:{}", path, formats::yaml_place(node)); };
  const YamlNode list = tree->root().at("exceptions");
  if (!list.is_sequence()) return fail(ErrorCode::usage, "expected a list under 'exceptions'", path);
  for (const YamlNode& node : list.items()) {
    Exception exception;
    for (const auto& [key, value] : node.entries()) {
      const std::string_view name = key.text();
      std::string* into = name == "rule"          ? &exception.rule
                          : name == "fingerprint" ? &exception.fingerprint
                          : name == "path"        ? &exception.path
                          : name == "reason"      ? &exception.reason
                          : name == "until"       ? &exception.until
                                                  : nullptr;
      if (into == nullptr) return fail(ErrorCode::usage, fmt::format("unknown key '{}'", name), place(key));
      *into = formats::yaml_word(value);
    }
    exception.where = place(node);
    if (exception.rule.empty() && exception.fingerprint.empty())
      return fail(ErrorCode::usage, "an exception names a 'rule' or a 'fingerprint'", exception.where);
    if (exception.reason.empty()) return fail(ErrorCode::usage, "an exception needs a 'reason'", exception.where);
    if (!exception.until.empty() && !is_date(exception.until))
      return fail(ErrorCode::usage, "'until' is a date, yyyy-mm-dd", exception.where);
    exceptions.push_back(std::move(exception));
  }
  return exceptions;
}

std::vector<std::string> apply_exceptions(std::vector<Finding>& findings, std::vector<Exception>& exceptions,
                                          std::string_view today) {
  std::vector<std::string> notes;
  for (Exception& exception : exceptions) {
    if (!exception.until.empty() && exception.until < today) {
      notes.push_back(fmt::format("{}: the exception expired on {}", exception.where, exception.until));
      continue;
    }
    for (Finding& finding : findings) {
      const bool same =
          exception.fingerprint.empty() ? finding.rule == exception.rule : finding.fingerprint == exception.fingerprint;
      if (!same || !path_matches(exception.path, finding.at.path)) continue;
      finding.suppressions.push_back({exception.reason, exception.until, exception.where});
      exception.used = true;
    }
    if (!exception.used) notes.push_back(fmt::format("{}: the exception covers no finding any more", exception.where));
  }
  return notes;
}

}  // namespace assay::engine
