#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/recognise.h"

// Any bytes are a log: the reader must end, and every place it names must be a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Artifact artifact{.id = artifact_id(1, 0), .path = "build.log", .kind = ArtifactKind::build_log, .size = size};
  evidence::Rows rows(artifact.id);
  buildlog::looks_like_build_log(bytes);
  buildlog::read_build_log({artifact, bytes}, rows);
  for (const evidence::LocationRow& row : rows.location) {
    const bool forward = row.end_line > row.line || (row.end_line == row.line && row.end_column >= row.column);
    if (row.line < 0 || row.column < 0 || !forward) std::abort();
  }
  return 0;
}
