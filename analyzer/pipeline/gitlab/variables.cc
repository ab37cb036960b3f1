#include "analyzer/pipeline/gitlab/variables.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::pipeline::gitlab {
namespace {

constexpr auto outsiders = std::to_array<std::string_view>(
    {"CI_COMMIT_AUTHOR", "CI_COMMIT_DESCRIPTION", "CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE",
     "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY",
     "CI_MERGE_REQUEST_DESCRIPTION", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_MERGE_REQUEST_TITLE"});
constexpr auto insiders = std::to_array<std::string_view>(
    {"CI_BUILD_REF_NAME", "CI_COMMIT_BEFORE_REF", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME", "CI_COMMIT_TAG",
     "CI_COMMIT_TAG_MESSAGE", "CI_MERGE_REQUEST_ASSIGNEES", "CI_MERGE_REQUEST_LABELS", "CI_MERGE_REQUEST_MILESTONE",
     "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_PIPELINE_NAME", "GITLAB_USER_EMAIL", "GITLAB_USER_NAME",
     "TRIGGER_PAYLOAD"});

bool starts_name(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool in_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9');
}

// The end of a $( … ) or ` … ` that begins at `at`.
std::size_t past_substitution(std::string_view text, std::size_t at) {
  if (text[at] == '`') {
    const std::size_t close = text.find('`', at + 1);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  std::size_t open = 0;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '(') ++open;
    if (text[i] == ')' && --open == 0) return i + 1;
  }
  return text.size();
}

}  // namespace

std::string_view predefined_control(std::string_view name) {
  if (std::find(outsiders.begin(), outsiders.end(), name) != outsiders.end()) return "outsider";
  if (std::find(insiders.begin(), insiders.end(), name) != insiders.end()) return "insider";
  if (name.starts_with("CI_") || name.starts_with("GITLAB_") || name == "CI" || name == "TRIGGERED_BY")
    return "platform";
  return {};
}

std::vector<VariableUse> variables_in(std::string_view text, bool shell) {
  std::vector<VariableUse> out;
  bool doubled = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (shell && c == '\\') {
      ++at;
    } else if (shell && c == '"') {
      doubled = !doubled;
    } else if (shell && c == '\'' && !doubled) {
      const std::size_t close = text.find('\'', at + 1);
      if (close == std::string_view::npos) return out;
      at = close;
    } else if (shell && (c == '`' || text.compare(at, 2, "$(") == 0)) {
      at = past_substitution(text, at) - 1;
    } else if (c == '$' && at + 1 < text.size()) {
      if (text[at + 1] == '$') {  // $$ is GitLab's escape
        ++at;
        continue;
      }
      const std::size_t from = at + (text[at + 1] == '{' ? 2 : 1);
      if (from >= text.size() || !starts_name(text[from])) continue;
      std::size_t to = from;
      while (to < text.size() && in_name(text[to])) ++to;
      std::size_t end = to;
      if (text[at + 1] == '{') {
        const std::size_t close = text.find('}', to);
        end = close == std::string_view::npos ? text.size() : close + 1;
      }
      out.push_back({std::string(text.substr(from, to - from)), at, end, doubled});
      at = end - 1;
    }
  }
  return out;
}

std::vector<InputUse> inputs_in(std::string_view text) {
  std::vector<InputUse> out;
  for (std::size_t at = text.find("$[["); at != std::string_view::npos; at = text.find("$[[", at + 3)) {
    const std::size_t close = text.find("]]", at);
    if (close == std::string_view::npos) break;
    std::string_view inside = text.substr(at + 3, close - at - 3);
    const std::size_t name = inside.find("inputs.");
    if (name == std::string_view::npos) continue;
    inside.remove_prefix(name + 7);
    const std::size_t end = inside.find_first_of(" |\t");
    out.push_back(
        {std::string(inside.substr(0, end)), at, close + 2, inside.find("expand_vars") != std::string_view::npos});
  }
  return out;
}

bool is_secret_name(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  for (const std::string_view harmless :
       {"CACHE_KEY", "PUBLIC_KEY", "TOKEN_URL", "KEY_ID", "SECRET_NAME", "CI_JOB_TOKEN"}) {
    if (upper.ends_with(harmless)) return false;
  }
  for (const std::string_view end : {"TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "_KEY", "APIKEY", "CREDENTIALS",
                                     "CREDENTIAL", "_PAT", "_AUTH", "_PWD"}) {
    if (upper.ends_with(end)) return true;
  }
  return false;
}

}  // namespace assay::pipeline::gitlab
