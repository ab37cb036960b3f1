#pragma once

#include <string_view>

#include "analyzer/buildlog/transcript.h"

namespace assay::buildlog {

// Bazel's build events as JSON lines, each {"id": {KIND: …}, PAYLOAD: …} (bazelbuild/bazel, build_event_stream.proto).
// Read are `started` (the run), `progress` (what was printed), `optionsParsed` and `structuredCommandLine` (the command
// itself), `action` (command lines of actions; failed ones and those of --build_event_publish_all_actions), `fetch`,
// `testSummary` and `finished`.

// By the first bytes (8 KiB are enough): the first line is an event with the id `started` or `buildMetadata`, or any
// whose payload is named above.
bool looks_like_bazel_events(std::string_view head);
Transcript read_bazel_events(std::string_view bytes);

}  // namespace assay::buildlog
