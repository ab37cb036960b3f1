#pragma once

#include <memory>
#include <string_view>

#include "analyzer/buildlog/framing.h"

namespace assay::buildlog {

// Logs that a management agent or its server keeps of itself: remote management, software distribution, endpoint
// configuration. There is no common format; read is what they have in common, a line each:
//   2021-07-02 16:30:02.004 agentmon[2180] INFO  procedure received: "Name" scope=all-machines operator=(none)
//   Jul  2 16:30:02 host agentd[77]: running command: /bin/sh -c …
//   <![LOG[Executing command line: …]LOG]!><time="16:30:02.004" date="7-2-2021" component="AgentExecutor" …>
// that is a stamp, a program with or without its number, perhaps a level, and a sentence. Of the sentence are read: a
// job that arrived (`managed-job`: name, and what was said of it as value), a command that was run for it
// (`managed-command`: program, user as version, command as value; network commands also write url-contacted), a file
// that was written (`file-written`: path) the address of an
// update that was fetched (`update-fetched`), a check that failed or was left out (`check-failed`), and the server that
// was connected to (`url-contacted`).
//
// Everything is said by a step: an agent repeats what it was told.
std::unique_ptr<Framing> make_agent_framing();

// True when most lines of `head` have such a stamp and one tells of a job or a command.
bool looks_like_agent_log(std::string_view head);

}  // namespace assay::buildlog
