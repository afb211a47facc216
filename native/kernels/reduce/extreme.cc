// min and max, where NaN wins, and fmin and fmax, where it loses.
#include <cstring>

#include "kernels/reduce/driver.h"
#include "kernels/reduce/families.h"
#include "kernels/reduce/lanes.h"
#include "kernels/reduce/order.h"

namespace ndl::reduce {
namespace {

// State: value[capacity], and where an infinity could be a value as well as none, touched[capacity].
template <class C, bool max, bool nan_wins>
struct Extreme {
  using Codec = C;
  using T = typename C::Value;
  using Op = Pick<max, nan_wins>;
  static constexpr bool kTouched = nan_wins && kHasNan<T>;

  static int64_t state_bytes(int64_t capacity) {
    return capacity * static_cast<int64_t>(sizeof(T) + (kTouched ? 1 : 0));
  }
  static void init(void* state, int64_t capacity) {
    T* values = static_cast<T*>(state);
    for (int64_t k = 0; k < capacity; ++k) values[k] = Op::template identity<T>();
    if constexpr (kTouched) std::memset(static_cast<void*>(values + capacity), 0, static_cast<size_t>(capacity));
  }
  static T* values(const Part& p) {
    T* first = static_cast<T*>(p.state);
    if constexpr (kTouched)
      std::memset(reinterpret_cast<uint8_t*>(first + p.capacity) + p.kept0, 1, static_cast<size_t>(p.kept));
    return first + p.kept0;
  }
  // Where NaN loses: from the value that every number comes before, NaN is before nothing. Only when that is all there is it matters what it was.
  static T row(const T* x, int64_t n, int64_t ahead) {
    T value;
    if constexpr (!nan_wins && kHasNan<T>) {
      using Vector = typename Lanes<T>::Vector;
      constexpr int kVectors = Lanes<T>::kVectors, kWidth = Lanes<T>::kWidth, kCount = kLaneCount<T>;
      Lanes<T> best = Lanes<T>::filled(last<max, T>());
      Vector v[kVectors];
      for (int i = 0; i < kVectors; ++i) v[i] = best.v[i];
      int64_t r = 0;
      for (; r + kCount <= n; r += kCount) {
#pragma GCC unroll 16
        for (int i = 0; i < kVectors; ++i) v[i] = Later<max>::apply(v[i], load_vector<Vector>(x + r + i * kWidth));
        if (ahead != 0) ask(x + r, ahead);
      }
      if (r < n) {
        const Lanes<T> rest = Lanes<T>::load_partial(x + r, n - r, last<max, T>());
        for (int i = 0; i < kVectors; ++i) v[i] = Later<max>::apply(v[i], rest.v[i]);
      }
      for (int i = 0; i < kVectors; ++i) best.v[i] = v[i];
      fold_lanes<Later<max>>(best, &value, 1);
      if (value != last<max, T>()) return value;
    }
    fold_row<Op>(x, n, &value, ahead);
    return value;
  }
  static void rows(const Part& p, const T* x) {
    T* out = values(p);
    for (int64_t k = 0; k < p.kept; ++k, x += p.pitch) {
      T value;
      if constexpr (kIsComplex<T>) {
        value = x[0];
        for (int64_t r = 1; r < p.reduced; ++r) value = Op::apply(value, x[r]);
      } else {
        value = row(x, p.reduced, p.ahead);
      }
      out[k] = Op::apply(out[k], value);
    }
  }
  static void columns(const Part& p, const T* x) {
    T* out = values(p);
    if constexpr (kIsComplex<T>) {
      for (int64_t r = 0; r < p.reduced; ++r)
        for (int64_t k = 0; k < p.kept; ++k) out[k] = Op::apply(out[k], x[r * p.pitch + k]);
    } else {
      fold_columns<Op>(out, x, p.pitch, p.reduced, p.kept, p.ahead);
    }
  }
  static void merge(const ReduceTile* t) { update<Extreme>(t); }
  static void finish(const void* state, int64_t capacity, void* const* fields) {
    const T* values = static_cast<const T*>(state);
    auto* out = static_cast<typename C::Element*>(fields[0]);
    for (int64_t k = 0; k < capacity; ++k) {
      T value = values[k];
      if constexpr (kTouched)
        value = reinterpret_cast<const uint8_t*>(values + capacity)[k] ? value : not_a_number<T>();
      out[k] = C::store(value);
    }
  }
};

template <bool max, bool nan_wins>
void register_one(KernelTable& t, Reducer r) {
  const auto set = [&](DType d, ReduceFns f) { entry(t, r, d) = f; };
  // Integers have no NaN: both rules are one.
  set(DType::kBool, functions<Extreme<Plain<uint8_t>, max, true>>());
  entry(t, r, DType::kBool).init = [](void* state, int64_t capacity) {
    std::memset(state, max ? 0 : 1, static_cast<size_t>(capacity));
  };
  set(DType::kInt8, functions<Extreme<Plain<int8_t>, max, true>>());
  set(DType::kInt16, functions<Extreme<Plain<int16_t>, max, true>>());
  set(DType::kInt32, functions<Extreme<Plain<int32_t>, max, true>>());
  set(DType::kInt64, functions<Extreme<Plain<int64_t>, max, true>>());
  set(DType::kUInt8, functions<Extreme<Plain<uint8_t>, max, true>>());
  set(DType::kUInt16, functions<Extreme<Plain<uint16_t>, max, true>>());
  set(DType::kUInt32, functions<Extreme<Plain<uint32_t>, max, true>>());
  set(DType::kUInt64, functions<Extreme<Plain<uint64_t>, max, true>>());
  // NaN is the lowest key where it must win a min or lose a max.
  set(DType::kFloat16, functions<Extreme<HalfAsKey<max != nan_wins, false>, max, true>>());
  set(DType::kFloat32, functions<Extreme<Plain<float>, max, nan_wins>>());
  set(DType::kFloat64, functions<Extreme<Plain<double>, max, nan_wins>>());
  set(DType::kComplex64, functions<Extreme<Plain<std::complex<float>>, max, nan_wins>>());
  set(DType::kComplex128, functions<Extreme<Plain<std::complex<double>>, max, nan_wins>>());
}

}  // namespace

void register_extreme(KernelTable& t) {
  register_one<false, true>(t, Reducer::kMin);
  register_one<true, true>(t, Reducer::kMax);
  register_one<false, false>(t, Reducer::kFmin);
  register_one<true, false>(t, Reducer::kFmax);
}

}  // namespace ndl::reduce
