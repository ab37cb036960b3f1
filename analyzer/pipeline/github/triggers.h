#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/evidence/rows.h"

namespace assay::pipeline::github {

// What an event means for trust (docs.github.com, "Events that trigger workflows"). Not examined for workflow_call (the
// caller decides) and for events GitHub may add.
struct EventTrust {
  evidence::Tri outsider = evidence::Tri::not_examined;
  evidence::Tri privileged = evidence::Tri::not_examined;
};

// `types`: the activity types listed, empty for the default ones. Types only a maintainer causes (labeled, assigned …)
// make an event no outsider's, though its content still is.
EventTrust trust_of(std::string_view event, const std::vector<std::string>& types);

// Whether `event` delivers the payload object github.event.<object> (issue, pull_request, comment …).
bool delivers(std::string_view event, std::string_view object);

}  // namespace assay::pipeline::github
