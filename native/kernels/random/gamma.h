// Gamma numbers of scale 1 (Marsaglia & Tsang, "A simple method for generating gamma variables", 2000).
#pragma once
#include "kernels/random/ziggurat.h"

namespace ndl::random {

// shape >= 0 and finite.
inline double draw_gamma(double shape, ElementStream& stream) {
  if (shape == 0) return 0;
  if (shape == 1) return draw_exponential(stream);
  if (shape < 1) {
    // X of shape + 1 times U^(1 / shape), where -log(U) is exponential.
    const double log_boost = -draw_exponential(stream) / shape;
    return draw_gamma(shape + 1, stream) * exact_exp(log_boost);
  }
  const double d = shape - 1.0 / 3, c = 1 / __builtin_sqrt(9 * d);
  for (;;) {
    const double x = draw_normal(stream);
    double v = 1 + c * x;
    if (v <= 0) continue;
    v = v * v * v;
    const double u = stream.unit_above_zero(), square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (exact_log(u) < 0.5 * square + d * (1 - v + exact_log(v))) return d * v;
  }
}

}  // namespace ndl::random
