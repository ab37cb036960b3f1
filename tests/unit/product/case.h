#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "analyzer/product/policy.h"
#include "analyzer/product/score.h"

namespace assay::product::test {

inline std::string source_file(const std::string& path) {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/" + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The policy that ships.
inline const ScoringPolicy& policy() {
  static const ScoringPolicy read = [] {
    const std::string privileges = source_file("rules/policies/privilege-weights.yaml");
    const std::string stages = source_file("rules/policies/stage-weights.yaml");
    const std::string table = source_file("rules/policies/decision-table.csv");
    const std::string required = source_file("rules/policies/required-evidence.yaml");
    const std::string findings = source_file("rules/policies/finding-evidence.yaml");
    Result<ScoringPolicy> result = read_policy({privileges, stages, table, required, findings});
    EXPECT_TRUE(result.has_value()) << result.error().text();
    return result ? *result : ScoringPolicy{};
  }();
  return read;
}

// One item a stage for every stage, each under a control of its own.
inline void everywhere(CaseFile& file, const std::string& evidence_class, double value, int controls = 1) {
  for (const Stage& stage : policy().stages) {
    for (int i = 0; i < controls; ++i) {
      file.evidence.push_back({stage.id + "-X" + std::to_string(i), stage.id, evidence_class, value, 0});
    }
  }
}

}  // namespace assay::product::test
