#include "analyzer/app/readers.h"

#include "analyzer/buildlog/binary_log.h"
#include "analyzer/buildlog/build_log.h"
#include "analyzer/buildlog/command_run.h"
#include "analyzer/buildlog/recognise.h"
#include "analyzer/buildlog/transcript.h"
#include "analyzer/pipeline/github/workflow.h"
#include "analyzer/pipeline/gitlab/pipeline.h"
#include "analyzer/pipeline/others/readers.h"
#include "analyzer/pipeline/updates/updaters.h"
#include "analyzer/product/privilege_manifests.h"
#include "analyzer/product/product_file.h"
#include "analyzer/provenance/attestation.h"
#include "analyzer/provenance/json_signature.h"
#include "analyzer/provenance/xml_signature.h"
#include "analyzer/source/binary.h"
#include "analyzer/source/c_family.h"
#include "analyzer/source/source_file.h"
#include "sbom-import/binary_packages.h"
#include "sbom-import/lockfiles.h"
#include "sbom-import/readers.h"
#include "sbom-import/recognise.h"

namespace assay::app {
namespace {

constexpr std::size_t head_size = 8192;

bool may_be_a_document(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::text &&
         (artifact.language == Language::none || artifact.language == Language::json ||
          artifact.language == Language::xml || artifact.language == Language::yaml);
}

bool may_be_a_log(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::text && artifact.language == Language::none;
}

ReadOutcome read_kind(const intake::Input& input, evidence::Rows& rows, const provenance::TrustedKeys* keys,
                      const buildlog::Transcript* said) {
  switch (input.artifact.kind) {
    case ArtifactKind::github_workflow:
      return pipeline::github::read_github_workflow(input, rows);
    case ArtifactKind::github_action:
      return pipeline::github::read_github_action(input, rows);
    case ArtifactKind::dependabot_config:
      return pipeline::updates::read_dependabot(input, rows);
    case ArtifactKind::pre_commit_config:
      return pipeline::updates::read_pre_commit(input, rows);
    case ArtifactKind::ci_definition:
      return pipeline::others::read_ci_definition(input, rows);
    case ArtifactKind::dockerfile:
      return pipeline::others::read_dockerfile(input, rows);
    case ArtifactKind::gitlab_pipeline:
      return pipeline::gitlab::read_gitlab_pipeline(input, rows);
    case ArtifactKind::codeowners:
      return pipeline::updates::read_codeowners(input, rows);
    case ArtifactKind::build_log:
      return said != nullptr ? buildlog::read_build_log(*said, rows) : buildlog::read_build_log(input, rows);
    case ArtifactKind::cyclonedx: {
      ReadOutcome outcome = sbom::read_cyclonedx(input, rows);
      outcome.merge(provenance::read_json_signatures(input, rows, keys));
      outcome.merge(provenance::read_xml_signatures(input, rows, keys));
      return outcome;
    }
    case ArtifactKind::spdx:
      return sbom::read_spdx(input, rows);
    case ArtifactKind::npm_lock:
      return sbom::read_package_lock(input, rows);
    case ArtifactKind::npm_manifest:
      return sbom::read_package_json(input, rows);
    case ArtifactKind::pip_requirements:
      return sbom::read_pip_requirements(input, rows);
    case ArtifactKind::attestation: {
      ReadOutcome outcome = provenance::read_attestation(input, rows, keys);
      if (said != nullptr) outcome.merge(buildlog::read_build_log(*said, rows));
      return outcome;
    }
    case ArtifactKind::product:
      return product::read_product(input, rows);
    case ArtifactKind::privilege_manifest:
      return product::read_privilege_manifest(input, rows);
    case ArtifactKind::binary: {
      ReadOutcome outcome = source::read_binary(input, rows);
      outcome.merge(sbom::read_binary_packages(input, rows));
      return outcome;
    }
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
  if (may_be_a_document(artifact) && provenance::looks_like_attestation(bytes))
    artifact.kind = ArtifactKind::attestation;
  const bool json = artifact.kind == ArtifactKind::text &&
                    (artifact.language == Language::json || artifact.language == Language::none);
  if (json && buildlog::looks_like_transcript(head)) artifact.kind = ArtifactKind::build_log;
  if (artifact.kind == ArtifactKind::binary && buildlog::looks_like_binary_log(head))
    artifact.kind = ArtifactKind::build_log;
  if (may_be_a_log(artifact) && buildlog::looks_like_build_log(head)) artifact.kind = ArtifactKind::build_log;
  if (artifact.kind == ArtifactKind::text || artifact.kind == ArtifactKind::source) {
    if (product::looks_like_privilege_manifest(artifact.path, head)) artifact.kind = ArtifactKind::privilege_manifest;
  }
}

ReadOutcome read(const intake::Input& input, evidence::Rows& rows, const std::string& c_worker,
                 const provenance::TrustedKeys* keys, const buildlog::Transcript* said) {
  ReadOutcome outcome = read_kind(input, rows, keys, said);
  if (input.artifact.kind != ArtifactKind::binary) outcome.merge(source::read_source_file(input, rows));
  const bool c_family = input.artifact.language == Language::c || input.artifact.language == Language::cpp;
  if (c_family && source::wants_c_parse(input.bytes))
    outcome.merge(source::read_c_family(input, rows, {.program = c_worker}));
  return outcome;
}

std::optional<buildlog::Transcript> transcript(const Artifact& artifact, std::string_view bytes) {
  if (artifact.kind == ArtifactKind::attestation) return buildlog::command_runs(bytes);
  if (artifact.kind != ArtifactKind::build_log || !buildlog::looks_like_transcript(bytes.substr(0, head_size)))
    return std::nullopt;
  return buildlog::read_transcript(bytes);
}

ReadOutcome read_content(const intake::Input& input, evidence::Rows& rows) {
  return input.artifact.kind == ArtifactKind::binary ? source::read_binary(input, rows)
                                                     : source::read_source_file(input, rows);
}

}  // namespace assay::app
