#include <cstddef>
#include <cstdint>
#include <iterator>

#include "sbom-import/lockfiles.h"

// The first byte chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  constexpr sbom::LockfileReader readers[] = {sbom::read_cargo_lock,
                                              sbom::read_python_lock,
                                              sbom::read_yarn_lock,
                                              sbom::read_pnpm_lock,
                                              sbom::read_go_sum,
                                              sbom::read_gemfile_lock,
                                              sbom::read_composer_lock,
                                              sbom::read_pipfile_lock,
                                              sbom::read_go_mod,
                                              sbom::read_gradle_lock,
                                              sbom::read_mix_lock,
                                              sbom::read_gemspec,
                                              sbom::read_pubspec_lock,
                                              sbom::read_podfile_lock,
                                              sbom::read_nuget_lock,
                                              sbom::read_dotnet_deps,
                                              sbom::read_nuget_config,
                                              sbom::read_msbuild_packages,
                                              sbom::read_conan_lock,
                                              sbom::read_bun_lock,
                                              sbom::read_swift_resolved,
                                              sbom::read_sbt_lock,
                                              sbom::read_renv_lock,
                                              sbom::read_conda_meta,
                                              sbom::read_julia_manifest,
                                              sbom::read_python_metadata,
                                              sbom::read_pom_properties,
                                              sbom::read_jar_manifest,
                                              sbom::read_dpkg_status,
                                              sbom::read_apk_installed,
                                              sbom::read_deno_lock,
                                              sbom::read_lake_manifest,
                                              sbom::read_nimble_lock,
                                              sbom::read_cabal_freeze,
                                              sbom::read_paket_lock,
                                              sbom::read_rebar_lock,
                                              sbom::read_go_vendor,
                                              sbom::read_conda_environment,
                                              sbom::read_conda_lock,
                                              sbom::read_pixi_lock,
                                              sbom::read_stack_lock,
                                              sbom::read_pom,
                                              sbom::read_gradle_verification};
  if (size == 0) return 0;
  const Artifact artifact{.id = artifact_id(1, 0), .path = "lock"};
  evidence::Rows rows(artifact.id);
  readers[data[0] % std::size(readers)]({artifact, {reinterpret_cast<const char*>(data) + 1, size - 1}}, rows);
  return 0;
}
