#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/provenance/xml_signature.h"

// Any bytes: the reader must end, and nothing is verified with keys nobody gave.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Artifact artifact{.id = artifact_id(1, 0), .path = "bom.xml", .kind = ArtifactKind::cyclonedx, .size = size};
  evidence::Rows rows(artifact.id);
  provenance::read_xml_signatures({artifact, bytes}, rows, nullptr);
  for (const evidence::SignatureRow& row : rows.signature) {
    if (row.verified != evidence::Tri::not_examined) std::abort();
  }
  return 0;
}
