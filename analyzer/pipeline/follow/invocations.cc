#include "analyzer/pipeline/follow/invocations.h"

#include <algorithm>
#include <initializer_list>

namespace assay::pipeline::follow {
namespace {

using Words = std::vector<std::string>;

bool in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The value of an option, written `-C dir`, `-Cdir`, `--directory dir` or `--directory=dir`.
std::string_view option(const Words& words, std::initializer_list<std::string_view> names) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    for (const std::string_view name : names) {
      if (word == name) return i + 1 < words.size() ? std::string_view(words[i + 1]) : std::string_view{};
      if (!word.starts_with(name) || word.size() == name.size()) continue;
      if (name.starts_with("--") ? word[name.size()] == '=' : name.size() == 2)
        return word.substr(name.size() + (name.starts_with("--") ? 1 : 0));
    }
  }
  return {};
}

// Words that are neither options nor values of those in `with_value`.
std::vector<std::string_view> operands(const Words& words, std::initializer_list<std::string_view> with_value) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (in(words[i], with_value)) {
      ++i;
    } else if (!words[i].empty() && words[i][0] != '-' && words[i][0] != '+') {
      out.emplace_back(words[i]);
    }
  }
  return out;
}

void package_script(std::string_view directory, std::string_view name, std::vector<Invocation>& out) {
  for (const std::string_view before : {"pre", "", "post"}) {
    out.push_back(
        {Invocation::Kind::package_script, std::string(directory), std::string(before) + std::string(name), {}});
  }
}

void package_manager(const CommandFacts& command, std::vector<Invocation>& out) {
  const std::string_view directory = option(command.arguments, {"--prefix", "-C", "--cwd", "--dir"});
  const auto words = operands(command.arguments, {"--prefix", "-C", "--cwd", "--dir", "-w", "--workspace", "--filter"});
  const std::string_view first = words.empty() ? "install" : words[0];
  if (in(first, {"run", "run-script"})) {
    if (words.size() > 1) package_script(directory, words[1], out);
  } else if (in(first, {"test", "t", "tst", "start", "stop", "restart"})) {
    package_script(directory, first == "t" || first == "tst" ? "test" : first, out);
  } else if (in(first, {"install", "i", "ci", "clean-install"})) {
    if (words.size() > 1) return;  // a named package, not this one
    for (const std::string_view name : {"preinstall", "install", "postinstall", "prepare"})
      out.push_back({Invocation::Kind::package_script, std::string(directory), std::string(name), {}});
  } else if (in(first, {"publish", "pack"})) {
    for (const std::string_view name : {"prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"})
      out.push_back({Invocation::Kind::package_script, std::string(directory), std::string(name), {}});
  } else if (command.program != "npm") {
    package_script(directory, first, out);  // yarn, pnpm and bun run a script by its name alone
  }
}

void make(const CommandFacts& command, std::vector<Invocation>& out) {
  const std::string_view directory = option(command.arguments, {"-C", "--directory"});
  const std::string_view file = option(command.arguments, {"-f", "--file", "--makefile"});
  bool any = false;
  for (const std::string_view word :
       operands(command.arguments, {"-C", "--directory", "-f", "--file", "--makefile", "-I", "-o", "-W"})) {
    if (word.find_first_of("=$") != std::string_view::npos) continue;
    if (word.find_first_not_of("0123456789") == std::string_view::npos) continue;  // make -j 4
    out.push_back({Invocation::Kind::make_target, std::string(directory), std::string(word), std::string(file)});
    any = true;
  }
  if (!any) out.push_back({Invocation::Kind::make_target, std::string(directory), {}, std::string(file)});
}

bool is_interpreter(std::string_view program) {
  return in(program, {"bash", "sh", "zsh", "dash", "ksh", "source", ".", "node", "ruby", "perl", "php", "pwsh",
                      "powershell", "tsx", "ts-node", "Rscript"}) ||
         (program.starts_with("python") && program.find('-') == std::string_view::npos);
}

std::string_view without_workspace(std::string_view path) {
  for (const std::string_view sign :
       {"$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}", "${{github.workspace}}",
        "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}", "$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)",
        "$BUILD_SOURCESDIRECTORY", "$WORKSPACE", "${WORKSPACE}", "$BITBUCKET_CLONE_DIR", "$TRAVIS_BUILD_DIR", "$PWD",
        "$(pwd)", "${PWD}"}) {
    if (path.starts_with(sign)) {
      path.remove_prefix(sign.size());
      while (path.starts_with('/')) path.remove_prefix(1);
      return path;
    }
  }
  return path;
}

bool is_plain(std::string_view path) {
  return path.find_first_of("$`*?<>{}()%\"'") == std::string_view::npos;
}

}  // namespace

std::vector<Invocation> invoked_by(const CommandFacts& command) {
  std::vector<Invocation> out;
  if (in(command.program, {"npm", "yarn", "pnpm", "bun"})) {
    package_manager(command, out);
  } else if (in(command.program, {"make", "gmake"})) {
    make(command, out);
  } else if (is_interpreter(command.program)) {
    const auto words = operands(command.arguments, {"-o", "-O", "-W", "-X", "-I", "-File", "-ExecutionPolicy", "-r"});
    const std::string_view named = option(command.arguments, {"-File", "-file"});
    const bool inline_text = std::any_of(command.arguments.begin(), command.arguments.end(), [](const auto& word) {
      return in(word, {"-c", "-e", "-m", "-ce", "-ec", "-Command", "-command", "-s"});
    });
    if (!named.empty()) {
      out.push_back({Invocation::Kind::file, {}, std::string(named), {}});
    } else if (!inline_text && !words.empty()) {
      out.push_back({Invocation::Kind::file, {}, std::string(words[0]), {}});
    }
  } else if (command.written.find('/') != std::string::npos || command.written.starts_with(".\\")) {
    out.push_back({Invocation::Kind::file, {}, command.written, {}});
  }
  return out;
}

std::optional<std::string> path_in_workspace(std::string_view directory, std::string_view path) {
  const std::string_view own = without_workspace(path);
  if (own.size() != path.size()) directory = {};
  directory = without_workspace(directory);
  if (own.starts_with('/') || own.starts_with('~') || directory.starts_with('/')) return std::nullopt;
  if (!is_plain(own) || !is_plain(directory)) return std::nullopt;
  std::string joined = std::string(directory) + "/" + std::string(own);
  std::replace(joined.begin(), joined.end(), '\\', '/');
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= joined.size();) {
    const std::size_t end = std::min(joined.find('/', at), joined.size());
    const std::string_view part = std::string_view(joined).substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  std::string out;
  for (const std::string_view part : parts) out.append(out.empty() ? "" : "/").append(part);
  return out;
}

}  // namespace assay::pipeline::follow
