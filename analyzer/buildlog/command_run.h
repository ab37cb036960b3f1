#pragma once

#include <optional>
#include <string_view>

#include "analyzer/buildlog/transcript.h"

namespace assay::buildlog {

// The commands that witness ran and recorded (in-toto/go-witness, attestation/commandrun): an in-toto statement, bare
// or in a DSSE envelope, whose predicate is a collection with attestations of type ".../command-run/v0.1": {"cmd": […],
// "stdout", "stderr", "exitcode", "processes": [{"program", "cmdline"}]}. Nothing when `document` holds none. What
// stands inside an envelope stands where its payload does.
std::optional<Transcript> command_runs(std::string_view document);

}  // namespace assay::buildlog
