#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/model/rule_info.h"

// Everything the score takes from judgement rather than evidence, read from rules/policies/. docs/scoring.md explains
// it.
namespace assay::product {

// A buyer's own measure, and the exposure of the privilege it leaves.
struct Compensation {
  std::string what;
  double exposure = 1;
};

struct Dimension {
  std::string id, title, level_4, turned;
  double weight = 0;
  std::vector<Compensation> compensating{};
};

struct Stage {
  std::string id, title, door;
  double weight = 0;
};

// How much one class of evidence counts.
struct EvidenceWeight {
  double count = 0;      // pseudo-observations of one item
  double cap = 0;        // the most the class adds to one stage
  double half_life = 0;  // days; 0: does not age
  std::map<std::string, double, std::less<>> count_by_tier{};
};

struct Control {
  std::string id, stage, title, question, contract;
  double weight = 1;
  int from = 3;                     // the least privileged tier that must answer: 0 … 3
  double half_life = 0;             // days; 0: as the class says
  bool stops = false;               // a proven failure stops the purchase
  std::string not_applicable_when;  // SQL; "" never
};

// What one kind of finding says about a control. Empty keys fit everything.
struct FailureRule {
  std::string rule;  // glob, '*' only
  std::string stage, family;
  std::optional<Severity> severity{};
  std::optional<Confidence> confidence{};
  std::string control;
  double value = 0;
  bool stops = false;
  std::string because;
};

struct CheckRule {
  std::string control, examined, failed, because;
  double value = 1;
};

// Parsed and checked: ids are unique, every control names a stage that exists, the decision table has each row exactly
// once.
struct ScoringPolicy {
  std::string version;  // of all files, joined: part of every result

  std::vector<Dimension> dimensions;
  double exposure_unknown = 1;
  double exposure_floor = 0.1;
  std::array<double, 3> tiers{};  // lowest consequence of T0, T1, T2

  std::vector<Stage> stages;
  double prior_alpha = 0, prior_beta = 0;
  double worst_quantile = 0.1, best_quantile = 0.9;
  std::map<std::string, EvidenceWeight, std::less<>> evidence;  // E1 E2 E3 E4 EW
  double undated_freshness = 0.5;
  double contradiction_factor = 0.5;
  double says_at_least = 0.75, shown_at_most = 0.25;
  std::array<double, 3> grades{};  // A, B, C at least
  double fresh_at_least = 0.5;
  std::array<double, 2> bands{};
  double stability = 0.1;

  std::vector<Control> controls;
  std::vector<FailureRule> failures;
  std::vector<CheckRule> checks;
  // [gate none|contradiction|stop][tier 0…3][grade A…D][band low|middle|high]
  std::array<std::array<std::array<std::array<std::string, 3>, 4>, 4>, 3> decisions;

  const Dimension* dimension(std::string_view id) const;
  const Stage* stage(std::string_view id) const;
  const Control* control(std::string_view id) const;
};

// The texts of the files of rules/policies/, by the name of each.
struct PolicyTexts {
  std::string_view privilege_weights, stage_weights, decision_table, required_evidence, finding_evidence;
};

// An error names the file, line and column.
Result<ScoringPolicy> read_policy(const PolicyTexts& texts);

}  // namespace assay::product
