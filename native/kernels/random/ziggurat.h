// The ziggurat of Marsaglia & Tsang, "The Ziggurat Method for Generating Random Variables", J. Stat. Software 5(8),
// 2000, with layer, sign and position from separate bits of one word (Doornik, "An Improved Ziggurat Method", 2005).
// Layer i is the box [0, edge[i]] x [height[i], height[i + 1]]; layer 0 is the base strip, a box of the same area
// whose part beyond edge[1] stands for the tail. A point left of edge[i + 1] is under the curve for sure.
//
// A word of float64: layer in bits 0..9, sign in bit 10, position in bits 11..63.
// A word of float32: layer in bits 0..7, sign in bit 8, position in bits 9..31.
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
  static constexpr double f(double x) { return exact_exp(-0.5 * x * x); }
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
  static constexpr double f(double x) { return exact_exp(-x); }
  static constexpr double inverse(double y) { return -exact_log(y); }
  static double beyond(double tail, ElementStream& stream) { return tail - exact_log(stream.unit_above_zero()); }
};

// Where the tail begins and the area of a layer: the solution of edge[N] = 0, solved to 40 digits.
template <class Density, int kLayers>
struct ZigguratShape;
template <>
struct ZigguratShape<NormalDensity, 1024> {
  static constexpr double kTail = 4.038849846109504522714, kArea = 0.001226324646353088072885;
};
template <>
struct ZigguratShape<NormalDensity, 256> {
  static constexpr double kTail = 3.654152885361008771645, kArea = 0.004928673233974655347362;
};
template <>
struct ZigguratShape<ExponentialDensity, 1024> {
  static constexpr double kTail = 9.256164544265543686698, kArea = 0.0009796789906620209168363;
};
template <>
struct ZigguratShape<ExponentialDensity, 256> {
  static constexpr double kTail = 7.697117470131049714045, kArea = 0.003949659822581557219978;
};

template <class Density, int kLayers>
struct Ziggurat {
  using Shape = ZigguratShape<Density, kLayers>;
  using Table = std::array<double, kLayers + 1>;

  static constexpr Table kEdge = [] {
    Table edge{};
    edge[0] = Shape::kArea / Density::f(Shape::kTail);
    edge[1] = Shape::kTail;
    for (int i = 2; i < kLayers; ++i)
      edge[i] = Density::inverse(Density::f(edge[i - 1]) + Shape::kArea / edge[i - 1]);
    return edge;
  }();
  static constexpr Table kHeight = [] {
    Table height{};
    for (int i = 1; i <= kLayers; ++i) height[i] = Density::f(kEdge[i]);
    return height;
  }();
  static constexpr std::array<float, kLayers + 1> kEdgeFloat32 = [] {
    std::array<float, kLayers + 1> edge{};
    for (int i = 0; i <= kLayers; ++i) edge[i] = static_cast<float>(kEdge[i]);
    return edge;
  }();

  // Whether the point at x = magnitude in this layer lies under the curve. In the base strip beyond the tail's
  // beginning it does, and the magnitude is drawn from the tail.
  static bool accept(uint64_t layer, double* magnitude, ElementStream& stream) {
    const double x = *magnitude;
    if (x < kEdge[layer + 1]) return true;
    if (layer == 0) {
      *magnitude = Density::beyond(Shape::kTail, stream);
      return true;
    }
    return kHeight[layer] + stream.unit() * (kHeight[layer + 1] - kHeight[layer]) < Density::f(x);
  }

  // The value whose first word is given; more words come from the stream.
  static double draw(uint64_t word, ElementStream& stream) {
    for (;; word = stream.word()) {
      const uint64_t layer = word % kLayers;
      double magnitude = unit53(word) * kEdge[layer];
      if (accept(layer, &magnitude, stream))
        return Density::kSigned && (word >> 10 & 1) != 0 ? -magnitude : magnitude;
    }
  }
};

inline double draw_normal(ElementStream& stream) { return Ziggurat<NormalDensity, 1024>::draw(stream.word(), stream); }
inline double draw_exponential(ElementStream& stream) {
  return Ziggurat<ExponentialDensity, 1024>::draw(stream.word(), stream);
}

}  // namespace ndl::random
