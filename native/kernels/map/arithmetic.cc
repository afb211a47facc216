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
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return multiply(a, b);
  }
  Bool operator()(Bool a, Bool b) const { return {static_cast<uint8_t>((a.value != 0) & (b.value != 0))}; }
};

struct Divide {
  template <Floating T>
  T operator()(T a, T b) const {
    return a / b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return divide(a, b);
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
  Complex<T> operator()(Complex<T> a) const {
    return {a.re * a.re - a.im * a.im, a.re * a.im + a.im * a.re};
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
  Complex<T> operator()(Complex<T> a) const {
    if (magnitude(a.im) <= magnitude(a.re)) {
      const T ratio = a.im / a.re, scale = a.re + a.im * ratio;
      return {T{1} / scale, -ratio / scale};
    }
    const T ratio = a.re / a.im, scale = a.re * ratio + a.im;
    return {ratio / scale, T{-1} / scale};
  }
};

struct Deg2rad {
  template <Floating T>
  T operator()(T a) const {
    return a * static_cast<T>(3.14159265358979323846L / 180);
  }
};
struct Rad2deg {
  template <Floating T>
  T operator()(T a) const {
    return a * static_cast<T>(180 / 3.14159265358979323846L);
  }
};

}  // namespace

NDL_LOOPS(add, Add)
NDL_LOOPS(subtract, Subtract)
NDL_LOOPS(multiply, Multiply)
NDL_LOOPS(divide, Divide)
NDL_LOOPS(negative, Negative)
NDL_LOOPS(square, Square)
NDL_LOOPS(reciprocal, Reciprocal)
NDL_LOOPS(deg2rad, Deg2rad)
NDL_LOOPS(rad2deg, Rad2deg)

}  // namespace ndl
