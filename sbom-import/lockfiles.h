#pragma once

#include <optional>
#include <string_view>

#include "analyzer/evidence/rows.h"
#include "analyzer/intake/input.h"
#include "analyzer/model/artifact.h"

// Lockfiles beyond npm's own, one reader each, all by the contract of analyzer/intake/input.h. What each gives: the
// packages with exact versions, where they come from, and their digests where the format has any.
namespace assay::sbom {

// Cargo.lock; poetry.lock, uv.lock, pdm.lock and pylock.toml.
ReadOutcome read_cargo_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_python_lock(const intake::Input&, evidence::Rows&);
// yarn.lock, classic and Berry.
ReadOutcome read_yarn_lock(const intake::Input&, evidence::Rows&);
// pnpm-lock.yaml, lockfileVersion 5 to 9.
ReadOutcome read_pnpm_lock(const intake::Input&, evidence::Rows&);
// go.sum. A module of which only the go.mod was needed is left out.
ReadOutcome read_go_sum(const intake::Input&, evidence::Rows&);
ReadOutcome read_gemfile_lock(const intake::Input&, evidence::Rows&);
// composer.lock and Pipfile.lock (JSON).
ReadOutcome read_composer_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_pipfile_lock(const intake::Input&, evidence::Rows&);

// Manifest.toml of Julia.
ReadOutcome read_julia_manifest(const intake::Input&, evidence::Rows&);
ReadOutcome read_go_mod(const intake::Input&, evidence::Rows&);
ReadOutcome read_gradle_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_mix_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_gemspec(const intake::Input&, evidence::Rows&);
ReadOutcome read_pubspec_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_podfile_lock(const intake::Input&, evidence::Rows&);
// packages.lock.json, NAME.deps.json, packages.config; Directory.Packages.props and project files of MSBuild.
ReadOutcome read_nuget_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_dotnet_deps(const intake::Input&, evidence::Rows&);
ReadOutcome read_nuget_config(const intake::Input&, evidence::Rows&);
ReadOutcome read_msbuild_packages(const intake::Input&, evidence::Rows&);
// JSON: conan.lock, bun.lock, Package.resolved, build.sbt.lock, renv.lock, conda-meta/NAME.json.
ReadOutcome read_conan_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_bun_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_swift_resolved(const intake::Input&, evidence::Rows&);
ReadOutcome read_sbt_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_renv_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_conda_meta(const intake::Input&, evidence::Rows&);
// JSON: deno.lock, lake-manifest.json of Lean, nimble.lock.
ReadOutcome read_deno_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_lake_manifest(const intake::Input&, evidence::Rows&);
ReadOutcome read_nimble_lock(const intake::Input&, evidence::Rows&);
// Lines: cabal.project.freeze, paket.lock, rebar.lock, vendor/modules.txt of Go.
ReadOutcome read_cabal_freeze(const intake::Input&, evidence::Rows&);
ReadOutcome read_paket_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_rebar_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_go_vendor(const intake::Input&, evidence::Rows&);
// YAML: environment.yml, conda-lock.yml, pixi.lock, stack.yaml.lock.
ReadOutcome read_conda_environment(const intake::Input&, evidence::Rows&);
ReadOutcome read_conda_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_pixi_lock(const intake::Input&, evidence::Rows&);
ReadOutcome read_stack_lock(const intake::Input&, evidence::Rows&);
// XML: pom.xml, gradle/verification-metadata.xml.
ReadOutcome read_pom(const intake::Input&, evidence::Rows&);
ReadOutcome read_gradle_verification(const intake::Input&, evidence::Rows&);
// What is installed: METADATA and PKG-INFO of Python, pom.properties and MANIFEST.MF inside jars, the databases of dpkg
// and apk. declared_in is "installed".
ReadOutcome read_python_metadata(const intake::Input&, evidence::Rows&);
ReadOutcome read_pom_properties(const intake::Input&, evidence::Rows&);
ReadOutcome read_jar_manifest(const intake::Input&, evidence::Rows&);
ReadOutcome read_dpkg_status(const intake::Input&, evidence::Rows&);
ReadOutcome read_apk_installed(const intake::Input&, evidence::Rows&);

using LockfileReader = ReadOutcome (*)(const intake::Input&, evidence::Rows&);
// The reader for a path, by its last part or, where that is not enough, its folder; nullptr when it is none of the
// above.
LockfileReader lockfile_reader(std::string_view path);

}  // namespace assay::sbom
