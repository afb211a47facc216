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
  const bool upright = !(magnitude(b.re) >= magnitude(b.im));
  const T large = upright ? b.im : b.re, small = upright ? b.re : b.im;
  const T p = upright ? a.im : a.re, q = upright ? a.re : a.im;
  const T ratio = small / large, scale = T{1} / (large + small * ratio);
  const T re = (p + q * ratio) * scale, cross = p * ratio;
  const T im = (upright ? cross - q : q - cross) * scale;
  // By zero, each part is.
  const bool by_zero = b.re == 0 && b.im == 0;
  return {by_zero ? a.re / magnitude(b.re) : re, by_zero ? a.im / magnitude(b.re) : im};
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
