// The flat index itself, raw bits, uniform reals and integers.
#include "kernels/random/families.h"
#include "kernels/random/generate.h"

namespace ndl::random {
namespace {

__extension__ typedef unsigned __int128 Wide;

void iota(void* out, int64_t first, int64_t step, int64_t n, const void*) {
  auto* values = static_cast<int64_t*>(out);
  for (int64_t i = 0; i < n; ++i) values[i] = first + i * step;
}

struct RandomBits {
  using T = uint64_t;
  explicit RandomBits(const RandomParams&) {}
  NDL_INLINE void apply(const uint64_t* raw, T* out) const { store(out, load<U64>(raw)); }
};

struct Random {
  using T = double;
  explicit Random(const RandomParams&) {}
  NDL_INLINE void apply(const uint64_t* raw, T* out) const { store(out, unit53(load<U64>(raw))); }
};

struct RandomFloat32 {
  using T = float;
  explicit RandomFloat32(const RandomParams&) {}
  NDL_INLINE void apply(const uint32_t* raw, T* out) const {
    store(out, __builtin_convertvector((I32)(load<U32>(raw) >> 8), F32) * 0x1p-24f);
  }
};

// low + uniform in [0, range], unbiased (Lemire, "Fast Random Integer Generation in an Interval", 2019).
struct Integers {
  using T = uint64_t;
  uint64_t low, count, threshold;  // count 0 means 2^64

  explicit Integers(const RandomParams& p)
      : low(p.low), count(p.range + 1), threshold(count == 0 ? 0 : (0 - count) % count) {}

  NDL_INLINE uint32_t apply(const uint64_t* raw, T* out) const {
    uint32_t rejected = 0;
    for (int i = 0; i < kLanes; ++i) {
      const auto product = static_cast<Wide>(raw[i]) * count;
      rejected |= uint32_t{static_cast<uint64_t>(product) < threshold} << i;
      out[i] = low + (count == 0 ? raw[i] : static_cast<uint64_t>(product >> 64));
    }
    return rejected;
  }
  uint32_t settle(U64, U64 next, T* out) const {
    uint64_t raw[kLanes];
    store(raw, next);
    return ~apply(raw, out);
  }
  T retry(uint64_t, ElementStream& stream) const {
    for (;;) {
      const auto product = static_cast<Wide>(stream.word()) * count;
      if (static_cast<uint64_t>(product) >= threshold) return low + static_cast<uint64_t>(product >> 64);
    }
  }
};

}  // namespace

void add_uniform(KernelTable& table) {
  const auto set = [&](Generator kind, GenerateFn fn) { table.generate[static_cast<int>(kind)] = fn; };
  set(Generator::kIota, iota);
  set(Generator::kRandomBits, generate<RandomBits>);
  set(Generator::kRandom, generate<Random>);
  set(Generator::kRandomFloat32, generate<RandomFloat32>);
  set(Generator::kIntegers, generate<Integers>);
}

}  // namespace ndl::random
