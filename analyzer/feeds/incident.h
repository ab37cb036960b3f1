#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace assay::feeds {

// One trace an incident left (rules/README.md lists the kinds).
struct Indicator {
  std::string kind;
  std::string subject;                // action-commit: owner/name
  std::string value;                  // package: package URL without version
  std::vector<std::string> versions;  // package only; empty with any_version
  bool any_version = false;
  std::string certainty;    // confirmed | reported | recalled
  std::string from, until;  // dates in which the value was bad, "" for no bound
};

struct Incident {
  std::string id, name, date, certainty, summary, lesson;
  bool privileged_product = false;
  std::vector<std::string> stages, ecosystems, families, attack, advisories, sources;
  std::vector<Indicator> indicators;
};

// Reads one file of rules/incidents. Every error names file, line and column.
struct IncidentReading {
  Incident incident;
  std::vector<Error> errors;
};
IncidentReading read_incident(std::string_view text, const std::string& path);

}  // namespace assay::feeds
