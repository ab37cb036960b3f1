#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/pipeline/follow/followed_files.h"
#include "analyzer/pipeline/github/workflow.h"

// One text is every file: script, makefile and package.json that a fixed workflow runs.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view workflow =
      "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          ./x.sh\n          make\n          npm test\n";
  assay::Artifact artifact;
  artifact.id = assay::artifact_id(1, 0);
  assay::evidence::Rows rows(artifact.id);
  assay::pipeline::github::read_github_workflow({artifact, workflow}, rows);
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  assay::pipeline::follow::follow_files(
      [&](std::string_view) { return assay::pipeline::follow::SubjectFile{.artifact = artifact.id, .bytes = bytes}; },
      "", rows);
  return 0;
}
