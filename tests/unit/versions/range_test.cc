#include "analyzer/versions/range.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::versions {
namespace {

std::string normal(std::string_view text) {
  const auto range = parse_range(text);
  return range ? to_text(*range) : "refused";
}

bool inside(std::string_view text, std::string_view version) {
  const auto range = parse_range(text);
  EXPECT_TRUE(range.has_value()) << text;
  return range && contains(*range, version);
}

TEST(Range, IsPutInOrder) {
  EXPECT_EQ(normal("vers:NPM/ <2.0.0 | >=1.0.0 |"), "vers:npm/>=1.0.0|<2.0.0");
  EXPECT_EQ(normal("vers:pypi/1.10|1.9|=1.2"), "vers:pypi/1.2|1.9|1.10");
  EXPECT_EQ(normal("vers:npm/*"), "vers:npm/*");
  EXPECT_EQ(normal("vers:npm/1.0%252F0"), "vers:npm/1.0%252F0");
  for (const char* text : {"", "npm/1", "vers:", "vers:/1", "vers:npm", "vers:npm/", "vers:npm/|", "vers:npm/>",
                           "vers:npm/1|*", "vers:n%pm/1", "vers:npm/1%2", "vers:npm/1%2G"}) {
    EXPECT_EQ(normal(text), "refused") << text;
  }
}

TEST(Range, TheCanonicalFormIsStrict) {
  for (const char* text :
       {"vers:npm/>=1.0.0|<2.0.0", "vers:pypi/!=1.0", "vers:datetime/2024-01-01T00:00:00Z", "vers:deb/1:2~rc1-3"}) {
    const auto range = parse_canonical_range(text);
    ASSERT_TRUE(range.has_value()) << text;
    EXPECT_EQ(to_text(*range), text);
  }
  for (const char* text :
       {"", "vers:npm/>=1.0.0| <2.0.0", "vers:npm/|1", "vers:npm/1|", "vers:npm/1||2", "vers:npm/2|1", "vers:npm/1%2f0",
        "vers:datetime/2024-01-01t00:00:00Z", "vers:datetime/2024-01-01T00%3A00%3A00Z"}) {
    EXPECT_FALSE(parse_canonical_range(text).has_value()) << text;
  }
}

TEST(Range, ContainsWhatLiesInOneOfItsIntervals) {
  const char* const two = "vers:npm/>=1.0.0|<1.5.0|>2.0.0|<=2.5.0";
  EXPECT_TRUE(inside(two, "1.0.0"));
  EXPECT_TRUE(inside(two, "1.4.9"));
  EXPECT_TRUE(inside(two, "2.5.0"));
  EXPECT_FALSE(inside(two, "0.9.9"));
  EXPECT_FALSE(inside(two, "1.5.0"));
  EXPECT_FALSE(inside(two, "1.7.0"));
  EXPECT_FALSE(inside(two, "2.0.0"));
  EXPECT_FALSE(inside(two, "2.5.1"));
}

TEST(Range, OpenEndsEqualityAndExclusion) {
  EXPECT_TRUE(inside("vers:deb/<1.0", "1.0~rc1"));
  EXPECT_FALSE(inside("vers:deb/<1.0", "1.0"));
  EXPECT_TRUE(inside("vers:maven/>=1.0", "99"));
  EXPECT_TRUE(inside("vers:pypi/<=1.0|>=2.0|1.5", "1.5.0"));
  EXPECT_FALSE(inside("vers:pypi/<=1.0|>=2.0|1.5", "1.6"));
  EXPECT_FALSE(inside("vers:pypi/>=1.0|!=1.2|<2.0", "1.2"));
  EXPECT_TRUE(inside("vers:pypi/>=1.0|!=1.2|<2.0", "1.3"));
  EXPECT_TRUE(inside("vers:pypi/!=1.2", "7"));
  EXPECT_TRUE(inside("vers:npm/*", "anything"));
}

}  // namespace
}  // namespace assay::versions
