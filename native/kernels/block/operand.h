// What block kernels share: the checks of operands, and the step from a dtype to a type.
#pragma once
#include <complex>
#include <cstdint>

#include "core/float16.h"
#include "kernels/table.h"

namespace ndl::block {

void register_scan(KernelTable&);
void register_matmul(KernelTable&);
void register_select(KernelTable&);
void register_topk(KernelTable&);
void register_quantile(KernelTable&);
void register_long_quantile(KernelTable&);
void register_histogram(KernelTable&);

inline BlockFns& entry(KernelTable& t, BlockKernel k) { return t.block[static_cast<int>(k)]; }

// float16 as a type of its own.
struct Half {
  uint16_t bits;
};

inline bool same_extents(const BlockOperand& a, const BlockOperand& b) {
  if (a.ndim != b.ndim) return false;
  for (int32_t i = 0; i < a.ndim; ++i)
    if (a.extents[i] != b.extents[i]) return false;
  return true;
}

inline bool is_vector(const BlockOperand& a, DType dtype, int64_t extent) {
  return a.dtype == dtype && a.ndim == 1 && a.extents[0] == extent;
}
inline bool is_matrix(const BlockOperand& a, DType dtype, int64_t rows, int64_t columns) {
  return a.dtype == dtype && a.ndim == 2 && a.extents[0] == rows && a.extents[1] == columns;
}

inline int64_t size_of(const BlockOperand& a) {
  int64_t n = 1;
  for (int32_t i = 0; i < a.ndim; ++i) n *= a.extents[i];
  return n;
}

inline bool is_set(const StopFlag* stop) { return stop != nullptr && stop->load(std::memory_order_relaxed); }

// Calls f(from, to) for pieces of [0, n) in order; false when it was stopped between two.
template <class F>
inline bool in_pieces(int64_t n, const StopFlag* stop, const F& f) {
  constexpr int64_t kPiece = 1 << 16;
  for (int64_t from = 0; from < n; from += kPiece) {
    if (is_set(stop)) return false;
    f(from, from + kPiece < n ? from + kPiece : n);
  }
  return true;
}

inline bool is_whole(double x) { return x == static_cast<double>(static_cast<int64_t>(x)); }

// Params come from a plan: a double outside of int64 must not reach a cast.
inline bool is_whole_within(double x, double low, double high) { return x >= low && x <= high && is_whole(x); }

inline constexpr double kLargestWhole = 9007199254740992.0;  // 2^53

// Calls f.operator()<T>() with the type of the elements.
template <class F>
inline auto with_type(DType d, const F& f) {
  switch (d) {
    case DType::kBool: return f.template operator()<bool>();
    case DType::kInt8: return f.template operator()<int8_t>();
    case DType::kInt16: return f.template operator()<int16_t>();
    case DType::kInt32: return f.template operator()<int32_t>();
    case DType::kInt64: return f.template operator()<int64_t>();
    case DType::kUInt8: return f.template operator()<uint8_t>();
    case DType::kUInt16: return f.template operator()<uint16_t>();
    case DType::kUInt32: return f.template operator()<uint32_t>();
    case DType::kUInt64: return f.template operator()<uint64_t>();
    case DType::kFloat16: return f.template operator()<Half>();
    case DType::kFloat32: return f.template operator()<float>();
    case DType::kFloat64: return f.template operator()<double>();
    case DType::kComplex64: return f.template operator()<std::complex<float>>();
    default: return f.template operator()<std::complex<double>>();
  }
}

inline int64_t no_scratch(const BlockArgs*) { return 0; }

}  // namespace ndl::block
