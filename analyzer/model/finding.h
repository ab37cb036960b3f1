#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/base/position.h"
#include "analyzer/model/rule_info.h"

namespace assay {

// Where something was seen. An empty span (line 0) means the artifact as a whole.
struct Location {
  std::string path;  // Artifact::path
  Span span;
  friend bool operator==(const Location&, const Location&) = default;
};

// Whether a finding was there before what it is compared with (baseline, base revision, last night).
enum class Standing : std::uint8_t { unknown, fresh, known, gone };
std::string_view word(Standing standing);

// Why a finding is not counted. Always shown, never silently dropped.
struct Suppression {
  std::string reason;
  std::string until;   // yyyy-mm-dd; empty: no end
  std::string source;  // where the suppression stands: "baseline.json", "assay.yaml:4"
};

// One statement about the subject that a person can act on. Sorted by (path, position, rule, fingerprint) in every
// report.
struct Finding {
  std::string rule;
  Severity severity = Severity::medium;
  Confidence confidence = Confidence::medium;
  Audience audience = Audience::regular;
  std::string message;
  Location at;
  std::vector<std::pair<std::string, Location>> related;  // what each other place contributes
  std::string snippet;  // the line at `at`, at most limits::max_line_bytes_shown, not yet neutralised
  std::map<std::string, std::string> values;  // the query's other columns
  std::vector<std::string> incidents;
  std::string fingerprint;  // 32 hex digits; survives moving the line (engine/fingerprint.h)
  Standing standing = Standing::unknown;
  std::vector<Suppression> suppressions;  // empty: counts
};

}  // namespace assay
