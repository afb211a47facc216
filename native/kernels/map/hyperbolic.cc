// Hyperbolic functions and their inverses.
#include <cmath>

#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

// Below this an odd function is its argument, to half a unit in the last place.
template <Floating T>
inline constexpr T kTiny = sizeof(T) == 8 ? static_cast<T>(0x1p-27) : static_cast<T>(0x1p-13);

// SLEEF keeps its bound inside of a range; outside of it an element is given to the C library.
#define NDL_HYPERBOLIC(Name, function, odd, inside_d, inside_f)                                              \
  struct Name {                                                                                              \
    static VecD lanes(VecD x) { return within(x, NDL_SLEEF_D(function, u10)(x), broadcast<VecD>(inside_d)); } \
    static VecF lanes(VecF x) { return within(x, NDL_SLEEF_F(function, u10)(x), broadcast<VecF>(inside_f)); } \
    template <Floating T>                                                                                    \
    Complex<T> operator()(Complex<T> z) const {                                                              \
      return from_std(std::function(to_std(z)));                                                             \
    }                                                                                                        \
                                                                                                             \
   private:                                                                                                  \
    template <class V>                                                                                       \
    static V within(V x, V r, V limit) {                                                                     \
      const uint32_t outside = lane_bits<V>(~(abs(x) <= limit));                                             \
      if (odd) r = abs(x) < broadcast<V>(kTiny<LaneOf<V>>) ? x : r;                                          \
      if (outside == 0) [[likely]] return r;                                                                 \
      return replace_lanes(r, x, outside, [](LaneOf<V> v) { return std::function(v); });                     \
    }                                                                                                        \
  };
NDL_HYPERBOLIC(Sinh, sinh, true, 700, 85)
NDL_HYPERBOLIC(Cosh, cosh, false, 700, 85)
NDL_HYPERBOLIC(Tanh, tanh, true, std::numeric_limits<double>::infinity(), std::numeric_limits<float>::infinity())
NDL_HYPERBOLIC(Arcsinh, asinh, true, 1e150, 1e18f)
NDL_HYPERBOLIC(Arccosh, acosh, false, 1e150, 1e18f)
NDL_HYPERBOLIC(Arctanh, atanh, true, std::numeric_limits<double>::infinity(), std::numeric_limits<float>::infinity())
#undef NDL_HYPERBOLIC

}  // namespace

NDL_LOOPS(sinh, Sinh)
NDL_LOOPS(cosh, Cosh)
NDL_LOOPS(tanh, Tanh)
NDL_LOOPS(arcsinh, Arcsinh)
NDL_LOOPS(arccosh, Arccosh)
NDL_LOOPS(arctanh, Arctanh)

}  // namespace ndl
