#include "analyzer/product/policy.h"

#include <gmock/gmock.h>

#include "tests/unit/product/case.h"

namespace assay::product {
namespace {

using test::policy;
using test::source_file;

struct Texts {
  std::string privileges = source_file("rules/policies/privilege-weights.yaml");
  std::string stages = source_file("rules/policies/stage-weights.yaml");
  std::string table = source_file("rules/policies/decision-table.csv");
  std::string required = source_file("rules/policies/required-evidence.yaml");
  std::string findings = source_file("rules/policies/finding-evidence.yaml");

  Result<ScoringPolicy> read() const { return read_policy({privileges, stages, table, required, findings}); }
};

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

TEST(Policy, TheShippedOneIsComplete) {
  EXPECT_EQ(policy().dimensions.size(), 15U);
  EXPECT_EQ(policy().stages.size(), 8U);
  EXPECT_GE(policy().controls.size(), 20U);
  for (const Stage& stage : policy().stages) {
    EXPECT_TRUE(std::any_of(policy().controls.begin(), policy().controls.end(), [&](const Control& c) {
      return c.stage == stage.id;
    })) << stage.id;
  }
  for (const Dimension& dimension : policy().dimensions) EXPECT_FALSE(dimension.compensating.empty()) << dimension.id;
  EXPECT_EQ(policy().dimension("RCE")->weight, 0.80);
  EXPECT_EQ(policy().evidence.find("E4")->second.cap, 12);
}

int harshness(std::string_view decision) {
  if (decision == "BUY") return 0;
  if (decision == "BUY WITH CONDITIONS") return 1;
  if (decision == "ESCALATE") return 2;
  EXPECT_EQ(decision, "DO NOT BUY");
  return 3;
}

TEST(Policy, TheDecisionTableNeverGetsMilderWhenThingsGetWorse) {
  const auto at = [](std::size_t gate, std::size_t tier, std::size_t grade, std::size_t band) {
    return harshness(policy().decisions[gate][tier][grade][band]);
  };
  for (std::size_t gate = 0; gate < 3; ++gate) {
    for (std::size_t tier = 0; tier < 4; ++tier) {
      for (std::size_t grade = 0; grade < 4; ++grade) {
        for (std::size_t band = 0; band < 3; ++band) {
          if (gate > 0) {
            EXPECT_GE(at(gate, tier, grade, band), at(gate - 1, tier, grade, band));
          }
          if (tier > 0) {
            EXPECT_LE(at(gate, tier, grade, band), at(gate, tier - 1, grade, band));
          }
          if (grade > 0) {
            EXPECT_GE(at(gate, tier, grade, band), at(gate, tier, grade - 1, band));
          }
          if (band > 0) {
            EXPECT_GE(at(gate, tier, grade, band), at(gate, tier, grade, band - 1));
          }
          if (gate == 2) {
            EXPECT_EQ(at(gate, tier, grade, band), 3);
          }
          if (gate == 0 && tier == 3) {
            EXPECT_EQ(at(gate, tier, grade, band), 0) << "no paper for a product that can do nothing";
          }
          if (tier == 0 && grade >= 2) {
            EXPECT_GE(at(gate, tier, grade, band), 2);
          }
        }
      }
    }
  }
}

TEST(Policy, ErrorsNameFileAndPlace) {
  Texts texts;
  replace(texts.stages, "weight: 0.41", "weight: plenty");
  const auto wrong = texts.read();
  ASSERT_FALSE(wrong.has_value());
  EXPECT_THAT(wrong.error().where, testing::MatchesRegex("rules/policies/stage-weights.yaml:[0-9]+:[0-9]+"));
  EXPECT_THAT(wrong.error().message, testing::HasSubstr("weight"));
}

TEST(Policy, RefusesAnIncompleteDecisionTable) {
  Texts texts;
  replace(texts.table, "none,T2,B,low,BUY\n", "");
  ASSERT_FALSE(texts.read().has_value());
  EXPECT_THAT(texts.read().error().message, testing::HasSubstr("143"));
  Texts twice;
  replace(twice.table, "none,T2,B,low,BUY\n", "none,T2,A,low,BUY\n");
  ASSERT_FALSE(twice.read().has_value());
  EXPECT_THAT(twice.read().error().message, testing::HasSubstr("twice"));
}

TEST(Policy, RefusesNamesThatLeadNowhere) {
  Texts stage;
  replace(stage.required, "stage: SRC", "stage: SRX");
  EXPECT_FALSE(stage.read().has_value());
  Texts control;
  replace(control.findings, "control: BLD-PIPELINE", "control: BLD-PIPELIN");
  EXPECT_FALSE(control.read().has_value());
  Texts twice;
  replace(twice.required, "id: SRC-MFA", "id: SRC-REVIEW");
  EXPECT_FALSE(twice.read().has_value());
  Texts broken;
  broken.privileges = "dimensions: [";
  EXPECT_FALSE(broken.read().has_value());
}

}  // namespace
}  // namespace assay::product
