// The vectors of this library's ISA, as types that carry their own operators, and SLEEF's functions over them.
//
// These are SLEEF's deterministic functions. Unlike the plain ones, which reduce the angles of a vector by the method
// that its largest needs, they give an element the same bits whatever its neighbours are. With fused multiply-add ("finz")
// the bits are also the same for any vector length, so that AVX2 and AVX-512 machines agree; "cinz" does without.
#pragma once
#include <immintrin.h>
#include <sleef.h>

#include <cstdint>

#include "kernels/map/element.h"

namespace ndl {

#if defined(__AVX512F__) && defined(__AVX512DQ__)
typedef double VecD __attribute__((vector_size(64)));
typedef float VecF __attribute__((vector_size(64)));
#define NDL_SLEEF_D(function, ulp) Sleef_finz_##function##d8_##ulp##avx512f
#define NDL_SLEEF_F(function, ulp) Sleef_finz_##function##f16_##ulp##avx512f
#elif defined(__AVX2__) && defined(__FMA__)
typedef double VecD __attribute__((vector_size(32)));
typedef float VecF __attribute__((vector_size(32)));
#define NDL_SLEEF_D(function, ulp) Sleef_finz_##function##d4_##ulp##avx2
#define NDL_SLEEF_F(function, ulp) Sleef_finz_##function##f8_##ulp##avx2
#elif defined(__SSE2__)
typedef double VecD __attribute__((vector_size(16)));
typedef float VecF __attribute__((vector_size(16)));
#define NDL_SLEEF_D(function, ulp) Sleef_cinz_##function##d2_##ulp##sse2
#define NDL_SLEEF_F(function, ulp) Sleef_cinz_##function##f4_##ulp##sse2
#else
#error "no vector unit known for this target"
#endif

template <Floating T>
using Vec = std::conditional_t<std::same_as<T, double>, VecD, VecF>;
template <class V>
using LaneOf = std::remove_cvref_t<decltype(V{}[0])>;
template <class V>
inline constexpr int kLanes = sizeof(V) / sizeof(LaneOf<V>);

// A comparison of two vectors: all ones or zero in each lane.
template <class V>
using Mask = decltype(V{} < V{});

template <class V>
inline V load(const LaneOf<V>* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class V>
inline void store(LaneOf<V>* p, V v) {
  __builtin_memcpy(p, &v, sizeof v);
}

template <class V>
inline V broadcast(LaneOf<V> x) {
  return V{} + x;
}

template <class V>
inline Mask<V> bits_of(V v) {
  return reinterpret_cast<Mask<V>>(v);
}

template <class V>
inline V abs(V v) {
  return reinterpret_cast<V>(bits_of(v) & ~bits_of(broadcast<V>(0) * -1));
}

// One bit for each lane that is set.
template <class V>
inline uint32_t lane_bits(Mask<V> m) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  if constexpr (std::same_as<V, VecD>) return _mm512_movepi64_mask(reinterpret_cast<__m512i>(m));
  else return _mm512_movepi32_mask(reinterpret_cast<__m512i>(m));
#elif defined(__AVX2__)
  if constexpr (std::same_as<V, VecD>) return static_cast<uint32_t>(_mm256_movemask_pd(reinterpret_cast<__m256d>(m)));
  else return static_cast<uint32_t>(_mm256_movemask_ps(reinterpret_cast<__m256>(m)));
#else
  if constexpr (std::same_as<V, VecD>) return static_cast<uint32_t>(_mm_movemask_pd(reinterpret_cast<__m128d>(m)));
  else return static_cast<uint32_t>(_mm_movemask_ps(reinterpret_cast<__m128>(m)));
#endif
}

// Where `bits` says so the lanes of r are replaced by f(x): the way out for arguments a vector function is not made for.
template <class V, class F>
[[gnu::noinline, gnu::cold]] V replace_lanes(V r, V x, uint32_t bits, F f) {
  for (; bits != 0; bits &= bits - 1) {
    const int lane = __builtin_ctz(bits);
    r[lane] = f(x[lane]);
  }
  return r;
}
template <class V, class F>
[[gnu::noinline, gnu::cold]] V replace_lanes(V r, V x, V y, uint32_t bits, F f) {
  for (; bits != 0; bits &= bits - 1) {
    const int lane = __builtin_ctz(bits);
    r[lane] = f(x[lane], y[lane]);
  }
  return r;
}

}  // namespace ndl
