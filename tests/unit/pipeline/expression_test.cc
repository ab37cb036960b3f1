#include "analyzer/pipeline/github/expression.h"

#include <gtest/gtest.h>

namespace assay::pipeline::github {
namespace {

// "name" of each access, those that do not flow in parentheses.
std::string accesses(std::string_view text) {
  std::string out;
  for (const Access& access : parse_expression(text).accesses) {
    if (!out.empty()) out += ' ';
    out += access.flows ? access.name : "(" + access.name + ")";
  }
  return out;
}

TEST(Expression, NormalisesAccesses) {
  EXPECT_EQ(accesses("github.event.issue.title"), "github.event.issue.title");
  EXPECT_EQ(accesses(" GitHub . event['Pull_Request'].title "), "github.event.pull_request.title");
  EXPECT_EQ(accesses("github.event.commits[0].message"), "github.event.commits.*.message");
  EXPECT_EQ(accesses("github.event.commits.*.author[ 'name' ]"), "github.event.commits.*.author.name");
  EXPECT_EQ(accesses("secrets[matrix.name]"), "secrets[] (matrix.name)");
  EXPECT_EQ(accesses("secrets.my_token"), "secrets.MY_TOKEN");
  EXPECT_EQ(accesses("fromJSON(secrets.A).b"), "secrets.A");
  const Expression parsed = parse_expression("  env.A || github.head_ref");
  ASSERT_EQ(parsed.accesses.size(), 2U);
  EXPECT_EQ(parsed.accesses[1].begin, 11U);
  EXPECT_EQ(parsed.accesses[1].end, 26U);
}

TEST(Expression, KnowsWhichCharactersReachTheResult) {
  EXPECT_EQ(accesses("github.head_ref == 'x'"), "(github.head_ref)");
  EXPECT_EQ(accesses("!github.head_ref"), "(github.head_ref)");
  EXPECT_EQ(accesses("contains(github.head_ref, 'x')"), "(github.head_ref)");
  EXPECT_EQ(accesses("format('{0}-{1}', env.A, toJSON(env.B))"), "env.A env.B");
  EXPECT_EQ(accesses("env.A && env.B || env.C"), "(env.A) env.B env.C");
  EXPECT_EQ(accesses("(env.A == 'x' && env.B)"), "(env.A) env.B");
  EXPECT_EQ(accesses("case(env.A, env.B, env.C)"), "(env.A) env.B env.C");
}

TEST(Expression, AcceptsTheGrammarAndNothingElse) {
  for (const std::string_view good : {"true", "-1.5e3", "0xFF", "'it''s'", "a.b-c._d", "!(a && b) || c[0].*",
                                      "contains('a', b)", "always()", "a>=1", "x.y[z.w]['q']"}) {
    EXPECT_TRUE(parse_expression(good).parsed) << good;
  }
  for (const std::string_view bad :
       {"", "a..b", "'open", "\"x\"", "a b", "a ||", "(a", "f(a,", "a[", "a.[0]", "=a", "a = b", "&&"}) {
    EXPECT_FALSE(parse_expression(bad).parsed) << bad;
  }
  EXPECT_FALSE(parse_expression(std::string(1000, '(')).parsed);
  EXPECT_FALSE(parse_expression(std::string(1000, '[')).parsed);
  EXPECT_TRUE(parse_expression("'a' == 'b'").constant);
  EXPECT_FALSE(parse_expression("failure()").constant);
}

std::vector<std::string> constant_parts(std::string_view text) {
  std::vector<std::string> out;
  for (const ConstantPart& part : parse_expression(text).constant_parts)
    out.emplace_back(text.substr(part.begin, part.end - part.begin));
  return out;
}

TEST(ConstantParts, TheLargestThatComputeSomething) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(constant_parts("format('{0} {1}', github.sha, format('{0}', true || false))"),
            Parts{"format('{0}', true || false)"});
  EXPECT_EQ(constant_parts("github[format('{0}', 'event')].x && (1 > 2)"), (Parts{"format('{0}', 'event')", "(1 > 2)"}));
  EXPECT_EQ(constant_parts("github.ref == 'x' && 'a' || ''"), Parts{});
  EXPECT_EQ(constant_parts("contains(fromJSON('[1]'), github.ref) && hashFiles('x') == ''"), Parts{});
  EXPECT_EQ(constant_parts("true && false"), Parts{});  // the whole is constant
}

TEST(Fences, EndOutsideStrings) {
  const std::string text = "a ${{ format('}}', x) }} b ${{ y }} ${{ open";
  const std::vector<Fence> fences = find_fences(text);
  ASSERT_EQ(fences.size(), 3U);
  EXPECT_EQ(text.substr(fences[0].begin, fences[0].end - fences[0].begin), " format('}}', x) ");
  EXPECT_EQ(text.substr(fences[1].outer_begin, fences[1].outer_end - fences[1].outer_begin), "${{ y }}");
  EXPECT_TRUE(fences[1].closed);
  EXPECT_FALSE(fences[2].closed);
}

}  // namespace
}  // namespace assay::pipeline::github
