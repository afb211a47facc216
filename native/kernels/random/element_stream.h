// The words of one element: as many as its algorithm asks for, a pure function of (key, index).
#pragma once
#include <cstdint>

#include "kernels/random/generate.h"
#include "kernels/random/lanes.h"
#include "kernels/random/philox.h"
#include "kernels/table.h"

namespace ndl::random {

inline constexpr uint32_t kStreamDomain = 1;

class ElementStream {
 public:
  ElementStream(uint64_t key, uint64_t index) : key_(key), index_(index) {}
  // With the words of the first block, computed elsewhere.
  ElementStream(uint64_t key, uint64_t index, Words128 first)
      : key_(key), index_(index), draw_(1), words_(first), left_(2) {}

  uint64_t word() {
    if (left_ == 0) {
      words_ = philox({index_, uint64_t{kStreamDomain} << 32 | draw_++}, key_);
      left_ = 2;
    }
    return --left_ == 1 ? words_.lo : words_.hi;
  }
  double unit() { return unit53(word()); }             // [0, 1)
  double unit_above_zero() { return 1.0 - unit(); }    // (0, 1]

 private:
  uint64_t key_, index_;
  uint32_t draw_ = 0;
  Words128 words_{};
  int left_ = 0;
};

// Generator function of a Distribution: `using T`, a constructor from RandomParams, `T draw(ElementStream&) const`.
// The first blocks of kLanes elements are computed together.
template <class Distribution>
void generate_each(void* out, int64_t first, int64_t step, int64_t n, const void* params) {
  const auto& p = *static_cast<const RandomParams*>(params);
  const Distribution distribution(p);
  const PhiloxKeys keys(p.key);
  auto* values = static_cast<typename Distribution::T*>(out);
  for (int64_t i = 0; i < n; i += kLanes) {
    const uint64_t start = static_cast<uint64_t>(first + i * step);
    U64 lo, hi;
    philox(keys, broadcast(start) + lane_numbers() * broadcast(static_cast<uint64_t>(step)), kStreamDomain, &lo, &hi);
    const int lanes = n - i < kLanes ? static_cast<int>(n - i) : kLanes;
    for (int lane = 0; lane < lanes; ++lane) {
      ElementStream stream(p.key, start + static_cast<uint64_t>(lane * step), {lo[lane], hi[lane]});
      values[i + lane] = distribution.draw(stream);
    }
  }
}

}  // namespace ndl::random
