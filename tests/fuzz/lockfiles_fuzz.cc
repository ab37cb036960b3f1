#include <cstddef>
#include <cstdint>
#include <iterator>

#include "sbom-import/lockfiles.h"

// The first byte chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  constexpr sbom::LockfileReader readers[] = {sbom::read_cargo_lock,    sbom::read_python_lock, sbom::read_yarn_lock,
                                              sbom::read_pnpm_lock,     sbom::read_go_sum,      sbom::read_gemfile_lock,
                                              sbom::read_composer_lock, sbom::read_pipfile_lock};
  if (size == 0) return 0;
  const Artifact artifact{.id = artifact_id(1, 0), .path = "lock"};
  evidence::Rows rows(artifact.id);
  readers[data[0] % std::size(readers)]({artifact, {reinterpret_cast<const char*>(data) + 1, size - 1}}, rows);
  return 0;
}
