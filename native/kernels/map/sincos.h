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

namespace sincos_internal {

// A vector of float32 as two of float64, and back; of 64-bit integers the low halves.
struct Halves {
  VecD low, high;
};
#if defined(__AVX512F__) && defined(__AVX512DQ__)
inline Halves widen(VecF x) { return {_mm512_cvtps_pd(_mm512_castps512_ps256(x)), _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1))}; }
inline VecF narrow(VecD low, VecD high) {
  return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(low)), _mm512_cvtpd_ps(high), 1);
}
inline Mask<VecF> narrow(Mask<VecD> low, Mask<VecD> high) {
  const __m512i a = _mm512_castsi256_si512(_mm512_cvtepi64_epi32(reinterpret_cast<__m512i>(low)));
  return reinterpret_cast<Mask<VecF>>(_mm512_inserti32x8(a, _mm512_cvtepi64_epi32(reinterpret_cast<__m512i>(high)), 1));
}
#elif defined(__AVX2__) && defined(__FMA__)
inline Halves widen(VecF x) { return {_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1))}; }
inline VecF narrow(VecD low, VecD high) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(low)), _mm256_cvtpd_ps(high), 1);
}
inline Mask<VecF> narrow(Mask<VecD> low, Mask<VecD> high) {
  const __m256 even = _mm256_shuffle_ps(reinterpret_cast<__m256>(low), reinterpret_cast<__m256>(high), 0x88);
  return reinterpret_cast<Mask<VecF>>(_mm256_permute4x64_epi64(_mm256_castps_si256(even), 0xD8));
}
#else
inline Halves widen(VecF x) { return {_mm_cvtps_pd(x), _mm_cvtps_pd(_mm_movehl_ps(x, x))}; }
inline VecF narrow(VecD low, VecD high) { return _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high)); }
inline Mask<VecF> narrow(Mask<VecD> low, Mask<VecD> high) {
  return reinterpret_cast<Mask<VecF>>(_mm_shuffle_ps(reinterpret_cast<__m128>(low), reinterpret_cast<__m128>(high), 0x88));
}
#endif

struct SineCosineQuadrant {
  VecD sine, cosine;
  Mask<VecD> quadrant;
};

// In float64 there is room to spare: neither a tail of r nor exact products are needed for 24 good bits.
[[gnu::always_inline]] inline SineCosineQuadrant of_remainder(VecD x) {
  const VecD round = broadcast<VecD>(0x1.8p52);
  const VecD shifted = multiply_add(x, broadcast<VecD>(0x1.45f306dc9c883p-1), round);
  const VecD n = shifted - round;
  VecD r = multiply_add(n, broadcast<VecD>(-kFirst), x);
  r = multiply_add(n, broadcast<VecD>(-kSecond), r);
#if !defined(__FMA__)
  r -= n * broadcast<VecD>(kThird);
#endif
  // The coefficients are those of FreeBSD's k_sinf.c and k_cosf.c.
  const VecD z = r * r;
  const VecD sine = r * polynomial(z, 2.7183114939898219064e-06, -1.98393348360966317347e-04, 8.3333293858894631756e-03,
                                   -1.66666666416265235595e-01, 1.0);
  const VecD cosine = polynomial(z, 2.43904487962774090654e-05, -1.38867637746099294692e-03, 4.16666233237390631894e-02,
                                 -4.99999997251031003120e-01, 1.0);
  return {sine, cosine, bits_of(shifted)};
}

[[gnu::noinline, gnu::cold]] inline SineCosine<VecF> replace_outside(VecF x, Mask<VecF> inside, SineCosine<VecF> r) {
  const auto any = NDL_SLEEF_F(sincos, u10)(x);
  return {inside ? r.sine : VecF(any.x), inside ? r.cosine : VecF(any.y)};
}

}  // namespace sincos_internal

[[gnu::always_inline]] inline SineCosine<VecF> sine_cosine(VecF x) {
  using namespace sincos_internal;
  const Halves halves = widen(x);
  const SineCosineQuadrant a = of_remainder(halves.low), b = of_remainder(halves.high);
  const VecF sine = narrow(a.sine, b.sine), cosine = narrow(a.cosine, b.cosine);
  const Mask<VecF> quadrant = narrow(a.quadrant, b.quadrant);
  const auto with_sign = [](VecF v, Mask<VecF> quadrant) {
    return reinterpret_cast<VecF>(bits_of(v) ^ ((quadrant << 30) & std::numeric_limits<int32_t>::min()));
  };
  const Mask<VecF> even = (quadrant & 1) == 0;
  const SineCosine<VecF> result{with_sign(even ? sine : cosine, quadrant), with_sign(even ? cosine : sine, quadrant + 1)};

  const Mask<VecF> inside = abs(x) <= broadcast<VecF>(static_cast<float>(kLargest));
  if (lane_bits<VecF>(~inside) != 0) [[unlikely]] return replace_outside(x, inside, result);
  return result;
}

}  // namespace ndl
