#include "analyzer/app/readers.h"

#include "analyzer/source/binary.h"
#include "analyzer/source/source_file.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/readers.h"
#include "sbom-import/recognise.h"

namespace assay::app {
namespace {

constexpr std::size_t head_size = 8192;

bool may_be_a_document(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::text && (artifact.language == Language::none || artifact.language == Language::json);
}

ReadOutcome read_kind(const intake::Input& input, evidence::Rows& rows) {
  switch (input.artifact.kind) {
    case ArtifactKind::cyclonedx: return sbom::read_cyclonedx_json(input, rows);
    case ArtifactKind::spdx: return sbom::read_spdx_json(input, rows);
    case ArtifactKind::npm_lock: return sbom::read_package_lock(input, rows);
    case ArtifactKind::npm_manifest: return sbom::read_package_json(input, rows);
    case ArtifactKind::pip_requirements: return sbom::read_pip_requirements(input, rows);
    case ArtifactKind::binary: return source::read_binary(input, rows);
    default:
      if (const sbom::LockfileReader reader = sbom::lockfile_reader(input.artifact.path)) return reader(input, rows);
      return {};
  }
}

}  // namespace

void refine(Artifact& artifact, std::string_view bytes) {
  const std::string_view head = bytes.substr(0, head_size);
  if (may_be_a_document(artifact)) {
    if (const std::optional<ArtifactKind> kind = sbom::recognise_sbom(head)) artifact.kind = *kind;
  }
}

ReadOutcome read(const intake::Input& input, evidence::Rows& rows, const std::string&) {
  ReadOutcome outcome = read_kind(input, rows);
  if (input.artifact.kind != ArtifactKind::binary) outcome.merge(source::read_source_file(input, rows));
  return outcome;
}

}  // namespace assay::app
