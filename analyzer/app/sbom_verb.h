#pragma once

#include <string>
#include <vector>

#include "analyzer/app/command_line.h"

namespace assay::app {

// assay sbom PATH… -o cyclonedx|spdx[=FILE]: the inventory of everything found, on standard output or into a file. The
// time in it is SOURCE_DATE_EPOCH, else the newest a document gives, else none: never the clock. Exit 0; 3 when no
// document that lists components was found; 5 with --strict when not everything could be read.
int run_sbom(const std::vector<std::string>& paths, const std::string& output, const CommonOptions& options);

// assay sbom FILE --validate: the strict verdict on one CycloneDX document, violations on standard output. Exit 0
// valid, 1 invalid, 2 when it is of a kind no verdict can be given on.
int run_sbom_validate(const std::string& path);

}  // namespace assay::app
