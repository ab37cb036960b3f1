#pragma once

#include <string>
#include <string_view>
#include <vector>

// What programs do to a supply chain, by their names and arguments. For describe() of commands.h.
namespace assay::pipeline {

// The package manager whose packages the command installs, or "".
std::string installer(const std::string& program, const std::vector<std::string>& arguments);
// What it publishes: package, image, release, branch; or "".
std::string publication(const std::string& program, const std::vector<std::string>& arguments);
// The address it fetches, as written, or "".
std::string download(const std::string& program, const std::vector<std::string>& arguments);
// It executes files of the workspace. `written` is the program's word with its directory.
bool runs_workspace(const std::string& program, std::string_view written, const std::vector<std::string>& arguments);

}  // namespace assay::pipeline
