#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/buildlog/recognise.h"
#include "analyzer/formats/json_tree.h"

namespace assay::buildlog {

// Logs whose text does not stand in their bytes as it was printed, taken out of what they are packed in:
//   CircleCI, Drone, Woodpecker   a JSON list of messages                                        json_log.h
//   BuildKit --progress=rawjson   JSON lines, data in base64                                     json_log.h
//   Bazel's build events          JSON lines (--build_event_json_file)                           bazel_events.h
//   MSBuild's binary log          records (-bl; unpacked from gzip by intake)                    binary_log.h
//   witness command-run           a predicate, perhaps within a DSSE envelope                    command_run.h
enum class Speech : std::uint8_t {
  printed,  // what a step printed; may hold several lines
  command,  // a command line that was run
  fetched,  // an address that was fetched
};
struct Message {
  std::optional<Span> at{};  // where it stands in the file; nothing: the file as a whole
  std::string text{};
  std::string time{};
  std::int32_t step = -1;  // index of the heading of the step it belongs to, -1 when the log has none
  Speech speech = Speech::printed;
};
struct Transcript {
  System system = System::plain;
  std::vector<Message> messages;      // in the order of the file
  std::vector<std::string> headings;  // of steps
  std::string run;                    // identifier of the run
  std::vector<std::string> gaps;      // what could not be taken out, one sentence each

  // Begins a step and returns its index.
  std::int32_t add_heading(std::string_view heading);
};

// By the first bytes (8 KiB are enough). A witness statement is none: it is an attestation first (command_run.h).
bool looks_like_transcript(std::string_view head);
// Total; bounded by the caps of formats::JsonTree and base/limits.h.
Transcript read_transcript(std::string_view bytes);

// All that a transcript says as one text, and where each line of it stands: what patterns are matched against.
struct Spoken {
  std::string text;
  std::vector<formats::TranscribedPlace> places;

  Span span(std::size_t begin) const;
};
Spoken spoken(const Transcript& transcript);

}  // namespace assay::buildlog
