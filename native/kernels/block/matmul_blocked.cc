// c is computed in panels of two vectors of columns: 4 rows of it stay in registers while a block of b, packed,
// comes from L1.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "kernels/block/matmul.h"
#include "kernels/reduce/lanes.h"

namespace ndl::block {
namespace {

constexpr int64_t kRows = 1024;  // of c in a panel
constexpr int64_t kDepth = 256;  // of b in a panel
constexpr int64_t kTile = 4;     // rows of c in registers

// How elements are added: S is stored, A is added.
template <class T>
struct Arithmetic {
  using Stored = std::make_unsigned_t<T>;
  using Added = Stored;
  template <class V>
  static V step(V sum, V a, V b) {
    if constexpr (std::is_integral_v<V>) return static_cast<V>(sum + 1u * a * b);  // not in int, which overflows
    else return sum + a * b;
  }
  static Added load(Stored x) { return x; }
  static Stored store(Added x) { return x; }
};
template <>
struct Arithmetic<bool> {
  using Stored = uint8_t;
  using Added = uint8_t;
  template <class V>
  static V step(V sum, V a, V b) {
    return sum | (a & b);
  }
  static Added load(Stored x) { return x != 0; }
  static Stored store(Added x) { return x; }
};
template <>
struct Arithmetic<Half> {
  using Stored = uint16_t;
  using Added = float;
  template <class V>
  static V step(V sum, V a, V b) {
    return sum + a * b;
  }
  static Added load(Stored x) { return half_to_float(x); }
  static Stored store(Added x) { return float_to_half(x); }
};

template <class T>
using Added = typename Arithmetic<T>::Added;
template <class T>
inline constexpr int64_t kWidth = 2 * reduce::kVectorBytes / static_cast<int64_t>(sizeof(Added<T>));

// sums [kTile][kWidth] += a [kTile, depth] b [depth, kWidth]
template <class T>
void multiply_tile(Added<T>* sums, const typename Arithmetic<T>::Stored* a, int64_t a_row, int64_t a_column,
                   const Added<T>* b, int64_t depth) {
  using Vector = typename reduce::VectorOf<Added<T>, reduce::kVectorBytes>::Type;
  constexpr int64_t half = kWidth<T> / 2;
  Vector left[kTile], right[kTile];
#pragma GCC unroll 4
  for (int64_t i = 0; i < kTile; ++i) {
    left[i] = reduce::load_vector<Vector>(sums + i * kWidth<T>);
    right[i] = reduce::load_vector<Vector>(sums + i * kWidth<T> + half);
  }
  for (int64_t p = 0; p < depth; ++p) {
    const Vector b0 = reduce::load_vector<Vector>(b + p * kWidth<T>),
                 b1 = reduce::load_vector<Vector>(b + p * kWidth<T> + half);
#pragma GCC unroll 4
    for (int64_t i = 0; i < kTile; ++i) {
      const Vector x = Vector{} + Arithmetic<T>::load(a[i * a_row + p * a_column]);
      left[i] = Arithmetic<T>::step(left[i], x, b0);
      right[i] = Arithmetic<T>::step(right[i], x, b1);
    }
  }
#pragma GCC unroll 4
  for (int64_t i = 0; i < kTile; ++i) {
    reduce::store_vector(sums + i * kWidth<T>, left[i]);
    reduce::store_vector(sums + i * kWidth<T> + half, right[i]);
  }
}

template <class T>
bool multiply(const BlockArgs* args) {
  using A = Arithmetic<T>;
  using Stored = typename A::Stored;
  constexpr int64_t width = kWidth<T>;
  const BlockOperand &oa = args->in[0], &ob = args->in[1], &oc = args->out[0];
  const auto* a = static_cast<const Stored*>(oa.data);
  const auto* b = static_cast<const Stored*>(ob.data);
  auto* c = static_cast<Stored*>(oc.data);
  const int64_t m = oc.extents[0], n = oc.extents[1], k = oa.extents[1];
  const bool add = args->params[0] != 0;
  auto* sums = static_cast<Added<T>*>(args->scratch);
  auto* packed = sums + kRows * width;
  for (int64_t row = 0; row < m; row += kRows) {
    const int64_t rows = std::min(kRows, m - row);
    for (int64_t column = 0; column < n; column += width) {
      const int64_t columns = std::min(width, n - column);
      Stored* to = c + row * oc.strides[0] + column * oc.strides[1];
      std::memset(sums, 0, static_cast<size_t>(rows * width) * sizeof(Added<T>));
      if (add)
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t j = 0; j < columns; ++j)
            sums[i * width + j] = A::load(to[i * oc.strides[0] + j * oc.strides[1]]);
      for (int64_t p0 = 0; p0 < k; p0 += kDepth) {
        if (is_set(args->stop)) return false;
        const int64_t depth = std::min(kDepth, k - p0);
        for (int64_t p = 0; p < depth; ++p) {
          const Stored* from = b + (p0 + p) * ob.strides[0] + column * ob.strides[1];
          for (int64_t j = 0; j < columns; ++j) packed[p * width + j] = A::load(from[j * ob.strides[1]]);
          for (int64_t j = columns; j < width; ++j) packed[p * width + j] = Added<T>(0);
        }
        for (int64_t i = 0; i < rows; i += kTile) {
          const Stored* from = a + (row + i) * oa.strides[0] + p0 * oa.strides[1];
          if (i + kTile <= rows) {
            multiply_tile<T>(sums + i * width, from, oa.strides[0], oa.strides[1], packed, depth);
            continue;
          }
          for (int64_t r = i; r < rows; ++r, from += oa.strides[0])
            for (int64_t p = 0; p < depth; ++p)
              for (int64_t j = 0; j < width; ++j)
                sums[r * width + j] =
                    A::step(sums[r * width + j], A::load(from[p * oa.strides[1]]), packed[p * width + j]);
        }
      }
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) to[i * oc.strides[0] + j * oc.strides[1]] = A::store(sums[i * width + j]);
    }
  }
  return true;
}

}  // namespace

bool multiply_blocked(const BlockArgs* args) {
  return with_type(args->in[0].dtype, [&]<class T>() {
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, Half>) return multiply<T>(args);
    else return true;
  });
}

int64_t blocked_scratch_bytes(const BlockArgs* args) {
  return with_type(args->in[0].dtype, []<class T>() -> int64_t {
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, Half>)
      return (kRows + kDepth) * kWidth<T> * static_cast<int64_t>(sizeof(Added<T>));
    else return 0;
  });
}

}  // namespace ndl::block
