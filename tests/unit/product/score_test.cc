#include "analyzer/product/score.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/product/case.h"

namespace assay::product {
namespace {

using test::everywhere;
using test::policy;

// Risk of the stages alone, scaled by a consequence: [best, middle, worst], rounded as published.
std::vector<int> risk(CaseFile file, double consequence) {
  // A policy whose only dimension has exactly this consequence.
  ScoringPolicy one = policy();
  one.dimensions = {{.id = "IDP", .title = "", .level_4 = "", .turned = "", .weight = consequence}};
  file.privileges = {{"IDP", 4, 1}};
  const Score result = score(file, one);
  return {static_cast<int>(std::lround(result.risk_best)), static_cast<int>(std::lround(result.risk_middle)),
          static_cast<int>(std::lround(result.risk_worst))};
}

using Triple = std::vector<int>;

TEST(Score, ReproducesThePrototypeOfTheModel) {
  constexpr double orion = 0.96;
  constexpr double notepad = 0.31;
  EXPECT_EQ(risk({}, orion), (Triple{28, 63, 78}));
  EXPECT_EQ(risk({}, notepad), (Triple{9, 20, 25}));

  CaseFile refused;
  everywhere(refused, "EW", 0);
  EXPECT_EQ(risk(refused, orion), (Triple{70, 76, 79}));

  CaseFile told;
  everywhere(told, "E1", 1, 8);
  EXPECT_EQ(risk(told, orion).back(), 75);

  CaseFile signed_paper;
  everywhere(signed_paper, "E2", 1, 8);
  EXPECT_EQ(risk(signed_paper, orion).back(), 70);

  CaseFile audited;
  everywhere(audited, "E3", 1);
  EXPECT_EQ(risk(audited, orion), (Triple{10, 38, 62}));

  CaseFile paper;
  for (const char* name : {"E1", "E2", "E3"}) everywhere(paper, name, 1, 4);
  EXPECT_EQ(risk(paper, orion), (Triple{7, 29, 51}));

  CaseFile checked;
  everywhere(checked, "E4", 1, 2);
  EXPECT_EQ(risk(checked, orion), (Triple{2, 13, 25}));

  CaseFile failed;
  everywhere(failed, "E4", 0);
  EXPECT_EQ(risk(failed, orion), (Triple{70, 76, 79}));

  CaseFile bad_channel = checked;
  std::erase_if(bad_channel.evidence, [](const EvidenceItem& item) { return item.stage == "DST"; });
  bad_channel.evidence.push_back({"DST-X0", "DST", "E4", 0, 0});
  EXPECT_EQ(risk(bad_channel, orion), (Triple{32, 42, 50}));
}

TEST(Score, TwoContradictionsWeakenEverySignedStatement) {
  CaseFile file;
  everywhere(file, "E2", 1);
  const double before =
      score({.privileges = {{"IDP", 4, 1}}, .evidence = file.evidence, .not_applicable = {}}, policy()).risk_worst;
  file.privileges = {{"IDP", 4, 1}};
  file.evidence.push_back({"RSP-X0", "RSP", "E4", 0, 0});
  file.evidence.push_back({"SGN-X0", "SGN", "E4", 0, 0});
  const Score after = score(file, policy());
  EXPECT_EQ(after.contradicted, (std::set<std::string, std::less<>>{"RSP-X0", "SGN-X0"}));
  EXPECT_GT(after.risk_worst, before);
  EXPECT_EQ(after.gate, 1) << "the statements were binding and the product is T0";
  // A stage without any contradiction of its own: one signed yes at a quarter of its weight.
  EXPECT_NEAR(after.stages[0].middle, (0.7 + 0.25) / (2 + 0.25), 1e-12);
}

// Levels as an informed buyer would code them; the reference states the order and C, not the levels.
double consequence(std::vector<HeldPrivilege> privileges) {
  return score({.privileges = std::move(privileges), .evidence = {}, .not_applicable = {}}, policy()).consequence;
}

TEST(Score, OrdersProductsByWhatTheyCouldDo) {
  const double identity = consequence({{"IDP", 4, 1}, {"DOM", 3, 1}, {"SEC", 3, 1}, {"API", 4, 1}, {"MTN", 3, 1}});
  const double remote_management =
      consequence({{"RCE", 4, 1}, {"AGT", 4, 1}, {"MTN", 4, 1}, {"DOM", 3, 1}, {"UPD", 3, 1}, {"SUP", 4, 1}});
  const double backup = consequence({{"BKP", 4, 1}, {"HYP", 3, 1}, {"DAT", 4, 1}, {"DOM", 2, 1}});
  const double hypervisor = consequence({{"HYP", 4, 1}, {"DAT", 2, 1}, {"BKP", 1, 1}});
  const double firewall = consequence({{"NET", 4, 1}, {"KRN", 1, 1}, {"UPD", 1, 1}});
  const double phone = consequence({{"UPD", 4, 1}, {"DAT", 1, 1}, {"AGT", 1, 1}});
  const double editor = consequence({{"UPD", 3, 1}});
  const double viewer = consequence({{"DAT", 1, 1}});
  const double theme = consequence({{"DAT", 0, 1}});
  EXPECT_GT(identity, 0.95);
  EXPECT_GT(identity, backup);
  EXPECT_GT(remote_management, backup);
  EXPECT_GT(backup, hypervisor);
  EXPECT_GT(hypervisor, firewall);
  EXPECT_GT(firewall, phone);
  EXPECT_GT(phone, editor);
  EXPECT_GT(editor, viewer);
  EXPECT_NEAR(viewer, 0.0875, 1e-12) << "published as .088";
  EXPECT_EQ(theme, 0);
}

TEST(Score, BitsAddUpAndAgreeWithTheConsequence) {
  const Score one = score(
      {.privileges = {{"IDP", 4, 1}, {"DOM", 3, 1}, {"UPD", 2, 0.5}}, .evidence = {}, .not_applicable = {}}, policy());
  double sum = 0;
  for (const auto& [dimension, bits] : one.bits_by_dimension) sum += bits;
  EXPECT_NEAR(sum, one.bits, 1e-12);
  EXPECT_NEAR(one.consequence, 1 - std::exp2(-one.bits), 1e-12);
}

TEST(Score, TiersBeginAtTheirThresholds) {
  EXPECT_EQ(score({.privileges = {{"IDP", 4, 1}}, .evidence = {}, .not_applicable = {}}, policy()).tier, 0);
  EXPECT_EQ(score({.privileges = {{"SEC", 4, 1}}, .evidence = {}, .not_applicable = {}}, policy()).tier, 1);
  EXPECT_EQ(score({.privileges = {{"UPD", 4, 1}}, .evidence = {}, .not_applicable = {}}, policy()).tier, 2);
  EXPECT_EQ(score({.privileges = {{"DAT", 4, 1}}, .evidence = {}, .not_applicable = {}}, policy()).tier, 3);
}

TEST(Score, AProductWithoutPrivilegesIsBoughtWithoutPaper) {
  const Score result = score({.privileges = {{"DAT", 1, 1}}, .evidence = {}, .not_applicable = {}}, policy());
  EXPECT_EQ(result.grade, 3);
  EXPECT_EQ(result.decision, "BUY");
}

TEST(Score, FavourablePaperAgesAndFailuresDoNot) {
  const EvidenceItem fresh{"SRC-X", "SRC", "E2", 1, 0};
  EvidenceItem old = fresh;
  old.age = 365;
  EXPECT_EQ(freshness(fresh, policy()), 1);
  EXPECT_NEAR(freshness(old, policy()), 0.5, 1e-12);
  old.age.reset();
  EXPECT_EQ(freshness(old, policy()), policy().undated_freshness);
  EvidenceItem sbom{"DEP-SBOM", "DEP", "E4", 1, 90};
  EXPECT_NEAR(freshness(sbom, policy()), 0.5, 1e-12) << "a parts list ages even when checked";
  EXPECT_EQ(freshness({"BLD-PIPELINE", "BLD", "E4", 1, 4000}, policy()), 1);
  const auto hygiene = [](EvidenceItem item) {
    return score({.privileges = {{"IDP", 4, 1}}, .evidence = {std::move(item)}, .not_applicable = {}}, policy())
        .stages[0]
        .middle;
  };
  EXPECT_EQ(hygiene({"SRC-X", "SRC", "E3", 0, 0}), hygiene({"SRC-X", "SRC", "E3", 0, 2000}));
}

TEST(Score, BadNewsStaysUntilANewerCheck) {
  const EvidenceItem failed{"BLD-PIPELINE", "BLD", "E4", 0, 100};
  const EvidenceItem older{"BLD-PIPELINE", "BLD", "E4", 1, 200};
  const EvidenceItem newer{"BLD-PIPELINE", "BLD", "E4", 1, 10};
  const EvidenceItem same_day{"BLD-PIPELINE", "BLD", "E4", 1, 100};
  EXPECT_EQ(standing_evidence({older, failed}).front().value, 0);
  EXPECT_EQ(standing_evidence({same_day, failed}).front().value, 0);
  EXPECT_EQ(standing_evidence({failed, newer}).front().value, 1);
  const EvidenceItem undated{"BLD-PIPELINE", "BLD", "E4", 0, {}};
  EXPECT_EQ(standing_evidence({undated, newer}).front().value, 0) << "bad news without a date counts as new";
  const EvidenceItem refused{"BLD-PIPELINE", "BLD", "EW", 0, 50};
  EXPECT_EQ(standing_evidence({refused, newer}).size(), 1U) << "we looked ourselves since";
  EXPECT_EQ(standing_evidence({refused, older}).size(), 2U);
}

TEST(Score, StopsOnlyWhereTheControlSaysSo) {
  CaseFile file{.privileges = {{"DAT", 1, 1}}, .evidence = {{"VUL-SUPPORT", "VUL", "E1", 0, 0}}, .not_applicable = {}};
  EXPECT_EQ(score(file, policy()).decision, "DO NOT BUY") << "an admission is evidence";
  file.evidence = {{"VUL-TESTING", "VUL", "E4", 0, 0}};
  EXPECT_EQ(score(file, policy()).gate, 0);
  file.stop = true;
  EXPECT_EQ(score(file, policy()).decision, "DO NOT BUY");
}

// A product of the highest tier whose every required control is checked and holds.
CaseFile model_vendor() {
  CaseFile file{.privileges = {{"IDP", 4, 1}, {"RCE", 4, 1}}, .evidence = {}, .not_applicable = {}};
  for (const Control& control : policy().controls) file.evidence.push_back({control.id, control.stage, "E4", 1, 0});
  return file;
}

TEST(Score, FullEvidenceCanWinAndHalfOfItCannot) {
  const Score good = score(model_vendor(), policy());
  EXPECT_EQ(good.grade, 0);
  EXPECT_EQ(good.held.size(), policy().controls.size());
  EXPECT_THAT(good.decision, testing::AnyOf("BUY", "BUY WITH CONDITIONS"));
  CaseFile unsigned_file = model_vendor();
  for (EvidenceItem& item : unsigned_file.evidence) item.evidence_class = "E2";
  EXPECT_EQ(score(unsigned_file, policy()).decision, "ESCALATE");
}

TEST(Score, AdversarialVendorsDoNotReachBuy) {
  const std::vector<HeldPrivilege> powers = {{"IDP", 4, 1}, {"RCE", 4, 1}};
  std::vector<CaseFile> vendors;
  vendors.push_back({.privileges = powers, .evidence = {}, .not_applicable = {}});  // says nothing
  for (const char* name : {"E1", "E2", "E3"}) {                                     // only paper, of each kind
    CaseFile paper{.privileges = powers, .evidence = {}, .not_applicable = {}};
    for (const Control& control : policy().controls) paper.evidence.push_back({control.id, control.stage, name, 1, 0});
    vendors.push_back(paper);
  }
  CaseFile three_of_twenty{
      .privileges = powers, .evidence = {}, .not_applicable = {}};  // perfect where it chose to show
  for (std::size_t i = 0; i < 3; ++i)
    three_of_twenty.evidence.push_back({policy().controls[i].id, policy().controls[i].stage, "E4", 1, 0});
  vendors.push_back(three_of_twenty);
  CaseFile redactor{.privileges = powers, .evidence = {}, .not_applicable = {}};
  for (const Control& control : policy().controls) redactor.evidence.push_back({control.id, control.stage, "EW", 0, 0});
  vendors.push_back(redactor);
  CaseFile stale = model_vendor();  // everything audited, long ago
  for (EvidenceItem& item : stale.evidence) {
    item.evidence_class = "E3";
    item.age = 1500;
  }
  vendors.push_back(stale);
  CaseFile other_binary = model_vendor();  // perfect repository, but what ships is something else
  for (EvidenceItem& item : other_binary.evidence) {
    if (item.control == "BLD-SAME" || item.control == "SGN-VALID") item.value = 0;
  }
  vendors.push_back(other_binary);
  for (std::size_t i = 0; i < vendors.size(); ++i)
    EXPECT_NE(score(vendors[i], policy()).decision, "BUY") << "vendor " << i;
}

}  // namespace
}  // namespace assay::product
