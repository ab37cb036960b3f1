#pragma once

#include <string>

#include "analyzer/base/result.h"
#include "analyzer/fleet/fleet_file.h"

namespace assay::fleet {

// A digest that changes whenever anything a sweep reads of the subject may have changed: HEAD, every reference and the
// shallow list by content; files of the working tree, SBOMs and logs by path, size and change time (ctime, which unlike
// mtime nobody can set back). Reads no file contents besides git's references, so an unchanged repository costs a
// directory walk. The file system decides the walk's order, sorting removes it. Symbolic links are not followed; their
// target text counts. An Error when the clone is not there.
Result<std::string> state_of(const FleetSubject& subject);

}  // namespace assay::fleet
