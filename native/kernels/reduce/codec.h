// How elements in memory become the values a reducer works with.
#pragma once
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/float16.h"

namespace ndl::reduce {

template <class T>
inline constexpr bool kIsComplex = false;
template <class T>
inline constexpr bool kIsComplex<std::complex<T>> = true;

template <class T>
inline bool is_nan(const T& x) {
  if constexpr (std::is_floating_point_v<T>) return x != x;
  else if constexpr (kIsComplex<T>) return (x.real() != x.real()) | (x.imag() != x.imag());
  else return false;
}

// The value itself.
template <class T>
struct Plain {
  using Element = T;
  using Value = T;
  static const Value* load(const Element* x, int64_t, Value*) { return x; }
  static Element store(Value v) { return v; }
};

// float16 as the float32 of the same value.
struct HalfAsFloat {
  using Element = uint16_t;
  using Value = float;
  static const Value* load(const Element* x, int64_t n, Value* scratch) {
    for (int64_t i = 0; i < n; ++i) scratch[i] = half_to_float(x[i]);
    return scratch;
  }
  static Element store(float v) { return float_to_half(v); }
};

// float16 as an integer in the order of the values; NaN beyond the end that `nan_low` names. With merge_zeros -0
// becomes +0, as an arg-reduction must see it.
template <bool nan_low, bool merge_zeros>
struct HalfAsKey {
  using Element = uint16_t;
  using Value = int16_t;
  static constexpr int16_t kNan = nan_low ? std::numeric_limits<int16_t>::min() : std::numeric_limits<int16_t>::max();
  static const Value* load(const Element* x, int64_t n, Value* scratch) {
    for (int64_t i = 0; i < n; ++i) {
      const int32_t magnitude = x[i] & 0x7FFF;
      const int32_t below = merge_zeros ? -magnitude : -1 - magnitude;
      const int32_t key = (x[i] & 0x8000) ? below : magnitude;
      scratch[i] = static_cast<int16_t>(magnitude > 0x7C00 ? kNan : key);
    }
    return scratch;
  }
  static Element store(Value key) {
    if (key > 0x7C00 || key < -0x7C01) return 0x7E00;
    const int32_t magnitude = key >= 0 ? key : (merge_zeros ? -key : -1 - key);
    return static_cast<uint16_t>(magnitude | (key < 0 ? 0x8000 : 0));
  }
};

}  // namespace ndl::reduce
