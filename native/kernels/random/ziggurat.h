// The ziggurat of Marsaglia & Tsang, "The Ziggurat Method for Generating Random Variables", J. Stat. Software 5(8),
// 2000, with layer, sign and position from separate bits of one word (Doornik, "An Improved Ziggurat Method", 2005).
//
// Layer i is the box [0, edge] x [height[i], height[i + 1]], all of one area. Layer 0 stands on the axis; what lies
// beyond `tail` in it stands for the curve's tail. A point left of a layer's bound is under the curve for sure.
//
// An exact ziggurat does not need edges on the curve, only boxes of equal area that cover it. So the edges are rounded
// up until their low bits are free to hold the bound, and one load from the table tells both.
//
//            word: layer, sign, position   entry                             surely under the curve
//   float64  bits 0..9,  10, 11..63        edge, its low 32 bits the bound   position * edge < bound
//   float32  bits 0..7,   8,  9..31        edge, its low 11 bits the bound   position * 2048 < bound, rounded down
#pragma once
#include <array>
#include <cstdint>

#include "kernels/random/element_stream.h"
#include "kernels/random/exact_math.h"

namespace ndl::random {

constexpr double constexpr_sqrt(double x) {
  if (!(x > 0)) return 0;
  double r = x > 1 ? x : 1;
  for (double next = 0.5 * (r + x / r); next < r; next = 0.5 * (r + x / r)) r = next;
  return r;
}

// exp(-x^2 / 2) for x >= 0.
struct NormalDensity {
  static constexpr bool kSigned = true;
  template <class V>
  static constexpr V f(V x) {
    return exact_exp(-0.5 * x * x);
  }
  static constexpr double inverse(double y) { return constexpr_sqrt(-2 * exact_log(y)); }
  // A number beyond `tail` (Marsaglia, "Generating a variable from the tail of the normal distribution", 1964).
  static double beyond(double tail, ElementStream& stream) {
    for (;;) {
      const double x = -exact_log(stream.unit_above_zero()) / tail;
      const double y = -exact_log(stream.unit_above_zero());
      if (y + y >= x * x) return tail + x;
    }
  }
};

// exp(-x) for x >= 0.
struct ExponentialDensity {
  static constexpr bool kSigned = false;
  template <class V>
  static constexpr V f(V x) {
    return exact_exp(-x);
  }
  static constexpr double inverse(double y) { return -exact_log(y); }
  static double beyond(double tail, ElementStream& stream) { return tail - exact_log(stream.unit_above_zero()); }
};

// The entry of layer 0 and where its tail begins: edge(0) f(tail) = tail f(tail) + the area of the tail, solved to
// 20 digits, for the largest tail whose layers cover the curve. `Word` tells the precision.
template <class Density, class Word>
struct ZigguratBase;
template <>
struct ZigguratBase<NormalDensity, uint64_t> {
  static constexpr uint64_t kEntry = 0x40111801401027C6;
  static constexpr double kTail = 4.038846644209210172169;
};
template <>
struct ZigguratBase<ExponentialDensity, uint64_t> {
  static constexpr uint64_t kEntry = 0x4024832740228326;
  static constexpr double kTail = 9.256158832753111909142;
};
template <>
struct ZigguratBase<NormalDensity, uint32_t> {
  static constexpr uint32_t kEntry = 0x407A4779;
  static constexpr double kTail = 3.65399759140561226872;
};
template <>
struct ZigguratBase<ExponentialDensity, uint32_t> {
  static constexpr uint32_t kEntry = 0x410B1F14;
  static constexpr double kTail = 7.695087432861328125;
};

// The format of a word and an entry.
template <class Word>
struct ZigguratFormat;
template <>
struct ZigguratFormat<uint64_t> {
  using Value = double;
  static constexpr int kLayerBits = 10;
  static constexpr double position(uint64_t word) { return unit53(word); }
  static constexpr double edge(uint64_t entry) { return std::bit_cast<double>(entry); }
  static constexpr bool surely(uint64_t word, uint64_t entry) {
    return position(word) * edge(entry) < std::bit_cast<double>(entry << 32);
  }
  static constexpr uint64_t entry(double x, double bound) {
    const uint64_t low = bound > 0 ? (std::bit_cast<uint64_t>(bound) >> 32) - 1 : 0;
    return ((std::bit_cast<uint64_t>(x) >> 32) + 1) << 32 | low;
  }
};
template <>
struct ZigguratFormat<uint32_t> {
  using Value = float;
  static constexpr int kLayerBits = 8;
  static constexpr float position(uint32_t word) { return static_cast<float>(word >> 9) * 0x1p-23f; }
  static constexpr float edge(uint32_t entry) { return std::bit_cast<float>(entry); }
  static constexpr bool surely(uint32_t word, uint32_t entry) { return word >> 21 < (entry & 2047); }
  static constexpr uint32_t entry(double x, double bound) {
    const uint32_t high = ((std::bit_cast<uint32_t>(static_cast<float>(x)) >> 11) + 1) << 11;
    return high | static_cast<uint32_t>(bound / edge(high | 2047) * 2048);
  }
};

template <class Density, class Word>
struct Ziggurat {
  using Format = ZigguratFormat<Word>;
  using Base = ZigguratBase<Density, Word>;
  using Value = typename Format::Value;
  static constexpr int kLayers = 1 << Format::kLayerBits;

  struct Layers {
    std::array<Word, kLayers> entry{};
    std::array<double, kLayers + 1> height{};
  };
  static constexpr Layers kLayer = [] {
    Layers t{};
    const double area = Format::edge(Base::kEntry) * Density::f(Base::kTail);
    t.entry[0] = Base::kEntry;
    t.height[1] = Density::f(Base::kTail);
    for (int i = 1; i < kLayers; ++i) {
      const double x = Density::inverse(t.height[i]);
      const double low = t.height[i] + area / x;  // no lower than the true upper side, so its bound is no higher
      t.entry[i] = Format::entry(x, low < 1 ? Density::inverse(low) : 0);
      t.height[i + 1] = t.height[i] + area / Format::edge(t.entry[i]);
    }
    return t;
  }();
  static_assert(kLayer.height[kLayers - 1] < 1 && kLayer.height[kLayers] >= 1, "the layers cover the density");

  // The value whose first word is given; more words come from the stream.
  static Value draw(Word word, ElementStream& stream) {
    for (;; word = static_cast<Word>(stream.word())) {
      const Word layer = word % kLayers, entry = kLayer.entry[layer];
      Value magnitude = Format::position(word) * Format::edge(entry);
      if (!Format::surely(word, entry)) {
        const double x = magnitude;
        if (layer == 0) {
          if (x >= Base::kTail) magnitude = static_cast<Value>(Density::beyond(Base::kTail, stream));
        } else if (!under(layer, x, stream.unit())) {
          continue;
        }
      }
      return with_sign(word, magnitude);
    }
  }

  // A bit for each lane whose point (word, next) is under the curve; the value is then what `draw` would find with `next`
  // as its stream's first word.
  static uint32_t settle(U64 words, U64 next, Value* out) {
    const U64 layer = words & broadcast(kLayers - 1);
    alignas(kVectorBytes) double x[kLanes], below[kLanes], above[kLanes];
    for (int i = 0; i < kLanes; ++i) {
      const auto word = static_cast<Word>(words[i]);
      const Value magnitude = Format::position(word) * Format::edge(kLayer.entry[layer[i]]);
      out[i] = with_sign(word, magnitude);
      x[i] = magnitude;
      below[i] = kLayer.height[layer[i]];
      above[i] = kLayer.height[layer[i] + 1];
    }
    const F64 low = load<F64>(below), y = low + unit53(next) * (load<F64>(above) - low);
    const F64 curve = layer != 0 ? Density::f(load<F64>(x)) : F64{};
    return ~at_least(y, curve);
  }

  // What `draw` finds where `settle` did not.
  static Value unsettled(Word word, ElementStream& stream) {
    if (word % kLayers != 0) {
      stream.word();
      word = static_cast<Word>(stream.word());
    }
    return draw(word, stream);
  }

 private:
  static bool under(Word layer, double x, double unit) {
    const double below = kLayer.height[layer], above = kLayer.height[layer + 1];
    return below + unit * (above - below) < Density::f(x);
  }
  static Value with_sign(Word word, Value magnitude) {
    if constexpr (!Density::kSigned) return magnitude;
    constexpr Word kSign = Word{1} << (8 * sizeof(Word) - 1);
    return std::bit_cast<Value>(std::bit_cast<Word>(magnitude) | (word << (8 * sizeof(Word) - 1 - Format::kLayerBits) & kSign));
  }
};

inline double draw_normal(ElementStream& stream) {
  return Ziggurat<NormalDensity, uint64_t>::draw(stream.word(), stream);
}
inline double draw_exponential(ElementStream& stream) {
  return Ziggurat<ExponentialDensity, uint64_t>::draw(stream.word(), stream);
}

}  // namespace ndl::random
