// The words of one element: as many as its algorithm asks for, a pure function of (key, index).
#pragma once
#include <cstdint>

#include "kernels/random/ars.h"
#include "kernels/random/lanes.h"

namespace ndl::random {

inline constexpr uint64_t kStreamDomain = uint64_t{1} << 32;
inline Words128 stream_start(uint64_t index) { return {index, kStreamDomain}; }  // the counter of its first block

class ElementStream {
 public:
  // With its first block, since many elements' are computed together.
  ElementStream(const ArsKeys& keys, uint64_t index, Words128 first) : keys_(keys), index_(index), words_(first) {}

  uint64_t word() {
    if (left_ == 0) {
      words_ = ars(keys_, {index_, kStreamDomain | draw_++});
      left_ = 2;
    }
    return --left_ == 1 ? words_.lo : words_.hi;
  }
  double unit() { return unit53(word()); }           // [0, 1)
  double unit_above_zero() { return 1.0 - unit(); }  // (0, 1]

 private:
  const ArsKeys& keys_;
  const uint64_t index_;
  uint32_t draw_ = 1;
  int left_ = 2;
  Words128 words_;
};

}  // namespace ndl::random
