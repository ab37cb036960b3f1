#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/buildlog/journal.h"
#include "analyzer/buildlog/line.h"

namespace assay::buildlog {

// How a command came into the log. `script`: the CI system shows the text of a step before it runs. `toolkit`: a line
// "[command]…" of GitHub's action library. `echo`: "$ cmd". `trace`: "+ cmd" of a shell under -x.
enum class CommandSource : std::uint8_t { script, toolkit, echo, trace };

// Writes a `command` event (name: the program without path; value: the command as written), for trace and echo only
// when the program is one that fetches, runs, encodes, installs or publishes something. Network programs also write
// `url-contacted`, and a download that goes straight into an interpreter writes `remote-script`.
void read_command(const Line& line, std::string_view command, CommandSource source, Journal& journal);

// The program a command runs: assignments, sudo, env and time in front are passed over, quotes, path and ".exe" taken
// off.
std::string_view program_of(std::string_view command);

// A line that begins with "$ ", "+ " or "++ ".
void read_echoed_command(const Line& line, std::string_view text, Journal& journal);

}  // namespace assay::buildlog
