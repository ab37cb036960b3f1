// What the score promises whatever the evidence: checked on many generated case files. The generator is seeded, so a
// failure repeats.
#include <gtest/gtest.h>

#include <random>

#include "analyzer/product/assess.h"
#include "tests/unit/product/case.h"

namespace assay::product {
namespace {

using test::policy;

constexpr int rounds = 400;
constexpr double noise = 1e-9;

class Cases {
 public:
  explicit Cases(std::uint64_t seed) : engine_(seed) {}

  int below(std::size_t limit) { return static_cast<int>(engine_() % limit); }
  double share() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  const Control& control() { return policy().controls[static_cast<std::size_t>(below(policy().controls.size()))]; }

  EvidenceItem item() {
    static constexpr const char* classes[] = {"E1", "E2", "E3", "E4", "EW"};
    const Control& about = control();
    EvidenceItem out{about.id, about.stage, classes[below(5)], 0, std::nullopt};
    static constexpr double values[] = {0, 0.25, 0.5, 0.8, 1, 1};
    out.value = out.evidence_class == "EW" ? 0 : values[below(6)];
    if (below(5) > 0) out.age = below(900);
    return out;
  }

  HeldPrivilege privilege() {
    const Dimension& dimension = policy().dimensions[static_cast<std::size_t>(below(policy().dimensions.size()))];
    return {dimension.id, below(5), below(2) == 0 ? 1 : 0.1 + 0.9 * share()};
  }

  CaseFile file() {
    CaseFile out;
    for (int i = below(6) + 1; i > 0; --i) out.privileges.push_back(privilege());
    for (int i = below(40); i > 0; --i) out.evidence.push_back(item());
    return out;
  }

  template <class List>
  void shuffle(List& list) {
    std::shuffle(list.begin(), list.end(), engine_);
  }

 private:
  std::mt19937_64 engine_;
};

// check(cases, file, its score) on every generated file.
template <class Check>
void for_each_case(std::uint64_t seed, Check check) {
  Cases cases(seed);
  for (int i = 0; i < rounds && !testing::Test::HasFailure(); ++i) {
    const CaseFile file = cases.file();
    SCOPED_TRACE("case " + std::to_string(i));
    check(cases, file, score(file, policy()));
  }
}

TEST(Properties, MorePrivilegeNeverLowersAnything) {
  for_each_case(1, [](Cases& cases, CaseFile file, const Score& before) {
    HeldPrivilege& held = file.privileges[static_cast<std::size_t>(cases.below(file.privileges.size()))];
    (cases.below(2) == 0 ? held.exposure = std::min(1.0, held.exposure + cases.share())
                         : held.level = std::min(4, held.level + 1));
    const Score after = score(file, policy());
    EXPECT_GE(after.consequence, before.consequence - noise);
    EXPECT_GE(after.bits, before.bits - noise);
    EXPECT_GE(after.risk_worst, before.risk_worst - noise);
    EXPECT_GE(after.risk_middle, before.risk_middle - noise);
    EXPECT_LE(after.tier, before.tier);
  });
}

TEST(Properties, UnknownExposureIsNeverBetterThanAnyKnownOne) {
  for_each_case(2, [](Cases&, CaseFile file, const Score& known) {
    for (HeldPrivilege& held : file.privileges) held.exposure = policy().exposure_unknown;
    EXPECT_GE(score(file, policy()).risk_worst, known.risk_worst - noise);
  });
}

TEST(Properties, AGoodCheckNeverWorsensTheWorstBound) {
  for_each_case(3, [](Cases& cases, CaseFile file, const Score& before) {
    const Control& control = cases.control();
    file.evidence.push_back({control.id, control.stage, "E4", 1, cases.below(400)});
    const Score after = score(file, policy());
    EXPECT_LE(after.risk_worst, before.risk_worst + noise) << control.id;
    EXPECT_LE(after.grade, before.grade);
    EXPECT_LE(after.gate, before.gate);
  });
}

TEST(Properties, AFailedCheckNeverImprovesAnyBound) {
  for_each_case(4, [](Cases& cases, CaseFile file, const Score& before) {
    const Control& control = cases.control();
    file.evidence.push_back({control.id, control.stage, "E4", 0, cases.below(400)});
    const Score after = score(file, policy());
    EXPECT_GE(after.risk_middle, before.risk_middle - noise) << control.id;
    EXPECT_GE(after.risk_worst, before.risk_worst - noise);
    EXPECT_GE(after.risk_best, before.risk_best - noise);
    EXPECT_GE(after.grade, before.grade);
    EXPECT_GE(after.gate, before.gate);
  });
}

TEST(Properties, RefusingNeverHelps) {
  for_each_case(5, [](Cases& cases, CaseFile file, const Score& before) {
    const Control& control = cases.control();
    file.evidence.push_back({control.id, control.stage, "EW", 0, cases.below(400)});
    const Score after = score(file, policy());
    EXPECT_GE(after.risk_worst, before.risk_worst - noise) << control.id;
    EXPECT_GE(after.risk_middle, before.risk_middle - noise);
  });
}

TEST(Properties, RefusingIsNotBetterThanShowingAFailureWhereItMatters) {
  for_each_case(6, [](Cases& cases, CaseFile file, const Score&) {
    file.privileges = {{"IDP", 4, 1}};
    const Control& control = cases.control();
    std::erase_if(file.evidence, [&](const EvidenceItem& item) { return item.control == control.id; });
    CaseFile refused = file;
    refused.evidence.push_back({control.id, control.stage, "EW", 0, 0});
    static constexpr const char* classes[] = {"E1", "E2", "E3", "E4"};
    file.evidence.push_back({control.id, control.stage, classes[cases.below(4)], 0, 0});
    EXPECT_GE(score(refused, policy()).risk_worst, score(file, policy()).risk_worst - noise);
  });
}

TEST(Properties, WithdrawingAFavourableAnswerNeverHelps) {
  for_each_case(7, [](Cases& cases, CaseFile file, const Score&) {
    const Control& control = cases.control();
    // Without a failed check of the same control: taking back a lie is no withdrawal of evidence.
    std::erase_if(file.evidence, [&](const EvidenceItem& item) { return item.control == control.id; });
    static constexpr const char* classes[] = {"E1", "E2", "E3", "E4"};
    CaseFile with = file;
    with.evidence.push_back({control.id, control.stage, classes[cases.below(4)], 1, cases.below(900)});
    const Score said = score(with, policy());
    EXPECT_GE(score(file, policy()).risk_worst, said.risk_worst - noise);
    file.evidence.push_back({control.id, control.stage, "EW", 0, 0});
    EXPECT_GE(score(file, policy()).risk_worst, said.risk_worst - noise) << "and refusing instead is no better";
  });
}

TEST(Properties, OrderAndRepetitionDoNotMatter) {
  for_each_case(8, [](Cases& cases, CaseFile file, const Score& before) {
    if (!file.evidence.empty()) {
      for (int i = 0; i < 10; ++i)
        file.evidence.push_back(file.evidence[static_cast<std::size_t>(cases.below(file.evidence.size()))]);
    }
    cases.shuffle(file.evidence);
    cases.shuffle(file.privileges);
    const Score after = score(file, policy());
    EXPECT_EQ(after.risk_worst, before.risk_worst) << "to the last bit";
    EXPECT_EQ(after.risk_middle, before.risk_middle);
    EXPECT_EQ(after.risk_best, before.risk_best);
    EXPECT_EQ(after.consequence, before.consequence);
    EXPECT_EQ(after.decision, before.decision);
  });
}

TEST(Properties, AZeroLevelChangesNothing) {
  for_each_case(9, [](Cases& cases, CaseFile file, const Score& before) {
    std::set<std::string> held;
    for (const HeldPrivilege& one : file.privileges) held.insert(one.dimension);
    HeldPrivilege extra = cases.privilege();
    while (held.contains(extra.dimension)) extra = cases.privilege();
    extra.level = 0;
    file.privileges.push_back(extra);
    const Score after = score(file, policy());
    EXPECT_EQ(after.risk_worst, before.risk_worst);
    EXPECT_EQ(after.bits, before.bits);
  });
}

TEST(Properties, SplittingOnePaperIntoTenGainsNothing) {
  Cases cases(10);
  for (int i = 0; i < rounds; ++i) {
    const Stage& stage = policy().stages[static_cast<std::size_t>(cases.below(policy().stages.size()))];
    static constexpr const char* classes[] = {"E1", "E2", "E3"};
    const EvidenceItem paper{"whole", stage.id, classes[cases.below(3)], 0.5 + 0.5 * cases.share(), cases.below(1000)};
    CaseFile one{.privileges = {{"IDP", 4, 1}}, .evidence = {paper}, .not_applicable = {}};
    CaseFile ten{.privileges = {{"IDP", 4, 1}}, .evidence = {}, .not_applicable = {}};
    for (int part = 0; part < 10; ++part) {
      EvidenceItem piece = paper;
      piece.control = "part" + std::to_string(part);
      ten.evidence.push_back(piece);
    }
    EXPECT_NEAR(score(one, policy()).risk_worst, score(ten, policy()).risk_worst, noise);
    EXPECT_NEAR(score(one, policy()).risk_middle, score(ten, policy()).risk_middle, noise);
  }
}

TEST(Properties, BoundsStandInOrderAndInRange) {
  for_each_case(11, [](Cases&, const CaseFile&, const Score& one) {
    EXPECT_LE(0, one.risk_best);
    EXPECT_LE(one.risk_best, one.risk_middle + noise);
    EXPECT_LE(one.risk_middle, one.risk_worst + noise);
    EXPECT_LT(one.risk_worst, 100);
    EXPECT_LT(one.consequence, 1);
    EXPECT_FALSE(one.decision.empty());
  });
}

TEST(Properties, EveryOpenControlIsAskedExactlyOnce) {
  Cases cases(12);
  for (int i = 0; i < 10; ++i) {
    const CaseFile file = cases.file();
    const Score now = score(file, policy());
    const std::vector<std::string> open = open_controls(file, policy());
    const std::set<std::string> asked(open.begin(), open.end());
    EXPECT_EQ(asked.size(), open.size());
    for (const Control& control : policy().controls) {
      EXPECT_EQ(asked.contains(control.id), control.from >= now.tier && !now.held.contains(control.id)) << control.id;
    }
  }
}

}  // namespace
}  // namespace assay::product
