// Circular functions and their inverses.
#include <cmath>

#include "kernels/map/complex.h"
#include "kernels/map/loops.h"
#include "kernels/map/sincos.h"

namespace ndl {
namespace {

struct Sin {
  static VecD lanes(VecD x) { return sine_cosine(x).sine; }
  static VecF lanes(VecF x) { return sine_cosine(x).sine; }
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return from_std(std::sin(to_std(z)));
  }
};
struct Cos {
  static VecD lanes(VecD x) { return sine_cosine(x).cosine; }
  static VecF lanes(VecF x) { return sine_cosine(x).cosine; }
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return from_std(std::cos(to_std(z)));
  }
};
struct Tan {
  static VecD lanes(VecD x) { return with_subnormals(x, NDL_SLEEF_D(tan, u10)(x)); }
  static VecF lanes(VecF x) { return with_subnormals(x, NDL_SLEEF_F(tan, u10)(x)); }
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return from_std(std::tan(to_std(z)));
  }

 private:
  // The tangent of a subnormal angle is the angle; SLEEF loses it.
  template <class V>
  static V with_subnormals(V x, V r) {
    return abs(x) < broadcast<V>(std::numeric_limits<LaneOf<V>>::min()) ? x : r;
  }
};

struct Sincos {
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    using V = Vec<T>;
    const auto* a = static_cast<const T*>(in[0]);
    auto* sines = static_cast<T*>(out[0]);
    auto* cosines = static_cast<T*>(out[1]);
    int64_t i = 0;
    for (; i + kLanes<V> <= n; i += kLanes<V>) {
      const auto r = sine_cosine(load<V>(a + i));
      store(sines + i, r.sine);
      store(cosines + i, r.cosine);
    }
    if (i < n) {
      const auto r = sine_cosine(load_tail<V>(a + i, n - i));
      store_tail(sines + i, r.sine, n - i);
      store_tail(cosines + i, r.cosine, n - i);
    }
  }
};

// sin(pi x) / (pi x), the angle rounded as NumPy rounds it.
struct Sinc {
  template <class V>
  static V lanes(V x) {
    const V angle = x * broadcast<V>(static_cast<LaneOf<V>>(3.14159265358979323846L));
    const V r = Sin::lanes(angle) / angle;
    return x == broadcast<V>(0) ? broadcast<V>(1) : r;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    if (z.re == 0 && z.im == 0) return {T{1}, T{0}};
    constexpr T kPi = static_cast<T>(3.14159265358979323846L);
    const Complex<T> angle{z.re * kPi, z.im * kPi};
    return divide(Sin{}(angle), angle);
  }
};

#define NDL_INVERSE(Name, function, standard)                              \
  struct Name {                                                            \
    static VecD lanes(VecD x) { return NDL_SLEEF_D(function, u10)(x); }    \
    static VecF lanes(VecF x) { return NDL_SLEEF_F(function, u10)(x); }    \
    template <Floating T>                                                  \
    Complex<T> operator()(Complex<T> z) const {                            \
      return from_std(std::standard(to_std(z)));                           \
    }                                                                      \
  };
NDL_INVERSE(Arcsin, asin, asin)
NDL_INVERSE(Arccos, acos, acos)
NDL_INVERSE(Arctan, atan, atan)
#undef NDL_INVERSE

struct Arctan2 {
  static VecD lanes(VecD y, VecD x) { return NDL_SLEEF_D(atan2, u10)(y, x); }
  static VecF lanes(VecF y, VecF x) { return NDL_SLEEF_F(atan2, u10)(y, x); }
};
struct Hypot {
  static VecD lanes(VecD x, VecD y) { return NDL_SLEEF_D(hypot, u05)(x, y); }
  static VecF lanes(VecF x, VecF y) { return NDL_SLEEF_F(hypot, u05)(x, y); }
};

// Takes complex numbers apart, block by block, for a function of their two parts.
template <class F, Floating T, bool imaginary_first>
void of_parts(void* const* out, const void* const* in, int64_t n) {
  constexpr int64_t kBlock = 128;
  const auto* z = static_cast<const Complex<T>*>(in[0]);
  auto* r = static_cast<T*>(out[0]);
  T re[kBlock], im[kBlock];
  for (int64_t base = 0; base < n; base += kBlock) {
    const int64_t m = n - base < kBlock ? n - base : kBlock;
    for (int64_t i = 0; i < m; ++i) {
      re[i] = z[base + i].re;
      im[i] = z[base + i].im;
    }
    const void* parts[2] = {imaginary_first ? im : re, imaginary_first ? re : im};
    void* result[1] = {r + base};
    vector_tile2<F, T>(result, parts, m);
  }
}

struct Absolute {
  template <Integer T>
  T operator()(T a) const {
    if constexpr (std::unsigned_integral<T>) return a;
    else return static_cast<T>(a < 0 ? Wrapping<T>{0} - static_cast<Wrapping<T>>(a) : static_cast<Wrapping<T>>(a));
  }
  template <Floating T>
  T operator()(T a) const {
    return magnitude(a);
  }
  Half operator()(Half a) const { return {static_cast<uint16_t>(a.bits & kHalfMagnitude)}; }
  Bool operator()(Bool a) const { return {static_cast<uint8_t>(a.value != 0)}; }

  template <class C>
    requires kIsComplex<C>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    of_parts<Hypot, decltype(C::re), false>(out, in, n);
  }
};

struct Angle {
  template <class C>
    requires kIsComplex<C>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    of_parts<Arctan2, decltype(C::re), true>(out, in, n);
  }
};

struct Conjugate {
  template <Floating T>
  Complex<T> operator()(Complex<T> z) const {
    return {z.re, -z.im};
  }
};
struct Real {
  template <Floating T>
  T operator()(Complex<T> z) const {
    return z.re;
  }
};
struct Imag {
  template <Floating T>
  T operator()(Complex<T> z) const {
    return z.im;
  }
};

}  // namespace

NDL_LOOPS(sin, Sin)
NDL_LOOPS(cos, Cos)
NDL_LOOPS(tan, Tan)
NDL_LOOPS(sincos, Sincos)
NDL_LOOPS(sinc, Sinc)
NDL_LOOPS(arcsin, Arcsin)
NDL_LOOPS(arccos, Arccos)
NDL_LOOPS(arctan, Arctan)
NDL_LOOPS(arctan2, Arctan2)
NDL_LOOPS(hypot, Hypot)
NDL_LOOPS(absolute, Absolute)
NDL_LOOPS(angle, Angle)
NDL_LOOPS(conjugate, Conjugate)
NDL_LOOPS(real, Real)
NDL_LOOPS(imag, Imag)

}  // namespace ndl
