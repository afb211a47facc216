// One step of a running sum or product, for the kernels of whole blocks and those of boxes: the same bits from both.
#pragma once
#include <complex>
#include <type_traits>

#include "kernels/block/operand.h"
#include "kernels/complex_product.h"

namespace ndl {

template <class T>
inline T multiply(T a, T b) {
  if constexpr (std::is_integral_v<T>) return static_cast<T>(1u * a * b);  // not in int, which overflows
  else return a * b;
}
template <class T>
inline std::complex<T> multiply(std::complex<T> a, std::complex<T> b) {
  return complex_product(a, b);
}

// Integers are scanned as unsigned ones: they wrap.
template <class T, bool product>
inline T step(T a, T b) {
  if constexpr (std::is_same_v<T, block::Half>) {
    const float x = half_to_float(a.bits), y = half_to_float(b.bits);
    return {float_to_half(product ? x * y : x + y)};
  } else if constexpr (product) {
    return multiply(a, b);
  } else {
    return static_cast<T>(a + b);
  }
}

}  // namespace ndl
