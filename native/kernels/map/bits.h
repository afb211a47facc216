// Parts of a floating-point number as integers.
#pragma once
#include <bit>
#include <cstdint>
#include <limits>

#include "kernels/map/element.h"

namespace ndl {

template <Floating T>
inline constexpr int kMantissaBits = std::numeric_limits<T>::digits - 1;
template <Floating T>
inline constexpr BitsOf<T> kSignBit = BitsOf<T>{1} << (sizeof(T) * 8 - 1);
template <Floating T>
inline constexpr BitsOf<T> kInfinityBits = std::bit_cast<BitsOf<T>>(std::numeric_limits<T>::infinity());

template <Floating T>
inline BitsOf<T> bits_of(T x) {
  return std::bit_cast<BitsOf<T>>(x);
}
template <Floating T>
inline T from_bits(BitsOf<T> b) {
  return std::bit_cast<T>(b);
}
template <Floating T>
inline T magnitude(T x) {
  return from_bits<T>(bits_of(x) & ~kSignBit<T>);
}
template <Floating T>
inline T with_sign(T magnitude_of, T sign_of) {
  return from_bits<T>((bits_of(magnitude_of) & ~kSignBit<T>) | (bits_of(sign_of) & kSignBit<T>));
}
template <Floating T>
inline bool is_nan(T x) {
  return x != x;
}
template <Floating T>
inline bool is_infinite(T x) {
  return magnitude(x) == std::numeric_limits<T>::infinity();
}

inline constexpr uint16_t kHalfSign = 0x8000, kHalfMagnitude = 0x7FFF, kHalfInfinity = 0x7C00;
inline bool is_nan(Half h) { return (h.bits & kHalfMagnitude) > kHalfInfinity; }

}  // namespace ndl
