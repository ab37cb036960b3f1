#include "analyzer/pipeline/commands.h"

#include <algorithm>
#include <initializer_list>

#include "analyzer/base/limits.h"

namespace assay::pipeline {
namespace {

using Words = std::initializer_list<std::string_view>;

bool in(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string program_name(std::string_view word) {
  if (const std::size_t slash = word.find_last_of("/\\"); slash != std::string_view::npos)
    word.remove_prefix(slash + 1);
  for (const std::string_view suffix : {".exe", ".cmd", ".bat"}) {
    if (word.size() > suffix.size() && lower(word).ends_with(suffix)) word.remove_suffix(suffix.size());
  }
  const bool cmdlet = word.find('-') != std::string_view::npos && !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
  return cmdlet ? lower(word) : std::string(word);
}

// Skips sudo, env, timeout and the like with their options; returns the index of the real program.
std::size_t past_wrappers(const std::vector<formats::ShellWord>& words) {
  std::size_t at = 0;
  for (int i = 0; i < 6 && at < words.size(); ++i) {
    const std::string name = program_name(words[at].text);
    if (!in(name, {"sudo", "env", "command", "exec", "nohup", "nice", "stdbuf", "timeout", "builtin", "doas",
                   "xvfb-run", "retry", "eatmydata"}))
      break;
    std::size_t next = at + 1;
    while (next < words.size()) {
      const std::string& word = words[next].text;
      const bool assignment = word.find('=') != std::string::npos && word[0] != '-' && name != "timeout";
      const bool takes_value = in(word, {"-u", "-g", "-n", "-s", "-k", "-C"}) && name != "command";
      if (takes_value) {
        next += 2;
      } else if ((!word.empty() && word[0] == '-') || assignment) {
        ++next;
      } else {
        break;
      }
    }
    if (name == "timeout") ++next;
    if (next >= words.size()) break;
    at = next;
  }
  return at;
}

// The first word that is no option, from `from` on; "" when there is none.
std::string_view operand(const std::vector<std::string>& words, std::size_t from = 0) {
  for (std::size_t i = from; i < words.size(); ++i) {
    if (!words[i].empty() && words[i][0] != '-') return words[i];
  }
  return {};
}

bool has(const std::vector<std::string>& words, std::string_view wanted) {
  return std::find(words.begin(), words.end(), wanted) != words.end();
}

bool is_local_path(std::string_view word) {
  return word.starts_with("./") || word.starts_with("../") || word.starts_with(".\\");
}

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

bool is_url(std::string_view word) {
  return word.starts_with("http://") || word.starts_with("https://") || word.starts_with("ftp://");
}

std::string download(const std::string& program, const std::vector<std::string>& args) {
  const bool web = in(program, {"curl", "wget", "iwr", "irm", "aria2c", "fetch", "invoke-webrequest",
                                "invoke-restmethod", "start-bitstransfer", "bitsadmin", "curlie", "http"});
  const bool git = program == "git" && in(operand(args), {"clone", "submodule"});
  if (!web && !git) {
    // (New-Object Net.WebClient).DownloadString('…')
    for (const std::string& word : args) {
      if (word.find("DownloadString") != std::string::npos || word.find("DownloadFile") != std::string::npos) {
        const std::size_t url = word.find("http");
        return url == std::string::npos ? word : word.substr(url, word.find_first_of("'\")", url) - url);
      }
    }
    return {};
  }
  for (const std::string& word : args) {
    if (is_url(word)) return word;
  }
  bool value_next = false;
  for (const std::string& word : args) {
    const bool value = value_next;
    value_next = in(word, {"-o", "-O", "-H", "-X", "-d", "-u", "--output", "--header", "--data", "--request", "--user",
                           "-outfile", "-OutFile", "--retry", "-T"});
    if (program == "wget" && word == "-O") value_next = true;
    if (program == "curl" && word == "-O") value_next = false;
    if (value || word.empty() || word[0] == '-') continue;
    if (git && in(word, {"clone", "submodule", "update", "init"})) continue;
    if (word.find('.') != std::string::npos || word.find('$') != std::string::npos ||
        word.find(':') != std::string::npos)
      return word;
  }
  return {};
}

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

bool workspace(const std::string& program, std::string_view written, const std::vector<std::string>& args) {
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

}  // namespace

CommandFacts describe(const formats::ShellCommand& command) {
  CommandFacts facts;
  if (command.words.empty()) return facts;
  const std::size_t at = past_wrappers(command.words);
  const std::string& written = command.words[at].text;
  facts.program = program_name(written);
  facts.written = written;
  for (std::size_t i = at + 1; i < command.words.size(); ++i) facts.arguments.push_back(command.words[i].text);
  facts.installs = installer(facts.program, facts.arguments);
  facts.downloads = download(facts.program, facts.arguments);
  facts.publishes = publication(facts.program, facts.arguments);
  facts.runs_workspace = workspace(facts.program, written, facts.arguments);
  return facts;
}

std::string json_array(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) {
    out += out.size() > 1 ? ",\"" : "\"";
    for (const char c : word) {
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      } else {
        out += c;
      }
    }
    out += '"';
  }
  return out + "]";
}

evidence::CommandRow command_row(const formats::ShellCommand& command, const CommandFacts& facts,
                                 std::string_view script) {
  evidence::CommandRow row;
  row.program = facts.program;
  row.arguments = json_array(facts.arguments);
  row.text = script.substr(command.begin, command.end - command.begin);
  for (char& c : row.text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  row.pipeline = command.pipeline;
  row.pipe_position = command.pipe_position;
  row.on_failure = evidence::tri(command.after_or);
  row.installs = facts.installs;
  row.downloads = facts.downloads;
  row.publishes = evidence::tri(!facts.publishes.empty());
  row.runs_workspace = evidence::tri(facts.runs_workspace);
  return row;
}

}  // namespace assay::pipeline
