// Exponentials, logarithms, roots.
#include <cmath>

#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

#define NDL_LANES(function, ulp)                                            \
  static VecD lanes(VecD x) { return NDL_SLEEF_D(function, ulp)(x); }       \
  static VecF lanes(VecF x) { return NDL_SLEEF_F(function, ulp)(x); }

template <Floating T>
Complex<T> scale(Complex<T> z, T by) {
  return {z.re * by, z.im * by};
}

struct Exp {
  NDL_LANES(exp, u10)
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return from_std(std::exp(to_std(z)));
  }
};

struct Exp2 {
  NDL_LANES(exp2, u10)
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return Exp{}(scale(z, static_cast<T>(0.693147180559945309417L)));
  }
};

struct Expm1 {
  NDL_LANES(expm1, u10)
  // exp(x) cos(y) - 1 = expm1(x) cos(y) - 2 sin(y / 2)^2
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    const T s = std::sin(z.im / 2);
    return {std::expm1(z.re) * std::cos(z.im) - 2 * s * s, std::exp(z.re) * std::sin(z.im)};
  }
};

struct Log {
  NDL_LANES(log, u10)
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return from_std(std::log(to_std(z)));
  }
};

struct Log2 {
  NDL_LANES(log2, u10)
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return scale(Log{}(z), static_cast<T>(1.44269504088896340736L));
  }
};

struct Log10 {
  NDL_LANES(log10, u10)
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return scale(Log{}(z), static_cast<T>(0.434294481903251827651L));
  }
};

struct Log1p {
  // SLEEF loses subnormals, and its bound ends before the largest numbers.
  static VecD lanes(VecD x) { return within(x, NDL_SLEEF_D(log1p, u10)(x), 1e300); }
  static VecF lanes(VecF x) { return within(x, NDL_SLEEF_F(log1p, u10)(x), 1e36f); }
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    const T size = std::hypot(z.re + 1, z.im);
    return {std::log(size), std::atan2(z.im, z.re + 1)};
  }

 private:
  template <class V>
  static V within(V x, V r, LaneOf<V> limit) {
    r = abs(x) < broadcast<V>(std::numeric_limits<LaneOf<V>>::min()) ? x : r;
    const uint32_t outside = lane_bits<V>(x > broadcast<V>(limit));
    if (outside == 0) [[likely]] return r;
    return replace_lanes(r, x, outside, [](LaneOf<V> v) { return std::log1p(v); });
  }
};

struct Sqrt {
  template <Floating T>
  T operator()(T a) const {
    return std::sqrt(a);
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return from_std(std::sqrt(to_std(z)));
  }
};

struct Cbrt {
  NDL_LANES(cbrt, u10)
};

// log(exp(x) + exp(y)): the larger, and what the smaller adds to it.
struct Logaddexp {
  template <class V>
  static V lanes(V x, V y) {
    const V larger = x > y ? x : y, difference = abs(x - y);
    const V sum = larger + Log1p::lanes(Exp::lanes(-difference));
    const V twice = x + broadcast<V>(static_cast<LaneOf<V>>(0.693147180559945309417L));
    return x == y ? twice : difference == difference ? sum : x + y;
  }
};

struct Logaddexp2 {
  template <class V>
  static V lanes(V x, V y) {
    const V larger = x > y ? x : y, difference = abs(x - y);
    const V base = broadcast<V>(static_cast<LaneOf<V>>(1.44269504088896340736L));
    const V sum = larger + Log1p::lanes(Exp2::lanes(-difference)) * base;
    return x == y ? x + broadcast<V>(1) : difference == difference ? sum : x + y;
  }
};

#undef NDL_LANES

}  // namespace

NDL_LOOPS(exp, Exp)
NDL_LOOPS(exp2, Exp2)
NDL_LOOPS(expm1, Expm1)
NDL_LOOPS(log, Log)
NDL_LOOPS(log2, Log2)
NDL_LOOPS(log10, Log10)
NDL_LOOPS(log1p, Log1p)
NDL_LOOPS(sqrt, Sqrt)
NDL_LOOPS(cbrt, Cbrt)
NDL_LOOPS(logaddexp, Logaddexp)
NDL_LOOPS(logaddexp2, Logaddexp2)

}  // namespace ndl
