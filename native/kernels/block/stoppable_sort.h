// Sorting and selecting that can be stopped on the way: split at pivots until pieces are short, and these given to the standard library. What splits
// badly, as may be contrived, is given to it whole.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "kernels/block/operand.h"

namespace ndl::block {

inline constexpr int64_t kSortedAtOnce = 1 << 16;
inline int rounds_for(int64_t n) { return 3 * std::bit_width(static_cast<uint64_t>(n)); }

// Moves the elements for which `first` holds before the others, and tells how many they are; -1 when stopped.
template <class T, class First>
int64_t move_first(T* x, int64_t n, const First& first, const StopFlag* stop) {
  int64_t count = 0;
  const bool whole = in_pieces(n, stop, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) {
      const T value = x[i];
      x[i] = x[count];
      x[count] = value;
      count += first(value);
    }
  });
  return whole ? count : -1;
}

// x[0, n) in three parts: before a pivot, equal to it, behind it. Where the second begins and ends; -1 when stopped.
template <class T, class Less>
std::pair<int64_t, int64_t> split(T* x, int64_t n, const Less& less, const StopFlag* stop) {
  constexpr int64_t kSample = 33;
  T sample[kSample];
  for (int64_t i = 0; i < kSample; ++i) sample[i] = x[i * ((n - 1) / (kSample - 1))];
  std::nth_element(sample, sample + kSample / 2, sample + kSample, less);
  const T pivot = sample[kSample / 2];
  const int64_t low = move_first(x, n, [&](const T& v) { return less(v, pivot); }, stop);
  if (low < 0) return {-1, -1};
  const int64_t equal = move_first(x + low, n - low, [&](const T& v) { return !less(pivot, v); }, stop);
  return {low, equal < 0 ? -1 : low + equal};
}

// std::nth_element; false when stopped, with x in any order.
template <class T, class Less>
bool select_nth(T* x, int64_t nth, int64_t n, const Less& less, const StopFlag* stop) {
  for (int rounds = rounds_for(n); n > kSortedAtOnce && rounds > 0; --rounds) {
    const auto [low, high] = split(x, n, less, stop);
    if (high < 0) return false;
    if (nth < low) {
      n = low;
    } else if (nth < high) {
      return true;
    } else {
      x += high;
      nth -= high;
      n -= high;
    }
  }
  std::nth_element(x, x + nth, x + n, less);
  return true;
}

template <class T, class Less>
bool sort_pieces(T* x, int64_t n, const Less& less, const StopFlag* stop, int rounds) {
  for (; n > kSortedAtOnce && rounds > 0; --rounds) {
    const auto [low, high] = split(x, n, less, stop);
    if (high < 0) return false;
    // The shorter side first, so that the stack is as deep as n has bits.
    const bool left = low < n - high;
    if (!(left ? sort_pieces(x, low, less, stop, rounds - 1) : sort_pieces(x + high, n - high, less, stop, rounds - 1))) return false;
    if (left) x += high;
    n = left ? n - high : low;
  }
  if (is_set(stop)) return false;
  std::sort(x, x + n, less);
  return true;
}

// std::sort; false when stopped, with x in any order.
template <class T, class Less>
bool sort_all(T* x, int64_t n, const Less& less, const StopFlag* stop) {
  return sort_pieces(x, n, less, stop, rounds_for(n));
}

}  // namespace ndl::block
