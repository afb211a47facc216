// Poisson numbers: inversion by sequential search for small means, else the transformed rejection PTRS (Hörmann,
// "The transformed rejection method for generating Poisson random variables", 1993) with the probability as Loader
// writes it, which keeps its accuracy for large means.
#pragma once
#include "kernels/random/element_stream.h"
#include "kernels/random/exact_math.h"
#include "kernels/table.h"

namespace ndl::random {

inline constexpr int64_t kLargestInt64 = INT64_MAX;
inline int64_t to_int64(double x) {  // saturates, as NumPy's geometric does
  return x >= 0x1p63 ? kLargestInt64 : static_cast<int64_t>(x);
}

struct Poisson {
  using T = int64_t;
  double mean, none = 0;               // none: probability of 0
  double a = 0, b = 0, inverse_alpha = 0, v_r = 0;

  explicit Poisson(const RandomParams& p) : Poisson(p.p[0]) {}
  explicit Poisson(double m) : mean(m) {
    if (mean < 10) {
      none = exact_exp(-mean);
      return;
    }
    b = 0.931 + 2.53 * __builtin_sqrt(mean);
    a = -0.059 + 0.02483 * b;
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    v_r = 0.9277 - 3.6224 / (b - 2);
  }

  int64_t draw(ElementStream& stream) const {
    if (!(mean > 0 && mean < 0x1p63)) return 0;
    return mean < 10 ? search(stream) : reject(stream);
  }

 private:
  int64_t search(ElementStream& stream) const {
    for (;;) {
      double u = stream.unit(), probability = none;
      // Beyond 100 the probability is below 1e-60: rounding has left u above the sum, so draw again.
      for (int k = 0; k < 100; probability *= mean / ++k) {
        if (u < probability) return k;
        u -= probability;
      }
    }
  }
  int64_t reject(ElementStream& stream) const {
    for (;;) {
      const double u = stream.unit() - 0.5, v = stream.unit_above_zero();
      const double us = 0.5 - (u < 0 ? -u : u);
      if (us == 0) continue;
      const double k = __builtin_floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= v_r) return to_int64(k);
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (exact_log(v * inverse_alpha / (a / (us * us) + b)) <= log_probability(k)) return to_int64(k);
    }
  }
  double log_probability(double k) const {
    if (k == 0) return -mean;
    return -deviance(k, mean) - stirling_error(k) - 0.5 * exact_log(2 * kPi * k);
  }
};

}  // namespace ndl::random
