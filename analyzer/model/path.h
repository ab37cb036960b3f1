#pragma once

#include <string>
#include <vector>

#include "analyzer/model/finding.h"

namespace assay {

// One step of an attack: from one thing to the next, by what, as seen where. `observed` is false when the evidence only
// makes the step possible.
struct PathStep {
  std::string
      from_kind;  // outsider, trigger, job, secret, cache, artifact, identity, package, component, product, privilege
  std::string from;  // its name
  std::string to_kind;
  std::string to;
  std::string because;  // one sentence: the evidence that makes the step possible
  std::string control;  // what would break it
  bool observed = false;
  double cost = 1;  // relative effort for the attacker; shorter paths are likelier
  Location at;
  std::string finding;  // fingerprint of the finding behind the step, if any
};

// A way from something an outsider controls to something powerful.
struct AttackPath {
  std::string title;
  std::vector<PathStep> steps;
  std::size_t weakest = 0;  // index of the step whose repair removes the most risk for the least change
  Severity severity = Severity::high;
  std::vector<std::string> incidents;
  std::string fingerprint;
};

}  // namespace assay
