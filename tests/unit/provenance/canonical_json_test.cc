#include "analyzer/provenance/canonical_json.h"

#include <gtest/gtest.h>

namespace assay::provenance {
namespace {

std::string canonical(std::string_view text, std::size_t most = 10'000) {
  const formats::JsonTree tree(text);
  return canonical_json(tree.root(), {}, std::nullopt, most).value_or("none");
}

TEST(CanonicalJson, OrderBlanksAndEscapes) {
  EXPECT_EQ(canonical(" { \"b\" : [ 1 , true , null ] , \"a\" : { } } "), R"({"a":{},"b":[1,true,null]})");
  EXPECT_EQ(canonical(R"("\u0041\u0022\/\u000f\u000A\u007f\u00e9")"), "\"A\\\"/\\u000f\\n\x7f\u00e9\"");
  EXPECT_EQ(canonical(R"({"a":1,"A":2,"":3,"aa":4})"), R"({"":3,"A":2,"a":1,"aa":4})");
}

TEST(CanonicalJson, KeysStandInTheOrderOfUtf16) {
  // U+1F600 begins with the surrogate D83D and so comes before U+FB33, whose bytes in UTF-8 are smaller.
  EXPECT_EQ(canonical("{\"\uFB33\":1,\"\U0001F600\":2,\"\u20AC\":3}"), "{\"\u20AC\":3,\"\U0001F600\":2,\"\uFB33\":1}");
  EXPECT_EQ(canonical("{\"\U0001F600\":2,\"\uD7FF\":1}"), "{\"\uD7FF\":1,\"\U0001F600\":2}");
}

TEST(CanonicalJson, NumbersAsEcmaScriptPrintsThem) {
  const std::pair<const char*, const char*> numbers[] = {{"0", "0"},
                                                         {"-0", "0"},
                                                         {"-0.0", "0"},
                                                         {"1.0", "1"},
                                                         {"4.50", "4.5"},
                                                         {"2e-3", "0.002"},
                                                         {"1E30", "1e+30"},
                                                         {"1e21", "1e+21"},
                                                         {"1e20", "100000000000000000000"},
                                                         {"1e-6", "0.000001"},
                                                         {"1e-7", "1e-7"},
                                                         {"-1.5e-9", "-1.5e-9"},
                                                         {"333333333.33333329", "333333333.3333333"},
                                                         {"9007199254740993", "9007199254740992"},
                                                         {"1.6", "1.6"},
                                                         {"123456789012345678901234", "1.2345678901234569e+23"},
                                                         {"-12", "-12"}};
  for (const auto& [written, printed] : numbers)
    EXPECT_EQ(canonical_number(written).value_or("none"), printed) << written;
  EXPECT_FALSE(canonical_number("1e999"));
  EXPECT_FALSE(canonical_number(""));
  EXPECT_FALSE(canonical_number("1x"));
}

TEST(CanonicalJson, WhatHasNoCanonicalForm) {
  EXPECT_EQ(canonical(R"({"a":1,"a":2})"), "none");
  EXPECT_EQ(canonical(R"({"a":1e999})"), "none");
  EXPECT_EQ(canonical(R"(["aaaaaaaaaaaaaaaaaaaa","b"])", 10), "none");
  EXPECT_EQ(canonical_json(formats::JsonNode{}, {}, std::nullopt, 10), std::nullopt);
}

TEST(CanonicalJson, LeavesOutWhatWasNotSigned) {
  const formats::JsonTree tree(R"({"keep":{"value":1},"sig":{"value":2,"list":[1,2,3]},"drop":4})");
  const formats::JsonNode root = tree.root();
  const std::vector<LeftOut> left_out = {{root.at("sig"), {"value"}}, {root, {"drop"}}};
  EXPECT_EQ(canonical_json(root, left_out, OnlyItems{root.at("sig").at("list"), 1, 1}, 1'000),
            R"({"keep":{"value":1},"sig":{"list":[2]}})");
}

}  // namespace
}  // namespace assay::provenance
