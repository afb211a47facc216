// float16 to and from float32 and float64, rounding to nearest even, once.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__F16C__)
#include <immintrin.h>
#endif

#include "kernels/map/element.h"

namespace ndl {

inline float half_to_float(Half h) {
  const uint32_t sign = static_cast<uint32_t>(h.bits & 0x8000) << 16;
  const uint32_t magnitude = static_cast<uint32_t>(h.bits & 0x7FFF) << 13;
  // As a float these bits are the value times 2^-112, subnormals included; infinity and NaN keep their mantissa.
  const uint32_t scaled = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112f);
  return std::bit_cast<float>(sign | (magnitude >= 0x0F800000 ? magnitude | 0x7F800000 : scaled));
}

inline Half float_to_half(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const uint32_t sign = (bits >> 16) & 0x8000, a = bits & 0x7FFFFFFF;
  const uint32_t rebiased = a - 0x38000000;
  const uint32_t normal = (rebiased + 0x0FFF + ((rebiased >> 13) & 1)) >> 13;
  // The unit in the last place of 0.5f is the smallest float16: the adder does the rounding.
  const uint32_t subnormal = std::bit_cast<uint32_t>(std::bit_cast<float>(a) + 0.5f) - 0x3F000000;
  uint32_t r = a < 0x38800000 ? subnormal : normal;
  r = a >= 0x47800000 ? 0x7C00 : r;
  r = a > 0x7F800000 ? 0x7E00 | ((a >> 13) & 0x3FF) : r;
  return Half{static_cast<uint16_t>(sign | r)};
}

// To float32 rounding to odd, which keeps what the second rounding must know of the first.
inline Half double_to_half(double x) {
  const float f = static_cast<float>(x);
  uint32_t bits = std::bit_cast<uint32_t>(f);
  const double back = static_cast<double>(f);
  const double magnitude = std::bit_cast<double>(std::bit_cast<uint64_t>(x) & ~(uint64_t{1} << 63));
  const double back_magnitude = std::bit_cast<double>(std::bit_cast<uint64_t>(back) & ~(uint64_t{1} << 63));
  bits = back_magnitude > magnitude ? bits - 1 : bits;
  bits = back != x ? bits | 1 : bits;
  return float_to_half(std::bit_cast<float>(bits));
}

inline void halves_to_floats(const Half* from, float* to, int64_t n) {
#if defined(__F16C__)
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))));
  if (i < n) {
    Half in[8] = {};
    float out[8];
    std::memcpy(in, from + i, static_cast<size_t>(n - i) * sizeof(Half));
    _mm256_storeu_ps(out, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in))));
    std::memcpy(to + i, out, static_cast<size_t>(n - i) * sizeof(float));
  }
#else
  for (int64_t i = 0; i < n; ++i) to[i] = half_to_float(from[i]);
#endif
}

inline void floats_to_halves(const float* from, Half* to, int64_t n) {
#if defined(__F16C__)
  constexpr int kNearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), _mm256_cvtps_ph(_mm256_loadu_ps(from + i), kNearest));
  if (i < n) {
    float in[8] = {};
    Half out[8];
    std::memcpy(in, from + i, static_cast<size_t>(n - i) * sizeof(float));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_cvtps_ph(_mm256_loadu_ps(in), kNearest));
    std::memcpy(to + i, out, static_cast<size_t>(n - i) * sizeof(Half));
  }
#else
  for (int64_t i = 0; i < n; ++i) to[i] = float_to_half(from[i]);
#endif
}

}  // namespace ndl
