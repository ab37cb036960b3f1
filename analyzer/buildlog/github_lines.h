#pragma once

#include <string>
#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

// The lines that GitHub's runner and service print themselves.

// True for the lines a job's log can begin with.
bool is_header(std::string_view body);

// True for lines that the runner prints before the first or after the last step and nowhere else.
bool runner_only(std::string_view body);

// True for what the runner still prints after "Cleaning up orphan processes".
bool allowed_at_end(std::string_view body);

// Header lines: labels, definition, runner, machine, group, secret source, called workflow, job name. Fills the run and
// writes events; false when the line is none of them.
bool read_header(const Line& line, Journal& journal);

// "'owner/name@ref' (SHA:…)" after "Download action repository ": `rest` begins after the opening quote. `key` becomes
// "owner/name@ref" in lower case. False when the line has another shape.
bool read_download(const Line& line, std::string_view rest, Journal& journal, std::string& key);

// A line of the group "Download immutable action package 'owner/name@ref'".
void read_action_package(const Line& line, std::string_view package, Journal& journal);

// "Contents: write"
void read_permission(const Line& line, Journal& journal);

// "  name: value" below "with:" or "env:" of a step.
void read_step_setting(const Line& line, bool environment, Journal& journal);

// "Terminate orphan process: pid (12) (java)"
bool read_orphan(const Line& line, Journal& journal);

// "owner/name@ref", lower case, of a heading that names an action of a repository, path within it removed; "" for any
// other heading.
std::string action_of(std::string_view heading);

// Whether the owner keeps the machine, from the runner's name and whether it showed an image of GitHub's.
evidence::Tri self_hosted(std::string_view runner, bool image_shown);

}  // namespace assay::buildlog
