// Powers.
#include <cmath>

#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

struct Power {
  // By squaring, wrapping around. A negative exponent, which NumPy refuses, gives the power cut to a whole number.
  template <Integer T>
  T operator()(T base, T exponent) const {
    if (exponent < 0) {
      if (base == 1) return T{1};
      if (std::signed_integral<T> && base == static_cast<T>(-1)) return exponent & 1 ? static_cast<T>(-1) : T{1};
      return T{0};
    }
    Wrapping<T> result = 1, square = static_cast<Wrapping<T>>(base);
    for (auto e = static_cast<std::make_unsigned_t<T>>(exponent); e != 0; e = static_cast<decltype(e)>(e >> 1)) {
      if (e & 1) result *= square;
      square *= square;
    }
    return static_cast<T>(result);
  }

  static VecD lanes(VecD x, VecD y) { return checked<VecD>(x, y, NDL_SLEEF_D(pow, u10)(x, y), 1e-300, 1e300); }
  static VecF lanes(VecF x, VecF y) { return checked<VecF>(x, y, NDL_SLEEF_F(pow, u10)(x, y), 1e-36f, 1e36f); }

  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    if (b.re == 0 && b.im == 0) return {T{1}, T{0}};
    if (a.re == 0 && a.im == 0) {
      if (b.re > 0) return {T{0}, T{0}};
      return {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN()};
    }
    if (b.im == 0 && b.re > -100 && b.re < 100 && b.re == std::trunc(b.re)) {
      const Complex<T> r = whole_power(a, static_cast<int>(b.re));
      return b.re < 0 ? divide(Complex<T>{T{1}, T{0}}, r) : r;
    }
    return from_std(std::pow(to_std(a), to_std(b)));
  }

 private:
  // SLEEF gives infinity a little early, and zeros, infinities and NaN have rules of their own: near the ends of the
  // range, the C library decides.
  template <class V>
  static V checked(V x, V y, V r, LaneOf<V> least, LaneOf<V> most) {
    const V size = abs(r);
    const uint32_t doubtful = lane_bits<V>(~((size >= broadcast<V>(least)) & (size <= broadcast<V>(most))));
    if (doubtful == 0) [[likely]] return r;
    return replace_lanes(r, x, y, doubtful, [](LaneOf<V> a, LaneOf<V> b) { return std::pow(a, b); });
  }

  template <Floating T>
  static Complex<T> whole_power(Complex<T> a, int n) {
    if (n == 1) return a;
    if (n == 2) return multiply(a, a);
    if (n == 3) return multiply(a, multiply(a, a));
    Complex<T> result{T{1}, T{0}}, square = a;
    for (unsigned m = n < 0 ? -n : n;;) {
      if (m & 1) result = multiply(result, square);
      m >>= 1;
      if (m == 0) return result;
      square = multiply(square, square);
    }
  }
};

}  // namespace

NDL_LOOPS(power, Power)

}  // namespace ndl
