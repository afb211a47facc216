// Operands of block kernels in memory of their own, and calls of the kernels with scratch memory that is watched.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/table.h"

namespace ndl {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInf = std::numeric_limits<double>::infinity();

template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, int64_t>) return DType::kInt64;
  else if constexpr (std::is_same_v<T, int32_t>) return DType::kInt32;
  else if constexpr (std::is_same_v<T, uint8_t>) return DType::kUInt8;
  else if constexpr (std::is_same_v<T, uint64_t>) return DType::kUInt64;
  else if constexpr (std::is_same_v<T, float>) return DType::kFloat32;
  else if constexpr (std::is_same_v<T, double>) return DType::kFloat64;
  else return DType::kComplex128;
}

// An array with a layout of its own: axes in any order of memory, some reversed or with gaps.
template <class T>
struct Array {
  DType dtype = dtype_of<T>();
  std::vector<int64_t> extents, strides;
  std::vector<T> memory;
  int64_t offset = 0;

  explicit Array(std::vector<int64_t> e, int layout = 0) : extents(std::move(e)), strides(extents.size()) {
    const size_t n = extents.size();
    int64_t run = layout >= 2 ? 2 : 1;
    for (size_t i = 0; i < n; ++i) {
      const size_t axis = layout == 1 ? i : n - 1 - i;
      strides[axis] = run;
      run *= std::max<int64_t>(extents[axis], 1) + (layout == 3);
      if (layout == 3 && i % 2 == 0 && extents[axis] > 0) {
        offset += strides[axis] * (extents[axis] - 1);
        strides[axis] = -strides[axis];
      }
    }
    memory.resize(static_cast<size_t>(run + 1));
  }
  int64_t size() const { return std::accumulate(extents.begin(), extents.end(), int64_t{1}, std::multiplies<>()); }
  // Element number i in C order.
  T& operator[](int64_t i) {
    int64_t at = offset;
    for (size_t axis = extents.size(); axis-- > 0;) {
      at += i % extents[axis] * strides[axis];
      i /= extents[axis];
    }
    return memory[static_cast<size_t>(at)];
  }
  BlockOperand operand() {
    return {memory.data() + offset, dtype, static_cast<int32_t>(extents.size()), extents.data(), strides.data()};
  }
};

// Runs with scratch memory whose end is watched; returns the check's message.
inline std::string run(BlockKernel kernel, std::vector<BlockOperand> in, std::vector<BlockOperand> out,
                std::vector<double> params, int32_t code = 0, const StopFlag* stop = nullptr) {
  const BlockFns& f = ndloom_kernels()->block[static_cast<int>(kernel)];
  BlockArgs args{in.data(),
                 out.data(),
                 static_cast<int32_t>(in.size()),
                 static_cast<int32_t>(out.size()),
                 params.data(),
                 static_cast<int32_t>(params.size()),
                 nullptr,
                 stop};
  if (const char* message = f.check(&args)) return message;
  const int64_t bytes = f.scratch_bytes(&args);
  std::vector<double> scratch(static_cast<size_t>(bytes / 8 + 9));
  std::memset(scratch.data(), 0x5A, scratch.size() * 8);
  args.scratch = scratch.data();
  EXPECT_EQ(f.run(&args), code);
  const char* p = reinterpret_cast<const char*>(scratch.data());
  for (int64_t i = bytes; i < bytes + 64; ++i) EXPECT_EQ(p[i], 0x5A) << "written behind the scratch memory";
  return "";
}

}  // namespace ndl
