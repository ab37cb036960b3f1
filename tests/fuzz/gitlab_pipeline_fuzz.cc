#include <cstdint>
#include <string_view>

#include "analyzer/pipeline/gitlab/pipeline.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::Artifact artifact;
  artifact.id = assay::artifact_id(1, 0);
  assay::evidence::Rows rows(artifact.id);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)assay::pipeline::gitlab::read_gitlab_pipeline({artifact, bytes}, rows);
  return 0;
}
