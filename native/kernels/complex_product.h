// The product of complex numbers as NumPy takes it: the textbook formula, without recovery from NaN.
#pragma once
#include <complex>

namespace ndl {

template <class T>
inline std::complex<T> complex_product(std::complex<T> a, std::complex<T> b) {
  const T re = a.real() * b.real() - a.imag() * b.imag();
  T im = a.real() * b.imag() + a.imag() * b.real();
  // GCC 12 makes one fused multiply-addsub of the two lines where it finds them side by side, whatever -ffp-contract
  // says; the libraries of the ISAs would then differ in the last bit.
#if defined(__SSE2__)
  asm("" : "+x"(im));
#else
  asm("" : "+m"(im));
#endif
  return {re, im};
}

}  // namespace ndl
