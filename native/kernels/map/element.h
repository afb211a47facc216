// The element types as C++ sees them. Bool and Half are types of their own, so that no operator of C++ applies to
// them by accident, and a bool of user memory that holds 2 is still just true.
#pragma once
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "core/dtype.h"

namespace ndl {

struct Bool {
  uint8_t value;
};
struct Half {
  uint16_t bits;
};
template <class T>
struct Complex {
  T re, im;
};

namespace internal {
template <DType>
struct ElementOf;
#define NDL_ELEMENT(dtype, type) \
  template <>                    \
  struct ElementOf<DType::dtype> { \
    using Type = type;           \
  };
NDL_ELEMENT(kBool, Bool)
NDL_ELEMENT(kInt8, int8_t)
NDL_ELEMENT(kInt16, int16_t)
NDL_ELEMENT(kInt32, int32_t)
NDL_ELEMENT(kInt64, int64_t)
NDL_ELEMENT(kUInt8, uint8_t)
NDL_ELEMENT(kUInt16, uint16_t)
NDL_ELEMENT(kUInt32, uint32_t)
NDL_ELEMENT(kUInt64, uint64_t)
NDL_ELEMENT(kFloat16, Half)
NDL_ELEMENT(kFloat32, float)
NDL_ELEMENT(kFloat64, double)
NDL_ELEMENT(kComplex64, Complex<float>)
NDL_ELEMENT(kComplex128, Complex<double>)
#undef NDL_ELEMENT
}  // namespace internal

template <DType D>
using Element = typename internal::ElementOf<D>::Type;

template <class T>
concept Integer = std::integral<T>;
template <class T>
concept Floating = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
concept Number = Integer<T> || Floating<T>;

// Unsigned type of the size of T, for its bits.
template <class T>
using BitsOf = std::conditional_t<
    sizeof(T) == 1, uint8_t,
    std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;

// Unsigned type to do wrapping arithmetic of T in; not subject to promotion to int.
template <Integer T>
using Wrapping = std::conditional_t<(sizeof(T) < 4), uint32_t, std::make_unsigned_t<T>>;

template <class T>
inline constexpr bool kIsComplex = false;
template <class T>
inline constexpr bool kIsComplex<Complex<T>> = true;

}  // namespace ndl
