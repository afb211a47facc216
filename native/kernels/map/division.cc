// Quotients rounded to whole numbers and their remainders. The sign of remainder is the divisor's, of fmod the
// dividend's. Whole numbers divided by zero give zero.
#include <cmath>

#include "kernels/map/bits.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

// Small integers are divided as floating-point numbers, which come in vectors. The quotient's distance from the next
// whole number is more than the rounding, so cutting it off is exact.
template <Integer T>
using Quotient = std::conditional_t<(sizeof(T) <= 2), float, double>;

// a / b and a % b as in C; b is neither 0 nor, when signed, -1.
template <Integer T>
T truncated_quotient(T a, T b) {
  if constexpr (sizeof(T) <= 2 || std::same_as<T, int32_t>) {
    return static_cast<T>(static_cast<int32_t>(static_cast<Quotient<T>>(a) / static_cast<Quotient<T>>(b)));
  } else {
    return static_cast<T>(a / b);
  }
}

template <Integer T>
bool is_minus_one(T b) {
  return std::signed_integral<T> && b == static_cast<T>(-1);
}

template <Integer T>
T truncated_remainder(T a, T b) {
  const T divisor = b == 0 || is_minus_one(b) ? T{1} : b;
  const auto product = static_cast<Wrapping<T>>(truncated_quotient(a, divisor)) * static_cast<Wrapping<T>>(divisor);
  return static_cast<T>(static_cast<Wrapping<T>>(a) - product);
}

template <Floating T>
inline constexpr int kDivisionBlock = 64;

// mod[i] = fmod(a[i], b[i]), n <= kDivisionBlock.
template <Floating T>
void fmod_block(const T* a, const T* b, T* mod, int n) {
#if defined(__FMA__)
  // While the quotient is a whole number of the type, a - q b is exact in one fused step, and q at most one too large.
  constexpr T kLargestQuotient = sizeof(T) == 8 ? static_cast<T>(0x1p52) : static_cast<T>(0x1p23);
  constexpr T kLeastDivisor = sizeof(T) == 8 ? static_cast<T>(0x1p-900) : static_cast<T>(0x1p-90);
  BitsOf<T> doubtful[kDivisionBlock<T>], any = 0;
  for (int i = 0; i < n; ++i) {
    const T size_a = magnitude(a[i]), size_b = magnitude(b[i]);
    const T q = std::trunc(size_a / size_b);
    const T r = std::fma(-q, size_b, size_a), below = r + size_b;
    mod[i] = with_sign(r < 0 ? below : r, a[i]);
    const BitsOf<T> large = q < kLargestQuotient ? 0 : 1, small = size_b >= kLeastDivisor ? 0 : 1;
    doubtful[i] = large | small | (size_b < std::numeric_limits<T>::infinity() ? 0 : 1);
    any |= doubtful[i];
  }
  if (any == 0) return;
  for (int i = 0; i < n; ++i)
    if (doubtful[i]) mod[i] = std::fmod(a[i], b[i]);
#else
  for (int i = 0; i < n; ++i) mod[i] = std::fmod(a[i], b[i]);
#endif
}

template <Floating T, class F>
void with_fmod(void* const* out, const void* const* in, int64_t n, F finish) {
  const auto* a = static_cast<const T*>(in[0]);
  const auto* b = static_cast<const T*>(in[1]);
  auto* r = static_cast<T*>(out[0]);
  T mod[kDivisionBlock<T>];
  for (int64_t base = 0; base < n; base += kDivisionBlock<T>) {
    const int m = static_cast<int>(n - base < kDivisionBlock<T> ? n - base : kDivisionBlock<T>);
    fmod_block(a + base, b + base, mod, m);
#pragma GCC ivdep
    for (int i = 0; i < m; ++i) r[base + i] = finish(a[base + i], b[base + i], mod[i]);
  }
}

struct Fmod {
  template <Integer T>
  T operator()(T a, T b) const {
    const T r = truncated_remainder(a, b);
    return b == 0 ? T{0} : r;
  }
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    with_fmod<T>(out, in, n, [](T, T, T mod) { return mod; });
  }
};

struct Remainder {
  template <Integer T>
  T operator()(T a, T b) const {
    const T r = truncated_remainder(a, b);
    const bool other_side = r != 0 && ((r < 0) != (b < 0));
    const T floored = static_cast<T>(static_cast<Wrapping<T>>(r) + static_cast<Wrapping<T>>(other_side ? b : T{0}));
    return b == 0 ? T{0} : floored;
  }
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    with_fmod<T>(out, in, n, [](T, T b, T mod) {
      const T floored = (mod != 0) & ((b < 0) != (mod < 0)) ? mod + b : mod;
      const T signed_zero = with_sign(T{0}, b);
      const T r = mod == 0 ? signed_zero : floored;
      return b == 0 ? mod : r;
    });
  }
};

struct FloorDivide {
  template <Integer T>
  T operator()(T a, T b) const {
    const T divisor = b == 0 || is_minus_one(b) ? T{1} : b;
    const T q = truncated_quotient(a, divisor);
    const T r = static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(q) * static_cast<Wrapping<T>>(divisor));
    const bool other_side = r != 0 && ((r < 0) != (divisor < 0));
    const T floored = static_cast<T>(static_cast<Wrapping<T>>(q) - static_cast<Wrapping<T>>(other_side));
    const T negated = static_cast<T>(Wrapping<T>{0} - static_cast<Wrapping<T>>(a));
    return b == 0 ? T{0} : is_minus_one(b) ? negated : floored;
  }
  // The quotient of a less its remainder, so that a == b * floor_divide(a, b) + remainder(a, b) as well as can be.
  template <Floating T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    with_fmod<T>(out, in, n, [](T a, T b, T mod) {
      T quotient = (a - mod) / b;
      quotient = (mod != 0) & ((b < 0) != (mod < 0)) ? quotient - T{1} : quotient;
      T whole = std::floor(quotient);
      whole = quotient - whole > T{0.5} ? whole + T{1} : whole;
      const T ratio = a / b;
      const T signed_zero = with_sign(T{0}, ratio);
      const T r = quotient == 0 ? signed_zero : whole;
      return b == 0 ? ratio : r;
    });
  }
};

}  // namespace

NDL_LOOPS(fmod, Fmod)
NDL_LOOPS(remainder, Remainder)
NDL_LOOPS(floor_divide, FloorDivide)

}  // namespace ndl
