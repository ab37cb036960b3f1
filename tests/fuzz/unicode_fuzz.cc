#include <cstdint>

#include "analyzer/source/unicode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size == 0) return 0;
  Artifact artifact{.id = artifact_id(1, 0), .path = "a", .kind = ArtifactKind::source};
  artifact.language = static_cast<Language>(data[0] % (static_cast<unsigned>(Language::sql) + 1));
  evidence::Rows rows(artifact.id);
  source::read_unicode({artifact, {reinterpret_cast<const char*>(data + 1), size - 1}}, rows);
  return 0;
}
