// Sums, products, quotients and what is made of them alone.
#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

// Integers wrap around.
template <Integer T>
T wrap(Wrapping<T> x) {
  return static_cast<T>(x);
}
template <Integer T>
Wrapping<T> unwrap(T x) {
  return static_cast<Wrapping<T>>(x);
}

// Complex operands, block by block: taken apart, F::parts over plain arrays, put together. Left to itself the
// vectoriser fuses multiplications and additions of interleaved parts (GCC 12, against -ffp-contract=off), but not in
// a tile's last elements, so that a result would hang on its place.
template <class F, Floating T, int nin>
void by_parts(void* const* out, const void* const* in, int64_t n) {
  constexpr int64_t kBlock = 128;
  auto* r = static_cast<Complex<T>*>(out[0]);
  T re[nin + 1][kBlock], im[nin + 1][kBlock];
  for (int64_t base = 0; base < n; base += kBlock) {
    const int64_t m = n - base < kBlock ? n - base : kBlock;
    for (int j = 0; j < nin; ++j) {
      const auto* z = static_cast<const Complex<T>*>(in[j]) + base;
      for (int64_t i = 0; i < m; ++i) {
        re[j][i] = z[i].re;
        im[j][i] = z[i].im;
      }
    }
#pragma GCC ivdep
    for (int64_t i = 0; i < m; ++i) {
      Complex<T> z;
      if constexpr (nin == 1) z = F::parts(Complex<T>{re[0][i], im[0][i]});
      else z = F::parts(Complex<T>{re[0][i], im[0][i]}, Complex<T>{re[1][i], im[1][i]});
      re[nin][i] = z.re;
      im[nin][i] = z.im;
    }
    for (int64_t i = 0; i < m; ++i) r[base + i] = {re[nin][i], im[nin][i]};
  }
}

struct Add {
  template <Integer T>
  T operator()(T a, T b) const {
    return wrap<T>(unwrap(a) + unwrap(b));
  }
  template <Floating T>
  T operator()(T a, T b) const {
    return a + b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return {a.re + b.re, a.im + b.im};
  }
  Bool operator()(Bool a, Bool b) const { return {static_cast<uint8_t>((a.value | b.value) != 0)}; }
};

struct Subtract {
  template <Integer T>
  T operator()(T a, T b) const {
    return wrap<T>(unwrap(a) - unwrap(b));
  }
  template <Floating T>
  T operator()(T a, T b) const {
    return a - b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return {a.re - b.re, a.im - b.im};
  }
};

struct Multiply {
  template <Integer T>
  T operator()(T a, T b) const {
    return wrap<T>(unwrap(a) * unwrap(b));
  }
  template <Floating T>
  T operator()(T a, T b) const {
    return a * b;
  }
  Bool operator()(Bool a, Bool b) const { return {static_cast<uint8_t>((a.value != 0) & (b.value != 0))}; }
  template <Floating T>
  static Complex<T> parts(Complex<T> a, Complex<T> b) {
    return multiply(a, b);
  }
  template <class C>
    requires kIsComplex<C>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    by_parts<Multiply, decltype(C::re), 2>(out, in, n);
  }
};

struct Divide {
  template <Floating T>
  T operator()(T a, T b) const {
    return a / b;
  }
  template <Floating T>
  static Complex<T> parts(Complex<T> a, Complex<T> b) {
    return divide(a, b);
  }
  template <class C>
    requires kIsComplex<C>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    by_parts<Divide, decltype(C::re), 2>(out, in, n);
  }
};

struct Negative {
  template <Integer T>
  T operator()(T a) const {
    return wrap<T>(Wrapping<T>{0} - unwrap(a));
  }
  template <Floating T>
  T operator()(T a) const {
    return -a;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a) const {
    return {-a.re, -a.im};
  }
  Half operator()(Half a) const { return {static_cast<uint16_t>(a.bits ^ kHalfSign)}; }
};

struct Square {
  template <Number T>
  T operator()(T a) const {
    return Multiply{}(a, a);
  }
  template <Floating T>
  static Complex<T> parts(Complex<T> a) {
    return multiply(a, a);
  }
  template <class C>
    requires kIsComplex<C>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    by_parts<Square, decltype(C::re), 1>(out, in, n);
  }
};

struct Reciprocal {
  // One over zero: what converting infinity gives in C on x86-64, as in NumPy.
  template <Integer T>
  T operator()(T a) const {
    constexpr bool kFar = sizeof(T) >= 4 && std::signed_integral<T>;
    constexpr T kInfinite = kFar ? std::numeric_limits<T>::min() : T{0};
    return a == 1 ? T{1} : a == 0 ? kInfinite : std::signed_integral<T> && a == static_cast<T>(-1) ? static_cast<T>(-1) : T{0};
  }
  template <Floating T>
  T operator()(T a) const {
    return T{1} / a;
  }
  template <Floating T>
  static Complex<T> parts(Complex<T> a) {
    const bool upright = !(magnitude(a.im) <= magnitude(a.re));
    const T large = upright ? a.im : a.re, small = upright ? a.re : a.im;
    const T ratio = small / large, scale = large + small * ratio;
    return {(upright ? ratio : T{1}) / scale, (upright ? T{-1} : -ratio) / scale};
  }
  template <class C>
    requires kIsComplex<C>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    by_parts<Reciprocal, decltype(C::re), 1>(out, in, n);
  }
};

// (a + b) + c and (a + b) - c, rounded twice.
struct AddAdd {
  template <Floating T>
  T operator()(T a, T b, T c) const {
    return (a + b) + c;
  }
};
struct AddSubtract {
  template <Floating T>
  T operator()(T a, T b, T c) const {
    return (a + b) - c;
  }
};

template <Floating T>
inline constexpr T kPi = static_cast<T>(3.14159265358979323846L);

struct Deg2rad {
  template <Floating T>
  T operator()(T a) const {
    return a * (kPi<T> / T{180});
  }
};
struct Rad2deg {
  template <Floating T>
  T operator()(T a) const {
    return a * (T{180} / kPi<T>);
  }
};

}  // namespace

NDL_LOOPS(add, Add)
NDL_LOOPS(subtract, Subtract)
NDL_LOOPS(add_add, AddAdd)
NDL_LOOPS(add_subtract, AddSubtract)
NDL_LOOPS(multiply, Multiply)
NDL_LOOPS(divide, Divide)
NDL_LOOPS(negative, Negative)
NDL_LOOPS(square, Square)
NDL_LOOPS(reciprocal, Reciprocal)
NDL_LOOPS(deg2rad, Deg2rad)
NDL_LOOPS(rad2deg, Rad2deg)

}  // namespace ndl
