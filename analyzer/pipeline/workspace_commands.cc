#include "analyzer/pipeline/command_kinds.h"
#include "analyzer/pipeline/command_words.h"

namespace assay::pipeline {

using namespace words;

bool runs_workspace(const std::string& program, std::string_view written, const std::vector<std::string>& args) {
  const std::string_view first = operand(args);
  if (is_local_path(written)) return true;
  if (in(program, {"make",
                   "gmake",
                   "nmake",
                   "ninja",
                   "meson",
                   "cmake",
                   "bazel",
                   "bazelisk",
                   "buck",
                   "buck2",
                   "just",
                   "task",
                   "mage",
                   "rake",
                   "tox",
                   "nox",
                   "pytest",
                   "py.test",
                   "jest",
                   "mocha",
                   "vitest",
                   "eslint",
                   "prettier",
                   "phpunit",
                   "gradle",
                   "gradlew",
                   "mvn",
                   "mvnw",
                   "ant",
                   "sbt",
                   "lein",
                   "msbuild",
                   "pre-commit",
                   "goreleaser",
                   "mkdocs",
                   "sphinx-build",
                   "terraform",
                   "tofu",
                   "ansible-playbook",
                   "nx",
                   "turbo",
                   "lerna",
                   "tsc",
                   "vale",
                   "webpack",
                   "vite",
                   "rollup",
                   "stack",
                   "cabal",
                   "mix",
                   "pod",
                   "fastlane",
                   "xcodebuild",
                   "scons",
                   "waf",
                   "invoke",
                   "jekyll",
                   "hugo",
                   "golangci-lint",
                   "rubocop",
                   "rspec",
                   "semantic-release",
                   "tflint",
                   "helmfile",
                   "skaffold",
                   "source",
                   "."})) {
    return !(program == "cmake" && has(args, "--version"));
  }
  if (in(program, {"npm", "pnpm", "yarn", "bun"}))
    return !in(first, {"config", "view", "whoami", "login", "logout", "set", "info", "cache", "dist-tag", "version",
                       "pack", "audit"}) &&
           !has(args, "-g") && !has(args, "--global") && !has(args, "--version");
  if (program == "npx") return !first.empty();
  if (in(program, {"bash", "sh", "zsh", "dash", "node", "ruby", "perl", "php", "python", "python3", "pwsh",
                   "powershell", "deno", "tsx", "ts-node"})) {
    if (has(args, "-c") || has(args, "-e")) return false;
    if (program.starts_with("python") && has(args, "-m")) {
      return has(args, "pytest") || has(args, "build") || has(args, "unittest") || has(args, "tox") ||
             has(args, "nox") || (has(args, "pip") && has(args, "."));
    }
    return !first.empty() && !is_url(first) && first[0] != '/' && first[0] != '<';
  }
  if (program == "pip" || program.starts_with("pip3")) {
    return has(args, ".") || has(args, "-e") || has(args, "-r") || has(args, "--requirement") ||
           std::any_of(args.begin(), args.end(),
                       [](const std::string& a) { return is_local_path(a) || a.starts_with(".["); });
  }
  if (program == "cargo")
    return in(first, {"build", "test", "run", "check", "bench", "clippy", "publish", "b", "t", "r", "nextest", "doc"});
  if (program == "go") return in(first, {"test", "generate", "run", "build", "vet"});
  if (program == "dotnet") return in(first, {"build", "test", "run", "publish", "pack", "restore", "msbuild"});
  if (in(program, {"poetry", "pdm", "pipenv", "uv", "hatch", "bundle", "composer"}))
    return !first.empty() && !in(first, {"config", "self", "python", "tool", "--version"});
  if (in(program, {"docker", "podman"})) return in(first, {"build", "buildx", "compose", "bake"});
  if (program == "docker-compose") return true;
  if (program == "swift") return in(first, {"build", "test", "run"});
  return false;
}

}  // namespace assay::pipeline
