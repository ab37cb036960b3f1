#include "analyzer/formats/makefile_rules.h"

#include <gtest/gtest.h>

namespace assay::formats {
namespace {

using Words = std::vector<std::string>;

TEST(MakefileRules, TargetsPrerequisitesAndRecipesWithTheirBytes) {
  constexpr std::string_view text =
      "CC := gcc\nall test: dep \\\n  more | order # why\n\t@echo a \\\n\t  b\n\n\t-run\nclean:: ; rm x\n";
  const std::vector<MakefileRule> rules = read_makefile_rules(text);
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].targets, (Words{"all", "test"}));
  EXPECT_EQ(rules[0].prerequisites, (Words{"dep", "more", "order"}));
  ASSERT_EQ(rules[0].recipe.size(), 2U);
  EXPECT_EQ(text.substr(rules[0].recipe[0].begin, rules[0].recipe[0].end - rules[0].recipe[0].begin),
            "echo a \\\n\t  b");
  EXPECT_EQ(text.substr(rules[0].recipe[1].begin, 3), "run");
  EXPECT_EQ(rules[1].targets, Words{"clean"});
  EXPECT_EQ(text.substr(rules[1].recipe.at(0).begin, 4), "rm x");
}

TEST(MakefileRules, AssignmentsAndVariablesOfTargetsAreNoRules) {
  EXPECT_TRUE(read_makefile_rules("A = b:c\nB ::= x\nC ?= $(shell a: b)\n").empty());
  EXPECT_TRUE(read_makefile_rules("all: CFLAGS = -O2\n\techo no\n").empty());
  EXPECT_EQ(read_makefile_rules("$(A:%.c=%.o): x\n\tcc\n").size(), 1U);
}

TEST(MakefileRules, BadInputEnds) {
  EXPECT_TRUE(read_makefile_rules("").empty());
  EXPECT_TRUE(read_makefile_rules("\tlost recipe\n:\n").empty());
  EXPECT_EQ(read_makefile_rules("a:\\").size(), 1U);
  std::string many;
  for (int i = 0; i < 30'000; ++i) many += "t:\n";
  EXPECT_EQ(read_makefile_rules(many).size(), max_makefile_rules);
}

}  // namespace
}  // namespace assay::formats
