// Promises of the small parts, on generated values: trees, package URLs, fingerprints, exceptions, matching.

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>

#include "analyzer/engine/fingerprint.h"
#include "analyzer/engine/suppression.h"
#include "analyzer/formats/json_tree.h"
#include "analyzer/formats/yaml_tree.h"
#include "analyzer/match/pattern_set.h"
#include "reports/neutralise.h"
#include "sbom-import/package_url.h"

namespace assay {
namespace {

std::string text_of(const std::vector<std::string>& pieces, int most) {
  std::string out;
  for (int i = *rc::gen::inRange(0, most); i > 0; --i) out += *rc::gen::elementOf(pieces);
  return out;
}

// --- trees
// ---------------------------------------------------------------------------------------------------------------

void check_json(const formats::JsonNode& node, std::size_t begin, std::size_t end, int depth) {
  RC_ASSERT(node.offset() >= begin);
  RC_ASSERT(node.offset() + node.source().size() <= end);
  RC_ASSERT(depth < 250);
  const std::size_t last = node.offset() + node.source().size();
  for (const formats::JsonNode item : node.items()) check_json(item, node.offset(), last, depth + 1);
  for (const auto& [key, value] : node.members()) {
    check_json(key, node.offset(), last, depth + 1);
    check_json(value, node.offset(), last, depth + 1);
  }
}

RC_GTEST_PROP(JsonTree, ChildrenLieInsideTheirParents, ()) {
  const std::string text = text_of({"{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "\"", "1", "-0.5e3", "true",
                                    "null", "\n", " ", "\xff", "é", "//x\n"},
                                   60);
  const formats::JsonTree tree(text);
  if (tree.root().exists()) check_json(tree.root(), 0, text.size(), 0);
}

void check_yaml(const formats::YamlNode& node, const LineIndex& lines, std::size_t& budget) {
  if (budget == 0) return;
  --budget;
  if (!node.exists()) return;
  const Span span = node.span();
  RC_ASSERT(span.begin.line >= 1U);
  RC_ASSERT(span.end.line <= lines.line_count());
  RC_ASSERT(span.begin <= span.end);
  for (std::size_t i = 0; i <= node.text().size(); i += 3) {
    const Position at = node.position_of(i);
    RC_ASSERT(span.begin <= at);
    RC_ASSERT(at <= span.end);
  }
  for (const auto& [key, value] : node.entries()) {
    check_yaml(key, lines, budget);
    check_yaml(value, lines, budget);
  }
  for (const formats::YamlNode& item : node.items()) check_yaml(item, lines, budget);
}

RC_GTEST_PROP(YamlTree, EveryPositionLiesInItsNode, ()) {
  const std::string text = text_of(
      {"a",       ": ",       "- ", "\n", "\n  ", "\n    ", "&x ", "*x",     "|\n  b\n  c\n", ">-\n  b\n\n  c\n",
       "'it''s'", "\"\\te\"", "[",  "]",  "{",    "}",      ", ",  "<<: *x", "# c",           "é"},
      40);
  const formats::YamlTree::Salvaged read = formats::YamlTree::salvage(text);
  std::size_t budget = 2000;
  for (const formats::YamlNode& root : read.tree.documents()) check_yaml(root, read.tree.lines(), budget);
}

// --- package URLs
// --------------------------------------------------------------------------------------------------------

RC_GTEST_PROP(PackageUrl, ParseAfterPrintIsTheSame, ()) {
  const std::vector<std::string> pieces = {"a", "B", "_", "-", ".", "@", "/", "%", "+",
                                           "é", " ", "1", ":", "?", "#", "&", "="};
  sbom::PackageUrl purl;
  purl.type = *rc::gen::elementOf(
      std::vector<std::string>{"npm", "pypi", "maven", "golang", "cargo", "generic", "github", "deb", "oci", "nuget"});
  purl.name = "n" + text_of(pieces, 6) + "x";
  if (*rc::gen::arbitrary<bool>()) purl.space = "s" + text_of({"a", "B", "_", "@", "%", "é", " ", "."}, 5);
  purl.version = text_of(pieces, 5);
  if (*rc::gen::arbitrary<bool>()) purl.qualifiers = {{"arch", "v" + text_of(pieces, 4)}};
  sbom::normalise(purl);
  const auto once = sbom::parse_package_url(sbom::to_text(purl));
  RC_PRE(once.has_value());  // some types refuse some characters
  const auto twice = sbom::parse_package_url(sbom::to_text(*once));
  RC_ASSERT(twice.has_value());
  RC_ASSERT(*twice == *once);
  RC_ASSERT(sbom::to_text(*twice) == sbom::to_text(*once));
}

// --- fingerprints and exceptions
// ------------------------------------------------------------------------------------------

std::vector<Finding> some_findings() {
  std::vector<Finding> out;
  for (int i = *rc::gen::inRange(1, 12); i > 0; --i) {
    Finding finding;
    finding.rule = *rc::gen::elementOf(std::vector<std::string>{"a/one", "a/two"});
    finding.message = *rc::gen::elementOf(std::vector<std::string>{"x", "y", "z"});
    finding.at.path = *rc::gen::elementOf(std::vector<std::string>{"f", "g/h"});
    const auto line = static_cast<std::uint32_t>(*rc::gen::inRange(1, 50));
    finding.at.span = {{line, 1}, {line, 2}};
    out.push_back(std::move(finding));
  }
  std::stable_sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.at.path, a.at.span.begin.line, a.rule) < std::tie(b.at.path, b.at.span.begin.line, b.rule);
  });
  return out;
}

std::vector<std::string> prints_of(std::vector<Finding> findings) {
  static const engine::Bundle none = std::move(engine::Bundle::build({}, {}).value());
  engine::add_fingerprints(findings, none);
  std::vector<std::string> prints;
  for (const Finding& finding : findings) prints.push_back(finding.fingerprint);
  return prints;
}

RC_GTEST_PROP(Fingerprints, SurviveInsertedLines, ()) {
  std::vector<Finding> findings = some_findings();
  const std::vector<std::string> before = prints_of(findings);
  const auto from = static_cast<std::uint32_t>(*rc::gen::inRange(1, 50));
  const auto count = static_cast<std::uint32_t>(*rc::gen::inRange(1, 1000));
  for (Finding& finding : findings) {
    if (finding.at.span.begin.line < from) continue;
    finding.at.span.begin.line += count;
    finding.at.span.end.line += count;
  }
  RC_ASSERT(prints_of(findings) == before);
  std::vector<std::string> distinct = before;
  std::sort(distinct.begin(), distinct.end());
  RC_ASSERT(std::adjacent_find(distinct.begin(), distinct.end()) == distinct.end());
}

RC_GTEST_PROP(Exceptions, CoverExactlyWhatTheyName, ()) {
  std::vector<Finding> findings = some_findings();
  engine::Exception exception;
  exception.rule = *rc::gen::elementOf(std::vector<std::string>{"a/one", "a/two", "a/three"});
  exception.path = *rc::gen::elementOf(std::vector<std::string>{"", "f", "g/*", "*", "h"});
  exception.reason = "known";
  exception.until = *rc::gen::elementOf(std::vector<std::string>{"", "2026-01-01", "2026-06-15", "2027-01-01"});
  std::vector<engine::Exception> exceptions = {exception};
  const std::vector<std::string> notes = engine::apply_exceptions(findings, exceptions, "2026-06-15");
  const bool expired = exception.until == "2026-01-01";
  std::size_t covered = 0;
  for (const Finding& finding : findings) {
    const bool path = exception.path.empty() || exception.path == "*" || exception.path == finding.at.path ||
                      (exception.path == "g/*" && finding.at.path.starts_with("g/"));
    const bool wanted = !expired && finding.rule == exception.rule && path;
    RC_ASSERT(finding.suppressions.size() == (wanted ? 1U : 0U));
    covered += wanted ? 1 : 0;
  }
  RC_ASSERT(notes.size() == (covered == 0 ? 1U : 0U));
}

// --- matching: literals that end in a line end, and at the borders of what is scanned at once
// ---------------------------------

RC_GTEST_PROP(Matching, PrefilterAndTwinAgreeAtBorders, ()) {
  std::vector<match::Pattern> patterns;
  const std::vector<std::string> expressions = {"needle\\n", "needle\\r?\\n", "end$",       "^start",
                                                "needle$",   "\\bneedle\\b",  "(?i)NEEDLE", "dle\\nnee"};
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
    match::Pattern pattern;
    pattern.rule = pattern.name = fmt::format("r{}", i);
    pattern.expression = *rc::gen::elementOf(expressions);
    pattern.reach = *rc::gen::arbitrary<bool>() ? match::Reach::file : match::Reach::line;
    patterns.push_back(std::move(pattern));
  }
  auto built = match::PatternSet::build(std::move(patterns));
  RC_PRE(built.has_value());
  std::string text = text_of({"needle", "needle\n", "end", "start", "\n", "\r\n", " ", "nee", "dle", "NEEDLE"}, 25);
  // So that a literal lies across or right behind a round number of bytes.
  const std::size_t border = std::size_t{1} << *rc::gen::inRange(6, 17);
  const auto shift = static_cast<std::size_t>(*rc::gen::inRange(0, 12));
  if (border > shift) text = std::string(border - shift, *rc::gen::elementOf(std::vector<char>{' ', '\n', 'x'})) + text;
  match::Scanner scanner(*built);
  const match::Scanner::Outcome& fast = scanner.scan(text, {});
  RC_PRE(fast.complete);
  RC_ASSERT(fast.matches == built->naive(text, {}));
}

// --- what is shown
// -----------------------------------------------------------------------------------------------------------

RC_GTEST_PROP(Visible, HidesNothingAndChangesNothingTwice, ()) {
  const std::string text =
      text_of({"\x1b[31m", "\r", "\n", "\xe2\x80\xae", "\xc2\x9b", "\xff", "é", "a", "\xf3\xa0\x80\x81", "‹"}, 20);
  const std::string once = reports::visible(text);
  RC_ASSERT(reports::visible(once) == once);
  for (const char c : once) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace
}  // namespace assay
