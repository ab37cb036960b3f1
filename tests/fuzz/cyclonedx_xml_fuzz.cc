#include <cstddef>
#include <cstdint>

#include "sbom-import/readers.h"
#include "sbom-import/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const assay::Artifact artifact{.id = assay::artifact_id(1, 0), .path = "bom.xml"};
  assay::evidence::Rows rows(artifact.id);
  assay::sbom::read_cyclonedx_xml({artifact, text}, rows);
  (void)assay::sbom::validate_cyclonedx(text);
  return 0;
}
