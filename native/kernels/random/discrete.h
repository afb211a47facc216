// Discrete distributions, by their parameters. Parameters outside of the domain give 0; the API refuses them before
// they come here.
#pragma once
#include "kernels/random/binomial.h"
#include "kernels/random/gamma.h"
#include "kernels/random/poisson.h"

namespace ndl::random {

// An exponential number, rounded up in units of its mean.
struct Geometric {
  using T = int64_t;
  double p, rate;
  explicit Geometric(const RandomParams& params)
      : p(params.p[0]), rate(p > 0 && p < 1 ? -exact_log1p(-p) : 0) {}
  T draw(ElementStream& stream) const {
    if (!(p > 0 && p <= 1)) return 0;
    if (p == 1) return 1;
    const double k = __builtin_ceil(draw_exponential(stream) / rate);
    return k < 1 ? 1 : to_int64(k);
  }
};

// A Poisson number whose mean is a gamma number.
struct NegativeBinomial {
  using T = int64_t;
  double n, p;
  explicit NegativeBinomial(const RandomParams& params) : n(params.p[0]), p(params.p[1]) {}
  T draw(ElementStream& stream) const {
    if (!(n > 0 && n < kInfinity && p > 0 && p <= 1)) return 0;
    const double mean = draw_gamma(n, stream) * ((1 - p) / p);
    return mean < 0x1p62 ? Poisson(mean).draw(stream) : to_int64(mean);
  }
};

// Few draws: an urn. Many: ratio of uniforms, HRUA* (Stadlober, "The ratio of uniforms approach for generating discrete
// random variates", 1990).
struct Hypergeometric {
  using T = int64_t;
  double good, bad, sample, total, rare, common, drawn;  // drawn: the smaller of what is drawn and what is left
  bool valid;
  double centre = 0, scale = 0, log_mode = 0, end = 0;

  explicit Hypergeometric(const RandomParams& p) : good(p.p[0]), bad(p.p[1]), sample(p.p[2]) {
    total = good + bad;
    valid = good >= 0 && bad >= 0 && sample >= 0 && sample <= total && total < 0x1p53;
    rare = good < bad ? good : bad;
    common = good < bad ? bad : good;
    drawn = sample < total - sample ? sample : total - sample;
    if (!valid || drawn < 10) return;
    const double share = rare / total;
    centre = drawn * share + 0.5;
    const double deviation = __builtin_sqrt((total - drawn) * drawn * share * (1 - share) / (total - 1) + 0.5);
    scale = 1.7155277699214135 * deviation + 0.8989161620588988;  // 2 sqrt(2/e) and 3 - 2 sqrt(3/e)
    log_mode = log_terms(__builtin_floor((drawn + 1) * (rare + 1) / (total + 2)));
    const double most = (drawn < rare ? drawn : rare) + 1, far = __builtin_floor(centre + 16 * deviation);
    end = most < far ? most : far;
  }
  T draw(ElementStream& stream) const {
    if (!valid || drawn < 0) return 0;
    double k = drawn < 10 ? urn(stream) : reject(stream);  // rare ones among `drawn`
    if (good > bad) k = drawn - k;                          // good ones among `drawn`
    if (drawn < sample) k = good - k;                       // good ones among `sample`
    return to_int64(k);
  }

 private:
  double urn(ElementStream& stream) const {
    double left = rare;
    for (double i = 0; i < drawn; i += 1)
      if (stream.unit() * (total - i) < left) left -= 1;
    return rare - left;
  }
  double reject(ElementStream& stream) const {
    for (;;) {
      const double x = stream.unit_above_zero(), y = stream.unit();
      const double w = centre + scale * (y - 0.5) / x;
      if (w < 0 || w >= end) continue;
      const double k = __builtin_floor(w), t = log_mode - log_terms(k);
      if (x * (4 - x) - 3 <= t) return k;
      if (x * (x - t) >= 1) continue;
      if (2 * exact_log(x) <= t) return k;
    }
  }
  double log_terms(double k) const {
    return log_factorial(k) + log_factorial(rare - k) + log_factorial(drawn - k) + log_factorial(common - drawn + k);
  }
};

// Kemp, "Efficient generation of logarithmically distributed pseudo-random variables", 1981: algorithm LK.
struct Logseries {
  using T = int64_t;
  double p, r;
  explicit Logseries(const RandomParams& params) : p(params.p[0]), r(p > 0 && p < 1 ? exact_log1p(-p) : 0) {}
  T draw(ElementStream& stream) const {
    if (!(p >= 0 && p < 1)) return 0;
    for (;;) {
      const double v = stream.unit_above_zero();
      if (v >= p) return 1;
      const double q = -exact_expm1(r * stream.unit_above_zero());
      if (v <= q * q) {
        const double k = __builtin_floor(1 + exact_log(v) / exact_log(q));
        if (k < 1) continue;
        return to_int64(k);
      }
      return v >= q ? 1 : 2;
    }
  }
};

// Rejection (Devroye, "Non-Uniform Random Variate Generation", 1986, p. 550), of numbers that int64 holds.
struct Zipf {
  using T = int64_t;
  double a, b, least;  // b = 2^(a - 1) - 1
  explicit Zipf(const RandomParams& p) : a(p.p[0]), b(1), least(0) {
    if (!(a > 1)) return;
    b = exact_expm1((a - 1) * 0.69314718055994530942);
    least = exact_exp(-(a - 1) * 43.668272375276554);  // (2^63)^-(a - 1): what gives the largest number
  }
  T draw(ElementStream& stream) const {
    if (!(a > 1)) return 0;
    if (a >= 1025) return 1;  // b overflows, and 2 has a probability below 2^-1024
    for (;;) {
      const double u = least + stream.unit_above_zero() * (1 - least), v = stream.unit();
      const double x = __builtin_floor(exact_exp(-exact_log(u) / (a - 1)));
      if (!(x >= 1 && x < 0x1p63)) continue;
      const double excess = exact_expm1((a - 1) * exact_log1p(1 / x));  // t - 1, t = (1 + 1/x)^(a - 1)
      if (v * x * excess / b <= (1 + excess) / (1 + b)) return static_cast<int64_t>(x);
    }
  }
};

}  // namespace ndl::random
