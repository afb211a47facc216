// Normal and exponential numbers: the fast path of the ziggurat on whole vectors, the rest element by element.
#include "kernels/random/ziggurat.h"

#include "kernels/random/families.h"
#include "kernels/random/generate.h"

namespace ndl::random {
namespace {

template <class Density>
struct ZigguratFloat64 {
  using T = double;
  using Table = Ziggurat<Density, 1024>;
  uint64_t key;

  explicit ZigguratFloat64(const RandomParams& p) : key(p.key) {}

  NDL_INLINE uint32_t apply(U64 words, T* out) const {
    const U64 layer = words & broadcast(1023);
    const F64 magnitude = unit53(words) * gather(Table::kEdge.data(), layer);
    const U64 sign = Density::kSigned ? words << 53 & broadcast(uint64_t{1} << 63) : U64{};
    store(out, (F64)((U64)magnitude | sign));
    return at_least(magnitude, gather(Table::kEdge.data() + 1, layer));
  }
  T retry(uint64_t word, uint64_t index) const {
    ElementStream stream(key, index);
    return Table::draw(word, stream);
  }
};

template <class Density>
struct ZigguratFloat32 {
  using T = float;
  using Table = Ziggurat<Density, 256>;
  uint64_t key;

  explicit ZigguratFloat32(const RandomParams& p) : key(p.key) {}

  static NDL_INLINE F32 unit23(U32 word) { return (F32)(word >> 9 | broadcast32(0x3F800000)) - 1.0f; }

  NDL_INLINE uint32_t apply(U64 words, T* out) const {
    const U32 word = (U32)words, layer = word & broadcast32(255);
    const F32 magnitude = unit23(word) * gather(Table::kEdgeFloat32.data(), layer);
    const U32 sign = Density::kSigned ? word << 23 & broadcast32(uint32_t{1} << 31) : U32{};
    store(out, (F32)((U32)magnitude | sign));
    return at_least(magnitude, gather(Table::kEdgeFloat32.data() + 1, layer));
  }
  T retry(uint32_t word, uint64_t index) const {
    ElementStream stream(key, index);
    for (;; word = static_cast<uint32_t>(stream.word())) {
      const uint32_t layer = word & 255;
      const float unit = static_cast<float>(word >> 9) * 0x1p-23f;
      double magnitude = unit * Table::kEdgeFloat32[layer];
      if (Table::accept(layer, &magnitude, stream)) {
        const auto value = static_cast<float>(magnitude);
        return Density::kSigned && (word >> 8 & 1) != 0 ? -value : value;
      }
    }
  }
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
