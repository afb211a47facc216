// The 14 element types, in the order of every table of the project ("?bhilBHILefdFD").
#pragma once
#include <cstdint>

namespace ndl {

enum class DType : uint8_t {
  kBool, kInt8, kInt16, kInt32, kInt64, kUInt8, kUInt16, kUInt32, kUInt64,
  kFloat16, kFloat32, kFloat64, kComplex64, kComplex128
};
inline constexpr int kDTypeCount = 14;

inline constexpr uint8_t kItemSize[kDTypeCount] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16};
constexpr int item_size(DType d) { return kItemSize[static_cast<int>(d)]; }

// Sets of dtypes, as the op declarations name them.
namespace dtypes {
inline constexpr uint32_t BOOL = 0x0001, INTEGER = 0x01FE, FLOATING = 0x0E00, COMPLEX = 0x3000,
                          SINGLE_DOUBLE = 0x0C00, DOUBLE = 0x0800, REAL = INTEGER | FLOATING,
                          INEXACT = FLOATING | COMPLEX,
                          NUMERIC = REAL | COMPLEX;
}  // namespace dtypes

}  // namespace ndl
