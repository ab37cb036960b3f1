#pragma once

#include <string_view>

namespace assay::buildlog {

// The CI system whose framing a log has. `plain` is a log without framing of its own.
enum class System {
  github,
  azure,
  gitlab,
  travis,
  buildkite,
  jenkins,
  mock,
  agent,
  circleci,
  teamcity,
  buildkit,
  drone,
  msbuild,
  bazel,
  witness,
  plain
};

// The word for it in evidence: "github", "azure", …
std::string_view word(System system);

// The system the first bytes of a log (8 KiB are enough) speak of. Never fails: `plain` when none does.
System system_of(std::string_view head);

// True when the first bytes of a file (8 KiB are enough) read like a build log of any system, by content alone:
//   GitHub Actions and Azure Pipelines  seven-digit time stamps on most lines, with a "##[" or a header line of the
//   runner `gh run view --log`                 job TAB step TAB time stamp GitLab section_start:, Travis travis_fold:,
//   Buildkite ESC _bk;t=, Jenkins [Pipeline], mock and sbuild headers plain logs                          two different
//   lines that package managers print (pip, npm, maven, gradle, cargo, …)
// Pure, no allocation; a text that merely mentions such a line in prose is not one.
bool looks_like_build_log(std::string_view head);

// Length of the "JOB TAB STEP TAB" that `gh run view --log` puts before each time stamp; 0 when it is not there.
std::size_t gh_prefix(std::string_view line);

// The time stamp "2022-05-13T18:52:42.8183210Z" at the front of a line, "" when there is none.
std::string_view leading_stamp(std::string_view line);

}  // namespace assay::buildlog
