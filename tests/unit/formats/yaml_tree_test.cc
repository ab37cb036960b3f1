#include "analyzer/formats/yaml_tree.h"

#include <gtest/gtest.h>

#include <string>

#include "analyzer/base/limits.h"

namespace assay::formats {
namespace {

std::string at(Position place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}
std::string at(Span span) {
  return at(span.begin) + "-" + at(span.end);
}
std::string of(YamlNode node, std::string_view needle) {
  return at(node.position_of(node.text().find(needle)));
}

TEST(YamlTree, TellsKindsTextsAndPlaces) {
  const std::string text =
      "name: CI # hello\non:\n  push:\n  issues: {types: [opened, \"edited\"]}\njobs: null\nsay: 'it''s'\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  const YamlNode root = tree->root();
  EXPECT_TRUE(root.is_mapping());
  EXPECT_EQ(root.at("name").text(), "CI");
  EXPECT_EQ(at(root.at("name").span()), "1:7-1:9");
  EXPECT_EQ(root.at("name").comment(), "hello");
  EXPECT_EQ(root.at("on").at("push").kind(), YamlKind::null);
  EXPECT_EQ(root.at("jobs").kind(), YamlKind::null);
  EXPECT_EQ(root.at("absent").at("more").kind(), YamlKind::missing);
  const auto types = root.at("on").at("issues").at("types").items();
  ASSERT_EQ(types.size(), 2U);
  EXPECT_FALSE(types[0].quoted());
  EXPECT_TRUE(types[1].quoted());
  EXPECT_EQ(at(types[1].span()), "4:28-4:36");
  EXPECT_EQ(at(types[1].position_of(0)), "4:29");
  EXPECT_EQ(at(root.at("on").span()), "3:3-4:38");
  EXPECT_EQ(root.at("say").text(), "it's");
  EXPECT_EQ(of(root.at("say"), "s"), "6:11");
  EXPECT_EQ(root.entries().size(), 4U);
}

TEST(YamlTree, FindsBytesOfBlockScalars) {
  const std::string text =
      "run: |\n"
      "    echo one\n"
      "\n"
      "      if x; then\n"
      "    done\n"
      "next: >-\n"
      "  folded text\n"
      "  goes on\n"
      "\n"
      "  after gap\n"
      "    kept\n"
      "  end\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  const YamlNode run = tree->root().at("run");
  EXPECT_TRUE(run.block());
  EXPECT_EQ(run.text(), "echo one\n\n  if x; then\ndone\n");
  EXPECT_EQ(of(run, "echo"), "2:5");
  EXPECT_EQ(of(run, "if x"), "4:7");
  EXPECT_EQ(of(run, "done"), "5:5");
  EXPECT_EQ(at(run.span()), "1:6-5:9");
  const YamlNode next = tree->root().at("next");
  EXPECT_EQ(next.text(), "folded text goes on\nafter gap\n  kept\nend");
  EXPECT_EQ(of(next, "text"), "7:10");
  EXPECT_EQ(of(next, "goes"), "8:3");
  EXPECT_EQ(of(next, "after"), "10:3");
  EXPECT_EQ(of(next, "kept"), "11:5");
  EXPECT_EQ(of(next, "end"), "12:3");
  const TextPositions places = next.positions();
  EXPECT_EQ(at(places.span(0, 6)), "7:3-7:9");
  EXPECT_EQ(at(places.span(7, 19)), "7:10-8:10");
  EXPECT_EQ(at(places.at(100000)), "12:6");
}

TEST(YamlTree, HonoursIndentationIndicatorsAndCarriageReturns) {
  const std::string text = "a: |2\n    two more\n  x\nb: |\r\n  one\r\n  two\r\nc: >2-\n   lead\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->root().at("a").text(), "  two more\nx\n");
  EXPECT_EQ(of(tree->root().at("a"), "two"), "2:5");
  EXPECT_EQ(of(tree->root().at("a"), "x"), "3:3");
  EXPECT_EQ(tree->root().at("b").text(), "one\ntwo\n");
  EXPECT_EQ(of(tree->root().at("b"), "two"), "6:3");
  EXPECT_EQ(of(tree->root().at("c"), "lead"), "8:4");
}

TEST(YamlTree, FindsBytesOfFlowScalarsOverLinesAndEscapes) {
  const std::string text =
      "p: one\n"
      "   two\n"
      "\n"
      "   three\n"
      "d: \"a\\tb\\u00e9c \\\n"
      "    joined\n"
      "    folded\"\n"
      "t: &anchor !!str  tagged\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  const YamlNode plain = tree->root().at("p");
  EXPECT_EQ(plain.text(), "one two\nthree");
  EXPECT_EQ(of(plain, "two"), "2:4");
  EXPECT_EQ(of(plain, "three"), "4:4");
  const YamlNode twice = tree->root().at("d");
  EXPECT_EQ(twice.text(),
            "a\tb\xC3\xA9"
            "c joined folded");
  EXPECT_EQ(of(twice, "b"), "5:8");
  EXPECT_EQ(of(twice, "c"), "5:15");
  EXPECT_EQ(of(twice, "joined"), "6:5");
  EXPECT_EQ(of(twice, "folded"), "7:5");
  EXPECT_EQ(of(tree->root().at("t"), "tagged"), "8:19");
  EXPECT_EQ(tree->root().at("t").tag(), "tag:yaml.org,2002:str");
}

TEST(YamlTree, CountsColumnsInCodePoints) {
  const std::string text = "\xEF\xBB\xBFé: 'ö x' # ü\nk: |\n  ñandú ${{ x }}\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  const auto entries = tree->root().entries();
  EXPECT_EQ(at(entries[0].first.span()), "1:1-1:2");
  EXPECT_EQ(at(entries[0].second.span()), "1:4-1:9");
  EXPECT_EQ(of(entries[0].second, "x"), "1:7");
  EXPECT_EQ(entries[0].second.comment(), "ü");
  EXPECT_EQ(of(entries[1].second, "${{"), "3:9");
}

TEST(YamlTree, ReadsUtf16) {
  std::string text = "\xFF\xFE";
  for (const char c : std::string("a: b\n")) text += c, text += '\0';
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->root().at("a").text(), "b");
}

TEST(YamlTree, ResolvesMergesAndAliases) {
  const std::string text =
      "base: &base {image: a, stage: one}\n"
      "other: &other {image: b, only: x}\n"
      "job:\n  <<: [*base, *other]\n  stage: own\n"
      "copy: *base\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  const YamlNode job = tree->root().at("job");
  EXPECT_EQ(job.at("stage").text(), "own");
  EXPECT_EQ(job.at("image").text(), "a");
  EXPECT_EQ(job.at("only").text(), "x");
  ASSERT_EQ(job.entries().size(), 3U);
  EXPECT_EQ(job.entries()[0].first.text(), "stage");
  EXPECT_EQ(at(tree->root().at("copy").span()), "6:7-6:12");
  EXPECT_EQ(at(tree->root().at("copy").at("image").span()), "1:21-1:22");
}

TEST(YamlTree, EndsCyclesAndBoundsLaughter) {
  const std::string cycle = "a: &a [x, *a]\n";
  const auto tree = YamlTree::parse(cycle);
  ASSERT_TRUE(tree.has_value());
  EXPECT_FALSE(tree->root().at("a").items()[1].exists());

  std::string bomb = "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int level = 1; level < 12; ++level) {
    bomb += "l" + std::to_string(level) + ": &l" + std::to_string(level) + " [";
    for (int i = 0; i < 10; ++i) bomb += (i > 0 ? ",*l" : "*l") + std::to_string(level - 1);
    bomb += "]\n";
  }
  const auto refused = YamlTree::parse(bomb);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::limit);
  const auto salvaged = YamlTree::salvage(bomb);
  EXPECT_FALSE(salvaged.complete);
  EXPECT_EQ(salvaged.tree.root().at("l3").items().size(), 10U);
  EXPECT_TRUE(salvaged.tree.root().at("l11").exists());
}

TEST(YamlTree, BoundsDepth) {
  const std::string deep = std::string(limits::max_yaml_depth + 1, '[') + std::string(limits::max_yaml_depth + 1, ']');
  const auto refused = YamlTree::parse(deep);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::limit);
  const std::string fine = std::string(limits::max_yaml_depth - 1, '[') + std::string(limits::max_yaml_depth - 1, ']');
  EXPECT_TRUE(YamlTree::parse(fine).has_value());
}

TEST(YamlTree, SalvagesWhatStandsBeforeAnError) {
  const std::string text = "on: push\njobs:\n  build:\n    steps:\n      - run: ok\n      - run: \"open\n  other: x\n";
  const auto refused = YamlTree::parse(text);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::syntax);
  EXPECT_NE(refused.error().where, "");
  const auto salvaged = YamlTree::salvage(text);
  EXPECT_FALSE(salvaged.complete);
  EXPECT_EQ(salvaged.tree.root().at("on").text(), "push");
  const auto steps = salvaged.tree.root().at("jobs").at("build").at("steps").items();
  ASSERT_GE(steps.size(), 1U);
  EXPECT_EQ(steps[0].at("run").text(), "ok");
}

TEST(YamlTree, NamesTheErrorsPlace) {
  const auto refused = YamlTree::parse("a: b\nc: [d\ne: f\n");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().where, "3:2");
}

TEST(YamlTree, ForbidsBytesStrictlyAndMendsThemLeniently) {
  const std::string text = "a: \xE9t\xE9\nb: \x01 c\n";
  const auto refused = YamlTree::parse(text);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().where, "1:4");
  const auto salvaged = YamlTree::salvage(text);
  EXPECT_FALSE(salvaged.complete);
  EXPECT_EQ(salvaged.tree.root().at("a").text(), "\xEF\xBF\xBDt\xEF\xBF\xBD");
  EXPECT_TRUE(salvaged.tree.root().at("b").is_scalar());
}

TEST(YamlTree, NamesDuplicates) {
  const auto tree = YamlTree::parse("a: 1\nb: 2\na: 3\n");
  ASSERT_TRUE(tree.has_value());
  ASSERT_EQ(tree->duplicates().size(), 1U);
  EXPECT_EQ(at(tree->duplicates()[0].span()), "3:1-3:2");
  EXPECT_EQ(tree->root().at("a").text(), "3");
  EXPECT_EQ(tree->root().entries().size(), 3U);
}

TEST(YamlTree, KeepsNodesValidWhenTheTreeMoves) {
  auto tree = YamlTree::parse("a: b\n---\nc: d\n");
  ASSERT_TRUE(tree.has_value());
  const YamlNode root = tree->root();
  const YamlTree moved = std::move(*tree);
  EXPECT_EQ(root.at("a").text(), "b");
  ASSERT_EQ(moved.documents().size(), 2U);
  EXPECT_EQ(moved.documents()[1].at("c").text(), "d");
  EXPECT_FALSE(YamlTree::parse("")->root().exists());
}

// Every byte of every text is found where it was written, when the writing is literal.
TEST(YamlTree, PlacesNeverLeaveTheNode) {
  const std::string text = "a: >+\n  x\n  y\n\n   z\n\n\nb: 'c\n\n  d'\n? |\n k\n: v\n";
  const auto tree = YamlTree::parse(text);
  ASSERT_TRUE(tree.has_value());
  for (const auto& [key, value] : tree->root().entries()) {
    for (const YamlNode& node : {key, value}) {
      Position last;
      for (std::size_t i = 0; i <= node.text().size() + 3; ++i) {
        const Position place = node.position_of(i);
        EXPECT_GE(place, node.span().begin);
        EXPECT_LE(place, node.span().end);
        EXPECT_GE(place, last);
        last = place;
        if (i >= node.text().size() || node.text()[i] == '\n' || node.text()[i] == ' ') continue;
        EXPECT_EQ(tree->lines().line(place.line)[place.column - 1], node.text()[i]) << i;
      }
    }
  }
}

}  // namespace
}  // namespace assay::formats
