#include <cstddef>
#include <cstdint>

#include "sbom-import/binary_packages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const Artifact artifact{.id = artifact_id(1, 0), .path = "program"};
  evidence::Rows rows(artifact.id);
  sbom::read_binary_packages({artifact, {reinterpret_cast<const char*>(data), size}}, rows);
  return 0;
}
