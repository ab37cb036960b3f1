#include "analyzer/history/identity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace assay::history {
namespace {

// Whole names, lower case, as automation and coding agents write themselves.
constexpr std::array<std::string_view, 34> known_names = {"actions-user",
                                                          "aider",
                                                          "allcontributors",
                                                          "amazon q",
                                                          "auto-ci",
                                                          "automation",
                                                          "autofix-ci",
                                                          "claude",
                                                          "claude code",
                                                          "codex",
                                                          "copilot",
                                                          "cursor",
                                                          "cursor agent",
                                                          "dependabot",
                                                          "dependabot-preview",
                                                          "devin ai",
                                                          "gemini-cli",
                                                          "gemini cli",
                                                          "github action",
                                                          "github actions",
                                                          "github copilot",
                                                          "github-actions",
                                                          "gitlab ci",
                                                          "google-labs-jules",
                                                          "greenkeeper",
                                                          "imgbot",
                                                          "jenkins",
                                                          "jules",
                                                          "mergify",
                                                          "pre-commit-ci",
                                                          "renovate",
                                                          "semantic-release",
                                                          "snyk",
                                                          "weblate"};

bool letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// "bot" as a word of its own: "ci-bot", "release bot", "buildbot" too, but not "Abbott" or "robotics".
bool has_bot_word(std::string_view text) {
  for (std::size_t at = text.find("bot"); at != std::string_view::npos; at = text.find("bot", at + 1)) {
    const bool ends = at + 3 == text.size() || !letter(text[at + 3]);
    const bool begins = at == 0 || !letter(text[at - 1]) || text.substr(0, at).ends_with("build") ||
                        text.substr(0, at).ends_with("depend");
    if (ends && begins) return true;
  }
  return false;
}

}  // namespace

bool claims_to_be_a_bot(std::string_view name, std::string_view email) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (std::find(known_names.begin(), known_names.end(), lower) != known_names.end()) return true;
  const std::string_view local = email.substr(0, email.find('@'));
  return has_bot_word(lower) || local.find("[bot]") != std::string_view::npos;
}

}  // namespace assay::history
