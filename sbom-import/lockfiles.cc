#include "sbom-import/lockfiles.h"

#include <utility>

namespace assay::sbom {
namespace {

using Entry = std::pair<std::string_view, LockfileReader>;

constexpr Entry by_name[] = {
    {"Cargo.lock", read_cargo_lock},
    {"poetry.lock", read_python_lock},
    {"uv.lock", read_python_lock},
    {"pdm.lock", read_python_lock},
    {"pylock.toml", read_python_lock},
    {"Manifest.toml", read_julia_manifest},
    {"JuliaManifest.toml", read_julia_manifest},
    {"yarn.lock", read_yarn_lock},
    {"pnpm-lock.yaml", read_pnpm_lock},
    {"bun.lock", read_bun_lock},
    {"go.sum", read_go_sum},
    {"go.mod", read_go_mod},
    {"Gemfile.lock", read_gemfile_lock},
    {"gems.locked", read_gemfile_lock},
    {"Gemfile.next.lock", read_gemfile_lock},
    {"composer.lock", read_composer_lock},
    {"installed.json", read_composer_lock},
    {"Pipfile.lock", read_pipfile_lock},
    {"gradle.lockfile", read_gradle_lock},
    {"buildscript-gradle.lockfile", read_gradle_lock},
    {"mix.lock", read_mix_lock},
    {"pubspec.lock", read_pubspec_lock},
    {"Podfile.lock", read_podfile_lock},
    {"Package.resolved", read_swift_resolved},
    {".package.resolved", read_swift_resolved},
    {"conan.lock", read_conan_lock},
    {"renv.lock", read_renv_lock},
    {"packages.lock.json", read_nuget_lock},
    {"packages.config", read_nuget_config},
    {"build.sbt.lock", read_sbt_lock},
    {"pom.properties", read_pom_properties},
    {"deno.lock", read_deno_lock},
    {"lake-manifest.json", read_lake_manifest},
    {"nimble.lock", read_nimble_lock},
    {"cabal.project.freeze", read_cabal_freeze},
    {"paket.lock", read_paket_lock},
    {"rebar.lock", read_rebar_lock},
    {"environment.yml", read_conda_environment},
    {"environment.yaml", read_conda_environment},
    {"conda-lock.yml", read_conda_lock},
    {"pixi.lock", read_pixi_lock},
    {"stack.yaml.lock", read_stack_lock},
    {"pom.xml", read_pom},
    {"verification-metadata.xml", read_gradle_verification},
};
constexpr Entry by_end[] = {
    {".deps.json", read_dotnet_deps},          {".sbt.lock", read_sbt_lock},
    {"Packages.props", read_msbuild_packages}, {"packages.props", read_msbuild_packages},
    {".csproj", read_msbuild_packages},        {".fsproj", read_msbuild_packages},
    {".vbproj", read_msbuild_packages},        {".gemspec", read_gemspec},
    {".egg-info", read_python_metadata},       {".pom", read_pom},
    {".packages.lock.json", read_nuget_lock},
};
// The end of the path, folder included.
constexpr Entry by_place[] = {
    {"META-INF/MANIFEST.MF", read_jar_manifest},   {"/dpkg/status", read_dpkg_status},
    {"apk/db/installed", read_apk_installed},      {".egg-info/PKG-INFO", read_python_metadata},
    {"vendor/modules.txt", read_go_vendor},        {"EGG-INFO/PKG-INFO", read_python_metadata},
    {".dist-info/METADATA", read_python_metadata},
};

bool in_folder(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) || path.find("/" + std::string(folder)) != std::string_view::npos;
}

}  // namespace

LockfileReader lockfile_reader(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  // Inside a jar it tells how the jar was built, and what it names is not there.
  if (name == "pom.xml" && in_folder(path, "META-INF/")) return nullptr;
  for (const auto& [known, reader] : by_name) {
    if (name == known) return reader;
  }
  for (const auto& [end, reader] : by_place) {
    if (path.ends_with(end)) return reader;
  }
  for (const auto& [end, reader] : by_end) {
    if (name.size() >= end.size() && name.ends_with(end)) return reader;
  }
  if (name.ends_with(".lockfile") && in_folder(path, "gradle/dependency-locks/")) return read_gradle_lock;
  if (name.ends_with(".json") && in_folder(path, "conda-meta/") && name != "history") return read_conda_meta;
  if (in_folder(path, "dpkg/status.d/") && !name.ends_with(".md5sums")) return read_dpkg_status;
  return nullptr;
}

}  // namespace assay::sbom
