#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/product/product_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Artifact artifact{
      .id = assay::artifact_id(1, 0), .path = "product.yaml", .kind = assay::ArtifactKind::product};
  assay::evidence::Rows rows(artifact.id);
  assay::product::read_product({artifact, std::string_view(reinterpret_cast<const char*>(data), size)}, rows);
  return 0;
}
