// Elementary functions from additions, multiplications and divisions alone, so that they give the same bits under
// every ISA, compiler and C library. Accurate to about an ulp; meant for the rare branches of samplers, and constexpr
// for their tables. Arguments are finite and in the domain unless said otherwise.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <limits>

#include "kernels/random/lanes.h"

namespace ndl::random {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kPi = 3.14159265358979323846;
inline constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;  // kLn2High * n is exact

// x * 2^n for results in the normal range or below it (0).
constexpr double scale_by_power(double x, int n) {
  if (n < -1022) return n < -1080 ? 0.0 : x * std::bit_cast<double>(uint64_t(n + 1023 + 200) << 52) * 0x1p-200;
  if (n > 1023) return x * std::bit_cast<double>(uint64_t(n + 1023 - 1) << 52) * 2.0;
  return x * std::bit_cast<double>(uint64_t(n + 1023) << 52);
}

// 2 atanh(s) for |s| < 0.18, which is log(m) for m = (1 + s) / (1 - s).
constexpr double two_atanh(double s) {
  const double z = s * s, z2 = z * z, z4 = z2 * z2;
  const double a = 1.0 / 3 + z * (1.0 / 5), b = 1.0 / 7 + z * (1.0 / 9), c = 1.0 / 11 + z * (1.0 / 13);
  const double d = 1.0 / 15 + z * (1.0 / 17), e = 1.0 / 19 + z * (1.0 / 21);
  return 2 * s + 2 * s * z * (((a + b * z2) + (c + d * z2) * z4) + e * (z4 * z4));
}

// Natural logarithm; log(0) is -inf.
constexpr double exact_log(double x) {
  if (!(x > 0)) return -kInfinity;
  if (x > 1.7976931348623157e308) return x;
  int shift = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    shift = -54;
  }
  const auto bits = std::bit_cast<uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  const double n = exponent + shift;
  return n * kLn2High + (two_atanh((m - 1) / (m + 1)) + n * kLn2Low);
}

// log(1 + x), x >= -1.
constexpr double exact_log1p(double x) {
  if (x > -0.25 && x < 0.4) return two_atanh(x / (2 + x));
  return exact_log(1 + x);
}

// 1 / k!
inline constexpr auto kInverseFactorial = [] {
  std::array<double, 24> t{};
  double product = 1;
  for (int k = 0; k < 24; ++k) {
    if (k > 0) product *= k;
    t[k] = 1 / product;
  }
  return t;
}();

// e^r - 1 for |r| < 0.35, by pairs of terms so that the processor can work on several at once.
template <class V>
constexpr V small_expm1(V r) {
  constexpr auto c = kInverseFactorial;
  const V r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  const V a = c[2] + c[3] * r, b = c[4] + c[5] * r, d = c[6] + c[7] * r, e = c[8] + c[9] * r;
  const V f = c[10] + c[11] * r, g = c[12] + c[13] * r, h = c[14] + c[15] * r;
  return r + r2 * (((a + b * r2) + (d + e * r2) * r4) + ((f + g * r2) + h * r4) * r8);
}

constexpr double exact_exp(double x) {
  if (!(x < 709.79)) return x < 709.79 || x > 0 ? kInfinity : x;
  if (x < -745.2) return 0.0;
  const double scaled = x * 1.44269504088896340736;
  const int n = static_cast<int>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double r = (x - n * kLn2High) - n * kLn2Low;
  return scale_by_power(1.0 + small_expm1(r), n);
}

// The same of -700 < x <= 0, in each lane.
NDL_INLINE F64 exact_exp(F64 x) {
  const I64 n = __builtin_convertvector(x * 1.44269504088896340736 - 0.5, I64);
  const F64 whole = __builtin_convertvector(n, F64);
  const F64 r = (x - whole * kLn2High) - whole * kLn2Low;
  return (1.0 + small_expm1(r)) * (F64)((n + 1023) << 52);
}

constexpr double exact_expm1(double x) {
  return x > -0.34 && x < 0.34 ? small_expm1(x) : exact_exp(x) - 1.0;
}

// x^y for x > 0.
constexpr double exact_pow(double x, double y) { return exact_exp(y * exact_log(x)); }

// log(n!) less Stirling's approximation n log(n) - n + log(2 pi n) / 2, for a whole number n >= 1.
constexpr double stirling_error(double n) {
  constexpr auto kTable = [] {
    std::array<double, 32> t{};
    double product = 1;
    for (int i = 1; i < 32; ++i) {
      product *= i;
      t[i] = exact_log(product) - (i * exact_log(i) - i + 0.5 * exact_log(2 * kPi * i));
    }
    return t;
  }();
  if (n < 32) return kTable[static_cast<int>(n)];
  const double inverse = 1 / n, z = inverse * inverse;
  return inverse * (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680))));
}

// log(n!) for a whole number n >= 0.
constexpr double log_factorial(double n) {
  return n < 1 ? 0 : n * exact_log(n) - n + 0.5 * exact_log(2 * kPi * n) + stirling_error(n);
}

// x log(x / mean) + mean - x, without cancellation near x = mean (C. Loader, "Fast and accurate computation of
// binomial probabilities", 2000). x >= 0, mean > 0.
constexpr double deviance(double x, double mean) {
  if (x == 0) return mean;
  const double d = x - mean;
  return x * exact_log1p(d / mean) - d;
}

// cos(pi * x) for 0 <= x <= 1.
constexpr double cos_pi(double x) {
  const bool second = x > 0.5;
  if (second) x = 1 - x;
  double value = 0;
  if (x <= 0.25) {
    const double t = x * kPi, z = t * t;
    double sum = kInverseFactorial[16];
    for (int k = 14; k >= 0; k -= 2) sum = kInverseFactorial[k] - sum * z;
    value = sum;
  } else {
    const double t = (0.5 - x) * kPi, z = t * t;
    double sum = kInverseFactorial[17];
    for (int k = 15; k >= 1; k -= 2) sum = kInverseFactorial[k] - sum * z;
    value = t * sum;
  }
  return second ? -value : value;
}

// Arc tangent of t >= 0, which may be inf.
constexpr double exact_atan(double t) {
  if (t > 1) return kPi / 2 - exact_atan(1 / t);
  // atan(t) = atan(c) + atan((t - c) / (1 + t c)) with c a multiple of 1/8, so that |argument| <= 1/16.
  constexpr double kSteps[9] = {0,
                                0.12435499454676143503,
                                0.24497866312686415417,
                                0.35877067027057222040,
                                0.46364760900080611621,
                                0.55859931534356243597,
                                0.64350110879328438680,
                                0.71882999962162450541,
                                0.78539816339744830962};
  const int step = static_cast<int>(t * 8 + 0.5);
  const double c = step * 0.125, u = (t - c) / (1 + t * c), z = u * u;
  double sum = 1.0 / 13;
  for (int k = 11; k >= 3; k -= 2) sum = 1.0 / k - sum * z;
  return kSteps[step] + (u - u * z * sum);
}

// Arc cosine, |x| <= 1.
inline double exact_acos(double x) {
  const double half = exact_atan(__builtin_sqrt((1 - x) / (1 + x)));
  return 2 * half;
}

}  // namespace ndl::random
