// The sine and cosine of an angle, both from one reduction, so that sin, cos and sincos give the same bits.
//
// The angle is x = n pi/2 + r, |r| <= pi/4. With pi/2 cut into parts so short that n times each is exact, r is known
// as a rounded head and a tail that holds what the rounding lost. Two polynomials give the sine and cosine of r, and the
// quadrant n says which is which, and their signs. Angles that n is too large for, infinities and NaN are SLEEF's.
#pragma once
#include <cstdint>
#include <limits>

#include "kernels/map/simd.h"

namespace ndl {

template <class V>
struct SineCosine {
  V sine, cosine;
};

namespace sincos_internal {

// |n| stays below 2^17, so a part has no more than 36 bits where its product with n must be exact by itself. A fused
// step keeps the product exact whatever its length is: there the first part can have 53, and one part less will do.
inline constexpr double kLargest = 131072;
#if defined(__FMA__)
inline constexpr double kFirst = 0x1.921fb54442d18p+0, kSecond = 0x1.1a62633140000p-54, kLast = 0x1.701b839a25205p-92;
#else
inline constexpr double kFirst = 0x1.921fb54440000p+0, kSecond = 0x1.68c234c4c0000p-39, kThird = 0x1.98a2e03700000p-77,
                        kLast = 0x1.cd129024e088ap-115;
#endif

// a b + c, in one rounding where the machine can.
inline VecD multiply_add(VecD a, VecD b, VecD c) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__AVX2__) && defined(__FMA__)
  return _mm256_fmadd_pd(a, b, c);
#else
  return a * b + c;
#endif
}

// Horner's rule, the highest coefficient first.
template <class... C>
inline VecD polynomial(VecD z, double highest, C... lower) {
  VecD r = broadcast<VecD>(highest);
  ((r = multiply_add(r, z, broadcast<VecD>(lower))), ...);
  return r;
}

[[gnu::noinline, gnu::cold]] inline SineCosine<VecD> replace_outside(VecD x, Mask<VecD> inside, SineCosine<VecD> r) {
  const auto any = NDL_SLEEF_D(sincos, u10)(x);
  return {inside ? r.sine : VecD(any.x), inside ? r.cosine : VecD(any.y)};
}

}  // namespace sincos_internal

[[gnu::always_inline]] inline SineCosine<VecD> sine_cosine(VecD x) {
  using namespace sincos_internal;
  // Added to a small number, this one leaves it rounded to an integer in the low bits.
  const VecD round = broadcast<VecD>(0x1.8p52);
  const VecD shifted = multiply_add(x, broadcast<VecD>(0x1.45f306dc9c883p-1), round);
  const VecD n = shifted - round;
  const Mask<VecD> quadrant = bits_of(shifted);

  // Each difference below is exact: either the two are close to each other, or their bits are few. `lost` is what is to
  // be subtracted from r yet: subtracted, not added, because -0 - 0 is -0.
  VecD r = multiply_add(n, broadcast<VecD>(-kFirst), x);
  const auto subtract = [&](double part) {
    const VecD before = r;
    r = multiply_add(n, broadcast<VecD>(-part), before);
    return multiply_add(n, broadcast<VecD>(part), r - before);
  };
  VecD lost = subtract(kSecond);
#if !defined(__FMA__)
  lost += subtract(kThird);
#endif
  lost = multiply_add(n, broadcast<VecD>(kLast), lost);

  // The coefficients are those of FreeBSD's k_sin.c and k_cos.c (Sun Microsystems, 1993).
  const VecD z = r * r;
  const VecD cubic = z * polynomial(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
                                    -1.98412698298579493134e-04, 8.33333333332248946124e-03, -1.66666666666666324348e-01);
  const VecD sine = r - multiply_add(-r, cubic, lost);
  const VecD fourth = polynomial(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
                                 2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02);
  const VecD one = broadcast<VecD>(1), minus_half = broadcast<VecD>(-0.5);
#if defined(__FMA__)
  const VecD cosine = multiply_add(r, multiply_add(r, multiply_add(z, fourth, minus_half), lost), one);
#else  // more roundings: what 1 - z/2 loses is added again
  const VecD most = one + z * minus_half;
  const VecD cosine = most + (z * (z * fourth) + (r * lost + (one - most + z * minus_half)));
#endif

  const auto with_sign = [](VecD v, Mask<VecD> quadrant) {
    return reinterpret_cast<VecD>(bits_of(v) ^ ((quadrant << 62) & std::numeric_limits<int64_t>::min()));
  };
  const Mask<VecD> even = (quadrant & 1) == 0;
  const SineCosine<VecD> result{with_sign(even ? sine : cosine, quadrant), with_sign(even ? cosine : sine, quadrant + 1)};

  const Mask<VecD> inside = abs(x) <= broadcast<VecD>(kLargest);
  if (lane_bits<VecD>(~inside) != 0) [[unlikely]] return replace_outside(x, inside, result);
  return result;
}

}  // namespace ndl
