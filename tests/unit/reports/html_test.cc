#include <gtest/gtest.h>

#include <set>

#include "reports/html_parts.h"
#include "reports/neutralise.h"
#include "reports/render.h"
#include "tests/unit/reports/sample.h"

namespace assay::reports {
namespace {

std::string between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos) return "(missing)";
  const std::size_t to = text.find(end, from + begin.size());
  return std::string(text.substr(from + begin.size(), to - from - begin.size()));
}

// The page without its own style and script.
std::string body_of(std::string page) {
  for (const auto& [open, close] : {std::pair{"<style>", "</style>"}, std::pair{"<script>", "</script>"}}) {
    const std::size_t from = page.find(open);
    const std::size_t to = page.find(close, from);
    page.erase(from, to - from + std::string_view(close).size());
  }
  return page;
}

// Every tag of the page, as a browser would see them.
std::vector<std::string> tags_of(const std::string& page) {
  std::vector<std::string> tags;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos) break;
    tags.push_back(page.substr(at, end - at + 1));
    at = end;
  }
  return tags;
}

TEST(Html, ForeignTextMakesNoTagAndNoAttribute) {
  // The same report with harmless strings has the same tags, but for the text inside attribute values.
  for (const std::string& tag : tags_of(body_of(html(sample::hostile_report(), {})))) {
    EXPECT_EQ(tag.find("onload='"), std::string::npos) << tag;
    EXPECT_FALSE(tag.starts_with("<script") || tag.starts_with("<img") || tag.starts_with("<iframe")) << tag;
    EXPECT_EQ(tag.find(" style="), std::string::npos) << "the policy refuses " << tag;
    EXPECT_EQ(tag.find(" onclick"), std::string::npos) << tag;
    const std::size_t href = tag.find("href=\"");
    if (href != std::string::npos) {
      EXPECT_EQ(tag.substr(href + 6, 6), "#rule-") << tag;
    }
  }
}

TEST(Html, HostileStringAppearsOnlyEscaped) {
  const std::string page = body_of(html(sample::hostile_report(), {}));
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39;"), std::string::npos);
  for (const char c : page) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  EXPECT_EQ(page.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(page.find("\xff"), std::string::npos);
}

TEST(Html, LoadsNothing) {
  for (const Report& report : {sample::repository(), sample::product()}) {
    const std::string page = html(report, {});
    EXPECT_EQ(page.find("http://"), std::string::npos);
    EXPECT_EQ(page.find("https://"), std::string::npos);
    EXPECT_EQ(page.find("url("), std::string::npos);
    EXPECT_EQ(page.find("@import"), std::string::npos);
    EXPECT_EQ(page.find(" src="), std::string::npos);
  }
}

TEST(Html, PolicyAllowsExactlyTheInlineParts) {
  const std::string page = html(sample::repository(), {});
  EXPECT_EQ(between(page, "<style>", "</style>"), page_style());
  EXPECT_EQ(between(page, "<script>", "</script>"), page_script());
  const std::string policy = between(page, "Content-Security-Policy\" content=\"", "\"");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; style-src 'sha256-")) << policy;
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(between(policy, "script-src 'sha256-", "'").size(), 44U) << policy;
}

TEST(Html, PictureShowsEachStepOnce) {
  const AttackPath path = sample::repository().paths[0];
  const std::string picture = path_picture(path, 1);
  std::size_t boxes = 0;
  std::size_t arrows = 0;
  std::size_t dashed = 0;
  for (const std::string& tag : tags_of(picture)) {
    boxes += tag.starts_with("<rect class=\"box") ? 1U : 0U;
    arrows += tag.starts_with("<path class=\"edge") ? 1U : 0U;
    dashed += tag.starts_with("<path class=\"edge possible") ? 1U : 0U;
  }
  EXPECT_EQ(boxes, 6U);
  EXPECT_EQ(arrows, 5U);
  EXPECT_EQ(dashed, 1U);
  EXPECT_NE(picture.find("weakest link"), std::string::npos);
  EXPECT_EQ(path_picture(AttackPath{}, 1), "");
}

TEST(Html, ABrokenChainIsNotJoined) {
  AttackPath path = sample::repository().paths[0];
  path.steps[1].from = "something else";
  std::size_t arrows = 0;
  for (const std::string& tag : tags_of(path_picture(path, 1)))
    arrows += tag.starts_with("<path class=\"edge") ? 1U : 0U;
  EXPECT_EQ(arrows, 5U);
  path.steps.resize(1);
  EXPECT_EQ(path_picture(path, 1).find("something else"), std::string::npos);
}

TEST(Html, CoverageAndVerdictAreAlwaysThere) {
  const std::string page = html(Report{}, {});
  EXPECT_NE(page.find("0 inputs (0 bytes): 0 read, 0 partly read, 0 not read"), std::string::npos);
  EXPECT_NE(page.find("This speaks only for what was read"), std::string::npos);
  const std::string full = html(sample::repository(), {});
  EXPECT_NE(full.find("the archive is encrypted"), std::string::npos);
  EXPECT_NE(full.find("suppressed by files inside what was examined"), std::string::npos);
  EXPECT_NE(full.find("<mark>${{ github.event.issue.title }}</mark>"), std::string::npos);
}

TEST(Html, ProductNumbersAreTheReports) {
  const std::string page = html(sample::product(), {});
  EXPECT_NE(page.find("Risk 46, best 31, worst 68, of 100"), std::string::npos);
  EXPECT_NE(page.find("If this vendor is turned, an attacker gets remote execution as root, an agent on most endpoints "
                      "and silent updates from the vendor."),
            std::string::npos);
  EXPECT_NE(page.find("<b>8</b>checked by us"), std::string::npos);
}

TEST(Html, NumbersThatAreNotNumbersDrawNothingStrange) {
  Report report = sample::product();
  report.product->risk_middle = report.product->privileges[0].bits = report.product->stages[0].best =
      std::numeric_limits<double>::quiet_NaN();
  report.product->risk_worst = 1e300;
  const std::string page = html(report, {});
  for (const std::string& tag : tags_of(page)) {
    EXPECT_EQ(tag.find("=\"nan"), std::string::npos) << tag;
    EXPECT_EQ(tag.find("=\"inf"), std::string::npos) << tag;
  }
}

}  // namespace
}  // namespace assay::reports
