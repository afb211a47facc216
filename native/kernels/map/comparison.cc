// Order: comparisons, extremes, where.
#include "kernels/map/complex.h"
#include "kernels/map/loops.h"

namespace ndl {
namespace {

Bool truth(bool b) { return {static_cast<uint8_t>(b)}; }
uint8_t truth_of(Bool b) { return b.value != 0; }

struct Equal {
  template <Number T>
  Bool operator()(T a, T b) const {
    return truth(a == b);
  }
  template <Floating T>
  Bool operator()(Complex<T> a, Complex<T> b) const {
    return truth((a.re == b.re) & (a.im == b.im));
  }
  Bool operator()(Bool a, Bool b) const { return truth(truth_of(a) == truth_of(b)); }
};

struct NotEqual {
  template <class T>
    requires HasScalar<Equal, T, T>
  Bool operator()(T a, T b) const {
    return truth(Equal{}(a, b).value == 0);
  }
};

struct Less {
  template <Number T>
  Bool operator()(T a, T b) const {
    return truth(a < b);
  }
  template <Floating T>
  Bool operator()(Complex<T> a, Complex<T> b) const {
    return truth(less(a, b));
  }
  Bool operator()(Bool a, Bool b) const { return truth(truth_of(a) < truth_of(b)); }
};

struct LessEqual {
  template <Number T>
  Bool operator()(T a, T b) const {
    return truth(a <= b);
  }
  template <Floating T>
  Bool operator()(Complex<T> a, Complex<T> b) const {
    return truth(less_equal(a, b));
  }
  Bool operator()(Bool a, Bool b) const { return truth(truth_of(a) <= truth_of(b)); }
};

struct Greater {
  template <class T>
    requires HasScalar<Less, T, T>
  Bool operator()(T a, T b) const {
    return Less{}(b, a);
  }
};

struct GreaterEqual {
  template <class T>
    requires HasScalar<LessEqual, T, T>
  Bool operator()(T a, T b) const {
    return LessEqual{}(b, a);
  }
};

// NaN wins.
struct Maximum {
  template <Integer T>
  T operator()(T a, T b) const {
    return a > b ? a : b;
  }
  template <Floating T>
  T operator()(T a, T b) const {
    return (a >= b) | is_nan(a) ? a : b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return is_nan(a) || less_equal(b, a) ? a : b;
  }
  Bool operator()(Bool a, Bool b) const { return truth(truth_of(a) | truth_of(b)); }
};

struct Minimum {
  template <Integer T>
  T operator()(T a, T b) const {
    return a < b ? a : b;
  }
  template <Floating T>
  T operator()(T a, T b) const {
    return (a <= b) | is_nan(a) ? a : b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return is_nan(a) || less_equal(a, b) ? a : b;
  }
  Bool operator()(Bool a, Bool b) const { return truth(truth_of(a) & truth_of(b)); }
};

// NaN loses.
struct Fmax : Maximum {
  using Maximum::operator();
  template <Floating T>
  T operator()(T a, T b) const {
    return (a >= b) | is_nan(b) ? a : b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return is_nan(b) || less_equal(b, a) ? a : b;
  }
};

struct Fmin : Minimum {
  using Minimum::operator();
  template <Floating T>
  T operator()(T a, T b) const {
    return (a <= b) | is_nan(b) ? a : b;
  }
  template <Floating T>
  Complex<T> operator()(Complex<T> a, Complex<T> b) const {
    return is_nan(b) || less_equal(a, b) ? a : b;
  }
};

struct Clip {
  template <class T>
    requires(HasScalar<Maximum, T, T> && !Floating<T>)
  T operator()(T x, T low, T high) const {
    return Minimum{}(Maximum{}(x, low), high);
  }
  // The same, in fewer steps: a comparison keeps x where that is NaN, and the sum of the bounds is NaN where one of them is.
  template <Floating T>
  T operator()(T x, T low, T high) const {
    const T raised = x < low ? low : x;
    const T lowered = raised > high ? high : raised;
    return is_nan(low) | is_nan(high) ? low + high : lowered;
  }
};

// Chooses bits, whatever they stand for.
struct Where {
  template <class T>
  static void tile(void* const* out, const void* const* in, int64_t n) {
    const auto* condition = static_cast<const uint8_t*>(in[0]);
    if constexpr (sizeof(T) == 16) {
      choose(static_cast<Complex<uint64_t>*>(out[0]), condition, static_cast<const Complex<uint64_t>*>(in[1]),
             static_cast<const Complex<uint64_t>*>(in[2]), n);
    } else {
      using B = BitsOf<T>;
      choose(static_cast<B*>(out[0]), condition, static_cast<const B*>(in[1]), static_cast<const B*>(in[2]), n);
    }
  }

 private:
  template <class B>
  static void choose(B* r, const uint8_t* condition, const B* a, const B* b, int64_t n) {
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) {
      const B x = a[i], y = b[i];
      r[i] = condition[i] != 0 ? x : y;
    }
  }
};

}  // namespace

NDL_LOOPS(equal, Equal)
NDL_LOOPS(not_equal, NotEqual)
NDL_LOOPS(less, Less)
NDL_LOOPS(less_equal, LessEqual)
NDL_LOOPS(greater, Greater)
NDL_LOOPS(greater_equal, GreaterEqual)
NDL_LOOPS(maximum, Maximum)
NDL_LOOPS(minimum, Minimum)
NDL_LOOPS(fmax, Fmax)
NDL_LOOPS(fmin, Fmin)
NDL_LOOPS(clip, Clip)
NDL_LOOPS(where, Where)

}  // namespace ndl
