#include "analyzer/pipeline/command_kinds.h"
#include "analyzer/pipeline/command_words.h"

namespace assay::pipeline {

using namespace words;

std::string installer(const std::string& program, const std::vector<std::string>& args) {
  const std::string_view first = operand(args);
  const std::string_view second = args.size() > 1 ? operand(args, 1) : std::string_view{};
  if (program == "npm")
    return in(first, {"install", "i", "ci", "add", "update", "up", "install-test", "it", "exec", "x", "init", "create",
                      "clean-install", "isntall"})
               ? "npm"
               : "";
  if (program == "npx") return "npm";
  if (program == "yarn")
    return first.empty() || in(first, {"install", "add", "dlx", "create", "up", "upgrade", "global"}) ? "yarn" : "";
  if (program == "pnpm") return in(first, {"install", "i", "add", "dlx", "create", "update", "up"}) ? "pnpm" : "";
  if (program == "pnpx") return "pnpm";
  if (program == "bun") return in(first, {"install", "i", "add", "x", "update", "create"}) ? "bun" : "";
  if (program == "bunx") return "bun";
  if (program == "deno")
    return in(first, {"install", "add", "run"}) && std::any_of(args.begin(), args.end(),
                                                               [](const std::string& a) {
                                                                 return a.starts_with("http") ||
                                                                        a.starts_with("npm:") || a.starts_with("jsr:");
                                                               })
               ? "deno"
               : "";
  if (program == "pip" || program.starts_with("pip3") || program.starts_with("pip2"))
    return in(first, {"install", "download", "wheel"}) ? "pip" : "";
  if ((program.starts_with("python") || program == "py") && has(args, "-m")) {
    const auto module = std::find(args.begin(), args.end(), "-m");
    const std::vector<std::string> rest(module + (module + 1 != args.end() ? 2 : 1), args.end());
    const std::string name = module + 1 != args.end() ? *(module + 1) : "";
    return name == "pip" && in(operand(rest), {"install", "download", "wheel"}) ? "pip" : "";
  }
  if (program == "uv")
    return in(first, {"sync", "add", "run", "tool", "build"}) || (first == "pip" && in(second, {"install", "sync"}))
               ? "uv"
               : "";
  if (program == "uvx") return "uv";
  if (program == "pipx") return in(first, {"install", "run", "inject"}) ? "pipx" : "";
  if (program == "poetry" || program == "pdm" || program == "pipenv" || program == "hatch")
    return in(first, {"install", "add", "update", "sync", "lock"}) ? program : "";
  if (in(program, {"conda", "mamba", "micromamba"}))
    return in(first, {"install", "create", "update", "env"}) ? "conda" : "";
  if (program == "gem") return in(first, {"install", "i", "update"}) ? "gem" : "";
  if (program == "bundle") return first.empty() || in(first, {"install", "update", "add"}) ? "bundle" : "";
  if (program == "cargo")
    return in(first, {"install", "add", "build", "test", "run", "fetch", "update", "check", "binstall", "b", "t"})
               ? "cargo"
               : "";
  if (program == "go") return in(first, {"install", "get", "mod", "build", "test", "run", "generate"}) ? "go" : "";
  if (program == "composer")
    return in(first, {"install", "require", "update", "create-project", "global"}) ? "composer" : "";
  if (program == "dotnet") return in(first, {"restore", "add", "tool", "build", "test", "publish"}) ? "nuget" : "";
  if (program == "nuget") return in(first, {"install", "restore"}) ? "nuget" : "";
  if (in(program, {"apt", "apt-get", "aptitude"}))
    return in(first, {"install", "upgrade", "dist-upgrade"}) ? "apt" : "";
  if (in(program, {"yum", "dnf", "microdnf", "zypper"}))
    return in(first, {"install", "update", "upgrade", "in"}) ? "rpm" : "";
  if (program == "apk") return first == "add" ? "apk" : "";
  if (program == "pacman") return !args.empty() && args[0].starts_with("-S") ? "pacman" : "";
  if (program == "brew") return in(first, {"install", "upgrade", "bundle", "tap"}) ? "brew" : "";
  if (in(program, {"choco", "winget", "scoop"})) return in(first, {"install", "upgrade"}) ? program : "";
  if (in(program, {"install-module", "install-package", "install-script"})) return "powershell";
  if (program == "mvn" || program == "mvnw") return "maven";
  if (program == "gradle" || program == "gradlew") return "gradle";
  if (program == "helm") return in(first, {"install", "upgrade", "repo", "pull"}) ? "helm" : "";
  if (program == "mix") return in(first, {"deps.get", "archive.install", "local.hex"}) ? "hex" : "";
  if (in(program, {"dart", "flutter"})) return first == "pub" ? "pub" : "";
  if (program == "pod") return in(first, {"install", "update"}) ? "cocoapods" : "";
  return {};
}

namespace {

// Programs that run another one: index of its name in the arguments, or the number of arguments.
std::size_t past_runner(const std::string& program, const std::vector<std::string>& args) {
  std::size_t at = args.size();
  if (in(program, {"npx", "pnpx", "bunx", "uvx"})) at = 0;
  if (!args.empty() &&
      in(program, {"bundle", "npm", "pnpm", "yarn", "poetry", "pdm", "pipenv", "uv", "pipx", "hatch", "rye"}) &&
      in(args[0], {"exec", "x", "dlx", "run"})) {
    at = 1;
  }
  while (at < args.size() && !args[at].empty() && args[at][0] == '-') ++at;
  return at;
}

}  // namespace

std::string publication(const std::string& program, const std::vector<std::string>& given) {
  std::vector<std::string> args = given;
  if (program == "cargo" && !args.empty() && args[0].starts_with('+')) args.erase(args.begin());
  if (const std::size_t inner = past_runner(program, args); inner < args.size()) {
    std::string name = args[inner].substr(0, args[inner].find_first_of("=@", 1));
    if (name != program && past_runner(name, {}) == 0) {
      const std::string published =
          publication(name, {args.begin() + static_cast<std::ptrdiff_t>(inner) + 1, args.end()});
      if (!published.empty()) return published;
    }
  }
  const std::string_view first = operand(args);
  const std::string_view second = [&] {
    bool seen = false;
    for (const std::string& word : args) {
      if (word.empty() || word[0] == '-') continue;
      if (seen) return std::string_view(word);
      seen = true;
    }
    return std::string_view{};
  }();
  if ((has(args, "--dry-run") || (program == "cargo" && has(args, "-n"))) && program != "git") return {};
  if (in(program, {"npm", "pnpm", "yarn", "bun", "lerna", "changeset", "melos", "vsce", "ovsx", "jsr", "poetry", "uv",
                   "hatch", "flit", "pdm", "cargo"}) &&
      (first == "publish" || (program == "yarn" && first == "npm" && second == "publish") ||
       (in(program, {"npm", "pnpm", "yarn"}) && in(first, {"exec", "dlx"}) && second == "publish"))) {
    return "package";
  }
  if (in(program, {"npx", "pnpx", "bunx"}) &&
      (in(first, {"semantic-release", "release-it", "np", "ovsx", "vsce", "@vscode/vsce"}) || second == "publish"))
    return "package";
  if (program == "deno" && first == "publish") return "package";
  if (program == "twine" && first == "upload") return "package";
  if (program.starts_with("python") && has(args, "twine") && has(args, "upload")) return "package";
  if (program == "gem" && first == "push") return "package";
  if (program == "dotnet" && first == "nuget" && second == "push") return "package";
  if (program == "nuget" && first == "push") return "package";
  if (program == "mvn" || program == "mvnw")
    return has(args, "deploy") || has(args, "release:perform") ? "package" : "";
  if (program == "gradle" || program == "gradlew") {
    return std::any_of(args.begin(), args.end(),
                       [](const std::string& a) { return lower(a).find("publish") != std::string::npos; })
               ? "package"
               : "";
  }
  if (program == "semantic-release" || program == "auto") return "package";
  if (program == "mix" && first == "hex.publish") return "package";
  if (in(program, {"dart", "flutter"}) && first == "pub" && second == "publish") return "package";
  if (program == "pod" && first == "trunk" && second == "push") return "package";
  if (program == "helm" && first == "push") return "image";
  if (in(program, {"docker", "podman", "nerdctl", "buildah"})) {
    if (first == "push" || has(args, "--push")) return "image";
    if (in(first, {"image", "compose", "manifest"}) && second == "push") return "image";
  }
  if (in(program, {"crane", "oras", "skopeo", "regctl", "cosign"}))
    return in(first, {"push", "copy", "append"}) ? "image" : "";
  if (program == "gh" && first == "release" && in(second, {"create", "upload", "edit"})) return "release";
  if (program == "goreleaser" && in(first, {"release", "publish"})) return "release";
  if (program == "git" && first == "push") return "branch";
  if (in(program, {"publish-module", "publish-script"})) return "package";
  return {};
}

}  // namespace assay::pipeline
