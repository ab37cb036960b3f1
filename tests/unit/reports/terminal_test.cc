#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "reports/layout.h"
#include "reports/render.h"
#include "tests/unit/reports/sample.h"

namespace assay::reports {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const std::string& line : lines_of(text)) most = std::max(most, display_width(line));
  return most;
}

std::size_t place_of(const std::string& text, std::string_view what) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what << "\nin\n" << text;
  return at;
}

TEST(Terminal, VerdictThenPathsThenFindingsThenCoverage) {
  const std::string text = terminal(sample::repository(), {});
  const std::size_t verdict = place_of(text, "This change lets anyone");
  const std::size_t path = place_of(text, "Attack paths (1)");
  const std::size_t critical = place_of(text, "Critical (1)");
  const std::size_t medium = place_of(text, "Medium (7)");
  const std::size_t coverage = place_of(text, "Coverage ");
  EXPECT_TRUE(verdict < path && path < critical && critical < medium && medium < coverage) << text;
}

TEST(Terminal, NoLineIsWiderThanAsked) {
  for (const int width : {40, 60, 80, 132}) {
    RenderOptions options;
    options.width = width;
    for (const Report& report : {sample::repository(), sample::product(), sample::hostile_report()}) {
      EXPECT_LE(widest(terminal(report, options)), static_cast<std::size_t>(width)) << terminal(report, options);
      options.unicode = false;
      EXPECT_LE(widest(terminal(report, options)), static_cast<std::size_t>(width)) << terminal(report, options);
      options.unicode = true;
    }
  }
}

TEST(Terminal, CaretStandsUnderTheSpan) {
  const std::vector<std::string> lines = lines_of(terminal(sample::repository(), {}));
  std::size_t checked = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const std::size_t at = lines[i].find("\"${{ github.event.issue.title }}");
    if (at == std::string::npos) continue;
    EXPECT_EQ(lines[i + 1].substr(at + 1), std::string(31, '^'));
    EXPECT_NE(lines[i + 1].find("│"), std::string::npos);
    ++checked;
  }
  EXPECT_EQ(checked, 1U);
}

TEST(Terminal, SameRuleInSameFileIsFolded) {
  const std::string text = terminal(sample::repository(), {});
  EXPECT_NE(text.find("and 4 more of sbom/floating-version in this file (lines 23, 24, 25, 26)"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("package.json:23:5"), std::string::npos);
  RenderOptions options;
  options.everything = true;
  EXPECT_NE(terminal(sample::repository(), options).find("package.json:26:5"), std::string::npos);
}

TEST(Terminal, WeakestLinkAndPossibleStepAreMarked) {
  const std::string text = terminal(sample::repository(), {});
  place_of(text, "weakest link");
  place_of(text, "break it here: Pass the title through an environment variable.");
  place_of(text, "possible, not observed: The job may save caches");
  EXPECT_EQ(text.find("Give the job no write access"), std::string::npos) << "controls of other links are for -v";
}

TEST(Terminal, CoverageIsNeverLeftOut) {
  const std::string text = terminal(sample::repository(), {});
  place_of(text, "848 read, 1 partly read, 3 not read");
  place_of(text, "not read: 2 inputs: larger than max_text_bytes");
  place_of(text, "212 applied, 2 skipped");
  place_of(text, "of 2026-07-01");
  place_of(text, "1 of them by files inside what was examined");
  place_of(terminal(Report{}, {}), "0 inputs (0 bytes): 0 read, 0 partly read, 0 not read");
}

Change change(const std::string& kind, const std::string& name, const std::string& was, const std::string& now) {
  Change one;
  one.area = "component";
  one.kind = kind;
  one.name = name;
  one.was = was;
  one.now = now;
  return one;
}

TEST(Terminal, ChangesStandByKindWithWhatDeservesALookFirst) {
  Report report;
  for (int i = 0; i < 12; ++i)
    report.changes.push_back(change("version-up", "p" + std::to_string(i), "1.0.0", "1.0.1"));
  report.changes.push_back(change("digest-changed", "evil\x1b[2J", std::string(128, 'a'), std::string(128, 'b')));
  report.changes.push_back(change("added", "carrier", "", "4.2.1"));
  report.changes.back().path = "app > a > carrier";
  const std::string text = terminal(report, {});
  EXPECT_LT(place_of(text, "same version, other digest (1)"), place_of(text, "added (1)"));
  EXPECT_LT(place_of(text, "carrier 4.2.1 (app > a > carrier)"), place_of(text, "newer version (12)"));
  place_of(text, "and 6 more");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_LE(widest(text), 80U);
  RenderOptions everything;
  everything.everything = true;
  EXPECT_EQ(terminal(report, everything).find("and 6 more"), std::string::npos);
  EXPECT_EQ(terminal(Report{}, {}).find("Changes"), std::string::npos);
}

TEST(Terminal, ColourOnlyIfAsked) {
  RenderOptions options;
  EXPECT_EQ(terminal(sample::repository(), options).find('\x1b'), std::string::npos);
  options.colour = true;
  const std::string text = terminal(sample::repository(), options);
  EXPECT_NE(text.find("\x1b[1;31m"), std::string::npos);
  // Without its colours it is the same text.
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  EXPECT_EQ(plain, terminal(sample::repository(), {}));
}

TEST(Terminal, AsciiIsAscii) {
  RenderOptions options;
  options.unicode = false;
  for (const Report& report : {sample::repository(), sample::product(), sample::hostile_report()}) {
    for (const char c : terminal(report, options)) ASSERT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

TEST(Terminal, ProductIsOneScorecard) {
  const std::string text = terminal(sample::product(), {});
  place_of(text, "ESCALATE");
  place_of(text, "If this vendor is turned, an attacker gets remote execution as root, an agent");
  place_of(text, "8 checked by us, 11 told to us, 11 answered by nobody");
  place_of(text, "best 31, worst 68");
  EXPECT_EQ(text.find("kernel driver"), std::string::npos) << "a privilege it does not hold";
}

TEST(Terminal, PedanticFindingsAreCountedOrListed) {
  Report report = sample::repository();
  report.findings[1].audience = Audience::pedantic;
  EXPECT_NE(terminal(report, {}).find("1 finding for people who polish or audit is not listed"), std::string::npos);
  EXPECT_EQ(terminal(report, {}).find("release.yml:31:9  "), std::string::npos);
  RenderOptions options;
  options.pedantic = true;
  EXPECT_NE(terminal(report, options).find("release.yml:31:9  "), std::string::npos);
}

}  // namespace
}  // namespace assay::reports
