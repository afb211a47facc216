// Folding a contiguous row with 256 bytes of accumulators: the same lanes and the same tree whatever the ISA, so
// that every library gives the same bits.
#pragma once
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace ndl::reduce {

#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;
#endif
inline constexpr int kLaneBytes = 256;

template <class T, int kBytes>
struct VectorOf {
  typedef T Type __attribute__((vector_size(kBytes)));
  typedef T Unaligned __attribute__((vector_size(kBytes), aligned(alignof(T)), may_alias));
};

template <class V, class T>
inline V load_vector(const T* x) {
  return *reinterpret_cast<const typename VectorOf<T, sizeof(V)>::Unaligned*>(x);
}
template <class V, class T>
inline void store_vector(T* x, V v) {
  *reinterpret_cast<typename VectorOf<T, sizeof(V)>::Unaligned*>(x) = v;
}

// The first n lanes of x, of at most as many as there are, and `fill` in the others.
template <class V, class T>
inline V load_partial(const T* x, int64_t n, T fill) {
  V v = V{} + fill;
#if defined(__AVX512F__) && defined(__AVX512BW__)
  if constexpr (sizeof(V) == 64) {
    const uint64_t lanes = n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1;
    const auto filled = reinterpret_cast<__m512i>(v);
    __m512i loaded;
    if constexpr (sizeof(T) == 8) loaded = _mm512_mask_loadu_epi64(filled, static_cast<__mmask8>(lanes), x);
    else if constexpr (sizeof(T) == 4) loaded = _mm512_mask_loadu_epi32(filled, static_cast<__mmask16>(lanes), x);
    else if constexpr (sizeof(T) == 2) loaded = _mm512_mask_loadu_epi16(filled, static_cast<__mmask32>(lanes), x);
    else loaded = _mm512_mask_loadu_epi8(filled, static_cast<__mmask64>(lanes), x);
    return reinterpret_cast<V>(loaded);
  }
#endif
  std::memcpy(&v, x, static_cast<size_t>(n) * sizeof(T));
  return v;
}

// Asks for the `bytes` that lie `ahead` of x: line by line, among what is read now, memory is kept busier than in bursts.
[[gnu::always_inline]] inline void ask(const void* x, int64_t ahead, int bytes = kLaneBytes) {
#pragma GCC unroll 4
  for (int i = 0; i < bytes; i += 64) __builtin_prefetch(static_cast<const char*>(x) + ahead + i);
}

// The same of the line of element k of a run, once for all vectors in it.
template <class T>
[[gnu::always_inline]] inline void ask_for_line(const T* x, int64_t ahead, int64_t k) {
  if (kVectorBytes == 64 || k * static_cast<int64_t>(sizeof(T)) % 64 == 0) ask(x, ahead, 64);
}

inline constexpr int64_t kUsualRows = 8;  // of columns side by side

// Calls loop(rows, whether to ask for what lies ahead). Of the usual rows the loop can be unrolled: where a loop so short ends is not foreseen, and
// what comes after it is loaded too late.
template <class Loop>
[[gnu::always_inline]] inline void over_rows(int64_t rows, int64_t ahead, const Loop& loop) {
  using Usual = std::integral_constant<int64_t, kUsualRows>;
  if (rows != Usual::value) loop(rows, ahead != 0);
  else if (ahead == 0) loop(Usual{}, std::false_type{});
  else loop(Usual{}, std::true_type{});
}

// Calls body() so often; one after the other, without a loop, where that is a constant.
template <class Count, class Body>
[[gnu::always_inline]] inline void repeat(Count times, const Body& body) {
  if constexpr (std::is_same_v<Count, int64_t>) {
    for (int64_t i = 0; i < times; ++i) body();
  } else {
    [&]<int64_t... i>(std::integer_sequence<int64_t, i...>) __attribute__((always_inline)) {
      ((static_cast<void>(i), body()), ...);
    }(std::make_integer_sequence<int64_t, Count::value>());
  }
}

template <class T>
inline constexpr int kLaneCount = kLaneBytes / static_cast<int>(sizeof(T));

template <class T>
struct Lanes {
  using Vector = typename VectorOf<T, kVectorBytes>::Type;
  static constexpr int kWidth = kVectorBytes / static_cast<int>(sizeof(T));
  static constexpr int kVectors = kLaneBytes / kVectorBytes;
  Vector v[kVectors];

  static inline Lanes load(const T* x) {
    Lanes a;
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) a.v[i] = load_vector<Vector>(x + i * kWidth);
    return a;
  }
  static inline Lanes filled(T value) {
    Lanes a;
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) a.v[i] = Vector{} + value;
    return a;
  }
  static inline Lanes load_partial(const T* x, int64_t n, T fill) {
    Lanes a;
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i)
      a.v[i] = reduce::load_partial<Vector>(x + i * kWidth, std::clamp<int64_t>(n - i * kWidth, 0, kWidth), fill);
    return a;
  }
  inline void store(T* x) const {
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) store_vector(x + i * kWidth, v[i]);
  }
  template <class Op>
  inline void fold(const Lanes& b) {
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) v[i] = Op::apply(v[i], b.v[i]);
  }
  template <class Op>
  inline void fold(const T* x) {
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) v[i] = Op::apply(v[i], load_vector<Vector>(x + i * kWidth));
  }
};

// Lane l takes lane l + half, until `keep` lanes are left in out[0, keep).
template <class Op, class T>
inline void fold_lanes(Lanes<T> a, T* out, int keep) {
  using Half = typename VectorOf<T, 16>::Type;
  constexpr int kHalf = 16 / static_cast<int>(sizeof(T));
#pragma GCC unroll 8
  for (int half = Lanes<T>::kVectors / 2; half >= 1; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) a.v[i] = Op::apply(a.v[i], a.v[i + half]);
  }
  alignas(64) T lanes[Lanes<T>::kWidth];
  store_vector(lanes, a.v[0]);
#pragma GCC unroll 4
  for (int half = Lanes<T>::kWidth / 2; half >= kHalf; half /= 2) {
#pragma GCC unroll 4
    for (int i = 0; i < half; i += kHalf)
      store_vector(lanes + i, Op::apply(load_vector<Half>(lanes + i), load_vector<Half>(lanes + i + half)));
  }
#pragma GCC unroll 4
  for (int half = kHalf / 2; half >= 1; half /= 2) {
    if (half < keep) break;
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) lanes[i] = Op::apply(lanes[i], lanes[i + half]);
  }
  for (int i = 0; i < keep; ++i) out[i] = lanes[i];
}

// x[0..n) folded down to `keep` (1 or 2) interleaved results; n a multiple of keep. Every 16 blocks of lanes are
// folded on their own: a lane's chain of additions is then never longer than 16 + 2 in a tile.
template <class Op, class T>
inline void fold_row(const T* x, int64_t n, T* out, int64_t ahead = 0, int keep = 1) {
  constexpr int kCount = kLaneCount<T>;
  constexpr int64_t kChain = 16;
  int64_t blocks = n / kCount;
  const int64_t rest = n - blocks * kCount;
  Lanes<T> total;
  bool any = false;
  while (blocks > 0) {
    const int64_t chain = blocks < kChain ? blocks : kChain;
    Lanes<T> a = Lanes<T>::load(x);
    if (ahead != 0) ask(x, ahead);
    for (int64_t i = 1; i < chain; ++i) {
      a.template fold<Op>(x + i * kCount);
      if (ahead != 0) ask(x + i * kCount, ahead);
    }
    x += chain * kCount;
    blocks -= chain;
    if (any) total.template fold<Op>(a);
    else total = a;
    any = true;
  }
  if (rest > 0) {
    const Lanes<T> a = Lanes<T>::load_partial(x, rest, Op::template identity<T>());
    if (ahead != 0) ask(x, ahead);
    if (any) total.template fold<Op>(a);
    else total = a;
  }
  fold_lanes<Op>(total, out, keep);
}

// acc[k] = acc[k] op x[0][k] op x[1][k] ..., rows `stride` apart, added in their order. A line of each row at a time: with more than an addition to do
// that keeps memory busier than some lines of a row. By itself, since inside its callers the loop lacks registers.
template <class Op, class T>
[[gnu::noinline]] void fold_columns(T* acc, const T* x, int64_t stride, int64_t rows, int64_t n, int64_t ahead) {
  using Vector = typename Lanes<T>::Vector;
  constexpr int kWidth = Lanes<T>::kWidth;
  int64_t k = 0;
  if (rows == 1) {
    for (; k < n; ++k) acc[k] = Op::apply(acc[k], x[k]);
    return;
  }
  over_rows(rows, ahead, [&](auto count, auto asks) {
    for (; k + kWidth <= n; k += kWidth) {
      Vector a = load_vector<Vector>(acc + k);
      const T* row = x + k;
      repeat(count, [&]() __attribute__((always_inline)) {
        a = Op::apply(a, load_vector<Vector>(row));
        if (asks) ask_for_line(row, ahead, k);
        row += stride;
      });
      store_vector(acc + k, a);
    }
  });
  if (k < n) {
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t i = k; i < n; ++i) acc[i] = Op::apply(acc[i], x[r * stride + i]);
  }
}

}  // namespace ndl::reduce
