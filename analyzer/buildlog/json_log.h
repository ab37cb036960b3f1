#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/buildlog/recognise.h"

namespace assay::buildlog {

// Logs whose text stands inside JSON:
//   CircleCI, output of one step: [{"message": "…", "time": "…", "type": "out" | "err", "truncated": false}]
//   BuildKit --progress=rawjson, a line each: {"vertexes": [{"digest", "name", "error"}], "logs": [{"vertex", "data",
//   …}]}, data in base64 (moby/buildkit, client.SolveStatus)
struct JsonMessage {
  Span at;           // the JSON string
  std::string text;  // what was printed; may hold several lines
  std::string time;
  std::string step;  // name of the vertex, "" for CircleCI
};
struct JsonLog {
  System system = System::plain;
  std::vector<JsonMessage> messages;  // in the order of the file
  bool complete = true;               // false when the JSON is not well-formed or CircleCI says it was cut
};

// By the first bytes (8 KiB are enough).
bool looks_like_json_log(std::string_view head);
// Total; bounded by the caps of formats::JsonTree.
JsonLog read_json_log(std::string_view bytes);

}  // namespace assay::buildlog
