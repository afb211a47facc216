// Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a bijection of
// 128-bit counters under a 64-bit key. It has no state, so a random number is a function of its position.
//
// How counters are used, as four words c0..c3:
//   (block low, block high, 0, 0)          two 64-bit words for the elements 2 * block and 2 * block + 1
//   (element low, element high, draw, 1)   the element's own stream: as many words as its algorithm needs
//   (round, 0, 0, 2)                       round keys of a permutation
#pragma once
#include <cstdint>

#include "kernels/random/lanes.h"

namespace ndl::random {

inline constexpr uint32_t kPhiloxM0 = 0xD2511F53, kPhiloxM1 = 0xCD9E8D57;  // multipliers
inline constexpr uint32_t kPhiloxW0 = 0x9E3779B9, kPhiloxW1 = 0xBB67AE85;  // Weyl steps of the key
inline constexpr int kPhiloxRounds = 10;

struct Words128 {
  uint64_t lo, hi;
};

// One block; counter.lo is c0 and c1, counter.hi is c2 and c3.
inline Words128 philox(Words128 counter, uint64_t key) {
  uint64_t c0 = static_cast<uint32_t>(counter.lo), c1 = counter.lo >> 32;
  uint64_t c2 = static_cast<uint32_t>(counter.hi), c3 = counter.hi >> 32;
  uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const uint64_t p0 = kPhiloxM0 * c0, p1 = kPhiloxM1 * c2;
    c0 = (p1 >> 32) ^ c1 ^ k0;
    c1 = static_cast<uint32_t>(p1);
    c2 = (p0 >> 32) ^ c3 ^ k1;
    c3 = static_cast<uint32_t>(p0);
    k0 += kPhiloxW0;
    k1 += kPhiloxW1;
  }
  return {c0 | c1 << 32, c2 | c3 << 32};
}

// The key of each round in every lane.
struct PhiloxKeys {
  U64 k0[kPhiloxRounds], k1[kPhiloxRounds];

  explicit PhiloxKeys(uint64_t key) {
    uint32_t a = static_cast<uint32_t>(key), b = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < kPhiloxRounds; ++round, a += kPhiloxW0, b += kPhiloxW1) {
      k0[round] = broadcast(a);
      k1[round] = broadcast(b);
    }
  }
};

// kLanes blocks, `kCount` times: counters (index low, high, 0, domain). Only the low halves of the lanes of c0 and c2
// are kept clean, since mul_low32 reads nothing else. `high` is apart, because half of the second round hangs on it
// alone and leaves the caller's loop with it. `meanwhile` is called at each of the 8 * kCount steps of a round and a
// count, for work that the processor does beside it.
template <int kCount, class Meanwhile>
NDL_INLINE void philox(const PhiloxKeys& keys, const U64 (&index)[kCount], U64 high, uint32_t domain,
                       U64 (&lo)[kCount], U64 (&hi)[kCount], Meanwhile meanwhile) {
  const U64 m0 = broadcast(kPhiloxM0), m1 = broadcast(kPhiloxM1);
  U64 c0[kCount], c1[kCount], c2[kCount], c3[kCount];
  // The first round, where c2 is zero, and the second, where c0 and c1 are the same in all counters.
  const U64 same = mul_low32(high ^ keys.k0[0], m0);
  const U64 same_high = (same >> 32) ^ keys.k1[1], domain_key = keys.k1[0] ^ broadcast(domain);
#pragma GCC unroll 8
  for (int i = 0; i < kCount; ++i) {
    const U64 p0 = mul_low32(index[i], m0), p1 = mul_low32((p0 >> 32) ^ domain_key, m1);
    c0[i] = (p1 >> 32) ^ keys.k0[1];
    c1[i] = p1;
    c2[i] = same_high ^ p0;
    c3[i] = same;
  }
#pragma GCC unroll 8
  for (int round = 2; round < kPhiloxRounds; ++round) {
#pragma GCC unroll 8
    for (int i = 0; i < kCount; ++i) {
      const U64 p0 = mul_low32(c0[i], m0), p1 = mul_low32(c2[i], m1);
      c0[i] = (p1 >> 32) ^ c1[i] ^ keys.k0[round];
      c1[i] = p1;
      c2[i] = (p0 >> 32) ^ c3[i] ^ keys.k1[round];
      c3[i] = p0;
      meanwhile((round - 2) * kCount + i);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kCount; ++i) {
    lo[i] = join_low32(c0[i], c1[i]);
    hi[i] = join_low32(c2[i], c3[i]);
  }
}
NDL_INLINE void philox(const PhiloxKeys& keys, U64 index, uint32_t domain, U64* lo, U64* hi) {
  U64 low[1], high[1];
  philox<1>(keys, {index}, index >> 32, domain, low, high, [](int) {});
  *lo = low[0];
  *hi = high[0];
}

}  // namespace ndl::random
