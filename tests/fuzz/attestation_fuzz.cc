#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/provenance/attestation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const assay::Artifact artifact{.id = assay::artifact_id(1, 0), .path = "input"};
  assay::evidence::Rows rows(artifact.id);
  assay::provenance::looks_like_attestation(bytes);
  assay::provenance::read_attestation({artifact, bytes}, rows);
  return 0;
}
