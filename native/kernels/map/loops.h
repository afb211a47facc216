// From a functor to the loops of an op. A functor offers, for an element type T, the first of these that it has:
//   tile<T>(out, in, n)   a whole MapFn
//   operator()(T, ...)    one element; the compiler vectorises it when it is plain arithmetic
//   lanes(Vec<T>, ...)    one vector; the tail of a tile goes through a padded vector, so it has the very same bits
// float16 falls back on the functor's float32 loop: widened, computed, rounded once.
#pragma once
#include <cstring>
#include <utility>

#include "kernels/map/element.h"
#include "kernels/map/half.h"
#include "kernels/map/simd.h"
#include "kernels/register.h"

namespace ndl {

struct OpInfo {
  int nin, nout;
  uint32_t loops;
};
inline constexpr OpInfo kOps[kOpCount] = {
#define NDL_OP(name, nin, nout, loops) {nin, nout, [] { using namespace dtypes; return static_cast<uint32_t>(loops); }()},
#include "generated/ops.inc"
#undef NDL_OP
};
constexpr const OpInfo& op_info(Op op) { return kOps[static_cast<int>(op)]; }
constexpr bool has_loop(Op op, DType d) { return (op_info(op).loops >> static_cast<int>(d)) & 1; }

// An output may be the buffer of an input, element on element; "ivdep" says that this is the only overlap there is.
template <class F, class T>
void scalar_tile1(void* const* out, const void* const* in, int64_t n) {
  using R = decltype(F{}(T{}));
  const auto* a = static_cast<const T*>(in[0]);
  auto* r = static_cast<R*>(out[0]);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) r[i] = F{}(a[i]);
}
// An input of a loop: a tile, or the same one element everywhere.
template <class T>
struct Repeated {
  T value;
  T operator[](int64_t) const { return value; }
};
template <bool repeated, class T>
auto input(const void* in) {
  const auto* p = static_cast<const T*>(in);
  if constexpr (repeated) return Repeated<T>{*p};
  else return p;
}
// The first input and the others may each be repeated.
template <class F, class T, bool first = false, bool others = false>
void scalar_tile2(void* const* out, const void* const* in, int64_t n) {
  using R = decltype(F{}(T{}, T{}));
  const auto a = input<first, T>(in[0]);
  const auto b = input<others, T>(in[1]);
  auto* r = static_cast<R*>(out[0]);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) r[i] = F{}(a[i], b[i]);
}
template <class F, class T, bool first = false, bool others = false>
void scalar_tile3(void* const* out, const void* const* in, int64_t n) {
  using R = decltype(F{}(T{}, T{}, T{}));
  const auto a = input<first, T>(in[0]);
  const auto b = input<others, T>(in[1]), c = input<others, T>(in[2]);
  auto* r = static_cast<R*>(out[0]);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) r[i] = F{}(a[i], b[i], c[i]);
}

template <class V>
V load_tail(const LaneOf<V>* p, int64_t n) {
  LaneOf<V> buffer[kLanes<V>];
  for (auto& x : buffer) x = 1;
  std::memcpy(buffer, p, static_cast<size_t>(n) * sizeof buffer[0]);
  return load<V>(buffer);
}
template <class V>
void store_tail(LaneOf<V>* p, V v, int64_t n) {
  std::memcpy(p, &v, static_cast<size_t>(n) * sizeof(LaneOf<V>));
}

template <class F, Floating T>
void vector_tile1(void* const* out, const void* const* in, int64_t n) {
  using V = Vec<T>;
  const auto* a = static_cast<const T*>(in[0]);
  auto* r = static_cast<T*>(out[0]);
  int64_t i = 0;
  for (; i + kLanes<V> <= n; i += kLanes<V>) store(r + i, V(F::lanes(load<V>(a + i))));
  if (i < n) store_tail(r + i, V(F::lanes(load_tail<V>(a + i, n - i))), n - i);
}
template <class F, Floating T>
void vector_tile2(void* const* out, const void* const* in, int64_t n) {
  using V = Vec<T>;
  const auto* a = static_cast<const T*>(in[0]);
  const auto* b = static_cast<const T*>(in[1]);
  auto* r = static_cast<T*>(out[0]);
  int64_t i = 0;
  for (; i + kLanes<V> <= n; i += kLanes<V>) store(r + i, V(F::lanes(load<V>(a + i), load<V>(b + i))));
  if (i < n) store_tail(r + i, V(F::lanes(load_tail<V>(a + i, n - i), load_tail<V>(b + i, n - i))), n - i);
}

template <Op op, MapFn float_loop>
void half_tile(void* const* out, const void* const* in, int64_t n) {
  constexpr int64_t kBlock = 256;
  constexpr int kIn = op_info(op).nin, kOut = op_info(op).nout;
  float a[kIn][kBlock], r[kOut][kBlock];
  for (int64_t base = 0; base < n; base += kBlock) {
    const int64_t m = n - base < kBlock ? n - base : kBlock;
    const void* arguments[kIn];
    void* results[kOut];
    for (int j = 0; j < kIn; ++j) {
      if (op == Op::ldexp && j == 1) {
        arguments[j] = static_cast<const int32_t*>(in[j]) + base;
      } else {
        halves_to_floats(static_cast<const Half*>(in[j]) + base, a[j], m);
        arguments[j] = a[j];
      }
    }
    for (int j = 0; j < kOut; ++j) {
      const DType d = map_output(op, DType::kFloat16, j);
      results[j] = d == DType::kFloat16 ? r[j] : static_cast<void*>(static_cast<char*>(out[j]) + base * item_size(d));
    }
    float_loop(results, arguments, m);
    for (int j = 0; j < kOut; ++j)
      if (results[j] == r[j]) floats_to_halves(r[j], static_cast<Half*>(out[j]) + base, m);
  }
}

template <class F, class T>
concept HasTile = requires { &F::template tile<T>; };
template <class F, class... T>
concept HasScalar = std::is_invocable_v<F, T...>;
template <class F, class... V>
concept HasLanes = requires(V... v) { F::lanes(v...); };

template <Op op, class F, DType d>
constexpr MapFn loop_of() {
  using T = Element<d>;
  constexpr int nin = op_info(op).nin;
  if constexpr (HasTile<F, T>) {
    return &F::template tile<T>;
  } else if constexpr (nin == 1 && HasScalar<F, T>) {
    return &scalar_tile1<F, T>;
  } else if constexpr (nin == 2 && HasScalar<F, T, T>) {
    return &scalar_tile2<F, T>;
  } else if constexpr (nin == 3 && HasScalar<F, T, T, T>) {
    return &scalar_tile3<F, T>;
  } else if constexpr (std::same_as<T, Half>) {
    return &half_tile<op, loop_of<op, F, DType::kFloat32>()>;
  } else if constexpr (Floating<T>) {
    if constexpr (nin == 1 && HasLanes<F, Vec<T>>) return &vector_tile1<F, T>;
    else if constexpr (nin == 2 && HasLanes<F, Vec<T>, Vec<T>>) return &vector_tile2<F, T>;
    else static_assert(!sizeof(T), "the functor lacks this loop");
  } else {
    static_assert(!sizeof(T), "the functor lacks this loop");
  }
}

// The loop for a first input, or others, that are one element; null where there is none.
template <Op op, class F, DType d, bool first>
constexpr MapFn repeating_loop_of() {
  using T = Element<d>;
  constexpr int nin = op_info(op).nin;
  if constexpr (!HasTile<F, T> && Number<T> && sizeof(T) >= 4) {
    if constexpr (nin == 2 && HasScalar<F, T, T>) return &scalar_tile2<F, T, first, !first>;
    if constexpr (nin == 3 && HasScalar<F, T, T, T>) return &scalar_tile3<F, T, first, !first>;
  }
  return nullptr;
}

template <Op op, class F>
void fill_loops(KernelTable& table) {
  [&]<int... d>(std::integer_sequence<int, d...>) {
    const auto fill = [&]<int e>() {
      if constexpr (constexpr auto dtype = static_cast<DType>(e); has_loop(op, dtype)) {
        constexpr int k = static_cast<int>(op);
        table.map[k][e] = loop_of<op, F, dtype>();
        table.map_first_repeated[k][e] = repeating_loop_of<op, F, dtype, true>();
        table.map_others_repeated[k][e] = repeating_loop_of<op, F, dtype, false>();
      }
    };
    (fill.template operator()<d>(), ...);
  }(std::make_integer_sequence<int, kDTypeCount>{});
}

#define NDL_LOOPS(op, Functor)                      \
  template <>                                       \
  void register_loops<Op::op>(KernelTable & table) { \
    fill_loops<Op::op, Functor>(table);             \
  }

}  // namespace ndl
