#include "analyzer/model/artifact.h"

namespace assay {
namespace {

constexpr std::array kind_words = {std::string_view{"unknown"},
                                   std::string_view{"text"},
                                   std::string_view{"source"},
                                   std::string_view{"binary"},
                                   std::string_view{"archive"},
                                   std::string_view{"repository"},
                                   std::string_view{"github-workflow"},
                                   std::string_view{"github-action"},
                                   std::string_view{"dependabot-config"},
                                   std::string_view{"pre-commit-config"},
                                   std::string_view{"gitlab-pipeline"},
                                   std::string_view{"dockerfile"},
                                   std::string_view{"build-log"},
                                   std::string_view{"cyclonedx"},
                                   std::string_view{"spdx"},
                                   std::string_view{"npm-lock"},
                                   std::string_view{"npm-manifest"},
                                   std::string_view{"pip-requirements"},
                                   std::string_view{"privilege-manifest"},
                                   std::string_view{"product"},
                                   std::string_view{"attestation"},
                                   std::string_view{"agent-config"},
                                   std::string_view{"symlink"},
                                   std::string_view{"special"},
                                   std::string_view{"ci-definition"},
                                   std::string_view{"codeowners"}};
static_assert(kind_words.size() == static_cast<std::size_t>(ArtifactKind::codeowners) + 1);

constexpr std::array language_words = {
    std::string_view{""},       std::string_view{"javascript"}, std::string_view{"typescript"},
    std::string_view{"python"}, std::string_view{"shell"},      std::string_view{"powershell"},
    std::string_view{"batch"},  std::string_view{"c"},          std::string_view{"cpp"},
    std::string_view{"go"},     std::string_view{"rust"},       std::string_view{"ruby"},
    std::string_view{"php"},    std::string_view{"java"},       std::string_view{"kotlin"},
    std::string_view{"csharp"}, std::string_view{"perl"},       std::string_view{"lua"},
    std::string_view{"groovy"}, std::string_view{"m4"},         std::string_view{"make"},
    std::string_view{"cmake"},  std::string_view{"gyp"},        std::string_view{"yaml"},
    std::string_view{"json"},   std::string_view{"toml"},       std::string_view{"xml"},
    std::string_view{"html"},   std::string_view{"css"},        std::string_view{"markdown"},
    std::string_view{"sql"}};
static_assert(language_words.size() == static_cast<std::size_t>(Language::sql) + 1);

constexpr std::array role_words = {std::string_view{"test"},
                                   std::string_view{"documentation"},
                                   std::string_view{"build"},
                                   std::string_view{"ci"},
                                   std::string_view{"install-script"},
                                   std::string_view{"import-time"},
                                   std::string_view{"agent-instruction"},
                                   std::string_view{"editor-config"},
                                   std::string_view{"manifest"},
                                   std::string_view{"lockfile"},
                                   std::string_view{"log"},
                                   std::string_view{"vendored"},
                                   std::string_view{"minified"},
                                   std::string_view{"generated"},
                                   std::string_view{"locale"}};

template <std::size_t N>
int index_of(const std::array<std::string_view, N>& table, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (table[i] == text) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

std::string_view word(ArtifactKind kind) {
  return kind_words[static_cast<std::size_t>(kind)];
}
std::string_view word(Language language) {
  return language_words[static_cast<std::size_t>(language)];
}

std::string_view word(Coverage coverage) {
  switch (coverage) {
    case Coverage::read:
      return "read";
    case Coverage::partly_read:
      return "partly read";
    case Coverage::not_read:
      return "not read";
  }
  return "not read";
}

std::string words(Role roles) {
  std::string out;
  for (std::size_t i = 0; i < role_words.size(); ++i) {
    if (!has(roles, static_cast<Role>(1U << i))) continue;
    if (!out.empty()) out += ',';
    out += role_words[i];
  }
  return out;
}

bool from_word(std::string_view text, ArtifactKind& kind) {
  const int at = index_of(kind_words, text);
  if (at >= 0) kind = static_cast<ArtifactKind>(at);
  return at >= 0;
}

bool from_word(std::string_view text, Language& language) {
  const int at = index_of(language_words, text);
  if (at >= 0) language = static_cast<Language>(at);
  return at >= 0;
}

bool from_word(std::string_view text, Role& role) {
  const int at = index_of(role_words, text);
  if (at >= 0) role = static_cast<Role>(1U << static_cast<unsigned>(at));
  return at >= 0;
}

void ReadOutcome::partly(std::string why) {
  if (coverage == Coverage::read) coverage = Coverage::partly_read;
  gaps.push_back(std::move(why));
}

void ReadOutcome::not_at_all(std::string why) {
  coverage = Coverage::not_read;
  gaps.push_back(std::move(why));
}

void ReadOutcome::merge(const ReadOutcome& other) {
  if (static_cast<int>(other.coverage) > static_cast<int>(coverage)) coverage = other.coverage;
  gaps.insert(gaps.end(), other.gaps.begin(), other.gaps.end());
}

}  // namespace assay
