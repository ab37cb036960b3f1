#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/render.h"
#include "tests/unit/reports/sample.h"

namespace assay::reports {
namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

TEST(Csv, OneRowEachAndNoFormula) {
  EXPECT_EQ(count(csv(sample::repository(), {}), "\r\n"), 1U + 1 + 12 + 4);
  const std::string text = csv(sample::hostile_report(), {});
  EXPECT_EQ(count(text, "\r\n"), 1U + 1 + 12 + 4) << "no cell holds a line end";
  Report report = sample::repository();
  report.findings[0].message = "=cmd|' /C calc'!A0";
  EXPECT_NE(csv(report, {}).find("\"'=cmd|' /C calc'!A0\""), std::string::npos);
}

TEST(Junit, CountsAndEscapes) {
  const std::string text = junit(sample::repository(), {});
  EXPECT_NE(text.find("<testsuites name=\"assay\" tests=\"16\" failures=\"3\" errors=\"3\" skipped=\"1\">"),
            std::string::npos)
      << text;
  const std::string hostile = junit(sample::hostile_report(), {});
  EXPECT_EQ(hostile.find("<script"), std::string::npos);
  for (const char c : hostile) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(count(hostile, "<testcase "), count(hostile, "</testcase>"));
}

TEST(Junit, NothingFailsWithoutThreshold) {
  Report report = sample::repository();
  report.verdict.threshold = "none";
  EXPECT_EQ(count(junit(report, {}), "<failure"), 0U);
}

TEST(CodeQuality, FingerprintsDifferAndSeveritiesAreGitLabs) {
  const auto list = nlohmann::json::parse(codequality(sample::repository(), {}));
  ASSERT_EQ(list.size(), 1U + 10 + 4);
  std::set<std::string> seen;
  for (const auto& one : list) EXPECT_TRUE(seen.insert(one["fingerprint"]).second) << one;
  EXPECT_EQ(list[1]["severity"], "blocker");
  EXPECT_EQ(list[1]["location"]["lines"]["begin"], 14);
  EXPECT_EQ(list[1]["location"]["path"], ".github/workflows/triage.yml");
}

TEST(Annotations, TenWorstThenTheRest) {
  Report report = sample::repository();
  report.findings.push_back(report.findings[2]);
  const std::string text = annotations(report, {});
  EXPECT_TRUE(text.starts_with(
      "::error file=.github/workflows/triage.yml,line=14,endLine=14,title=pipeline/outsider-text-in-shell::"));
  EXPECT_EQ(count(text, "\n"), 11U);
  EXPECT_NE(text.find("1 more findings are in the report"), std::string::npos);
  const std::string hostile = annotations(sample::hostile_report(), {});
  for (std::size_t at = 0; at < hostile.size(); at = hostile.find('\n', at) + 1) {
    const std::string_view line = std::string_view(hostile).substr(at, 20);
    EXPECT_TRUE(line.starts_with("::error file=") || line.starts_with("::warning file=") ||
                line.starts_with("::notice "))
        << line;
  }
  EXPECT_EQ(count(hostile, "\n::set-output"), 0U);
}

TEST(Markdown, FitsACommentAndKeepsCoverage) {
  Report report = sample::repository();
  report.findings.assign(5'000, report.findings[0]);
  RenderOptions options;
  options.everything = true;
  const std::string text = markdown(report, options);
  EXPECT_LE(text.size(), 65'000U);
  EXPECT_NE(text.find("more findings, none worse"), std::string::npos);
  EXPECT_NE(text.find("### Coverage"), std::string::npos);
  EXPECT_NE(text.find("larger than max\\_text\\_bytes"), std::string::npos);
  EXPECT_NE(text.find("weakest link"), std::string::npos);
}

TEST(Markdown, NoRawHtmlNoLinkNoMention) {
  const std::string text = markdown(sample::hostile_report(), {});
  std::string outside;  // what is not inside a code span
  const auto run = [&](std::size_t at) { return std::min(text.find_first_not_of('`', at), text.size()) - at; };
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\') {
      outside += text.substr(i, 2);
      i += 2;
    } else if (text[i] == '`') {  // CommonMark 6.1: to the next run of as many
      const std::size_t length = run(i);
      std::size_t end = i + length;
      while (end < text.size() && (text[end] != '`' || run(end) != length)) end += text[end] == '`' ? run(end) : 1;
      ASSERT_LT(end, text.size());
      EXPECT_EQ(text.substr(i, end - i).find('\n'), std::string::npos);
      i = end + length;
    } else {
      outside += text[i++];
    }
  }
  EXPECT_EQ(count(outside, "<script"), 0U);
  EXPECT_EQ(count(outside, "](http"), 0U);
  EXPECT_EQ(count(outside, "@admin"), 0U);
  EXPECT_EQ(count(text, "\x1b"), 0U);
}

}  // namespace
}  // namespace assay::reports
