#include <cstdint>
#include <string_view>

#include "analyzer/pipeline/updates/updaters.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::Artifact artifact;
  artifact.id = assay::artifact_id(1, 0);
  assay::evidence::Rows rows(artifact.id);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size == 0) return 0;
  const std::string_view text = bytes.substr(1);
  if (data[0] % 3 == 0) (void)assay::pipeline::updates::read_dependabot({artifact, text}, rows);
  if (data[0] % 3 == 1) (void)assay::pipeline::updates::read_pre_commit({artifact, text}, rows);
  if (data[0] % 3 == 2) (void)assay::pipeline::updates::read_codeowners({artifact, text}, rows);
  return 0;
}
