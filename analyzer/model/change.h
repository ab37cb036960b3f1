#pragma once

#include <string>

#include "analyzer/model/finding.h"

namespace assay {

// One difference between what was examined and what it was compared with, before anybody judges it. The words are those
// of the evidence table `drift` (docs/evidence.md). A plain value; sorted by area, kind, name and place in a report.
struct Change {
  std::string area;       // component | source | log
  std::string kind;       // added, version-up, capability-gained, new-host, …
  std::string name;       // package, capability, host, …
  std::string ecosystem;  // purl type or language, "" when none
  std::string was;        // "" when there was none
  std::string now;
  std::string step;  // major | minor | patch | smaller | ""
  std::string path;  // component: names from the subject to it; source: file; log: step
  std::string detail;
  std::string explained;  // log: yes | no | "" when it was not examined
  Location at;
  Location before;  // path "" when there is nothing on the other side
};

}  // namespace assay
