#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// What an input is. Decided by content first and by name second (analyzer/intake/recognise.h).
enum class ArtifactKind : std::uint8_t {
  unknown,     // bytes nobody claims
  text,        // text without a more special kind
  source,      // a file of a programming language (see Language)
  binary,      // neither text nor anything below
  archive,     // opened; its members are artifacts of their own
  repository,  // the git repository as a whole: commits, refs
  github_workflow,
  github_action,
  dependabot_config,
  pre_commit_config,
  gitlab_pipeline,
  dockerfile,
  build_log,  // any CI system; analyzer/buildlog tells which
  cyclonedx,
  spdx,
  npm_lock,      // package-lock.json, npm-shrinkwrap.json
  npm_manifest,  // package.json
  pip_requirements,
  privilege_manifest,  // systemd unit, Kubernetes role, sudoers, app manifest, IAM policy …: analyzer/product reads
                       // privileges
  product,             // product.yaml
  attestation,         // in-toto statement, DSSE envelope
  agent_config,        // CLAUDE.md, .cursor/rules, .vscode/tasks.json, mcp.json …: steers an editor or an agent
  symlink,             // never followed
  special,             // device, socket, fifo: never opened
  ci_definition,  // Azure Pipelines, Tekton, CircleCI, Bitbucket, Jenkinsfile, compose …: analyzer/pipeline tells which
  codeowners,     // who must approve changes to which paths
};

enum class Language : std::uint8_t {
  none,
  javascript,
  typescript,
  python,
  shell,
  powershell,
  batch,
  c,
  cpp,
  go,
  rust,
  ruby,
  php,
  java,
  kotlin,
  csharp,
  perl,
  lua,
  groovy,
  m4,
  make,
  cmake,
  gyp,
  yaml,
  json,
  toml,
  xml,
  html,
  css,
  markdown,
  sql,
};

// What a file is for. A file may have several; a bit set.
enum class Role : std::uint32_t {
  none = 0,
  test = 1U << 0,  // tests, fixtures, examples' data
  documentation = 1U << 1,
  build = 1U << 2,           // makefiles, configure, m4, cmake, gyp, build.rs
  ci = 1U << 3,              // CI definitions and the scripts beside them
  install_script = 1U << 4,  // runs while a package is installed (setup.py, lifecycle scripts' conventional names)
  import_time = 1U << 5,     // runs when an interpreter starts or imports (__init__.py, .pth, sitecustomize.py)
  agent_instruction = 1U << 6,
  editor_config = 1U << 7,
  manifest = 1U << 8,
  lockfile = 1U << 9,
  log = 1U << 10,
  vendored = 1U << 11,  // node_modules, vendor, third_party
  minified = 1U << 12,
  generated = 1U << 13,
  locale = 1U << 14,  // translations
};

constexpr Role operator|(Role a, Role b) {
  return static_cast<Role>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr bool has(Role set, Role one) {
  return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(one)) != 0;
}

enum class Coverage : std::uint8_t { read, partly_read, not_read };

// The words used in evidence, rules and reports: lower case, '-' between words ("github-workflow", "install-script").
std::string_view word(ArtifactKind kind);
std::string_view word(Language language);
std::string_view word(Coverage coverage);
std::string words(Role roles);  // comma-separated, in the order of the enumeration; "" for none
// The inverse; false when the word is unknown.
bool from_word(std::string_view text, ArtifactKind& kind);
bool from_word(std::string_view text, Language& language);
bool from_word(std::string_view text, Role& role);

// How the reading of one input ended. `gaps` says what was left out and why, one sentence each; empty when coverage is
// `read`.
struct ReadOutcome {
  Coverage coverage = Coverage::read;
  std::vector<std::string> gaps{};

  void partly(std::string why);  // read becomes partly_read; not_read stays
  void not_at_all(std::string why);
  void merge(const ReadOutcome& other);
};

// Ordinal of a top-level input in the sorted list and number of the member inside it (0: the file itself). The order
// does not depend on threads, so neither does any id made from it.
using ArtifactId = std::int64_t;
constexpr ArtifactId artifact_id(std::uint32_t ordinal, std::uint32_t member) {
  return (static_cast<ArtifactId>(ordinal) << 16) | static_cast<ArtifactId>(member);
}

// One thing that was given to Assay or found inside what was given. A plain value.
struct Artifact {
  ArtifactId id = 0;
  std::string
      path;  // relative to the subject's root, '/' between parts; archive members after "!/": "a.tgz!/package/x.js"
  ArtifactKind kind = ArtifactKind::unknown;
  Language language = Language::none;
  Role roles = Role::none;
  std::uint64_t size = 0;
  std::string sha256{};  // lower-case hex; empty unless something asked for it
  ReadOutcome outcome{};
};

}  // namespace assay
