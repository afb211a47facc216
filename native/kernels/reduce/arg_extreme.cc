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
  static uint64_t lowest_index(const Part& p) {
    return static_cast<uint64_t>(p.index0 + std::min<int64_t>(0, (p.reduced - 1) * p.index_reduced));
  }
  static void rows(const Part& p, const T* x) {
    T* value = values(p.state) + p.kept0;
    uint64_t* index = indexes(p.state, p.capacity) + p.kept0;
    const uint64_t lowest = lowest_index(p);
    for (int64_t k = 0; k < p.kept; ++k, x += p.pitch) {
      const int64_t start = p.index0 + k * p.index_kept;
      // Most rows lose, and need no search.
      if constexpr (!kIsComplex<T>) {
        const bool later = index[k] < lowest + static_cast<uint64_t>(k * p.index_kept);  // what is only as good loses
        constexpr int64_t kCount = kLaneCount<T>;
        if (later && !any_better(x, kCount, p.reduced / kCount, p.reduced % kCount, Lanes<T>::filled(value[k]), p.ahead)) continue;
      }
      const T best = extreme(x, p.reduced);
      const int64_t r = find(x, p.reduced, best, p.index_reduced < 0);
      if (r < p.reduced) put(best, static_cast<uint64_t>(start + r * p.index_reduced), value[k], index[k]);
    }
  }
  static constexpr bool kNanWins = nan_wins && kHasNan<T>;

  // The lanes of v that are no better than b's, which are not NaN.
  template <class V>
  static auto no_better(V v, V b) {
    if constexpr (nan_wins) return max ? v <= b : v >= b;
    else return max ? ~(v > b) : ~(v < b);
  }
  // Whether something of x is better than the lanes of b it lies in. Blocks of lanes are `stride` apart; the last has `rest` of them, when not 0.
  static bool any_better(const T* x, int64_t stride, int64_t blocks, int64_t rest, const Lanes<T>& b, int64_t ahead) {
    using Vector = typename Lanes<T>::Vector;
    constexpr int kVectors = Lanes<T>::kVectors, kWidth = Lanes<T>::kWidth;
    Vector beaten[kVectors];
    decltype(beaten[0] == beaten[0]) any[kVectors] = {};
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) beaten[i] = b.v[i];
    over_rows(blocks, ahead, [&](auto count, auto asks) {
      repeat(count, [&]() __attribute__((always_inline)) {
#pragma GCC unroll 16
        for (int i = 0; i < kVectors; ++i) any[i] |= ~no_better(load_vector<Vector>(x + i * kWidth), beaten[i]);
        if (asks) ask(x, ahead);
        x += stride;
      });
    });
    if (rest > 0) {
      const Lanes<T> last = Lanes<T>::load_partial(x, rest, beaten[0][0]);
#pragma GCC unroll 16
      for (int i = 0; i < kVectors; ++i) any[i] |= ~no_better(last.v[i], beaten[i]);
    }
    if constexpr (kNanWins) {  // nothing is better than NaN
#pragma GCC unroll 16
      for (int i = 0; i < kVectors; ++i) any[i] &= beaten[i] == beaten[i];
    }
#pragma GCC unroll 16
    for (int i = 1; i < kVectors; ++i) any[0] |= any[i];
    int64_t words[kVectorBytes / 8], found = 0;
    std::memcpy(words, &any[0], sizeof words);
    for (int64_t word : words) found |= word;
    return found != 0;
  }
  // Columns side by side, as many as there are lanes: where a row of the tile beats `value`, it and the first row that has it; others have -1.
  using Place = std::conditional_t<sizeof(T) == 8, int64_t, std::conditional_t<sizeof(T) == 4, int32_t, std::conditional_t<sizeof(T) == 2, int16_t, int8_t>>>;
  [[gnu::noinline]] static void best_of_columns(const T* x, int64_t stride, int64_t rows, bool backwards, T* value, Place* row) {
    using Places = typename VectorOf<Place, kVectorBytes>::Type;
    using Vector = typename Lanes<T>::Vector;
    constexpr int kVectors = Lanes<T>::kVectors, kWidth = Lanes<T>::kWidth;
    Vector best[kVectors];
    Places at[kVectors];
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) {
      best[i] = load_vector<Vector>(value + i * kWidth);
      at[i] = Places{} - static_cast<Place>(1);
    }
    for (int64_t n = 0; n < rows; ++n) {
      const int64_t r = backwards ? rows - 1 - n : n;
      const Places here = Places{} + static_cast<Place>(r);
#pragma GCC unroll 16
      for (int i = 0; i < kVectors; ++i) {
        const Vector v = load_vector<Vector>(x + r * stride + i * kWidth);
        auto keep = no_better(v, best[i]);
        if constexpr (kNanWins) keep |= best[i] != best[i];
        best[i] = keep ? best[i] : v;
        at[i] = keep ? at[i] : here;
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < kVectors; ++i) {
      store_vector(value + i * kWidth, best[i]);
      store_vector(row + i * kWidth, at[i]);
    }
  }
  static void columns(const Part& p, const T* x) {
    T* value = values(p.state) + p.kept0;
    uint64_t* index = indexes(p.state, p.capacity) + p.kept0;
    int64_t done = 0;
    if constexpr (!kIsComplex<T>) {
      constexpr int kCount = kLaneCount<T>;
      static_assert(kMostRuns <= 127 && kTileElements / kLongRun <= 127 && kLongRun <= 127);  // rows of a tile of columns: a Place holds their number
      Place row[kCount];
      const uint64_t lowest = lowest_index(p);
      const auto all_before = [&](const uint64_t* k) {
        int later = 0;
        for (int l = 0; l < kCount; ++l) later |= k[l] >= lowest;
        return later == 0;
      };
      for (; p.index_kept == 0 && done + kCount <= p.kept && all_before(index + done); done += kCount) {
        if (!any_better(x + done, p.pitch, p.reduced, 0, Lanes<T>::load(value + done), p.ahead)) continue;
        best_of_columns(x + done, p.pitch, p.reduced, p.index_reduced < 0, value + done, row);
        uint64_t* at = index + done;
        for (int l = 0; l < kCount; ++l) at[l] = row[l] >= 0 ? static_cast<uint64_t>(p.index0 + row[l] * p.index_reduced) : at[l];
      }
    }
    for (int64_t r = 0; r < p.reduced; ++r) {
      const int64_t start = p.index0 + r * p.index_reduced;
      for (int64_t k = done; k < p.kept; ++k)
        put(x[r * p.pitch + k], static_cast<uint64_t>(start + k * p.index_kept), value[k], index[k]);
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
