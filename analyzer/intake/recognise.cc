#include "analyzer/intake/recognise.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "analyzer/intake/archive.h"

namespace assay::intake {
namespace {

struct Suffix {
  std::string_view text;
  Language language;
};

// Sorted by text: looked up by binary search, once for each file.
constexpr std::array suffixes = {Suffix{"am", Language::make},
                                 Suffix{"bash", Language::shell},
                                 Suffix{"bat", Language::batch},
                                 Suffix{"c", Language::c},
                                 Suffix{"cc", Language::cpp},
                                 Suffix{"cjs", Language::javascript},
                                 Suffix{"cmake", Language::cmake},
                                 Suffix{"cmd", Language::batch},
                                 Suffix{"cpp", Language::cpp},
                                 Suffix{"cs", Language::csharp},
                                 Suffix{"css", Language::css},
                                 Suffix{"cts", Language::typescript},
                                 Suffix{"cxx", Language::cpp},
                                 Suffix{"go", Language::go},
                                 Suffix{"gradle", Language::groovy},
                                 Suffix{"groovy", Language::groovy},
                                 Suffix{"gyp", Language::gyp},
                                 Suffix{"gypi", Language::gyp},
                                 Suffix{"h", Language::c},
                                 Suffix{"hh", Language::cpp},
                                 Suffix{"hpp", Language::cpp},
                                 Suffix{"htm", Language::html},
                                 Suffix{"html", Language::html},
                                 Suffix{"hxx", Language::cpp},
                                 Suffix{"java", Language::java},
                                 Suffix{"js", Language::javascript},
                                 Suffix{"json", Language::json},
                                 Suffix{"jsonc", Language::json},
                                 Suffix{"jsx", Language::javascript},
                                 Suffix{"kt", Language::kotlin},
                                 Suffix{"kts", Language::kotlin},
                                 Suffix{"lua", Language::lua},
                                 Suffix{"m4", Language::m4},
                                 Suffix{"markdown", Language::markdown},
                                 Suffix{"md", Language::markdown},
                                 Suffix{"mdc", Language::markdown},
                                 Suffix{"mjs", Language::javascript},
                                 Suffix{"mk", Language::make},
                                 Suffix{"mts", Language::typescript},
                                 Suffix{"php", Language::php},
                                 Suffix{"pl", Language::perl},
                                 Suffix{"pm", Language::perl},
                                 Suffix{"ps1", Language::powershell},
                                 Suffix{"psm1", Language::powershell},
                                 Suffix{"pth", Language::python},
                                 Suffix{"py", Language::python},
                                 Suffix{"pyi", Language::python},
                                 Suffix{"pyw", Language::python},
                                 Suffix{"rake", Language::ruby},
                                 Suffix{"rb", Language::ruby},
                                 Suffix{"rs", Language::rust},
                                 Suffix{"sh", Language::shell},
                                 Suffix{"sql", Language::sql},
                                 Suffix{"toml", Language::toml},
                                 Suffix{"ts", Language::typescript},
                                 Suffix{"tsx", Language::typescript},
                                 Suffix{"xml", Language::xml},
                                 Suffix{"yaml", Language::yaml},
                                 Suffix{"yml", Language::yaml},
                                 Suffix{"zsh", Language::shell}};

static_assert(std::is_sorted(suffixes.begin(), suffixes.end(),
                             [](const Suffix& a, const Suffix& b) { return a.text < b.text; }));

Language language_of_suffix(std::string_view name) {
  const std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos || name.size() - dot > 10) return Language::none;
  std::array<char, 10> lower{};
  const std::string_view suffix = name.substr(dot + 1);
  for (std::size_t i = 0; i < suffix.size(); ++i) {
    const char c = suffix[i];
    lower[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view key(lower.data(), suffix.size());
  const auto* const found = std::lower_bound(suffixes.begin(), suffixes.end(), key,
                                             [](const Suffix& a, std::string_view b) { return a.text < b; });
  return found != suffixes.end() && found->text == key ? found->language : Language::none;
}

Language language_of_first_line(std::string_view head) {
  if (!head.starts_with("#!")) return Language::none;
  const std::string_view line = head.substr(0, head.find('\n'));
  const auto names = [&](std::string_view word) { return line.find(word) != std::string_view::npos; };
  if (names("python")) return Language::python;
  if (names("node") || names("deno") || names("bun")) return Language::javascript;
  if (names("ruby")) return Language::ruby;
  if (names("perl")) return Language::perl;
  if (names("php")) return Language::php;
  if (names("pwsh")) return Language::powershell;
  if (names("sh")) return Language::shell;
  return Language::none;
}

// One pass over the directories of the path: what the place says about the file.
Role roles_of_place(std::string_view path) {
  Role roles = Role::none;
  std::size_t begin = 0;
  while (true) {
    const std::size_t slash = path.find('/', begin);
    if (slash == std::string_view::npos) return roles;
    const std::string_view part = path.substr(begin, slash - begin);
    begin = slash + 1;
    switch (part.size()) {
      case 3:
        if (part == "doc" || part == "man") roles = roles | Role::documentation;
        break;
      case 4:
        if (part == "docs") roles = roles | Role::documentation;
        if (part == "test" || part == "spec") roles = roles | Role::test;
        break;
      case 5:
        if (part == "tests" || part == "specs") roles = roles | Role::test;
        break;
      case 6:
        if (part == "vendor") roles = roles | Role::vendored;
        break;
      case 7:
        if (part == "locales" || part == ".gitlab") roles = roles | (part[0] == '.' ? Role::ci : Role::locale);
        if (part == ".vscode" || part == ".cursor" || part == ".claude") roles = roles | Role::editor_config;
        if (part == ".github") roles = roles | Role::ci;
        break;
      case 8:
        if (part == "fixtures" || part == "testdata" || part == "examples" || part == "selftest")
          roles = roles | Role::test;
        if (part == ".circleci") roles = roles | Role::ci;
        break;
      case 9:
        if (part == "__tests__" || part == "test-data" || part == "test_data" || part == "testfiles" ||
            part == "testcases")
          roles = roles | Role::test;
        if (part == ".circleci") roles = roles | Role::ci;
        break;
      default:
        if (part == "node_modules" || part == "third_party" || part == "site-packages") roles = roles | Role::vendored;
        if (part == ".devcontainer") roles = roles | Role::editor_config;
        if (part == "Documentation" || part == "documentation") roles = roles | Role::documentation;
        if (part == "locale" || part == "i18n" || part == "translations") roles = roles | Role::locale;
        if (part == "selftests" || part == "__fixtures__") roles = roles | Role::test;
        break;
    }
  }
}

struct Named {
  std::string_view name;
  Language language;
  Role roles;
};

// Names that mean something wherever they stand.
constexpr Named named[] = {
    {"package.json", Language::json, Role::manifest},
    {"package-lock.json", Language::json, Role::lockfile},
    {"npm-shrinkwrap.json", Language::json, Role::lockfile},
    {"yarn.lock", Language::none, Role::lockfile},
    {"pnpm-lock.yaml", Language::yaml, Role::lockfile},
    {"bun.lock", Language::json, Role::lockfile},
    {"poetry.lock", Language::toml, Role::lockfile},
    {"uv.lock", Language::toml, Role::lockfile},
    {"Pipfile.lock", Language::json, Role::lockfile},
    {"Cargo.lock", Language::toml, Role::lockfile},
    {"Gemfile.lock", Language::none, Role::lockfile},
    {"composer.lock", Language::json, Role::lockfile},
    {"go.sum", Language::none, Role::lockfile},
    {"go.mod", Language::none, Role::manifest},
    {"Cargo.toml", Language::toml, Role::manifest},
    {"pyproject.toml", Language::toml, Role::manifest},
    {"composer.json", Language::json, Role::manifest},
    {"setup.py", Language::python, Role::install_script},
    {"__init__.py", Language::python, Role::import_time},
    {"sitecustomize.py", Language::python, Role::import_time},
    {"usercustomize.py", Language::python, Role::import_time},
    {"build.rs", Language::rust, Role::build},
    {"extconf.rb", Language::ruby, Role::install_script},
    {"binding.gyp", Language::gyp, Role::install_script},
    {"preinstall.js", Language::javascript, Role::install_script},
    {"postinstall.js", Language::javascript, Role::install_script},
    {"install.js", Language::javascript, Role::install_script},
    {"preinstall.sh", Language::shell, Role::install_script},
    {"postinstall.sh", Language::shell, Role::install_script},
    {"postinst", Language::shell, Role::install_script},
    {"preinst", Language::shell, Role::install_script},
    {"Makefile", Language::make, Role::build},
    {"makefile", Language::make, Role::build},
    {"GNUmakefile", Language::make, Role::build},
    {"CMakeLists.txt", Language::cmake, Role::build},
    {"configure", Language::shell, Role::build},
    {"configure.ac", Language::m4, Role::build},
    {"Jenkinsfile", Language::groovy, Role::ci},
    {".gitlab-ci.yml", Language::yaml, Role::ci},
    {"azure-pipelines.yml", Language::yaml, Role::ci},
    {"CLAUDE.md", Language::markdown, Role::agent_instruction},
    {"AGENTS.md", Language::markdown, Role::agent_instruction},
    {"GEMINI.md", Language::markdown, Role::agent_instruction},
    {"SKILL.md", Language::markdown, Role::agent_instruction},
    {".cursorrules", Language::markdown, Role::agent_instruction},
    {".windsurfrules", Language::markdown, Role::agent_instruction},
    {"copilot-instructions.md", Language::markdown, Role::agent_instruction},
    {"mcp.json", Language::json, Role::editor_config},
    {".mcp.json", Language::json, Role::editor_config},
    {"devcontainer.json", Language::json, Role::editor_config},
    {"ChangeLog", Language::none, Role::documentation},
};

std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

bool in_folder(std::string_view path, std::string_view folder) {
  const std::size_t at = path.find(folder);
  return at != std::string_view::npos && (at == 0 || path[at - 1] == '/');
}

bool is_ci_definition(std::string_view path, std::string_view name, bool yaml) {
  if (name == "Jenkinsfile" || name.starts_with("Jenkinsfile.") || name.ends_with(".jenkinsfile") ||
      name.ends_with(".Jenkinsfile"))
    return true;
  if (!yaml) return false;
  const std::string_view bare = name.starts_with(".") ? name.substr(1) : name;
  if (bare.starts_with("azure-pipelines") || bare.starts_with("vsts-ci") || in_folder(path, ".azure-pipelines/") ||
      in_folder(path, ".azuredevops/pipelines/"))
    return true;
  if (in_folder(path, ".tekton/") || in_folder(path, ".circleci/")) return true;
  if (in_folder(path, ".buildkite/") || in_folder(path, ".woodpecker/")) return true;
  for (const std::string_view known :
       {"travis.yml", "appveyor.yml", "drone.yml", "woodpecker.yml", "woodpecker.yaml"}) {
    if (bare == known) return true;
  }
  return bare.starts_with("bitbucket-pipelines.");
}

ArtifactKind kind_of_name(std::string_view path, std::string_view name, Language language) {
  const bool yaml = language == Language::yaml;
  if (yaml && in_folder(path, ".github/workflows/")) return ArtifactKind::github_workflow;
  if (name == "action.yml" || name == "action.yaml") return ArtifactKind::github_action;
  if (yaml && in_folder(path, ".github/") && name.starts_with("dependabot.")) return ArtifactKind::dependabot_config;
  if (name == ".pre-commit-config.yaml" || name == ".pre-commit-config.yml") return ArtifactKind::pre_commit_config;
  if (name == ".gitlab-ci.yml" || name.ends_with(".gitlab-ci.yml")) return ArtifactKind::gitlab_pipeline;
  // Where people keep what .gitlab-ci.yml includes.
  for (const std::string_view folder : {".gitlab/ci/", ".gitlab-ci/", "gitlab-ci/", "ci/gitlab/"}) {
    if (yaml && in_folder(path, folder)) return ArtifactKind::gitlab_pipeline;
  }
  if (is_ci_definition(path, name, yaml)) return ArtifactKind::ci_definition;
  if (name == "CODEOWNERS") return ArtifactKind::codeowners;
  if (name == "Dockerfile" || name == "Containerfile" || name.starts_with("Dockerfile.") ||
      name.ends_with(".Dockerfile"))
    return ArtifactKind::dockerfile;
  if (name == "package.json") return ArtifactKind::npm_manifest;
  if (name == "package-lock.json" || name == "npm-shrinkwrap.json" || name == ".package-lock.json")
    return ArtifactKind::npm_lock;
  if (name == "product.yaml" || name == "product.yml") return ArtifactKind::product;
  if (name.ends_with(".txt") &&
      (name.starts_with("requirements") || name.ends_with("requirements.txt") || in_folder(path, "requirements/"))) {
    return ArtifactKind::pip_requirements;
  }
  return ArtifactKind::unknown;
}

}  // namespace

bool looks_binary(std::string_view head) {
  head = head.substr(0, 4096);
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return false;
  return std::memchr(head.data(), 0, head.size()) != nullptr;
}

Recognised recognise_name(std::string_view path) {
  const std::string_view name = base_name(path);
  Recognised found;
  found.language = language_of_suffix(name);
  found.roles = roles_of_place(path);
  // Few names begin like one of the table; the switch spares the rest the walk.
  for (const Named& entry : named) {
    if (entry.name.size() == name.size() && entry.name == name) {
      found.language = entry.language;
      found.roles = found.roles | entry.roles;
      break;
    }
  }
  switch (found.language) {
    case Language::m4:
    case Language::make:
    case Language::cmake:
    case Language::gyp:
      found.roles = found.roles | Role::build;
      break;
    case Language::markdown:
      if (in_folder(path, ".cursor/rules/"))
        found.roles = found.roles | Role::agent_instruction;
      else if (!has(found.roles, Role::agent_instruction))
        found.roles = found.roles | Role::documentation;
      break;
    case Language::python:
      if (name.ends_with(".pth")) found.roles = found.roles | Role::import_time;
      if (name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py")
        found.roles = found.roles | Role::test;
      break;
    case Language::javascript:
    case Language::typescript:
      if (name.find(".test.") != std::string_view::npos || name.find(".spec.") != std::string_view::npos)
        found.roles = found.roles | Role::test;
      if (name.find(".min.") != std::string_view::npos) found.roles = found.roles | Role::minified;
      break;
    case Language::go:
      if (name.ends_with("_test.go")) found.roles = found.roles | Role::test;
      break;
    default:
      break;
  }
  if (name.ends_with(".po") || name.ends_with(".pot")) found.roles = found.roles | Role::locale;
  if (name.ends_with(".t")) found.roles = found.roles | Role::test;
  if (name.ends_with(".log")) found.roles = found.roles | Role::log;
  return found;
}

Recognised recognise(std::string_view path, std::string_view head) {
  Recognised found = recognise_name(path);
  const std::string_view name = base_name(path);
  if (is_archive(head)) {
    found.kind = ArtifactKind::archive;
    return found;
  }
  if (looks_binary(head)) {
    found.kind = ArtifactKind::binary;
    return found;
  }
  found.kind = kind_of_name(path, name, found.language);
  if (found.kind != ArtifactKind::unknown) return found;
  if (found.language == Language::none) found.language = language_of_first_line(head);
  switch (found.language) {
    case Language::none:
    case Language::yaml:
    case Language::json:
    case Language::toml:
    case Language::xml:
    case Language::markdown:
      found.kind = ArtifactKind::text;
      break;
    default:
      found.kind = ArtifactKind::source;
  }
  if (has(found.roles, Role::agent_instruction) || has(found.roles, Role::editor_config))
    found.kind = ArtifactKind::agent_config;
  return found;
}

}  // namespace assay::intake
