// A random permutation of [0, n) as a function of the position: nothing is shuffled, and any part can be had alone.
//
// A Feistel network over pairs of numbers (left < a, right < b, a * b >= n, both near the root of n), walked until it
// comes out below n (Black & Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). A walk is longer than one step
// for one position in root(n). The permutations of few elements that a network reaches are not all: the API shuffles
// those in memory.
#include "kernels/random/ars.h"
#include "kernels/random/families.h"
#include "kernels/table.h"

namespace ndl::random {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr int kRounds = 10;

struct Network {
  uint64_t a, b, last;
  uint64_t keys[kRounds];

  Network(uint64_t key, uint64_t range) : last(range) {
    // The smallest a with a * a > last, so that a * b > last.
    a = static_cast<uint64_t>(__builtin_sqrt(static_cast<double>(last)));
    while (static_cast<Wide>(a) * a <= last) ++a;
    while (a > 1 && static_cast<Wide>(a - 1) * (a - 1) > last) --a;
    b = last / a + 1;
    const ArsKeys round_keys(key);
    for (int round = 0; round < kRounds; round += 2) {
      const Words128 words = ars(round_keys, {static_cast<uint64_t>(round), uint64_t{2} << 32});
      keys[round] = words.lo;
      keys[round + 1] = words.hi;
    }
  }

  uint64_t operator()(uint64_t x) const {
    if (x > last) return 0;  // no such position
    do {
      uint64_t left = x / b, right = x % b;
      for (int round = 0; round < kRounds; round += 2) {
        left = add(left, pick(right, keys[round], a), a);
        right = add(right, pick(left, keys[round + 1], b), b);
      }
      x = left * b + right;
    } while (x > last);
    return x;
  }

 private:
  // A number below `count` that hangs on x and the key: the finaliser of SplitMix64 (Steele, Lea & Flood, 2014).
  static uint64_t pick(uint64_t x, uint64_t key, uint64_t count) {
    x = (x + 1) * 0x9E3779B97F4A7C15 ^ key;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
    x = (x ^ x >> 27) * 0x94D049BB133111EB;
    return static_cast<uint64_t>(static_cast<Wide>(x ^ x >> 31) * count >> 64);
  }
  static uint64_t add(uint64_t x, uint64_t y, uint64_t count) {
    const uint64_t sum = x + y;
    return sum >= count ? sum - count : sum;
  }
};

void permutation(void* out, int64_t first, int64_t step, int64_t n, const void* params) {
  const auto& p = *static_cast<const RandomParams*>(params);
  if (p.range > static_cast<uint64_t>(INT64_MAX)) {  // more positions than there are indices
    for (int64_t i = 0; i < n; ++i) static_cast<int64_t*>(out)[i] = 0;
    return;
  }
  const Network network(p.key, p.range);
  for (int64_t i = 0; i < n; ++i)
    static_cast<uint64_t*>(out)[i] = network(static_cast<uint64_t>(first + i * step));
}

}  // namespace

void add_permutation(KernelTable& table) { table.generate[static_cast<int>(Generator::kPermutation)] = permutation; }

}  // namespace ndl::random
