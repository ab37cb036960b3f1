#pragma once

#include <array>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"

namespace assay {

// One privilege a product holds or was given, and where that is known from (docs/scoring.md).
struct PrivilegeScore {
  std::string dimension;  // IDP, DOM, RCE, …
  std::string title;
  int level = 0;  // 0 … 4
  double weight = 0;
  double exposure = 1;               // 0.1 … 1; unknown counts as 1
  double bits = 0;                   // its share of the consequence, −log2(1 − weight·level/4·exposure)
  std::vector<std::string> reasons;  // one sentence each: "declared", "systemd unit runs as root"
  std::vector<Location> evidence;
};

// How locked one door between an attacker and the buyer is.
struct StageScore {
  std::string stage;  // SRC DEP BLD SGN DST OPS VUL RSP
  std::string title;
  double path_weight = 0;
  double worst = 0, middle = 0, best = 0;                // hygiene: 10 % bound, mean, 90 % bound
  int verified = 0, told = 0, refused = 0, unknown = 0;  // evidence items by how they are known
  std::vector<std::string> reasons;
};

struct ProductAssessment {
  std::string name, vendor, version;
  double consequence = 0;  // 0 … <1
  double consequence_bits = 0;
  double risk_best = 0, risk_middle = 0, risk_worst = 0;  // 0 … 100; an ordinal index, not a probability
  std::string tier;                                       // T0 … T3
  std::string grade;     // A … D: how much of the required evidence is fresh and checked
  std::string gate;      // none | contradiction | stop
  std::string decision;  // the word of the decision table
  std::vector<std::string> conditions;
  std::vector<std::string> reasons;
  std::vector<std::string> questions;  // for the vendor, most informative first
  std::vector<std::string> contradictions;
  std::vector<PrivilegeScore> privileges;
  std::vector<StageScore> stages;
  int checked = 0, told = 0, unanswered = 0;  // what we checked, what we were told, what nobody told us
  bool unstable = false;                      // the decision flips within ±10 % of a parameter
  std::string assessed_on;                    // date of the evidence, given by the user; never the clock
  std::string model_version;
};

}  // namespace assay
