// NumPy's order of sorting: NaN last; complex numbers by their real parts, then by their imaginary ones.
#pragma once
#include "kernels/block/operand.h"

namespace ndl::block {

// Values as they are compared: float16 as float32, the others as they are.
template <class T>
inline T key_of(T x) {
  return x;
}
inline float key_of(Half x) { return half_to_float(x.bits); }

template <class T>
inline bool sorts_before(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return (a < b) | ((b != b) & (a == a));
  else return a < b;
}
template <class T>
inline bool sorts_before(std::complex<T> a, std::complex<T> b) {
  const T ar = a.real(), br = b.real(), ai = a.imag(), bi = b.imag();
  const bool a_nan = ai != ai, b_nan = bi != bi;
  if (ar < br) return !a_nan || b_nan;
  if (ar > br) return b_nan && !a_nan;
  if (ar == br || (ar != ar && br != br)) return ai < bi || (b_nan && !a_nan);
  return br != br;
}

}  // namespace ndl::block
