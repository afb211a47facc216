// Where quantiles lie among sorted values, by NumPy's methods and in NumPy's arithmetic: R. J. Hyndman, Y. Fan, "Sample
// quantiles in statistical packages", The American Statistician 50 (1996) 361-365.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ndl::block {

inline constexpr int kMethods = 13;

// The method of a call's i-th quantile: number 13 takes the element below and the element above in turns.
inline int method_at(int method, int32_t i) { return method < kMethods ? method : i % 2 == 0 ? 9 : 10; }

// Where quantile q of n sorted values lies: between `previous` and `next`, `gamma` of the way.
struct Place {
  int64_t previous, next;
  double gamma;
  bool exact;  // the value at `previous`, no interpolation
};

inline Place exact_place(double index, int64_t n) {
  const auto i = static_cast<int64_t>(index);
  const int64_t clipped = std::clamp<int64_t>(i, 0, n - 1);
  return {clipped, clipped, 0, true};
}

inline Place place_of(int method, double q, int64_t count) {
  const double n = static_cast<double>(count);
  // A rule of integers: the value below where `at_low` holds, else the one above.
  const auto discrete = [&](double index, bool odd_only) {
    const double low = std::floor(index);
    const bool at_low = index == low && (!odd_only || std::fmod(low, 2) != 0);
    return exact_place(at_low ? low : low + 1, count);
  };
  const auto virtual_index = [&](double alpha, double beta) { return n * q + (alpha + q * (1 - alpha - beta)) - 1; };
  double index = 0;
  switch (method) {
    case 0: return discrete(n * q - 1, false);
    case 1: index = n * q - 1; break;
    case 2: return discrete(n * q - 1 - 0.5, true);
    case 3: index = virtual_index(0, 1); break;
    case 4: index = virtual_index(0.5, 0.5); break;
    case 5: index = virtual_index(0, 0); break;
    case 6:  // the ends are elements, where the lerp of an infinity with itself would be NaN
      if (q == 0 || q == 1) return exact_place((n - 1) * q, count);
      index = (n - 1) * q;
      break;
    case 7: index = virtual_index(1 / 3.0, 1 / 3.0); break;
    case 8: index = virtual_index(3 / 8.0, 3 / 8.0); break;
    case 9: return exact_place(std::floor((n - 1) * q), count);
    case 10: return exact_place(std::ceil((n - 1) * q), count);
    case 11: index = 0.5 * (std::floor((n - 1) * q) + std::ceil((n - 1) * q)); break;
    default: return exact_place(std::nearbyint((n - 1) * q), count);
  }
  // NumPy takes the last element as number -1, which its gamma then counts from.
  double previous = std::floor(index), next = previous + 1;
  if (index >= n - 1) previous = next = -1;
  if (index < 0) previous = next = 0;
  double gamma = index - previous;
  if (method == 1) gamma = gamma == 0 ? 0.5 : 1.0;
  if (method == 11) gamma = std::fmod(index, 1) == 0 ? 0.0 : 0.5;
  const auto at = [&](double i) { return i < 0 ? count - 1 : static_cast<int64_t>(i); };
  return {at(previous), at(next), gamma, false};
}

// T: of the data; R: of the result. numpy.quantile's lerp: in float32 when the result is.
template <class R, class T>
inline R interpolate(T a, T b, double t) {
  const T difference = b - a;
  if (t >= 0.5) return static_cast<R>(b) - static_cast<R>(difference) * static_cast<R>(1 - t);
  return static_cast<R>(a) + static_cast<R>(difference) * static_cast<R>(t);
}

}  // namespace ndl::block
