// Truth values and bits.
#include "kernels/map/bits.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

template <Number T>
bool is_true(T x) {
  return x != 0;
}
template <Floating T>
bool is_true(Complex<T> z) {
  return (z.re != 0) | (z.im != 0);
}
bool is_true(Half h) { return (h.bits & kHalfMagnitude) != 0; }
bool is_true(Bool b) { return b.value != 0; }
Bool truth(bool b) { return {static_cast<uint8_t>(b)}; }

template <class T>
concept HasTruth = requires(T x) { is_true(x); };

struct LogicalAnd {
  template <HasTruth T>
  Bool operator()(T a, T b) const {
    return truth(is_true(a) & is_true(b));
  }
};
struct LogicalOr {
  template <HasTruth T>
  Bool operator()(T a, T b) const {
    return truth(is_true(a) | is_true(b));
  }
};
struct LogicalXor {
  template <HasTruth T>
  Bool operator()(T a, T b) const {
    return truth(is_true(a) != is_true(b));
  }
};
struct LogicalNot {
  template <HasTruth T>
  Bool operator()(T a) const {
    return truth(!is_true(a));
  }
};

struct BitwiseAnd {
  template <Integer T>
  T operator()(T a, T b) const {
    return static_cast<T>(a & b);
  }
  Bool operator()(Bool a, Bool b) const { return LogicalAnd{}(a, b); }
};
struct BitwiseOr {
  template <Integer T>
  T operator()(T a, T b) const {
    return static_cast<T>(a | b);
  }
  Bool operator()(Bool a, Bool b) const { return LogicalOr{}(a, b); }
};
struct BitwiseXor {
  template <Integer T>
  T operator()(T a, T b) const {
    return static_cast<T>(a ^ b);
  }
  Bool operator()(Bool a, Bool b) const { return LogicalXor{}(a, b); }
};
struct Invert {
  template <Integer T>
  T operator()(T a) const {
    return static_cast<T>(~a);
  }
  Bool operator()(Bool a) const { return LogicalNot{}(a); }
};

// A shift by the width or more, or by a negative number, shifts everything out.
template <Integer T>
inline constexpr auto kWidth = static_cast<std::make_unsigned_t<T>>(sizeof(T) * 8);

struct LeftShift {
  template <Integer T>
  T operator()(T a, T b) const {
    using U = std::make_unsigned_t<T>;
    const U by = static_cast<U>(b);
    const U safe = by < kWidth<T> ? by : U{0};
    return by < kWidth<T> ? static_cast<T>(static_cast<Wrapping<T>>(a) << safe) : T{0};
  }
};
struct RightShift {
  template <Integer T>
  T operator()(T a, T b) const {
    using U = std::make_unsigned_t<T>;
    const U by = static_cast<U>(b);
    const U safe = by < kWidth<T> ? by : U{0};
    return by < kWidth<T> ? static_cast<T>(a >> safe) : a < 0 ? static_cast<T>(-1) : T{0};
  }
};

}  // namespace

NDL_LOOPS(logical_and, LogicalAnd)
NDL_LOOPS(logical_or, LogicalOr)
NDL_LOOPS(logical_xor, LogicalXor)
NDL_LOOPS(logical_not, LogicalNot)
NDL_LOOPS(bitwise_and, BitwiseAnd)
NDL_LOOPS(bitwise_or, BitwiseOr)
NDL_LOOPS(bitwise_xor, BitwiseXor)
NDL_LOOPS(invert, Invert)
NDL_LOOPS(left_shift, LeftShift)
NDL_LOOPS(right_shift, RightShift)

}  // namespace ndl
