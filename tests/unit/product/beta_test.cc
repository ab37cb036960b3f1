#include "analyzer/product/beta.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "analyzer/product/date.h"

namespace assay::product {
namespace {

// Computed to 20 digits with an arbitrary-precision library.
TEST(Beta, QuantilesAgreeWithReferenceValues) {
  struct Case {
    double p, a, b, x;
  };
  for (const Case& c : {Case{0.1, 0.7, 1.3, 0.0279921386582215}, Case{0.9, 0.7, 1.3, 0.773346097835975},
                        Case{0.1, 12.7, 1.3, 0.803785610422193}, Case{0.9, 12.7, 1.3, 0.983821331458597},
                        Case{0.1, 0.7, 13.3, 0.00251708148229483}, Case{0.9, 0.7, 7.3, 0.217722231684774},
                        Case{0.5, 2.5, 3.5, 0.406844940893194}, Case{0.025, 30, 70, 0.214667992967987},
                        Case{0.1, 1.2, 1.3, 0.116614982617093}, Case{0.001, 5, 3, 0.143773850160983},
                        Case{0.1, 250.7, 80.3, 0.726907073469763}}) {
    EXPECT_NEAR(beta_quantile(c.a, c.b, c.p), c.x, 1e-12 * c.x) << c.a << ' ' << c.b << ' ' << c.p;
    EXPECT_NEAR(beta_probability(c.a, c.b, c.x), c.p, 1e-12);
  }
}

TEST(Beta, QuantilesAgreeWithClosedForms) {
  for (const double p : {0.001, 0.1, 0.37, 0.5, 0.9, 0.999}) {
    EXPECT_NEAR(beta_quantile(1, 1, p), p, 1e-14);
    EXPECT_NEAR(beta_quantile(3, 1, p), std::cbrt(p), 1e-13);
    EXPECT_NEAR(beta_quantile(1, 4, p), 1 - std::pow(1 - p, 0.25), 1e-13);
    EXPECT_NEAR(beta_quantile(0.5, 0.5, p), std::pow(std::sin(std::numbers::pi * p / 2), 2), 1e-13);
  }
}

TEST(Beta, IsMonotoneInCountsAndTotalAtTheEdges) {
  double before = 0;
  for (double a = 0.2; a < 40; a += 0.3) {
    const double now = beta_quantile(a, 1.3, 0.1);
    EXPECT_GT(now, before);
    before = now;
  }
  before = 1;
  for (double b = 0.2; b < 40; b += 0.3) {
    const double now = beta_quantile(0.7, b, 0.9);
    EXPECT_LT(now, before);
    before = now;
  }
  EXPECT_EQ(beta_quantile(2, 3, 0), 0);
  EXPECT_EQ(beta_quantile(2, 3, 1), 1);
  EXPECT_EQ(beta_probability(2, 3, -1), 0);
  EXPECT_EQ(beta_probability(2, 3, 2), 1);
}

TEST(Date, CountsDays) {
  EXPECT_EQ(day_of("1970-01-01"), 0);
  EXPECT_EQ(day_of("1969-12-31"), -1);
  EXPECT_EQ(day_of("2000-03-01"), 11017);
  EXPECT_EQ(day_of("2024-02-29"), 19782);
  EXPECT_EQ(day_of("2026-05-01T10:00:00Z"), day_of("2026-05-01"));
}

TEST(Date, RefusesWhatIsNoDay) {
  for (const char* text : {"", "2026-5-1", "2026-13-01", "2026-00-10", "2025-02-29", "2026-04-31", "2026-05-01x",
                           "20260501", "+026-05-01"}) {
    EXPECT_FALSE(day_of(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace assay::product
