// Transposing copies: whole cache lines are read and whole cache lines are written.
#pragma once
#include <cstdint>
#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace ndl::copy {

struct Wide {  // an element of 16 bytes
  uint64_t low, high;
};

#if defined(__AVX512F__)
inline constexpr int kBlock8 = 8;
#else
inline constexpr int kBlock8 = 4;
#endif
template <class T>
inline constexpr int kBlock = sizeof(T) >= 8 ? (sizeof(T) == 8 ? kBlock8 : 1) : 16 / static_cast<int>(sizeof(T));

// kBlock x kBlock elements: dst[a * dst_stride + b] = src[b * src_stride + a].
template <class T>
inline void transpose_block(const T* src, int64_t src_stride, T* dst, int64_t dst_stride) {
  constexpr int n = kBlock<T>;
  if constexpr (sizeof(T) == 16) {
    *dst = *src;
  } else if constexpr (sizeof(T) == 8) {
#if defined(__AVX512F__)
    // Pairs, then quarters, then halves of rows change places.
    __m512d rows[n], pairs[n];
#pragma GCC unroll 8
    for (int i = 0; i < n; ++i) rows[i] = _mm512_loadu_pd(reinterpret_cast<const double*>(src + i * src_stride));
#pragma GCC unroll 4
    for (int i = 0; i < n; i += 2) {
      pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
      pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    const __m512i even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      const int at = i / 2 * 4 + i % 2;
      rows[at] = _mm512_permutex2var_pd(pairs[at], even, pairs[at + 2]);
      rows[at + 2] = _mm512_permutex2var_pd(pairs[at], odd, pairs[at + 2]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      double* const to = reinterpret_cast<double*>(dst + i * dst_stride);
      _mm512_storeu_pd(to, __builtin_shufflevector(rows[i], rows[i + 4], 0, 1, 2, 3, 8, 9, 10, 11));
      _mm512_storeu_pd(to + 4 * dst_stride, __builtin_shufflevector(rows[i], rows[i + 4], 4, 5, 6, 7, 12, 13, 14, 15));
    }
#elif defined(__AVX__)
    const auto pair = [&](int row, int column) {
      const double* p = reinterpret_cast<const double*>(src + row * src_stride + column);
      const double* q = reinterpret_cast<const double*>(src + (row + 2) * src_stride + column);
      return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(p)), _mm_loadu_pd(q), 1);
    };
    const auto put = [&](int row, __m256d v) {
      _mm256_storeu_pd(reinterpret_cast<double*>(dst + row * dst_stride), v);
    };
    const __m256d even0 = pair(0, 0), odd0 = pair(1, 0), even2 = pair(0, 2), odd2 = pair(1, 2);
    put(0, _mm256_unpacklo_pd(even0, odd0));
    put(1, _mm256_unpackhi_pd(even0, odd0));
    put(2, _mm256_unpacklo_pd(even2, odd2));
    put(3, _mm256_unpackhi_pd(even2, odd2));
#else
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < n; ++b) dst[a * dst_stride + b] = src[b * src_stride + a];
#endif
  } else {
    // log2(n) rounds of interleaving row i with row i + n/2.
    typedef T Vector __attribute__((vector_size(16)));
    Vector rows[n], mixed[n];
#pragma GCC unroll 16
    for (int i = 0; i < n; ++i) std::memcpy(&rows[i], src + i * src_stride, 16);
    Vector low, high;
    for (int i = 0; i < n; ++i) {
      low[i] = static_cast<T>(i % 2 == 0 ? i / 2 : n + i / 2);
      high[i] = static_cast<T>(low[i] + n / 2);
    }
#pragma GCC unroll 4
    for (int round = 1; round < n; round *= 2) {
#pragma GCC unroll 8
      for (int i = 0; i < n / 2; ++i) {
        mixed[2 * i] = __builtin_shuffle(rows[i], rows[i + n / 2], low);
        mixed[2 * i + 1] = __builtin_shuffle(rows[i], rows[i + n / 2], high);
      }
#pragma GCC unroll 16
      for (int i = 0; i < n; ++i) rows[i] = mixed[i];
    }
#pragma GCC unroll 16
    for (int i = 0; i < n; ++i) std::memcpy(dst + i * dst_stride, &rows[i], 16);
  }
}

// dst[a * dst_stride + b] = src[b * src_stride + a] for a < na, b < nb.
template <class T>
void transpose(const T* src, int64_t src_stride, T* dst, int64_t dst_stride, int64_t na, int64_t nb) {
  constexpr int64_t kLine = 64 / static_cast<int64_t>(sizeof(T));
  constexpr int64_t n = kBlock<T>;
  for (int64_t b0 = 0; b0 < nb; b0 += kLine) {
    const int64_t b1 = b0 + kLine < nb ? b0 + kLine : nb;
    for (int64_t a0 = 0; a0 < na; a0 += kLine) {
      const int64_t a1 = a0 + kLine < na ? a0 + kLine : na;
      int64_t a = a0;
      for (; a + n <= a1; a += n) {
        int64_t b = b0;
        for (; b + n <= b1; b += n)
          transpose_block(src + b * src_stride + a, src_stride, dst + a * dst_stride + b, dst_stride);
        for (; b < b1; ++b)
          for (int64_t i = a; i < a + n; ++i) dst[i * dst_stride + b] = src[b * src_stride + i];
      }
      for (; a < a1; ++a)
        for (int64_t b = b0; b < b1; ++b) dst[a * dst_stride + b] = src[b * src_stride + a];
    }
  }
}

}  // namespace ndl::copy
