// IEEE half precision as bits. Plain integer and float steps, so that loops over them vectorise on every ISA and give
// the same bits.
#pragma once
#include <bit>
#include <cstdint>

namespace ndl {

inline float half_to_float(uint16_t h) {
  const uint32_t sign = static_cast<uint32_t>(h & 0x8000u) << 16;
  const uint32_t magnitude = static_cast<uint32_t>(h & 0x7FFFu) << 13;
  // The product moves the exponent's bias and makes subnormals normal, exactly.
  uint32_t bits = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112f);
  bits |= magnitude >= 0x0F800000u ? 0x7F800000u : 0u;
  return std::bit_cast<float>(bits | sign);
}

// Rounds to nearest, ties to even.
inline uint16_t float_to_half(float f) {
  const uint32_t bits = std::bit_cast<uint32_t>(f);
  const uint32_t sign = (bits >> 16) & 0x8000u;
  const uint32_t magnitude = bits & 0x7FFFFFFFu;
  // Below 2^-14 the float addition aligns the bits and rounds them.
  const uint32_t subnormal = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3F000000u;
  const uint32_t normal = (magnitude - 0x38000000u + 0x0FFFu + ((magnitude >> 13) & 1u)) >> 13;
  uint32_t h = magnitude < 0x38800000u ? subnormal : normal;
  h = magnitude >= 0x477FF000u ? 0x7C00u : h;                                  // from 65520 on: infinity
  h = magnitude > 0x7F800000u ? (0x7E00u | ((magnitude >> 13) & 0x3FFu)) : h;  // NaN
  return static_cast<uint16_t>(h | sign);
}

// Rounds once: through a float rounded to odd, which keeps what the second rounding must know.
inline uint16_t double_to_half(double d) {
  const float f = static_cast<float>(d);
  uint32_t bits = std::bit_cast<uint32_t>(f);
  const double back = static_cast<double>(f);
  const double abs_back = back < 0 ? -back : back, abs_d = d < 0 ? -d : d;
  bits -= abs_back > abs_d ? 1u : 0u;
  bits |= (abs_back > abs_d) | (abs_back < abs_d) ? 1u : 0u;
  return float_to_half(std::bit_cast<float>(bits));
}

}  // namespace ndl
