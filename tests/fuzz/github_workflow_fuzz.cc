#include <cstdint>
#include <string_view>

#include "analyzer/pipeline/github/workflow.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::Artifact artifact;
  artifact.id = assay::artifact_id(1, 0);
  assay::evidence::Rows rows(artifact.id);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)assay::pipeline::github::read_github_workflow({artifact, bytes}, rows);
  return 0;
}
