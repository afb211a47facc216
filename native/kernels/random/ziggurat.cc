// Normal and exponential numbers: the fast path of the ziggurat and the second look on whole vectors, the rest element by element.
#include "kernels/random/ziggurat.h"

#include "kernels/random/families.h"
#include "kernels/random/generate.h"

namespace ndl::random {
namespace {

template <class Density>
struct ZigguratFloat64 {
  using T = double;
  using Table = Ziggurat<Density, uint64_t>;

  explicit ZigguratFloat64(const RandomParams&) {}

  NDL_INLINE uint32_t apply(const uint64_t* raw, T* out) const {
    const U64 words = load<U64>(raw), entry = gather<Table::kLayers, U64>(Table::kLayer.entry.data(), raw);
    const F64 magnitude = unit53(words) * (F64)entry;
    const U64 sign = Density::kSigned ? words << 53 & broadcast(uint64_t{1} << 63) : U64{};
    store(out, (F64)((U64)magnitude | sign));
    return at_least(magnitude, (F64)(entry << 32));
  }
  uint32_t settle(U64 words, U64 next, T* out) const { return Table::settle(words, next, out); }
  T retry(uint64_t word, ElementStream& stream) const { return Table::unsettled(word, stream); }
};

template <class Density>
struct ZigguratFloat32 {
  using T = float;
  using Table = Ziggurat<Density, uint32_t>;

  explicit ZigguratFloat32(const RandomParams&) {}

  NDL_INLINE uint32_t apply(const uint32_t* raw, T* out) const {
    const U32 word = load<U32>(raw);
    const U32 entry = gather<Table::kLayers, U32>(Table::kLayer.entry.data(), raw);
    const F32 position = (F32)(word >> 9 | broadcast32(0x3F800000)) - 1.0f;
    const F32 magnitude = position * (F32)entry;
    const U32 sign = Density::kSigned ? word << 23 & broadcast32(uint32_t{1} << 31) : U32{};
    store(out, (F32)((U32)magnitude | sign));
    return at_least((I32)(word >> 21), (I32)(entry & broadcast32(2047)));
  }
  uint32_t settle(U64 words, U64 next, T* out) const { return Table::settle(words, next, out); }
  T retry(uint32_t word, ElementStream& stream) const { return Table::unsettled(word, stream); }
};

}  // namespace

void add_ziggurat(KernelTable& table) {
  const auto set = [&](Generator kind, GenerateFn fn) { table.generate[static_cast<int>(kind)] = fn; };
  set(Generator::kNormal, generate<ZigguratFloat64<NormalDensity>>);
  set(Generator::kNormalFloat32, generate<ZigguratFloat32<NormalDensity>>);
  set(Generator::kExponential, generate<ZigguratFloat64<ExponentialDensity>>);
  set(Generator::kExponentialFloat32, generate<ZigguratFloat32<ExponentialDensity>>);
}

}  // namespace ndl::random
