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

  static VecD lanes(VecD x, VecD y) { return NDL_SLEEF_D(pow, u10)(x, y); }
  static VecF lanes(VecF x, VecF y) { return NDL_SLEEF_F(pow, u10)(x, y); }

  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    if (b.re == 0 && b.im == 0) return {T{1}, T{0}};
    if (a.re == 0 && a.im == 0) {
      if (b.re > 0 && b.im == 0) return {T{0}, T{0}};
      return {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::quiet_NaN()};
    }
    if (b.im == 0 && b.re > -100 && b.re < 100 && b.re == std::trunc(b.re)) {
      const Complex<T> r = whole_power(a, static_cast<int>(magnitude(b.re)));
      return b.re < 0 ? divide(Complex<T>{T{1}, T{0}}, r) : r;
    }
    return from_std(std::pow(to_std(a), to_std(b)));
  }

 private:
  template <Floating T>
  static Complex<T> whole_power(Complex<T> a, int n) {
    if (n == 1) return a;
    if (n == 2) return multiply(a, a);
    if (n == 3) return multiply(a, multiply(a, a));
    Complex<T> result{T{1}, T{0}}, square = a;
    for (;;) {
      if (n & 1) result = multiply(result, square);
      n >>= 1;
      if (n == 0) return result;
      square = multiply(square, square);
    }
  }
};

}  // namespace

NDL_LOOPS(power, Power)

}  // namespace ndl
