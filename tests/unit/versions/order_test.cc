#include "analyzer/versions/order.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay::versions {
namespace {

struct Ascending {
  const char* ecosystem;
  std::vector<const char*> versions;  // each later than the one before
};

class Order : public testing::TestWithParam<Ascending> {};

// Every pair, both ways: also shows that the order is transitive on the list.
TEST_P(Order, IsThatOfTheEcosystem) {
  const Ascending& all = GetParam();
  for (std::size_t i = 0; i < all.versions.size(); ++i) {
    for (std::size_t j = 0; j < all.versions.size(); ++j) {
      const auto order = compare(all.ecosystem, all.versions[i], all.versions[j]);
      ASSERT_TRUE(order.has_value()) << all.ecosystem;
      EXPECT_TRUE(*order == (i <=> j)) << all.ecosystem << ": " << all.versions[i] << " and " << all.versions[j];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Order,
    testing::Values(
        Ascending{
            "npm",
            {"not a version", "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
             "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2.0", "1.10.0", "99999999999999999999.0.0"}},
        Ascending{"golang",
                  {"v0.0.0-20190101000000-aaaaaaaaaaaa", "v0.0.0-20200101000000-000000000000", "v0.1.0",
                   "v2.0.0+incompatible", "v2.0.1-0.20200101000000-aaaaaaaaaaaa", "v2.0.1"}},
        Ascending{"pub", {"1.0.0-dev", "1.0.0", "1.0.0+1", "1.0.0+2", "1.0.1"}},
        Ascending{"PyPI",
                  {"what",
                   "1.0.dev456",
                   "1.0a1",
                   "1.0a2.dev456",
                   "1.0a12.dev456",
                   "1.0a12",
                   "1.0b1.dev456",
                   "1.0b2",
                   "1.0b2.post345.dev456",
                   "1.0b2.post345",
                   "1.0rc1.dev456",
                   "1.0rc1",
                   "1.0",
                   "1.0+abc.5",
                   "1.0+abc.7",
                   "1.0+5",
                   "1.0.post456.dev34",
                   "1.0.post456",
                   "1.0.15",
                   "1.1.dev1",
                   "2012.1",
                   "1!0.1"}},
        Ascending{"maven",
                  {"1.0-alpha-1", "1.0-beta-1", "1.0-m2", "1.0-rc1", "1.0-SNAPSHOT", "1.0", "1.0-sp", "1.0-foo",
                   "1.0-1", "1.0.1", "1.9", "1.10"}},
        Ascending{"nuget", {"1.0.0-alpha", "1.0.0-Beta", "1.0.0", "1.0.0.1", "1.0.1", "1.10"}},
        Ascending{"gem", {"1.0.a", "1.0.b1", "1.0.pre", "1.0.rc1", "1.0", "1.0.1.pre", "1.0.1", "1.10"}},
        Ascending{"composer",
                  {"dev-main", "1.0.0-dev", "1.0.0-alpha1", "1.0.0-beta", "1.0.0-beta2", "1.0.0-RC1", "v1.0.0",
                   "1.0.0-p1", "1.0.1", "1.10"}},
        Ascending{"Debian:12",
                  {"1.0~~", "1.0~rc1-1", "1.0~rc1-2", "1.0", "1.0-1~bpo1", "1.0-1", "1.0-1+b1", "1.0+dfsg-1", "1.2",
                   "1.10", "1:0.1"}},
        Ascending{"rpm",
                  {"1.0~rc1-1", "1.0", "1.0^git1-1", "1.0.1-1.el9", "1.0.1-2.el9", "1.2", "1.10",
                   "1:0.1-1"}},
        Ascending{"apk", {"1.0_alpha", "1.0_rc1", "1.0", "1.0-r1", "1.0_p1", "1.0a", "1.0.1", "1.2", "1.10"}},
        Ascending{"alpm", {"1.0alpha", "1.0beta", "1.0rc", "1.0", "1.0.a", "1.0.1-1", "1.0.1-2", "1:0.1"}},
        Ascending{"hex", {"1.0.0-rc.0", "1.0.0", "1.0.1"}},
        Ascending{"conan", {"1.0-alpha", "1.0", "1.0+build", "1.0.1", "1.2", "1.10", "cci.20200101"}},
        Ascending{"cran", {"0.9-8", "1.0", "1.0-1", "1.0-10", "1.1"}},
        Ascending{"openssl", {"1.0.2-beta1", "1.0.2", "1.0.2a", "1.0.2z", "1.0.2za", "1.1.1", "3.0.0-alpha1", "3.0.0"}},
        Ascending{"datetime",
                  {"no date", "2023-12-31T23:59:59.5Z", "2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00-00:01"}},
        Ascending{"hackage", {"0.1", "0.1.0", "0.1.2", "0.1.10", "1"}}));

TEST(Order, SpellingsOfOneVersionAreEquivalent) {
  const auto same = [](std::string_view ecosystem, std::string_view a, std::string_view b) {
    return compare(ecosystem, a, b) == std::weak_ordering::equivalent;
  };
  EXPECT_TRUE(same("npm", "v1.2.3", "=1.2.3"));
  EXPECT_TRUE(same("npm", "1.2.3+a", "1.2.3+b"));
  EXPECT_TRUE(same("pypi", "1.0.0-RC-1", "1rc1"));
  EXPECT_TRUE(same("pypi", "1.0-1", "1.0.post1"));
  EXPECT_TRUE(same("maven", "1.0.0", "1-ga"));
  EXPECT_TRUE(same("gem", "1.0-1", "1.pre.1"));
  EXPECT_TRUE(same("nuget", "1.0", "1.0.0.0"));
  EXPECT_TRUE(same("composer", "v1.0", "1.0.0.0"));
  EXPECT_TRUE(same("deb", "0:1.02-1", "1.2-1"));
  EXPECT_TRUE(same("rpm", "1.0-1", "1.0"));  // a release counts only against a release
  EXPECT_FALSE(same("deb", "1.0", "1.0-1"));
}

TEST(Order, KnowsWhatItDoesNotKnow) {
  EXPECT_FALSE(compare("generic", "1", "2").has_value());
  EXPECT_FALSE(compare("", "1", "2").has_value());
  EXPECT_EQ(scheme_of("crates.io"), Scheme::semver);
  EXPECT_EQ(scheme_of("Rocky Linux:9"), Scheme::rpm);
}

TEST(Order, LongVersionsAreOrderedInTime) {
  const std::string deep(400'000, '-');
  const std::string letters = deep + "a";
  for (const char* ecosystem :
       {"npm", "pypi", "maven", "gem", "composer", "deb", "rpm", "apk", "alpm", "conan", "cran"}) {
    const auto one = compare(ecosystem, "1" + deep, "1" + letters);
    const auto other = compare(ecosystem, "1" + letters, "1" + deep);
    EXPECT_TRUE((*one < 0 && *other > 0) || (*one > 0 && *other < 0) || (*one == 0 && *other == 0)) << ecosystem;
  }
}

}  // namespace
}  // namespace assay::versions
