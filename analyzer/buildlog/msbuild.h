#pragma once

#include <string_view>

namespace assay::buildlog {

// The text that MSBuild's console and file loggers write: "Build started 1/10/2026 10:00:00 AM.", then per node, as
// `     1>` before the line where several run, target headings "CoreCompile:" and below them, indented, what tasks ran
// and printed; at the end "Build succeeded." and the counts of warnings and errors.

// True for the lines such a log begins with.
bool begins_msbuild(std::string_view line);

}  // namespace assay::buildlog
