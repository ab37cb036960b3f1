// The prefiltered engine against its slow twin: random rules over random texts must give the same matches.

#include <gtest/gtest.h>

#include <random>

#include "analyzer/app/bundled.h"
#include "analyzer/match/pattern_set.h"

namespace assay::match {
namespace {

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(engine_); }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string>& fragments() {
  static const std::vector<std::string> all = {
      "curl", "eval",       "Runner.Worker", "base64",      "TOKEN", "é", "É",  " ",
      "  ",   "/proc/",     "mem",           "a",           "A",     "0", "\n", "\r\n",
      "\t",   "webhook",    "WEBHOOK",       "npm publish", "\xff",  ".", "(",  ")",
      "==",   "process.env"};
  return all;
}

std::string random_text(Random& random, std::size_t pieces) {
  std::string text;
  for (std::size_t i = 0; i < pieces; ++i) text += random.of(fragments());
  return text;
}

std::string random_expression(Random& random) {
  static const std::vector<std::string> words = {"curl",        "eval",          "base64", "Runner\\.Worker", "webhook",
                                                 "npm publish", "process\\.env", "TOKEN",  "éÉ?curl"};
  static const std::vector<std::string> glue = {".*", "\\s+", "[^\\n]{0,8}", "", "\\b", "(?:a|0)?", "(A*)"};
  std::string expression = random.chance(0.4) ? "(?i)" : "";
  if (random.chance(0.3))
    return expression + "(?:" + random.of(words) + "|" + random.of(words) + ")" + random.of(glue) + random.of(words);
  expression += random.of(words);
  for (std::size_t n = random.below(3); n > 0; --n) expression += random.of(glue) + random.of(words);
  return expression;
}

Filter random_filter(Random& random) {
  Filter filter;
  if (random.chance(0.3)) filter.languages = 1ULL << random.below(5);
  if (random.chance(0.2)) filter.roles = 1U << random.below(4);
  if (random.chance(0.2)) filter.not_roles = 1U << random.below(4);
  return filter;
}

std::string shown(const std::vector<Match>& matches) {
  std::string out;
  for (const Match& match : matches)
    out += fmt::format("[{} {}-{} '{}'] ", match.pattern, match.begin, match.end, match.capture);
  return out;
}

TEST(Agreement, PrefilteredAndNaiveFindTheSame) {
  std::size_t found = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    std::vector<Pattern> patterns;
    for (std::size_t i = 0; i < 1 + random.below(12); ++i) {
      Pattern pattern;
      pattern.rule = pattern.name = "r" + std::to_string(i);
      pattern.expression = random_expression(random);
      pattern.reach = random.chance(0.2) ? Reach::file : Reach::line;
      pattern.filter = random_filter(random);
      patterns.push_back(std::move(pattern));
    }
    const PatternSet set = std::move(PatternSet::build(std::move(patterns)).value());
    Scanner scanner(set);
    for (int round = 0; round < 4; ++round) {
      const std::string text = random_text(random, random.below(120));
      const Subject subject{static_cast<Language>(random.below(5)), static_cast<Role>(random.below(16)),
                            ArtifactKind::source};
      const std::vector<Match> slow = set.naive(text, subject);
      const std::vector<Match> fast = scanner.scan(text, subject).matches;
      ASSERT_EQ(shown(fast), shown(slow)) << "seed " << seed << " round " << round;
      found += slow.size();
    }
  }
  EXPECT_GT(found, 500U) << "the test must compare something";
}

TEST(Agreement, StoredAndBuiltPatternsFindTheSame) {
  Random random(7);
  std::vector<Pattern> patterns;
  for (int i = 0; i < 40; ++i) {
    Pattern pattern;
    pattern.rule = pattern.name = "r" + std::to_string(i);
    pattern.expression = random_expression(random);
    patterns.push_back(std::move(pattern));
  }
  const PatternSet built = std::move(PatternSet::build(std::move(patterns)).value());
  const std::string bytes = built.serialise().value();
  const PatternSet loaded = std::move(PatternSet::load(bytes).value());
  Scanner one(built);
  Scanner two(loaded);
  std::size_t found = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string text = random_text(random, 100);
    const std::vector<Match> first = one.scan(text, {}).matches;
    ASSERT_EQ(shown(first), shown(two.scan(text, {}).matches));
    found += first.size();
  }
  EXPECT_GT(found, 50U);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 97)
    EXPECT_FALSE(PatternSet::load(std::string_view(bytes).substr(0, cut)).has_value()) << cut;
}

// The real rules over texts made of their own literals.
TEST(Agreement, BundledRulesFindTheSameBothWays) {
  const engine::Bundle bundle = std::move(app::load_rules("").value());
  const PatternSet& set = bundle.patterns();
  std::vector<std::string> pieces = {" ", "\n", "(", "\"", "/", "=", "a"};
  for (const Pattern& pattern : set.patterns())
    pieces.insert(pieces.end(), pattern.literals.begin(), pattern.literals.end());
  Scanner scanner(set);
  std::size_t found = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Random random(seed);
    std::string text;
    for (int i = 0; i < 150; ++i)
      text += random.of(pieces) + (random.chance(0.5) ? " " : "") + (random.chance(0.2) ? "\n" : "");
    const Subject subject{static_cast<Language>(random.below(12)), static_cast<Role>(1U << random.below(12)),
                          random.chance(0.5) ? ArtifactKind::source : ArtifactKind::build_log};
    const std::vector<Match> slow = set.naive(text, subject);
    ASSERT_EQ(shown(scanner.scan(text, subject).matches), shown(slow)) << seed;
    found += slow.size();
  }
  EXPECT_GT(found, 100U);
}

// Measuring tells which expressions were asked, and changes no answer.
TEST(Agreement, MeasuredAndUnmeasuredFindTheSame) {
  const engine::Bundle bundle = std::move(app::load_rules("").value());
  const std::string text = "curl https://example.com/a | sh\n" + std::string(1, '\n') + "eval(atob('YQ=='))\n";
  const Subject subject{Language::shell, Role::none, ArtifactKind::source};
  Scanner plain(bundle.patterns());
  Scanner measured(bundle.patterns());
  measured.measure();
  ASSERT_EQ(shown(plain.scan(text, subject).matches), shown(measured.scan(text, subject).matches));
  EXPECT_TRUE(plain.cost().patterns.empty());
  ScanCost sum;
  sum.add(measured.cost());
  sum.add(measured.cost());
  std::uint64_t once = 0;
  std::uint64_t twice = 0;
  for (const ScanCost::OfPattern& spent : measured.cost().patterns) once += spent.confirmed;
  for (const ScanCost::OfPattern& spent : sum.patterns) twice += spent.confirmed;
  EXPECT_GT(once, 0U);
  EXPECT_EQ(twice, 2 * once);
}

TEST(RequiredLiterals, EveryMatchHoldsOne) {
  EXPECT_EQ(required_literals("curl .*\\| *bash").value(), std::vector<std::string>{"curl "});
  EXPECT_EQ(required_literals("(?i)Webhook|discord").value(), (std::vector<std::string>{"discord", "webhook"}));
  EXPECT_TRUE(required_literals("[a-z]+=\\d+").value().empty());
  EXPECT_FALSE(required_literals("(unclosed").has_value());
}

}  // namespace
}  // namespace assay::match
