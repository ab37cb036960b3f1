#pragma once

#include <string_view>

#include "analyzer/buildlog/transcript.h"

namespace assay::buildlog {

// Logs whose text stands inside JSON, message by message:
//   CircleCI, output of one step: [{"message": "…", "time": "…", "type": "out" | "err", "truncated": false}]
//   Drone: [{"pos": 0, "out": "…", "time": seconds}]; Woodpecker: [{"line": 0, "data": base64, "time": seconds}]
//   BuildKit --progress=rawjson, a line each: {"vertexes": [{"digest", "name", "error"}], "logs": [{"vertex", "data",
//   …}]}, data in base64 (moby/buildkit, client.SolveStatus)

// By the first bytes (8 KiB are enough).
bool looks_like_json_log(std::string_view head);
// Total; bounded by the caps of formats::JsonTree.
Transcript read_json_log(std::string_view bytes);

}  // namespace assay::buildlog
