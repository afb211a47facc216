// The order of values, as min, max and their arg-reductions see it.
#pragma once
#include <limits>

#include "kernels/reduce/codec.h"

namespace ndl::reduce {

// a comes before b: is smaller (for max: larger); complex numbers in lexicographic order. False for NaN.
template <bool max, class V>
inline auto before(V a, V b) {
  if constexpr (kIsComplex<V>) {
    const auto ar = a.real(), br = b.real();
    return before<max>(ar, br) | ((ar == br) & before<max>(a.imag(), b.imag()));
  } else if constexpr (max) {
    return a > b;
  } else {
    return a < b;
  }
}

// The value that every other comes before.
template <bool max, class T>
constexpr T last() {
  using Limits = std::numeric_limits<T>;
  if constexpr (kIsComplex<T>) return {last<max, typename T::value_type>(), last<max, typename T::value_type>()};
  else if constexpr (Limits::has_infinity) return max ? -Limits::infinity() : Limits::infinity();
  else return max ? Limits::min() : Limits::max();
}

template <class T>
constexpr T not_a_number() {
  if constexpr (kIsComplex<T>) return {not_a_number<typename T::value_type>(), not_a_number<typename T::value_type>()};
  else return std::numeric_limits<T>::quiet_NaN();
}

template <class T>
inline constexpr bool kHasNan = kIsComplex<T> || std::is_floating_point_v<T>;

// The one of two that a min or max takes, for numbers and for vectors of them; NaN wins or loses.
template <bool max, bool nan_wins>
struct Pick {
  template <class T>
  static constexpr T identity() {
    if constexpr (!nan_wins && kHasNan<T>) return not_a_number<T>();
    else return last<max, T>();
  }
  template <class V>
  static V apply(V a, V b) {
    if constexpr (kIsComplex<V>) {
      if constexpr (nan_wins) return before<max>(b, a) || (is_nan(b) && !is_nan(a)) ? (is_nan(a) ? a : b) : a;
      else return before<max>(b, a) || is_nan(a) ? (is_nan(b) ? a : b) : a;
    } else {
      const V best = before<max>(a, b) ? a : b;
      return (nan_wins ? a != a : b != b) ? a : best;
    }
  }
};

// The same of two numbers, the first not NaN; NaN loses.
template <bool max>
struct Later {
  template <class V>
  static V apply(V a, V b) {
    if constexpr (max) return b > a ? b : a;
    else return b < a ? b : a;
  }
};

}  // namespace ndl::reduce
