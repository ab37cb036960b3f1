#include <cstdint>

#include "analyzer/source/binary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const Artifact artifact{.id = artifact_id(1, 0), .path = "a.png", .kind = ArtifactKind::binary};
  evidence::Rows rows(artifact.id);
  source::read_binary({artifact, {reinterpret_cast<const char*>(data), size}}, rows);
  return 0;
}
