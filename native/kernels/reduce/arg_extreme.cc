// argmin and argmax: the extreme and the first index that has it, whatever the order in which elements come.
// In the plain reducers NaN is the extreme of extremes; in the nan reducers it is not there.
#include <cstring>

#include "kernels/reduce/driver.h"
#include "kernels/reduce/families.h"
#include "kernels/reduce/lanes.h"
#include "kernels/reduce/order.h"

namespace ndl::reduce {
namespace {

constexpr uint64_t kNone = ~uint64_t{0};  // as int64 -1; later than any index

// State: value[capacity], index[capacity].
template <class C, bool max, bool nan_wins>
struct ArgExtreme {
  using Codec = C;
  using T = typename C::Value;

  static int64_t value_bytes(int64_t capacity) { return (capacity * static_cast<int64_t>(sizeof(T)) + 7) / 8 * 8; }
  static int64_t state_bytes(int64_t capacity) { return value_bytes(capacity) + capacity * 8; }
  static T* values(void* state) { return static_cast<T*>(state); }
  static uint64_t* indexes(void* state, int64_t capacity) {
    return reinterpret_cast<uint64_t*>(static_cast<char*>(state) + value_bytes(capacity));
  }
  static void init(void* state, int64_t capacity) {
    for (int64_t k = 0; k < capacity; ++k) values(state)[k] = last<max, T>();
    for (int64_t k = 0; k < capacity; ++k) indexes(state, capacity)[k] = kNone;
  }
  static bool same(T a, T b) {
    if constexpr (nan_wins) return (a == b) | (is_nan(a) & is_nan(b));
    else return a == b;
  }
  static bool wins(T x, uint64_t i, T value, uint64_t index) {
    bool first = before<max>(x, value);
    if constexpr (nan_wins) first = (first | is_nan(x)) & !is_nan(value);
    else first = first & !is_nan(x);
    return first | (same(x, value) & (i < index));
  }
  static void put(T x, uint64_t i, T& value, uint64_t& index) {
    const bool w = wins(x, i, value, index);
    value = w ? x : value;
    index = w ? i : index;
  }
  static T extreme(const T* x, int64_t n) {
    T value;
    if constexpr (kIsComplex<T>) {
      uint64_t index = kNone;
      value = last<max, T>();
      for (int64_t r = 0; r < n; ++r) put(x[r], static_cast<uint64_t>(r), value, index);
    } else {
      fold_row<Pick<max, nan_wins>>(x, n, &value);
    }
    return value;
  }
  // The first position of `value` in x, from the end when `backwards`; n where there is none.
  static int64_t find(const T* x, int64_t n, T value, bool backwards) {
    constexpr int64_t kBlock = 64;
    const auto any = [&](int64_t from, int64_t to) {
      int found = 0;
      for (int64_t i = from; i < to; ++i) found |= same(x[i], value);
      return found != 0;
    };
    if (backwards) {
      for (int64_t i = n - 1; i >= 0; --i)
        if (same(x[i], value)) return i;
      return n;
    }
    int64_t i = 0;
    for (; i + kBlock <= n; i += kBlock)
      if (any(i, i + kBlock)) break;
    for (; i < n; ++i)
      if (same(x[i], value)) return i;
    return n;
  }
  static void rows(const Part& p, const T* x) {
    T* value = values(p.state) + p.kept0;
    uint64_t* index = indexes(p.state, p.capacity) + p.kept0;
    for (int64_t k = 0; k < p.kept; ++k, x += p.reduced) {
      const T best = extreme(x, p.reduced);
      const int64_t start = p.index0 + k * p.index_kept;
      const int64_t end = start + (p.reduced - 1) * p.index_reduced;
      // Most rows lose, and need no search.
      if (!wins(best, static_cast<uint64_t>(std::min(start, end)), value[k], index[k])) continue;
      const int64_t r = find(x, p.reduced, best, p.index_reduced < 0);
      if (r < p.reduced) put(best, static_cast<uint64_t>(start + r * p.index_reduced), value[k], index[k]);
    }
  }
  // The first best of each of a vector's columns over the tile's rows; only those meet the state.
  static void best_of_columns(const T* x, int64_t stride, int64_t rows, bool backwards, T* value, int64_t* row) {
    using Place = std::conditional_t<sizeof(T) == 8, int64_t, std::conditional_t<sizeof(T) == 4, int32_t, std::conditional_t<sizeof(T) == 2, int16_t, int8_t>>>;
    using Places = typename VectorOf<Place, kVectorBytes>::Type;
    using Vector = typename Lanes<T>::Vector;
    constexpr int kVectors = Lanes<T>::kVectors, kWidth = Lanes<T>::kWidth;
    const int64_t first = backwards ? rows - 1 : 0, step = backwards ? -1 : 1;
    Lanes<T> best = Lanes<T>::load(x + first * stride);
    Places at[kVectors];
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) at[i] = Places{} + static_cast<Place>(first);
    for (int64_t n = 1, r = first + step; n < rows; ++n, r += step) {
      const Places here = Places{} + static_cast<Place>(r);
#pragma GCC unroll 16
      for (int i = 0; i < kVectors; ++i) {
        const Vector v = load_vector<Vector>(x + r * stride + i * kWidth), b = best.v[i];
        auto better = max ? ~(v <= b) : ~(v >= b);  // or one of them is NaN
        if constexpr (kHasNan<T>) better &= nan_wins ? b == b : v == v;
        best.v[i] = better ? v : b;
        at[i] = better ? here : at[i];
      }
    }
    best.store(value);
    Place places[kLaneCount<T>];
    for (int i = 0; i < kVectors; ++i) store_vector(places + i * kWidth, at[i]);
    for (int l = 0; l < kLaneCount<T>; ++l) row[l] = places[l];
  }
  static void columns(const Part& p, const T* x) {
    T* value = values(p.state) + p.kept0;
    uint64_t* index = indexes(p.state, p.capacity) + p.kept0;
    int64_t done = 0;
    if constexpr (!kIsComplex<T>) {
      constexpr int kCount = kLaneCount<T>;
      static_assert(kTileElements / kLongRun <= 127 && kLongRun <= 127);  // rows of a tile of columns: a Place holds their number
      T best[kCount];
      int64_t row[kCount];
      for (; p.reduced > 1 && done + kCount <= p.kept; done += kCount) {
        best_of_columns(x + done, p.kept, p.reduced, p.index_reduced < 0, best, row);
        for (int l = 0; l < kCount; ++l) {
          const int64_t at = p.index0 + (done + l) * p.index_kept + row[l] * p.index_reduced;
          put(best[l], static_cast<uint64_t>(at), value[done + l], index[done + l]);
        }
      }
    }
    for (int64_t r = 0; r < p.reduced; ++r) {
      const int64_t start = p.index0 + r * p.index_reduced;
      for (int64_t k = done; k < p.kept; ++k)
        put(x[r * p.kept + k], static_cast<uint64_t>(start + k * p.index_kept), value[k], index[k]);
    }
  }
  static void merge(const ReduceTile* t) {
    const auto* in = static_cast<const typename C::Element*>(t->in[0]);
    const auto* in_index = static_cast<const uint64_t*>(t->in[1]);
    T* value = values(t->state) + t->kept0;
    uint64_t* index = indexes(t->state, t->capacity) + t->kept0;
    const int64_t step_kept = t->kept_inner ? 1 : t->reduced, step_reduced = t->kept_inner ? t->kept : 1;
    for (int64_t r = 0; r < t->reduced; ++r) {
      for (int64_t k = 0; k < t->kept; ++k) {
        const int64_t at = r * step_reduced + k * step_kept;
        T scratch;
        if (in_index[at] != kNone) put(*C::load(in + at, 1, &scratch), in_index[at], value[k], index[k]);
      }
    }
  }
  static void finish(const void* state, int64_t capacity, void* const* fields) {
    void* s = const_cast<void*>(state);
    auto* out = static_cast<typename C::Element*>(fields[0]);
    for (int64_t k = 0; k < capacity; ++k) out[k] = C::store(values(s)[k]);
    std::memcpy(fields[1], indexes(s, capacity), static_cast<size_t>(capacity) * 8);
  }
};

template <bool max, bool nan_wins>
void register_one(KernelTable& t, Reducer r) {
  const auto set = [&](DType d, ReduceFns f) { entry(t, r, d) = f; };
  // Integers have no NaN: both rules are one.
  set(DType::kBool, functions<ArgExtreme<Plain<uint8_t>, max, true>>());
  entry(t, r, DType::kBool).init = [](void* state, int64_t capacity) {
    ArgExtreme<Plain<uint8_t>, max, true>::init(state, capacity);
    std::memset(state, max ? 0 : 1, static_cast<size_t>(capacity));
  };
  set(DType::kInt8, functions<ArgExtreme<Plain<int8_t>, max, true>>());
  set(DType::kInt16, functions<ArgExtreme<Plain<int16_t>, max, true>>());
  set(DType::kInt32, functions<ArgExtreme<Plain<int32_t>, max, true>>());
  set(DType::kInt64, functions<ArgExtreme<Plain<int64_t>, max, true>>());
  set(DType::kUInt8, functions<ArgExtreme<Plain<uint8_t>, max, true>>());
  set(DType::kUInt16, functions<ArgExtreme<Plain<uint16_t>, max, true>>());
  set(DType::kUInt32, functions<ArgExtreme<Plain<uint32_t>, max, true>>());
  set(DType::kUInt64, functions<ArgExtreme<Plain<uint64_t>, max, true>>());
  // Keys tell NaN from numbers only by its place, which is enough where it wins.
  if constexpr (nan_wins) set(DType::kFloat16, functions<ArgExtreme<HalfAsKey<!max, true>, max, true>>());
  else set(DType::kFloat16, functions<ArgExtreme<HalfAsFloat, max, false>>());
  set(DType::kFloat32, functions<ArgExtreme<Plain<float>, max, nan_wins>>());
  set(DType::kFloat64, functions<ArgExtreme<Plain<double>, max, nan_wins>>());
  set(DType::kComplex64, functions<ArgExtreme<Plain<std::complex<float>>, max, nan_wins>>());
  set(DType::kComplex128, functions<ArgExtreme<Plain<std::complex<double>>, max, nan_wins>>());
}

}  // namespace

void register_arg_extreme(KernelTable& t) {
  register_one<false, true>(t, Reducer::kArgmin);
  register_one<true, true>(t, Reducer::kArgmax);
  register_one<false, false>(t, Reducer::kNanargmin);
  register_one<true, false>(t, Reducer::kNanargmax);
}

}  // namespace ndl::reduce
