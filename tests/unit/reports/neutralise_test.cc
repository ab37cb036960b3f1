#include "reports/neutralise.h"

#include <gtest/gtest.h>

#include "reports/redact.h"
#include "tests/unit/reports/sample.h"

namespace assay::reports {
namespace {

TEST(Visible, ControlAndDirectionBecomeEscapes) {
  EXPECT_EQ(visible("a\x1b[31mb"), "a‹U+001B›[31mb");
  EXPECT_EQ(visible("\xe2\x80\xae"
                    "x"),
            "‹U+202E›x");
  EXPECT_EQ(visible("\xc2\x9b"), "‹U+009B›");
  EXPECT_EQ(visible("\xf3\xa0\x81\x81"), "‹U+E0041›");
  EXPECT_EQ(visible(std::string_view("\0", 1)), "‹U+0000›");
  EXPECT_EQ(visible("a\nb"), "a‹U+000A›b");
  EXPECT_EQ(visible("\xff"), "‹xFF›");
  EXPECT_EQ(visible("naïve 日本 🙂"), "naïve 日本 🙂");
}

TEST(Visible, WithoutUnicodeOnlyAsciiIsLeft) {
  EXPECT_EQ(visible("é\x07", false), "<U+00E9><U+0007>");
}

TEST(CiLog, CommandsAreBroken) {
  EXPECT_EQ(ci_log("::error::x\n  ::add-mask::y\n"), ":\\:error::x\n  :\\:add-mask::y\n");
  EXPECT_EQ(ci_log("text ##vso[task.x]y"), "text #\\#vso[task.x]y");
  EXPECT_EQ(ci_log("##[group]a"), "#\\#[group]a");
  EXPECT_EQ(ci_log("####[x"), "###\\#[x");
  EXPECT_EQ(ci_log("a::b ## heading #["), "a::b ## heading #[");
  EXPECT_EQ(ci_log(ci_log("::x ##[y")), ci_log("::x ##[y"));
}

TEST(Html, NothingEndsTextOrAttribute) {
  EXPECT_EQ(html_text("<a href=\"x\" y='z'>&`"), "&lt;a href=&quot;x&quot; y=&#39;z&#39;&gt;&amp;&#96;");
  EXPECT_EQ(html_text("\xff"), "‹xFF›");
}

TEST(Csv, FormulasAreText) {
  EXPECT_EQ(csv_cell("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(csv_cell("  @x"), "\"'  @x\"");
  EXPECT_EQ(csv_cell("\t=x"), "\"'‹U+0009›=x\"");
  EXPECT_EQ(csv_cell("＝x"), "\"'＝x\"");
  EXPECT_EQ(csv_cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
  EXPECT_EQ(csv_cell("a=b"), "\"a=b\"");
  EXPECT_EQ(csv_cell(""), "\"\"");
}

TEST(Uri, OnlyUnreservedBytesStay) {
  EXPECT_EQ(uri_path("a b/ü#?%.yml"), "a%20b/%C3%BC%23%3F%25.yml");
  EXPECT_EQ(uri_path("javascript:alert(1)"), "javascript%3Aalert%281%29");
  EXPECT_EQ(uri_path("//example.com/x"), "example.com/x");
  EXPECT_EQ(uri_path("a.tgz!/package/x.js"), "a.tgz!/package/x.js");
  EXPECT_EQ(uri_path(""), ".");
  EXPECT_EQ(uri_path("\xff"), "%FF");
}

TEST(Markdown, NoMarkupAndNoMention) {
  EXPECT_EQ(markdown_text("<b> [a](b) @user"), "&lt;b&gt; \\[a\\]\\(b\\) @<!-- -->user");
  EXPECT_EQ(markdown_text("http://example.com"), "http&#58;//example\\.com");
  EXPECT_EQ(markdown_code("a`b|c"), "`` a`b\\|c ``");
  EXPECT_EQ(markdown_code("a``"), "``` a`` ```");
  EXPECT_EQ(markdown_code(""), "` `");
  EXPECT_EQ(markdown_code("a\nb"), "`a‹U+000A›b`");
}

TEST(SarifMessage, LinksAreBroken) {
  EXPECT_EQ(sarif_message("[a](http://example.com)"), "[a] (http://example.com)");
}

// The values below have the shape of credentials and never were any.
TEST(Redact, KnownPrefixes) {
  const std::string tail(36, 'x');
  const std::string text = redact("token ghp_" + tail + " end");
  EXPECT_EQ(text.find("xxxx"), std::string::npos);
  EXPECT_TRUE(text.starts_with("token ghp_[redacted ")) << text;
  EXPECT_TRUE(text.ends_with(" end"));
  EXPECT_EQ(text.size(), std::string("token ghp_ end").size() + tail.size());
  EXPECT_EQ(redact("AKIAABCDEFGHIJKLMNOP"), "AKIA****************");
  EXPECT_EQ(redact("npm_" + tail).find("xxxx"), std::string::npos);
  EXPECT_EQ(redact("xoxb-1234567890-abc").find("1234567890"), std::string::npos);
  EXPECT_EQ(redact("glpat-abcdefghij0123456789").find("abcdefghij"), std::string::npos);
  EXPECT_EQ(redact("https://hooks.slack.com/services/T0ABCDEFG/B0ABCDEFG/" + tail).find("xx"), std::string::npos);
  EXPECT_EQ(redact("sk-" + tail + tail).find("xx"), std::string::npos);
  EXPECT_EQ(redact("sk-learn-contrib-and-friends"), "sk-learn-contrib-and-friends");
}

TEST(Redact, NamesThatOnlyLookAlikeStay) {
  for (const char* text :
       {"npm_config_registry", "NAKIAABCDEFGHIJKLMNOP", "ghp_short", "secrets.NPM_TOKEN",
        "token: ${{ secrets.GITHUB_TOKEN }}", "password: correct-horse",
        "integrity: sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==",
        "https://example.com/a:b@c", "uses: actions/cache@0c45773b623bea8c8e75f6c82b208c3cf94ea4f9"}) {
    EXPECT_EQ(redact(text), text);
  }
}

TEST(Redact, RandomValuesOfTellingNames) {
  for (const char* text :
       {"API_KEY=Zx8Qw3Lp9Vb2Nm5K", "\"password\": \"Zx8Qw3Lp9Vb2Nm5K\"", "Authorization: Bearer Zx8Qw3Lp9Vb2Nm5K",
        "secret: Zx8Qw3Lp9Vb2Nm5K", "https://user:Zx8Qw3Lp9Vb2Nm5K@example.com/",
        "-----BEGIN RSA PRIVATE KEY-----\nZx8Qw3Lp9Vb2Nm5K\n-----END RSA PRIVATE KEY-----"}) {
    const std::string shown = redact(text);
    EXPECT_EQ(shown.find("Zx8Qw3Lp9Vb2Nm5K"), std::string::npos) << shown;
    EXPECT_EQ(shown.size(), std::string(text).size());
    EXPECT_EQ(redact(shown), shown);
  }
}

TEST(Redact, LongTextsKeepTheirLength) {
  std::string separators;
  for (int i = 0; i < 100'000; ++i) separators += "key=";
  EXPECT_EQ(redact(separators), separators);
  const std::string jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0." + std::string(9'000, 'x');
  EXPECT_EQ(redact(jwt).size(), jwt.size());
  EXPECT_EQ(redact(jwt).find('x'), std::string::npos);
}

TEST(Redact, WholeReportKeepsPathsAndFingerprints) {
  Report report = sample::repository();
  const std::string secret = "ghp_" + std::string(36, 'q');
  report.findings[0].snippet = report.findings[0].message = report.paths[0].steps[0].because = secret;
  report.findings[0].values = {{"line", secret}};
  report.rules_skipped = {secret};
  report.findings[0].at.path = secret;
  const Report shown = redacted(report);
  EXPECT_NE(shown.findings[0].snippet, secret);
  EXPECT_NE(shown.findings[0].message, secret);
  EXPECT_NE(shown.findings[0].values.at("line"), secret);
  EXPECT_NE(shown.paths[0].steps[0].because, secret);
  EXPECT_NE(shown.rules_skipped[0], secret);
  EXPECT_EQ(shown.findings[0].at.path, secret);
  EXPECT_EQ(shown.findings[0].fingerprint, report.findings[0].fingerprint);
}

}  // namespace
}  // namespace assay::reports
