#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyzer/product/policy.h"

// The arithmetic of docs/scoring.md and nothing else: no database, no texts, no clock.
namespace assay::product {

// What the product holds in one dimension, all sources joined.
struct HeldPrivilege {
  std::string dimension;
  int level = 0;        // 0 … 4
  double exposure = 1;  // 0 … 1; clamped to the policy's floor
};

// One answer, audit or check. `age` is in days at the day of assessment: 0 for what this scan saw; nothing when either
// date is unknown.
struct EvidenceItem {
  std::string control, stage;
  std::string evidence_class;  // E1 E2 E3 E4 EW
  double value = 0;            // 0 fails … 1 holds; ignored for EW
  std::optional<std::int64_t> age{};
};

// Everything a score depends on besides the policy. Order and duplicates do not matter.
struct CaseFile {
  std::vector<HeldPrivilege> privileges;
  std::vector<EvidenceItem> evidence;
  std::set<std::string, std::less<>> not_applicable;  // controls whose absence the evidence confirms
  bool stop = false;                                  // a finding that stops by itself
};

struct StageBounds {
  std::string stage;
  double worst = 0, middle = 0, best = 0;
};

struct Score {
  double consequence = 0, bits = 0;
  std::map<std::string, double, std::less<>> bits_by_dimension;
  std::vector<StageBounds> stages;                        // in the policy's order
  double risk_best = 0, risk_middle = 0, risk_worst = 0;  // 0 … 100
  int tier = 3;                                           // 0 … 3
  int grade = 3;                                          // 0 A … 3 D
  int band = 0;                                           // 0 low, 1 middle, 2 high
  int gate = 0;                                           // 0 none, 1 contradiction, 2 stop
  double grade_share = 0;                                 // of the required evidence, by weight
  std::set<std::string, std::less<>> held;                // required controls held at E3 or E4, good and fresh
  std::set<std::string, std::less<>> contradicted;        // controls where a favourable answer met a failed check
  std::set<std::string, std::less<>> stopping;            // controls whose failure stops
  std::string decision;
};

// Total: any case file gives a score. Monotone as docs/scoring.md promises and tests/unit/product/properties_test.cc
// checks.
Score score(const CaseFile& file, const ScoringPolicy& policy);

// The items that count: one for each class and control, bad news kept until a newer check of the same control says
// otherwise.
std::vector<EvidenceItem> standing_evidence(std::vector<EvidenceItem> items);

// The share of its weight a favourable item of this class and age keeps.
double freshness(const EvidenceItem& item, const ScoringPolicy& policy);

}  // namespace assay::product
