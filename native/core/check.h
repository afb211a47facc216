// Arithmetic on numbers that came from outside: nothing here can overflow or be undefined.
#pragma once
#include <cmath>
#include <cstdint>
#include <optional>

namespace ndl {

inline constexpr int64_t kMaxExact = int64_t{1} << 53;  // whole numbers up to here are exact as float64

// The whole number that `value` holds when it lies in [low, high]; high <= 2^53, low >= -2^53.
inline std::optional<int64_t> whole_number(double value, int64_t low, int64_t high) {
  if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high))) return std::nullopt;
  if (value != std::trunc(value)) return std::nullopt;
  return static_cast<int64_t>(value);
}

// The least and the greatest value of offset + sum(stride[d] * c[d]) over a box. Offsets, strides and extents are
// at most 2^53 in size and there are at most 32 axes, so the sums stay below 2^112.
struct AffineRange {
  __int128 low, high;
};

inline AffineRange affine_range(int64_t offset, int ndim, const int64_t* extents, const int64_t* strides) {
  AffineRange range{offset, offset};
  for (int d = 0; d < ndim; ++d) {
    const __int128 reach = static_cast<__int128>(strides[d]) * (extents[d] - 1);
    (reach < 0 ? range.low : range.high) += reach;
  }
  return range;
}

// Whether elements [range.low, range.high] of `item` bytes lie in `bytes` bytes.
inline bool fits(const AffineRange& range, int64_t item, int64_t bytes) {
  return range.low >= 0 && (range.high + 1) * item <= bytes;
}

}  // namespace ndl
