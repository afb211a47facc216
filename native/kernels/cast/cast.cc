// Conversions between any two types, as a C compiler makes them on x86-64: NumPy's astype with casting="unsafe".
// Where C leaves the result open (NaN, too large for an integer), it is what the processor's instruction gives.
#include <cstring>
#include <limits>
#include <utility>

#include "kernels/map/bits.h"
#include "kernels/map/half.h"
#include "kernels/register.h"

namespace ndl {
namespace {

// Cut off to a whole number; the least one when it does not fit, as the conversion instructions do.
template <Floating F>
int32_t to_int32(F x) {
  constexpr F kTop = static_cast<F>(0x1p31);
  const bool fits = sizeof(F) == 8 ? x > -kTop - 1 && x < kTop : x >= -kTop && x < kTop;
  return fits ? static_cast<int32_t>(x) : std::numeric_limits<int32_t>::min();
}
template <Floating F>
int64_t to_int64(F x) {
  constexpr F kTop = static_cast<F>(0x1p63);
  return x >= -kTop && x < kTop ? static_cast<int64_t>(x) : std::numeric_limits<int64_t>::min();
}

template <Integer To, Floating F>
To to_integer(F x) {
  if constexpr (sizeof(To) < 4 || std::same_as<To, int32_t>) {
    return static_cast<To>(to_int32(x));
  } else if constexpr (std::same_as<To, uint64_t>) {
    constexpr F kTop = static_cast<F>(0x1p63);
    const bool upper = x >= kTop;
    const auto low = static_cast<uint64_t>(to_int64(upper ? x - kTop : x));
    return upper ? low ^ (uint64_t{1} << 63) : low;
  } else {
    return static_cast<To>(to_int64(x));
  }
}

template <class To, class From>
To convert(From x) {
  if constexpr (std::same_as<To, From> && !std::same_as<To, Bool>) {
    return x;
  } else if constexpr (std::same_as<To, Bool>) {
    if constexpr (kIsComplex<From>) return {static_cast<uint8_t>((x.re != 0) | (x.im != 0))};
    else if constexpr (std::same_as<From, Half>) return {static_cast<uint8_t>((x.bits & kHalfMagnitude) != 0)};
    else if constexpr (std::same_as<From, Bool>) return {static_cast<uint8_t>(x.value != 0)};
    else return {static_cast<uint8_t>(x != 0)};
  } else if constexpr (std::same_as<From, Bool>) {
    if constexpr (kIsComplex<To>) return {convert<decltype(To::re)>(x), 0};
    else if constexpr (std::same_as<To, Half>) return {static_cast<uint16_t>(x.value != 0 ? 0x3C00 : 0)};
    else return x.value != 0 ? To{1} : To{0};
  } else if constexpr (kIsComplex<To>) {
    using Part = decltype(To::re);
    if constexpr (kIsComplex<From>) return {static_cast<Part>(x.re), static_cast<Part>(x.im)};
    else return {convert<Part>(x), Part{0}};
  } else if constexpr (kIsComplex<From>) {
    return convert<To>(x.re);
  } else if constexpr (std::same_as<From, Half>) {
    return convert<To>(half_to_float(x));
  } else if constexpr (std::same_as<To, Half>) {
    if constexpr (std::same_as<From, double>) return to_half(x);
    else return to_half(static_cast<float>(x));
  } else if constexpr (Integer<To> && Floating<From>) {
    return to_integer<To>(x);
  } else {
    return static_cast<To>(x);
  }
}

template <class From, class To>
void cast_tile(void* const* out, const void* const* in, int64_t n) {
  const auto* a = static_cast<const From*>(in[0]);
  auto* r = static_cast<To*>(out[0]);
  if constexpr (std::same_as<From, To> && !std::same_as<From, Bool>) {
    std::memmove(r, a, static_cast<size_t>(n) * sizeof(To));
  } else if constexpr (std::same_as<From, Half> && std::same_as<To, float>) {
    halves_to_floats(a, r, n);
  } else if constexpr (std::same_as<From, float> && std::same_as<To, Half>) {
    floats_to_halves(a, r, n);
  } else {
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) r[i] = convert<To>(a[i]);
  }
}

template <int from, int... to>
void fill_row(KernelTable& table, std::integer_sequence<int, to...>) {
  ((table.cast[from][to] = &cast_tile<Element<static_cast<DType>(from)>, Element<static_cast<DType>(to)>>), ...);
}

template <int... from>
void fill(KernelTable& table, std::integer_sequence<int, from...> all) {
  (fill_row<from>(table, all), ...);
}

}  // namespace

void register_cast(KernelTable& table) { fill(table, std::make_integer_sequence<int, kDTypeCount>{}); }

}  // namespace ndl
