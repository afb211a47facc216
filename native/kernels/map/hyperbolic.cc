// Hyperbolic functions and their inverses.
#include <cmath>

#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

// SLEEF keeps its bound inside of a range; outside of it an element is given to the C library.
#define NDL_HYPERBOLIC(Name, function, ulp, inside_d, inside_f)                                              \
  struct Name {                                                                                              \
    static VecD lanes(VecD x) { return within(x, NDL_SLEEF_D(function, ulp)(x), broadcast<VecD>(inside_d)); } \
    static VecF lanes(VecF x) { return within(x, NDL_SLEEF_F(function, ulp)(x), broadcast<VecF>(inside_f)); } \
    template <Floating T>                                                                                    \
    Complex<T> operator()(Complex<T> z) const {                                                              \
      return from_std(std::function(to_std(z)));                                                             \
    }                                                                                                        \
                                                                                                             \
   private:                                                                                                  \
    template <class V>                                                                                       \
    static V within(V x, V r, V limit) {                                                                     \
      const uint32_t outside = lane_bits<V>(~(abs(x) <= limit));                                             \
      if (outside == 0) [[likely]] return r;                                                                 \
      return replace_lanes(r, x, outside, [](LaneOf<V> v) { return std::function(v); });                     \
    }                                                                                                        \
  };
NDL_HYPERBOLIC(Sinh, sinh, u10, 700, 85)
NDL_HYPERBOLIC(Cosh, cosh, u10, 700, 85)
NDL_HYPERBOLIC(Tanh, tanh, u10, std::numeric_limits<double>::infinity(), std::numeric_limits<float>::infinity())
NDL_HYPERBOLIC(Arcsinh, asinh, u10, 1e150, 1e18f)
NDL_HYPERBOLIC(Arccosh, acosh, u10, 1e150, 1e18f)
NDL_HYPERBOLIC(Arctanh, atanh, u10, std::numeric_limits<double>::infinity(), std::numeric_limits<float>::infinity())
#undef NDL_HYPERBOLIC

}  // namespace

NDL_LOOPS(sinh, Sinh)
NDL_LOOPS(cosh, Cosh)
NDL_LOOPS(tanh, Tanh)
NDL_LOOPS(arcsinh, Arcsinh)
NDL_LOOPS(arccosh, Arccosh)
NDL_LOOPS(arctanh, Arctanh)

}  // namespace ndl
