// Sums. Inside a tile: fixed lanes and a fixed tree (lanes.h). Across tiles: rows of sums go to a compensated total;
// columns are gathered in `low` for at most 32 rows and then go to the total. A rounding error therefore grows
// like that of a pairwise sum, or slower, however many tiles there are.
// The compensation is Knuth's TwoSum; float32 and float16 have a float64 total instead.
#include <cmath>

#include "kernels/reduce/codec.h"
#include "kernels/reduce/driver.h"
#include "kernels/reduce/families.h"
#include "kernels/reduce/lanes.h"

namespace ndl::reduce {
namespace {

struct Add {
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  template <class V>
  static V apply(V a, V b) {
    return a + b;
  }
};

constexpr int64_t kGroup = 128;  // kept elements that share a counter of rows in `low`
constexpr int kBatch = 32;

// State over `n` reals: total[n], error[n] (float64 only), low[n], rows[groups].
template <class T>
struct State {
  static constexpr bool kCompensated = sizeof(T) == 8;
  double* total;
  double* error;
  T* low;
  uint8_t* rows;

  static int64_t groups(int64_t n) { return (n + kGroup - 1) / kGroup; }
  static int64_t bytes(int64_t n) {
    return n * static_cast<int64_t>(sizeof(double) * (kCompensated ? 2 : 1) + sizeof(T)) + groups(n);
  }
  State(void* state, int64_t n) {
    total = static_cast<double*>(state);
    error = total + n;
    low = reinterpret_cast<T*>(kCompensated ? error + n : error);
    rows = reinterpret_cast<uint8_t*>(low + n);
  }
  void add(int64_t k, const T* x, int64_t n) const {
    for (int64_t i = 0; i < n; ++i) {
      const double a = total[k + i], b = static_cast<double>(x[i]);
      const double s = a + b;
      if constexpr (kCompensated) {
        const double of_b = s - a;
        error[k + i] += (a - (s - of_b)) + (b - of_b);
      }
      total[k + i] = s;
    }
  }
  void flush(int64_t group, int64_t n) const {
    const int64_t first = group * kGroup, size = std::min(kGroup, n - first);
    add(first, low + first, size);
    std::memset(low + first, 0, static_cast<size_t>(size) * sizeof(T));
    rows[group] = 0;
  }
};

// `parts` reals make an element: 2 for complex.
template <class C, int parts, class T = typename C::Value>
struct FloatSum {
  using Codec = C;
  static int64_t state_bytes(int64_t capacity) { return State<T>::bytes(capacity * parts); }
  static void init(void* state, int64_t capacity) { std::memset(state, 0, static_cast<size_t>(state_bytes(capacity))); }
  static void rows(const Part& p, const T* x) {
    const State<T> s(p.state, p.capacity * parts);
    T sums[kTileElements * parts];
    for (int64_t k = 0; k < p.kept; ++k)
      fold_row<Add>(x + k * p.pitch * parts, p.reduced * parts, sums + k * parts, p.ahead, parts);
    s.add(p.kept0 * parts, sums, p.kept * parts);
  }
  static void columns(const Part& p, const T* x) {
    const int64_t n = p.capacity * parts, first = p.kept0 * parts, width = p.kept * parts, pitch = p.pitch * parts;
    const State<T> s(p.state, n);
    for (int64_t r = 0; r < p.reduced; r += kBatch) {
      const int64_t rows = std::min<int64_t>(p.reduced - r, kBatch);
      for (int64_t group = first / kGroup; group <= (first + width - 1) / kGroup; ++group) {
        if (s.rows[group] + rows > kBatch) s.flush(group, n);
        s.rows[group] = static_cast<uint8_t>(s.rows[group] + rows);
      }
      fold_columns<Add>(s.low + first, x + r * pitch, pitch, rows, width, p.ahead);
    }
  }
  static void merge(const ReduceTile* t);
  static void finish(const void* state, int64_t capacity, void* const* fields);
};

// Complex tiles are read as tiles of reals, two by two.
template <class T>
struct ComplexCodec {
  using Element = std::complex<T>;
  using Value = Element;
  static const Value* load(const Element* x, int64_t, Value*) { return x; }
};
template <class T>
struct ComplexSum {
  using Codec = ComplexCodec<T>;
  using Reals = FloatSum<Plain<T>, 2>;
  static int64_t state_bytes(int64_t capacity) { return Reals::state_bytes(capacity); }
  static void init(void* state, int64_t capacity) { Reals::init(state, capacity); }
  static void rows(const Part& p, const std::complex<T>* x) { Reals::rows(p, reinterpret_cast<const T*>(x)); }
  static void columns(const Part& p, const std::complex<T>* x) { Reals::columns(p, reinterpret_cast<const T*>(x)); }
  static void merge(const ReduceTile* t) { update<ComplexSum>(t); }
  static void finish(const void* state, int64_t capacity, void* const* fields) {
    Reals::finish(state, capacity, fields);
  }
};

template <class C, int parts, class T>
void FloatSum<C, parts, T>::merge(const ReduceTile* t) {
  update<FloatSum>(t);
}

template <class C, int parts, class T>
void FloatSum<C, parts, T>::finish(const void* state, int64_t capacity, void* const* fields) {
  const int64_t n = capacity * parts;
  const State<T> s(const_cast<void*>(state), n);
  auto* out = static_cast<typename C::Element*>(fields[0]);
  for (int64_t k = 0; k < n; ++k) {
    const double low = static_cast<double>(s.low[k]);
    double sum = s.total[k] + low;
    if constexpr (State<T>::kCompensated) {
      const double of_low = sum - s.total[k];
      const double error = s.error[k] + ((s.total[k] - (sum - of_low)) + (low - of_low));
      if (std::isfinite(error)) sum += error;  // an infinite sum has no error to speak of
    }
    if constexpr (std::is_same_v<C, HalfAsFloat>) out[k] = double_to_half(sum);
    else out[k] = static_cast<T>(sum);
  }
}

template <class T>
struct IntegerSum {
  using Codec = Plain<T>;  // unsigned: wraps as NumPy's does
  static int64_t state_bytes(int64_t capacity) { return capacity * static_cast<int64_t>(sizeof(T)); }
  static void init(void* state, int64_t capacity) { std::memset(state, 0, static_cast<size_t>(state_bytes(capacity))); }
  static void rows(const Part& p, const T* x) {
    T* sums = static_cast<T*>(p.state) + p.kept0;
    for (int64_t k = 0; k < p.kept; ++k) {
      T sum;
      fold_row<Add>(x + k * p.pitch, p.reduced, &sum, p.ahead);
      sums[k] = static_cast<T>(sums[k] + sum);
    }
  }
  static void columns(const Part& p, const T* x) {
    fold_columns<Add>(static_cast<T*>(p.state) + p.kept0, x, p.pitch, p.reduced, p.kept, p.ahead);
  }
  static void merge(const ReduceTile* t) { update<IntegerSum>(t); }
  static void finish(const void* state, int64_t capacity, void* const* fields) {
    std::memcpy(fields[0], state, static_cast<size_t>(state_bytes(capacity)));
  }
};

}  // namespace

void register_sum(KernelTable& t) {
  const auto set = [&](DType d, ReduceFns f) { entry(t, Reducer::kSum, d) = f; };
  set(DType::kInt8, functions<IntegerSum<uint8_t>>());
  set(DType::kInt16, functions<IntegerSum<uint16_t>>());
  set(DType::kInt32, functions<IntegerSum<uint32_t>>());
  set(DType::kInt64, functions<IntegerSum<uint64_t>>());
  set(DType::kUInt8, functions<IntegerSum<uint8_t>>());
  set(DType::kUInt16, functions<IntegerSum<uint16_t>>());
  set(DType::kUInt32, functions<IntegerSum<uint32_t>>());
  set(DType::kUInt64, functions<IntegerSum<uint64_t>>());
  set(DType::kFloat16, functions<FloatSum<HalfAsFloat, 1>>());
  set(DType::kFloat32, functions<FloatSum<Plain<float>, 1>>());
  set(DType::kFloat64, functions<FloatSum<Plain<double>, 1>>());
  set(DType::kComplex64, functions<ComplexSum<float>>());
  set(DType::kComplex128, functions<ComplexSum<double>>());
}

}  // namespace ndl::reduce
