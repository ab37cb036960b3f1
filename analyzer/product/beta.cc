#include "analyzer/product/beta.h"

#include <cmath>
#include <limits>

namespace assay::product {
namespace {

// log Γ without std::lgamma, which writes a global variable (signgam) and so is not safe between threads. Lanczos, g
// = 7.
double log_gamma(double x) {
  static constexpr double coefficients[] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                                            771.32342877765313,   -176.61502916214059,   12.507343278686905,
                                            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  if (x < 0.5) return log_gamma(x + 1) - std::log(x);
  const double shifted = x - 1;
  double sum = coefficients[0];
  for (int i = 1; i < 9; ++i) sum += coefficients[i] / (shifted + i);
  const double t = shifted + 7.5;
  return 0.91893853320467274178 + (shifted + 0.5) * std::log(t) - t + std::log(sum);
}

// The continued fraction by Lentz's method; converges fast for x < (a + 1) / (a + b + 2).
double continued_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::fabs(value) < tiny ? tiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double result = d;
  for (int m = 1; m <= 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    result *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    const double step = d * c;
    result *= step;
    if (std::fabs(step - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return result;
}

}  // namespace

double beta_probability(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * continued_fraction(a, b, x) / a;
  return 1 - front * continued_fraction(b, a, 1 - x) / b;
}

// Newton's steps, and a halving of the bracket whenever one would leave it: nothing can go wrong, and few steps are
// needed.
double beta_quantile(double a, double b, double p) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const double log_scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b);
  double low = 0;
  double high = 1;
  double x = a / (a + b);
  for (int i = 0; i < 200; ++i) {
    const double excess = beta_probability(a, b, x) - p;
    (excess < 0 ? low : high) = x;
    const double density = std::exp(log_scale + (a - 1) * std::log(x) + (b - 1) * std::log1p(-x));
    double next = x - excess / density;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::fabs(next - x) <= 1e-15 * x || next == low || next == high) return next;
    x = next;
  }
  return x;
}

}  // namespace assay::product
