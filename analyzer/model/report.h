#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/artifact.h"
#include "analyzer/model/change.h"
#include "analyzer/model/finding.h"
#include "analyzer/model/path.h"
#include "analyzer/model/product.h"
#include "analyzer/model/rule_info.h"

namespace assay {

// What one stage or one rule cost. `peak_bytes` is the most memory the process has ever held by the end of the stage;
// 0: not measured.
struct Timing {
  std::string name;
  double seconds = 0;
  std::uint64_t peak_bytes = 0;
  friend bool operator==(const Timing&, const Timing&) = default;
};

// What decides the exit code, in one place. The format of the report never changes it.
struct Verdict {
  int exit_code =
      0;  // 0 nothing at or above the threshold · 1 findings · 3 nothing to examine · 5 incomplete under --strict
  std::string threshold;         // the --fail-on word
  std::string sentence;          // what a person needs to know first
  std::array<int, 5> counted{};  // findings that count, by Severity
  int suppressed = 0;
  int suppressed_by_subject = 0;  // by files inside the scanned tree: the attacker may have written them
};

struct CoverageLine {
  std::string path;
  ArtifactKind kind = ArtifactKind::unknown;
  Coverage coverage = Coverage::read;
  std::string reason;
};

// Everything a report may show: sorted, final, without a trace of how it was found. Reports see only this.
struct Report {
  std::string assay_version;
  std::string verb;                      // scan, gate, review, …
  std::string subject;                   // what was examined, as the user named it
  std::string compared_with;             // gate: the base revision
  std::string rules_digest;              // of the rule bundle
  std::string known_date, known_digest;  // of the knowledge database
  std::vector<RuleInfo> rules;           // that have findings here, sorted by id
  std::size_t rules_applied = 0;
  std::vector<std::string> rules_skipped;  // "id: why"
  std::vector<Finding> findings;           // sorted; suppressed ones included
  std::vector<AttackPath> paths;           // worst first
  std::vector<Change> changes;             // gate and diff: what differs, judged or not; sorted
  std::optional<ProductAssessment> product;
  std::vector<CoverageLine> not_fully_read;  // sorted by path
  std::map<std::string, std::size_t> inputs_by_kind;
  std::size_t inputs = 0;
  std::uint64_t bytes = 0;
  std::vector<Timing> timings;  // only with --stats; never part of a comparison
  Verdict verdict;
};

}  // namespace assay
