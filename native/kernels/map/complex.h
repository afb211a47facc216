// Arithmetic of complex numbers by NumPy's formulas: a plain product, Smith's division. std::complex's operators
// would repair NaN results, which NumPy does not.
#pragma once
#include <complex>

#include "kernels/map/bits.h"

namespace ndl {

template <Floating T>
std::complex<T> to_std(Complex<T> z) {
  return {z.re, z.im};
}
template <Floating T>
Complex<T> from_std(std::complex<T> z) {
  return {z.real(), z.imag()};
}

template <Floating T>
inline Complex<T> multiply(Complex<T> a, Complex<T> b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// R. L. Smith, Algorithm 116: Complex division, CACM 5(8), 1962.
template <Floating T>
inline Complex<T> divide(Complex<T> a, Complex<T> b) {
  const T re = magnitude(b.re), im = magnitude(b.im);
  if (re >= im) {
    if (re == 0 && im == 0) return {a.re / re, a.im / re};
    const T ratio = b.im / b.re, scale = T{1} / (b.re + b.im * ratio);
    return {(a.re + a.im * ratio) * scale, (a.im - a.re * ratio) * scale};
  }
  const T ratio = b.re / b.im, scale = T{1} / (b.im + b.re * ratio);
  return {(a.re * ratio + a.im) * scale, (a.im * ratio - a.re) * scale};
}

template <Floating T>
inline bool is_nan(Complex<T> z) {
  return is_nan(z.re) || is_nan(z.im);
}

// Lexicographic order. A NaN in an imaginary part makes the comparison of the real parts false, too.
template <Floating T>
inline bool less(Complex<T> a, Complex<T> b) {
  return (a.re < b.re && !is_nan(a.im) && !is_nan(b.im)) || (a.re == b.re && a.im < b.im);
}
template <Floating T>
inline bool less_equal(Complex<T> a, Complex<T> b) {
  return (a.re < b.re && !is_nan(a.im) && !is_nan(b.im)) || (a.re == b.re && a.im <= b.im);
}

}  // namespace ndl
