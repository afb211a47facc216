// Vectors of 64-bit lanes, as wide as the ISA that the file is compiled for; the few operations that the compiler's
// vector extensions do not say. Every operation is exact or rounded as IEEE says, so results do not depend on the ISA.
#pragma once
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define NDL_INLINE inline __attribute__((always_inline))

namespace ndl::random {

#if defined(__AVX512F__) && defined(__AVX512DQ__)
inline constexpr int kLanes = 8;
#elif defined(__AVX2__)
inline constexpr int kLanes = 4;
#else
inline constexpr int kLanes = 2;
#endif
inline constexpr int kVectorBytes = kLanes * 8;

typedef uint64_t U64 __attribute__((vector_size(kVectorBytes)));
typedef int64_t I64 __attribute__((vector_size(kVectorBytes)));
typedef double F64 __attribute__((vector_size(kVectorBytes)));
typedef uint32_t U32 __attribute__((vector_size(kVectorBytes)));
typedef int32_t I32 __attribute__((vector_size(kVectorBytes)));
typedef float F32 __attribute__((vector_size(kVectorBytes)));

NDL_INLINE U64 broadcast(uint64_t x) { return x - U64{}; }
NDL_INLINE U32 broadcast32(uint32_t x) { return x - U32{}; }

template <class V>
NDL_INLINE V load(const void* p) {
  V v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
template <class V>
NDL_INLINE void store(void* p, V v) {
  std::memcpy(p, &v, sizeof v);
}

// table[word % kSize] for each word. By single loads: the processors' gather instructions are no faster, and slow by far
// where they are fixed in microcode (Intel's "Downfall").
template <int kSize, class V, class Word>
NDL_INLINE V gather(const Word* table, const Word* word) {
  V v{};
#pragma GCC unroll 16
  for (size_t i = 0; i < sizeof v / sizeof *word; ++i) v[i] = table[word[i] % kSize];
  return v;
}

// One bit for each lane where a >= b.
NDL_INLINE uint32_t at_least(F64 a, F64 b) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_GE_OQ);
#elif defined(__AVX2__)
  return _mm256_movemask_pd(_mm256_cmp_pd((__m256d)a, (__m256d)b, _CMP_GE_OQ));
#elif defined(__SSE2__)
  return _mm_movemask_pd(_mm_cmpge_pd((__m128d)a, (__m128d)b));
#else
  uint32_t bits = 0;
  for (int i = 0; i < kLanes; ++i) bits |= uint32_t{a[i] >= b[i]} << i;
  return bits;
#endif
}
NDL_INLINE uint32_t at_least(I32 a, I32 b) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  return _mm512_cmpge_epi32_mask((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return 0xFF ^ _mm256_movemask_ps((__m256)_mm256_cmpgt_epi32((__m256i)b, (__m256i)a));
#elif defined(__SSE2__)
  return 0xF ^ _mm_movemask_ps((__m128)_mm_cmpgt_epi32((__m128i)b, (__m128i)a));
#else
  uint32_t bits = 0;
  for (int i = 0; i < 2 * kLanes; ++i) bits |= uint32_t{a[i] >= b[i]} << i;
  return bits;
#endif
}

// The upper 53 bits of a word as a number in [0, 1), exactly.
NDL_INLINE F64 unit53(U64 word) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  return __builtin_convertvector(word & broadcast(~uint64_t{2047}), F64) * 0x1p-64;
#else
  // Without a conversion of 64-bit integers: 52 bits as the mantissa of a number in [1, 2), less 1, or less
  // 1 - 2^-53 (whose bits are those of 1 minus one) when the 53rd bit is set.
  const U64 one = broadcast(0x3FF0000000000000);
  return (F64)((word >> 12) | one) - (F64)(one - ((word >> 11) & broadcast(1)));
#endif
}
constexpr double unit53(uint64_t word) { return static_cast<double>(static_cast<int64_t>(word >> 11)) * 0x1p-53; }

}  // namespace ndl::random
