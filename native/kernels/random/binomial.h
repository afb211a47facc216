// Binomial numbers: inversion by sequential search when n p < 10, else the transformed rejection BTRS (Hörmann, "The
// generation of binomial random variates", 1993) with the probability as Loader writes it.
#pragma once
#include "kernels/random/poisson.h"

namespace ndl::random {

struct Binomial {
  using T = int64_t;
  double n, p, q;                 // p <= 1/2
  bool valid, flipped;
  double none = 0;                // probability of 0
  double a = 0, b = 0, c = 0, v_r = 0, alpha = 0, log_mode = 0;

  explicit Binomial(const RandomParams& params) : Binomial(params.p[0], params.p[1]) {}
  Binomial(double count, double probability) : n(count) {
    valid = n >= 0 && n < 0x1p63 && probability >= 0 && probability <= 1;
    flipped = probability > 0.5;
    p = flipped ? 1 - probability : probability;
    q = 1 - p;
    if (!valid || n * p < 10) {
      none = valid ? exact_exp(n * exact_log1p(-p)) : 1;
      return;
    }
    const double spread = __builtin_sqrt(n * p * q);
    b = 1.15 + 2.53 * spread;
    a = -0.0873 + 0.0248 * b + 0.01 * p;
    c = n * p + 0.5;
    v_r = 0.92 - 4.2 / b;
    alpha = (2.83 + 5.1 / b) * spread;
    log_mode = log_probability(__builtin_floor((n + 1) * p));
  }

  int64_t draw(ElementStream& stream) const {
    if (!valid || n == 0) return 0;
    const double k = p == 0 ? 0 : n * p < 10 ? search(stream) : reject(stream);
    return to_int64(flipped ? n - k : k);
  }

 private:
  double search(ElementStream& stream) const {
    const double odds = p / q, limit = n < 120 ? n : 120;
    for (;;) {
      double u = stream.unit(), probability = none;
      // Past the limit the probability is nil: rounding has left u above the sum, so draw again.
      for (double k = 0; k <= limit;) {
        if (u < probability) return k;
        u -= probability;
        probability *= (n - k) / (k + 1) * odds;
        k += 1;
      }
    }
  }
  double reject(ElementStream& stream) const {
    for (;;) {
      const double u = stream.unit() - 0.5, v = stream.unit_above_zero();
      const double us = 0.5 - (u < 0 ? -u : u);
      if (us == 0) continue;
      const double k = __builtin_floor((2 * a / us + b) * u + c);
      if (k < 0 || k > n) continue;
      if (us >= 0.07 && v <= v_r) return k;
      if (exact_log(v * alpha / (a / (us * us) + b)) <= log_probability(k) - log_mode) return k;
    }
  }
  double log_probability(double k) const {
    if (k == 0) return n * exact_log1p(-p);
    if (k == n) return n * exact_log(p);
    return stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, n * p) -
           deviance(n - k, n * q) + 0.5 * exact_log(n / (2 * kPi * k * (n - k)));
  }
};

}  // namespace ndl::random
