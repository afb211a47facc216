// The words of one element: as many as its algorithm asks for, a pure function of (key, index).
#pragma once
#include <cstdint>

#include "kernels/random/lanes.h"
#include "kernels/random/philox.h"

namespace ndl::random {

inline constexpr uint32_t kStreamDomain = 1;

class ElementStream {
 public:
  // With the words of its first block, which are computed for kLanes elements together (`first_blocks`).
  ElementStream(uint64_t key, uint64_t index, Words128 first) : key_(key), index_(index), words_(first) {}

  uint64_t word() {
    if (left_ == 0) {
      words_ = philox({index_, uint64_t{kStreamDomain} << 32 | draw_++}, key_);
      left_ = 2;
    }
    return --left_ == 1 ? words_.lo : words_.hi;
  }
  double unit() { return unit53(word()); }           // [0, 1)
  double unit_above_zero() { return 1.0 - unit(); }  // (0, 1]

 private:
  uint64_t key_, index_;
  uint32_t draw_ = 1;
  int left_ = 2;
  Words128 words_;
};

NDL_INLINE void first_blocks(const PhiloxKeys& keys, U64 index, U64* lo, U64* hi) {
  philox(keys, index, kStreamDomain, lo, hi);
}

}  // namespace ndl::random
