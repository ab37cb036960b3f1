#pragma once

#include <memory>
#include <span>
#include <vector>

#include "analyzer/evidence/rows.h"
#include "analyzer/model/artifact.h"

namespace assay::buildlog {

// An archive of GitHub's logs holds every line twice: "3_build.txt" is the whole job, "build/1_Set up job.txt" and the
// files beside it are its steps. Returns the artifacts that are such steps, so that nothing is told twice. A step whose
// time stamps do not lie within those of the job's file is not one of them: what only it says must not be lost.
std::vector<ArtifactId> repeated_step_files(std::span<const Artifact> artifacts,
                                            std::span<const std::unique_ptr<evidence::Rows>> rows);

}  // namespace assay::buildlog
