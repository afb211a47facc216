// Runs of float16 to and from float32, by the converter of the machine where it has one.
#pragma once
#include <cstdint>
#include <cstring>

#if defined(__F16C__)
#include <immintrin.h>
#endif

#include "core/float16.h"
#include "kernels/map/element.h"

namespace ndl {

inline float half_to_float(Half h) { return half_to_float(h.bits); }
inline Half to_half(float x) { return Half{float_to_half(x)}; }
inline Half to_half(double x) { return Half{double_to_half(x)}; }

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
  for (int64_t i = 0; i < n; ++i) to[i] = to_half(from[i]);
#endif
}

}  // namespace ndl
