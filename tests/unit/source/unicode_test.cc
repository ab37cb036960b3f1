#include "analyzer/source/unicode.h"

#include <gmock/gmock.h>

#include "tests/support/reading.h"

namespace assay::source {
namespace {

using test::Reading;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view everything =
    "SELECT u.kind, l.line, l.column, l.end_column, u.count, u.context, u.justified FROM unicode_anomaly u JOIN "
    "location l ON "
    "l.location_id = u.at ORDER BY l.line, l.column";

std::vector<std::string> read(std::string_view path, std::string_view text, Language language) {
  Reading reading(read_unicode, path, text, ArtifactKind::source, language);
  return reading.ask(everything);
}

TEST(Unicode, PlainAndAccentedTextGivesNothing) {
  EXPECT_THAT(read("a.c", "int main(void) { return 0; }\n", Language::c), IsEmpty());
  EXPECT_THAT(read("a.py", "# Grüße, 漢字, привет мир, αβγ\nname = 'né'\n", Language::python), IsEmpty());
  EXPECT_THAT(read("a.py", "", Language::python), IsEmpty());
}

TEST(Unicode, BidirectionalControlsInAComment) {
  // The shape of CVE-2021-42574: the comment's end is drawn elsewhere.
  EXPECT_THAT(read("a.c", "int x;\n/*\u202E } \u2066if (admin)\u2069 \u2066 begin */\n", Language::c),
              ElementsAre("bidi-control|2|3|4|1|comment|0", "bidi-control|2|7|8|1|comment|0",
                          "bidi-control|2|18|19|1|comment|0", "bidi-control|2|20|21|1|comment|0"));
}

TEST(Unicode, ClosedControlsAroundHebrewAreJustifiedOutsideCode) {
  EXPECT_THAT(read("a.js", "let t = \"\u2067שלום\u2069\";\n", Language::javascript),
              ElementsAre("bidi-control|1|10|11|1|string|1", "bidi-control|1|15|16|1|string|1"));
  EXPECT_THAT(read("a.js", "let t = \"\u2067שלום\";\n", Language::javascript),
              ElementsAre("bidi-control|1|10|11|1|string|0"))
      << "left open";
  EXPECT_THAT(read("a.js", "let \u2067שלום\u2069 = 1;\n", Language::javascript),
              ElementsAre("bidi-control|1|5|6|1|identifier|0", "bidi-control|1|10|11|1|identifier|0"));
}

TEST(Unicode, InvisibleCharactersInIdentifiers) {
  EXPECT_THAT(read("a.js", "const {ad\u200Bmin, \u3164} = q;\n", Language::javascript),
              ElementsAre("invisible|1|10|11|1|identifier|0", "invisible|1|16|17|1|identifier|0"));
}

TEST(Unicode, RunsOfVariationSelectorsAndTags) {
  std::string text = "eval(decode(`";
  for (int i = 0; i < 40; ++i) text += "\xEF\xB8\x83";  // U+FE03
  text += "`));\n";
  EXPECT_THAT(read("a.js", text, Language::javascript), ElementsAre("variation-selector|1|14|54|40|string|0"));
  EXPECT_THAT(read("SKILL.md", "Help.\U000E0049\U000E0067\U000E006E\n", Language::markdown),
              ElementsAre("tag-character|1|6|9|3|text|0"));
}

TEST(Unicode, TypographyOfTheWorldIsOrdinary) {
  EXPECT_THAT(read("a.md",
                   "👩‍👩‍👧 ❤️ 1️⃣ 🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F "
                   "👍🏽\n",
                   Language::markdown),
              IsEmpty());
  EXPECT_THAT(read("a.md", "می‌خواهم क्‍ष ശ്‍ര\n", Language::markdown), IsEmpty())
      << "joiner languages";
  EXPECT_THAT(read("a.md", "ภาษา\u200Bไทย 日本\u200B語 葛\U000E0100\n", Language::markdown), IsEmpty());
  EXPECT_THAT(read("a.js", "\uFEFFvar a = 1;\n\uFEFFvar b = 2;\n", Language::javascript), IsEmpty())
      << "concatenated files";
  EXPECT_THAT(read("a.js", "const spin = ['⠋', '⠙', '\u2800'];\n", Language::javascript), IsEmpty());
}

TEST(Unicode, MixedScriptIdentifiers) {
  EXPECT_THAT(read("a.go", "func isАdmin() bool { return false }\n", Language::go),  // Cyrillic А
              ElementsAre("mixed-script-identifier|1|6|13|1|identifier|0"));
  EXPECT_THAT(read("a.go", "func isAdmin() bool { return false }\n", Language::go), IsEmpty());
  EXPECT_THAT(read("a.py", "Δt = 3; ρ_max = 2; dμ = 1\n", Language::python), IsEmpty()) << "science";
  EXPECT_THAT(read("a.py", "# модуль cоnfig читает\n", Language::python),
              ElementsAre("mixed-script-identifier|1|10|16|1|comment|1"));
  EXPECT_THAT(read("a.md", "the wоrd\n", Language::markdown), IsEmpty()) << "not a language that runs";
}

TEST(Unicode, CodeBehindTwoHundredBlanks) {
  const std::string blanks(300, ' ');
  EXPECT_THAT(read("a.js", "a();\nlet b = 1;" + blanks + "require('x').run();\nc();\n", Language::javascript),
              ElementsAre("off-screen|2|311|330|300|identifier|0"));
  EXPECT_THAT(read("a.js", "let b = 1;" + std::string(150, ' ') + "require('x').run();\n", Language::javascript),
              IsEmpty());
  EXPECT_THAT(read("a.js", "let b = 1;" + blanks + "\nc();\n", Language::javascript), IsEmpty())
      << "blanks at the end of a line";
  EXPECT_THAT(read("a.js", "let b = 1;" + blanks + "// f(x) = y\n", Language::javascript),
              ElementsAre("off-screen|1|311|322|300|identifier|1"));
  EXPECT_THAT(read("a.txt", "b" + blanks + "require('x').run();\n", Language::none), IsEmpty());
}

TEST(Unicode, AnotherEncodingIsPassedOver) {
  EXPECT_THAT(read("a.c", "/* Gr\xFC\xDF\x65 */ int x;\xC3", Language::c), IsEmpty());
}

TEST(Unicode, SaysWhenItStopped) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "a\u200Bb ";
  Reading reading(read_unicode, "a.js", text, ArtifactKind::source, Language::javascript);
  EXPECT_EQ(reading.outcome().coverage, Coverage::partly_read);
  EXPECT_EQ(reading.rows().unicode_anomaly.size(), limits::max_matches_per_file);
}

}  // namespace
}  // namespace assay::source
