// Parts, signs, neighbours and rounding of floating-point numbers; exact, and mostly on the bits.
#include <cmath>

#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

Bool truth(bool b) { return {static_cast<uint8_t>(b)}; }

struct Fabs {
  template <Floating T>
  T operator()(T a) const {
    return magnitude(a);
  }
  Half operator()(Half a) const { return {static_cast<uint16_t>(a.bits & kHalfMagnitude)}; }
};

struct Copysign {
  template <Floating T>
  T operator()(T a, T b) const {
    return with_sign(a, b);
  }
  Half operator()(Half a, Half b) const {
    return {static_cast<uint16_t>((a.bits & kHalfMagnitude) | (b.bits & kHalfSign))};
  }
};

struct Signbit {
  template <Floating T>
  Bool operator()(T a) const {
    return truth(bits_of(a) >> (sizeof(T) * 8 - 1));
  }
  Bool operator()(Half a) const { return truth(a.bits >> 15); }
};

struct Isnan {
  template <Floating T>
  Bool operator()(T a) const {
    return truth((bits_of(a) & ~kSignBit<T>) > kInfinityBits<T>);
  }
  template <Floating T>
  Bool operator()(Complex<T> a) const {
    return truth(is_nan(a.re) | is_nan(a.im));
  }
  Bool operator()(Half a) const { return truth(is_nan(a)); }
};

struct Isinf {
  template <Floating T>
  Bool operator()(T a) const {
    return truth((bits_of(a) & ~kSignBit<T>) == kInfinityBits<T>);
  }
  template <Floating T>
  Bool operator()(Complex<T> a) const {
    return truth(is_infinite(a.re) | is_infinite(a.im));
  }
  Bool operator()(Half a) const { return truth((a.bits & kHalfMagnitude) == kHalfInfinity); }
};

struct Isfinite {
  template <Floating T>
  Bool operator()(T a) const {
    return truth((bits_of(a) & ~kSignBit<T>) < kInfinityBits<T>);
  }
  template <Floating T>
  Bool operator()(Complex<T> a) const {
    return truth((*this)(a.re).value & (*this)(a.im).value);
  }
  Bool operator()(Half a) const { return truth((a.bits & kHalfMagnitude) < kHalfInfinity); }
};

struct Floor {
  template <Floating T>
  T operator()(T a) const {
    return std::floor(a);
  }
};
struct Ceil {
  template <Floating T>
  T operator()(T a) const {
    return std::ceil(a);
  }
};
struct Trunc {
  template <Floating T>
  T operator()(T a) const {
    return std::trunc(a);
  }
};
struct Rint {
  template <Floating T>
  T operator()(T a) const {
    return std::nearbyint(a);
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a) const {
    return {std::nearbyint(a.re), std::nearbyint(a.im)};
  }
};

struct Sign {
  template <Integer T>
  T operator()(T a) const {
    return static_cast<T>((a > 0) - (a < 0));
  }
  template <Floating T>
  T operator()(T a) const {
    const T nonzero = a > 0 ? T{1} : T{-1};
    return is_nan(a) ? a : a == 0 ? T{0} : nonzero;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a) const {
    const T size = std::hypot(a.re, a.im);
    if (is_nan(size)) return {size, size};
    if (is_infinite(size)) {
      if (!is_infinite(a.im)) return {a.re > 0 ? T{1} : T{-1}, T{0}};
      if (!is_infinite(a.re)) return {T{0}, a.im > 0 ? T{1} : T{-1}};
      return {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN()};
    }
    if (size == 0) return {T{0}, T{0}};
    return {a.re / size, a.im / size};
  }
};

// The bits of positive numbers are in the order of the numbers. Zeros of both signs are equal; which of them comes
// out then is the type's own rule.
template <class B>
B next_after(B a, B b, B sign, B infinity, B equal) {
  const B size_a = a & static_cast<B>(~sign), size_b = b & static_cast<B>(~sign);
  const bool grow = ((a ^ b) & sign) == 0 && size_b > size_a;
  const B step = static_cast<B>(grow ? a + 1 : a - 1);
  const B from_zero = static_cast<B>((b & sign) | 1);
  B r = size_a == 0 ? from_zero : step;
  const bool same = a == b || (size_a == 0 && size_b == 0);
  r = same ? equal : r;
  r = size_a > infinity ? a : r;
  return size_a <= infinity && size_b > infinity ? b : r;
}

struct Nextafter {
  template <Floating T>
  T operator()(T a, T b) const {
    return from_bits<T>(next_after<BitsOf<T>>(bits_of(a), bits_of(b), kSignBit<T>, kInfinityBits<T>, bits_of(b)));
  }
  Half operator()(Half a, Half b) const {
    return {next_after<uint16_t>(a.bits, b.bits, kHalfSign, kHalfInfinity, a.bits)};
  }
};

struct Spacing {
  template <Floating T>
  T operator()(T a) const {
    const BitsOf<T> size = bits_of(a) & ~kSignBit<T>;
    const T step = from_bits<T>(size + 1) - from_bits<T>(size);
    const T away = with_sign(step, size == 0 ? step : a);
    return size >= kInfinityBits<T> ? std::numeric_limits<T>::quiet_NaN() : away;
  }
  // Always positive for float16, as in NumPy: the distance to the neighbour above.
  Half operator()(Half a) const {
    const uint32_t size = a.bits & kHalfMagnitude;
    const bool toward_zero = (a.bits & kHalfSign) != 0;
    const uint32_t above = toward_zero && size != 0 ? size - 1 : size;
    const uint32_t exponent = above >> 10;
    const uint32_t step = exponent > 10 ? (exponent - 10) << 10 : exponent > 1 ? 1u << (exponent - 1) : 1u;
    const uint32_t finite = a.bits == 0x7BFF ? kHalfInfinity : step;
    return {static_cast<uint16_t>(size >= kHalfInfinity ? 0x7E00 : finite)};
  }
};

struct Frexp {
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    const auto* a = static_cast<const T*>(in[0]);
    auto* mantissas = static_cast<T*>(out[0]);
    auto* exponents = static_cast<int32_t*>(out[1]);
    constexpr int kShift = kMantissaBits<T>, kBias = std::numeric_limits<T>::max_exponent - 2;
    constexpr int kScale = kShift + 2;
    constexpr BitsOf<T> kOne = 1, kExponent = kInfinityBits<T>;
    const T up = static_cast<T>(kOne << kScale);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) {
      const T x = a[i];
      const BitsOf<T> size = bits_of(x) & ~kSignBit<T>;
      const bool subnormal = size < (kOne << kShift), plain = size != 0 && size < kInfinityBits<T>;
      const BitsOf<T> b = bits_of(subnormal ? x * up : x);
      const int32_t e = static_cast<int32_t>((b & kExponent) >> kShift) - kBias - (subnormal ? kScale : 0);
      const T m = from_bits<T>((b & ~kExponent) | (static_cast<BitsOf<T>>(kBias) << kShift));
      mantissas[i] = plain ? m : x;
      exponents[i] = plain ? e : 0;
    }
  }
};

struct Modf {
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    const auto* a = static_cast<const T*>(in[0]);
    auto* fractions = static_cast<T*>(out[0]);
    auto* wholes = static_cast<T*>(out[1]);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) {
      const T x = a[i], whole = std::trunc(x);
      const T fraction = is_infinite(x) ? T{0} : x - whole;
      fractions[i] = is_nan(x) ? x : with_sign(fraction, x);
      wholes[i] = whole;
    }
  }
};

struct Ldexp {
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    const auto* a = static_cast<const T*>(in[0]);
    const auto* e = static_cast<const int32_t*>(in[1]);
    auto* r = static_cast<T*>(out[0]);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) r[i] = std::ldexp(a[i], e[i]);
  }
};

}  // namespace

NDL_LOOPS(fabs, Fabs)
NDL_LOOPS(copysign, Copysign)
NDL_LOOPS(signbit, Signbit)
NDL_LOOPS(isnan, Isnan)
NDL_LOOPS(isinf, Isinf)
NDL_LOOPS(isfinite, Isfinite)
NDL_LOOPS(floor, Floor)
NDL_LOOPS(ceil, Ceil)
NDL_LOOPS(trunc, Trunc)
NDL_LOOPS(rint, Rint)
NDL_LOOPS(sign, Sign)
NDL_LOOPS(nextafter, Nextafter)
NDL_LOOPS(spacing, Spacing)
NDL_LOOPS(frexp, Frexp)
NDL_LOOPS(modf, Modf)
NDL_LOOPS(ldexp, Ldexp)

}  // namespace ndl
