#include <cstddef>
#include <cstdint>

#include "sbom-import/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Artifact artifact{.id = assay::artifact_id(1, 0), .path = "x.spdx"};
  assay::evidence::Rows rows(artifact.id);
  assay::sbom::read_spdx({artifact, {reinterpret_cast<const char*>(data), size}}, rows);
  return 0;
}
