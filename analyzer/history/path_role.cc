#include "analyzer/history/path_role.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <span>
#include <string>

namespace assay::history {
namespace {

using Words = std::span<const std::string_view>;
using List = std::initializer_list<std::string_view>;

bool one_of(std::string_view text, List words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}
bool begins(std::string_view text, List words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) { return text.starts_with(word); });
}
bool ends(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) { return text.ends_with(word); });
}
bool ends(std::string_view text, List words) {
  return ends(text, Words(words.begin(), words.size()));
}
bool has_directory(std::string_view path, List names) {
  while (true) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    if (one_of(path.substr(0, slash), names)) return true;
    path.remove_prefix(slash + 1);
  }
}

bool is_ci(std::string_view path, std::string_view name) {
  return begins(path, {".github/workflows/", ".github/actions/", ".github/scripts/", ".circleci/", ".buildkite/",
                       ".woodpecker/", ".tekton/", ".teamcity/", ".semaphore/", ".forgejo/workflows/",
                       ".gitea/workflows/", ".gitlab/ci/", ".ci/", "ci/", ".azure-pipelines/"}) ||
         one_of(path, {"action.yml", "action.yaml", ".gitlab-ci.yml", ".travis.yml", ".drone.yml", ".woodpecker.yml",
                       ".cirrus.yml", "appveyor.yml", ".appveyor.yml", "bitbucket-pipelines.yml", "codemagic.yaml",
                       "cloudbuild.yaml", "buildspec.yml"}) ||
         name.starts_with("jenkinsfile") || name.starts_with("azure-pipelines") || name.ends_with(".gitlab-ci.yml");
}

bool is_agent(std::string_view path, std::string_view name) {
  return has_directory(path, {".claude", ".cursor", ".windsurf", ".gemini", ".codex", ".roo", ".kiro", ".devcontainer",
                              ".clinerules"}) ||
         one_of(name, {"claude.md", "claude.local.md", "agents.md", "gemini.md", "skill.md", ".cursorrules",
                       ".windsurfrules", ".clinerules", ".mcp.json", "mcp.json", ".devcontainer.json",
                       ".aider.conf.yml", "copilot-instructions.md"}) ||
         begins(path, {".github/instructions/", ".github/prompts/", ".github/agents/"}) ||
         (has_directory(path, {".vscode"}) &&
          one_of(name, {"tasks.json", "settings.json", "launch.json", "mcp.json", "extensions.json"}));
}

bool is_hook(std::string_view path, std::string_view name) {
  return has_directory(path, {".husky", ".githooks", ".git-hooks", "githooks"}) ||
         one_of(name, {".pre-commit-config.yaml", "lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".overcommit.yml",
                       ".envrc", ".gitattributes", ".lfsconfig"});
}

bool is_manifest(std::string_view name) {
  return one_of(name, {"package.json",     "package-lock.json", "npm-shrinkwrap.json",
                       "yarn.lock",        "pnpm-lock.yaml",    "bun.lock",
                       "bun.lockb",        "deno.json",         "deno.lock",
                       "pyproject.toml",   "setup.cfg",         "pipfile",
                       "pipfile.lock",     "poetry.lock",       "uv.lock",
                       "cargo.toml",       "cargo.lock",        "go.mod",
                       "go.sum",           "gemfile",           "gemfile.lock",
                       "composer.json",    "composer.lock",     "pom.xml",
                       "packages.config",  "nuget.config",      "packages.lock.json",
                       "podfile",          "podfile.lock",      "package.swift",
                       "package.resolved", "mix.exs",           "mix.lock",
                       ".npmrc",           ".yarnrc",           ".yarnrc.yml",
                       "pip.conf",         ".gitmodules",       "conda.yaml",
                       "environment.yml",  "conanfile.txt",     "vcpkg.json"}) ||
         ends(name, {".gemspec", ".csproj", ".vbproj", ".fsproj"}) ||
         (name.starts_with("requirements") && ends(name, {".txt", ".in"}));
}

bool is_build(std::string_view path, std::string_view name) {
  return one_of(name, {"makefile",
                       "gnumakefile",
                       "makefile.am",
                       "makefile.in",
                       "cmakelists.txt",
                       "configure",
                       "configure.ac",
                       "configure.in",
                       "autogen.sh",
                       "bootstrap",
                       "meson.build",
                       "meson_options.txt",
                       "build",
                       "build.bazel",
                       "workspace",
                       "workspace.bazel",
                       "module.bazel",
                       "build.rs",
                       "binding.gyp",
                       "build.gradle",
                       "build.gradle.kts",
                       "settings.gradle",
                       "settings.gradle.kts",
                       "gradlew",
                       "gradlew.bat",
                       "gradle-wrapper.jar",
                       "gradle-wrapper.properties",
                       "setup.py",
                       "sconstruct",
                       "sconscript",
                       "rakefile",
                       "gulpfile.js",
                       "gruntfile.js",
                       "build.xml",
                       "build.sbt",
                       "build.zig",
                       "ltmain.sh",
                       "justfile",
                       "taskfile.yml",
                       "noxfile.py",
                       "tox.ini",
                       "conanfile.py",
                       "extconf.rb",
                       "directory.build.props",
                       "directory.build.targets"}) ||
         ends(name, {".m4", ".mk", ".cmake", ".bzl", ".gyp", ".gypi", ".dockerfile", ".nix", ".props", ".targets"}) ||
         begins(name, {"dockerfile", "containerfile", "webpack.config.", "rollup.config.", "vite.config.",
                       "astro.config.", "next.config.", "esbuild.config.", "babel.config."}) ||
         begins(path, {"debian/rules", "m4/", "build-aux/"});
}

constexpr std::string_view executable_ends[] = {".exe",   ".dll", ".so",  ".dylib", ".o",   ".a",   ".lib",  ".obj",
                                                ".class", ".jar", ".war", ".wasm",  ".pyc", ".pyd", ".node", ".ko",
                                                ".sys",   ".msi", ".deb", ".rpm",   ".apk", ".whl", ".elf"};
constexpr std::string_view packed_ends[] = {".xz",  ".lzma", ".gz",  ".bz2", ".zst", ".lz",   ".lz4",
                                            ".zip", ".7z",   ".tar", ".tgz", ".br",  ".rar",  ".cab",
                                            ".bin", ".dat",  ".img", ".iso", ".raw", ".pcap", ".pkl",
                                            ".pt",  ".onnx", ".npy", ".p12", ".pfx", ".db",   ".sqlite"};
// Extensions whose files are text, or pictures and documents that fixtures are full of.
constexpr std::string_view plain_ends[] = {
    ".c",      ".h",         ".cc",      ".cpp",   ".hpp",   ".cxx",   ".go",      ".rs",     ".py",       ".js",
    ".ts",     ".tsx",       ".jsx",     ".mjs",   ".cjs",   ".rb",    ".php",     ".java",   ".kt",       ".cs",
    ".sh",     ".bash",      ".pl",      ".pm",    ".t",     ".lua",   ".tcl",     ".md",     ".rst",      ".txt",
    ".json",   ".yml",       ".yaml",    ".toml",  ".xml",   ".html",  ".css",     ".scss",   ".svg",      ".sql",
    ".snap",   ".csv",       ".in",      ".out",   ".log",   ".am",    ".ac",      ".cmake",  ".mk",       ".conf",
    ".cfg",    ".ini",       ".vue",     ".swift", ".scala", ".ex",    ".exs",     ".erl",    ".hs",       ".ml",
    ".diff",   ".patch",     ".lock",    ".pem",   ".crt",   ".png",   ".jpg",     ".jpeg",   ".gif",      ".webp",
    ".ico",    ".pdf",       ".ttf",     ".woff",  ".woff2", ".proto", ".graphql", ".golden", ".expected", ".stderr",
    ".stdout", ".gitignore", ".gitkeep", ".tf",    ".ps1",   ".bat"};

}  // namespace

PathRole role_of(std::string_view written) {
  std::string path(written);
  for (char& c : path) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  if (is_ci(path, name)) return PathRole::ci;
  if (is_agent(path, name)) return PathRole::agent;
  if (is_hook(path, name)) return PathRole::hook;
  const bool test =
      has_directory(path, {"test", "tests", "testing", "testdata", "test-data", "test_data", "spec", "specs", "fixture",
                           "fixtures", "__tests__", "__fixtures__", "testcases", "corpus", "samples"});
  if (!test && is_manifest(name)) return PathRole::manifest;
  if (!test && is_build(path, name)) return PathRole::build;
  if (test && (ends(name, executable_ends) || ends(name, packed_ends))) return PathRole::test_binary;
  if (ends(name, executable_ends)) return PathRole::binary;
  if (test && !ends(name, plain_ends)) return PathRole::maybe_test_binary;
  return PathRole::none;
}

std::string_view word(PathRole role) {
  switch (role) {
    case PathRole::ci:
      return "ci";
    case PathRole::build:
      return "build";
    case PathRole::manifest:
      return "manifest";
    case PathRole::hook:
      return "hook";
    case PathRole::agent:
      return "agent";
    case PathRole::binary:
      return "binary";
    case PathRole::test_binary:
      return "test-binary";
    case PathRole::none:
    case PathRole::maybe_test_binary:
      return "";
  }
  return "";
}

}  // namespace assay::history
