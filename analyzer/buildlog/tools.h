#pragma once

#include <array>
#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

// A tool's way to begin a line, and who reads the rest of it. `rest` is the text after the prefix, a part of line.text.
using ToolReader = void (*)(const Line& line, std::string_view rest, Journal& journal);
struct ToolPrefix {
  std::string_view prefix;
  ToolReader read;
};

// Reads a line as the tool that printed it: looks its first characters up among all prefixes and lets every reader
// whose prefix fits write its events. Lines of no known tool cost one table look-up. Wrappers (BuildKit's "#12 3.4 ",
// Maven's "[INFO] ") are taken off once.
void read_tool_line(const Line& line, Journal& journal);

// What the tools of one family print. Each function returns a table that lives as long as the program.
//   node     npm, pnpm, yarn 1 and berry        packages, lifecycle scripts, publication
//   python   pip, uv, poetry, twine             packages, indexes, publication
//   native   cargo, go, gem, composer, nuget, apt, configure
//   jvm      Maven, Gradle
//   images   docker, podman, BuildKit, GitLab   images pulled and pushed
//   delivery caches, artifacts, releases
//   release  gh, changesets, lerna, dotnet, helm, cosign; apk and dnf
//   check    checksums, signatures and certificates that did not hold
//   compile  compilers and linkers (compile_lines.h)
//   test     summaries of test runs
struct ToolTable {
  const ToolPrefix* first;
  std::size_t count;
};
ToolTable node_lines();
ToolTable python_lines();
ToolTable native_lines();
ToolTable jvm_lines();
ToolTable image_lines();
ToolTable delivery_lines();
ToolTable check_lines();
ToolTable release_lines();
ToolTable compile_lines();
ToolTable test_lines();

// A package in the ecosystem's own normal form; writes the event once a step.
void package(const Line& line, std::string_view part, std::string_view kind, std::string_view ecosystem,
             std::string_view name, std::string_view version, Journal& journal);

// An image reference "host/name:tag@sha256:…": host is docker.io unless the first part says otherwise, "library/" is
// dropped.
void image(const Line& line, std::string_view reference, std::string_view digest, std::string_view kind,
           Journal& journal);

// "name@1.2.3", "@scope/name@1.2.3", "name@npm:1.2.3". False when there is no version.
bool split_at_version(std::string_view text, std::string_view& name, std::string_view& version);

// "name-1.2.3" as pip, gem and wheels write it: the version begins after the first '-' that a digit follows.
bool split_dash_version(std::string_view text, std::string_view& name, std::string_view& version);

bool starts_like_version(std::string_view text);

}  // namespace assay::buildlog
