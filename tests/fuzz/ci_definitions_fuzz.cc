#include <array>
#include <cstdint>
#include <string_view>

#include "analyzer/pipeline/others/readers.h"

// The first byte chooses the system.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::pipeline::others;
  constexpr std::array readers = {read_azure_pipeline, read_tekton,      read_circleci,  read_bitbucket,
                                  read_script_lists,   read_jenkinsfile, read_dockerfile};
  if (size == 0) return 0;
  assay::Artifact artifact;
  artifact.id = assay::artifact_id(1, 0);
  assay::evidence::Rows rows(artifact.id);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)readers[data[0] % readers.size()]({artifact, bytes}, rows);
  return 0;
}
