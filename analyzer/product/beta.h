#pragma once

namespace assay::product {

// The regularised incomplete beta function I_x(a, b): the chance that a Beta(a, b) variable is at most x (DLMF 8.17,
// continued fraction 8.17.22). a, b > 0; x is clamped to 0 … 1. Accurate to about 1e-14 relative for a, b up to some
// thousands.
double beta_probability(double a, double b, double x);

// Its inverse in x: the p-quantile of Beta(a, b). p is clamped to 0 … 1. Deterministic: no random numbers, no tolerance
// to set.
double beta_quantile(double a, double b, double p);

}  // namespace assay::product
