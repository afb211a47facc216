// The loops of Goto and van de Geijn (ACM TOMS 34:3, 2008), turned so that strips of a stay in L1 and a block of b in L2: a tile of 8 rows and three
// vectors of columns is kept in registers while it runs over a part of k.
#include "kernels/block/gemm.h"

#if defined(__AVX512F__)
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "kernels/block/operand.h"
#include "kernels/copy/transpose.h"

namespace ndl::block {
namespace {

constexpr int64_t kRows = 8, kLanes = 8, kVectors = 3, kColumns = kVectors * kLanes;
constexpr int64_t kDepth = 128, kBlock = 768;  // of b: 768 KiB of it are packed at a time
constexpr int64_t kLeastSide = 192;            // smaller products OpenBLAS multiplies without packing

// c [8, 24] = a b (+ c): a is packed [depth][8], b [depth][24].
void tile(int64_t depth, const double* __restrict a, const double* __restrict b, double* c, int64_t c_row, bool add) {
  __m512d sums[kRows][kVectors];
#pragma GCC unroll 8
  for (int64_t i = 0; i < kRows; ++i)
#pragma GCC unroll 3
    for (int64_t j = 0; j < kVectors; ++j) {
      __builtin_prefetch(c + i * c_row + j * kLanes, 1);
      sums[i][j] = _mm512_setzero_pd();
    }
#pragma GCC unroll 1  // more would run out of registers
  for (int64_t p = 0; p < depth; ++p, a += kRows, b += kColumns) {
    __m512d right[kVectors];
#pragma GCC unroll 3
    for (int64_t j = 0; j < kVectors; ++j) {
      right[j] = _mm512_loadu_pd(b + j * kLanes);
      __builtin_prefetch(b + 16 * kColumns + j * kLanes);
    }
#pragma GCC unroll 8
    for (int64_t i = 0; i < kRows; ++i) {
      const __m512d left = _mm512_set1_pd(a[i]);
#pragma GCC unroll 3
      for (int64_t j = 0; j < kVectors; ++j) sums[i][j] = _mm512_fmadd_pd(left, right[j], sums[i][j]);
    }
  }
#pragma GCC unroll 8
  for (int64_t i = 0; i < kRows; ++i)
#pragma GCC unroll 3
    for (int64_t j = 0; j < kVectors; ++j) {
      double* to = c + i * c_row + j * kLanes;
      _mm512_storeu_pd(to, add ? _mm512_add_pd(_mm512_loadu_pd(to), sums[i][j]) : sums[i][j]);
    }
}

// A tile of which only some rows and columns are there.
void tile_at_edge(int64_t depth, const double* a, const double* b, double* c, int64_t c_row, bool add, int64_t rows, int64_t columns) {
  double whole[kRows * kColumns];
  tile(depth, a, b, whole, kColumns, false);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      double& to = c[i * c_row + j];
      to = add ? to + whole[i * kColumns + j] : whole[i * kColumns + j];
    }
}

// Elements [0, count) of a strip, kWidth wide, for each of `depth` steps of k; what is missing is zero.
template <int64_t kWidth>
void pack(double* to, int64_t depth, int64_t count, const double* from, int64_t step, int64_t neighbour) {
  if (count < kWidth) {
    std::fill_n(to, depth * kWidth, 0.0);
  } else if (step == 1) {
    return copy::transpose(reinterpret_cast<const uint64_t*>(from), neighbour, reinterpret_cast<uint64_t*>(to), kWidth, depth, kWidth);
  } else if (neighbour == 1) {
    for (int64_t p = 0; p < depth; ++p) std::memcpy(to + p * kWidth, from + p * step, kWidth * sizeof(double));
    return;
  }
  for (int64_t p = 0; p < depth; ++p)
    for (int64_t q = 0; q < count; ++q) to[p * kWidth + q] = from[p * step + q * neighbour];
}

// Asks for a line of each row of the next strip of a.
void ask_for_lines(const double* a, int64_t row) {
#pragma GCC unroll 8
  for (int64_t i = 0; i < kRows; ++i) __builtin_prefetch(a + i * row);
}

// A block of b whose rows are contiguous: row by row, since the next page of each would be a step away for strips.
void pack_rows(double* to, int64_t depth, int64_t width, const double* from, int64_t step) {
  for (int64_t p = 0; p < depth; ++p, from += step) {
    for (int64_t j = 0; j < width; j += kColumns) {
#pragma GCC unroll 3
      for (int64_t q = 0; q < kColumns; q += kLanes) {
        __builtin_prefetch(from + step + j + q);
        _mm512_storeu_pd(to + j * depth + p * kColumns + q, _mm512_loadu_pd(from + j + q));
      }
    }
  }
}

}  // namespace

bool gemm_is_faster(int64_t m, int64_t n, int64_t k) { return std::min({m, n, k}) >= kLeastSide; }

int64_t gemm_scratch_bytes() { return 64 + static_cast<int64_t>(sizeof(double)) * kDepth * (kBlock + kRows); }

bool gemm(const Gemm& g, void* scratch, const StopFlag* stop) {
  double* const packed_b = reinterpret_cast<double*>((std::bit_cast<uintptr_t>(scratch) + 63) / 64 * 64);
  double* const packed_a = packed_b + kDepth * kBlock;
  for (int64_t j0 = 0; j0 < g.n; j0 += kBlock) {
    const int64_t width = std::min(kBlock, g.n - j0);
    for (int64_t p0 = 0; p0 < g.k; p0 += kDepth) {
      const int64_t depth = std::min(kDepth, g.k - p0);
      const bool add = g.add || p0 > 0;
      const int64_t whole = g.b_column == 1 ? width / kColumns * kColumns : 0;
      pack_rows(packed_b, depth, whole, g.b + p0 * g.b_row + j0, g.b_row);
      for (int64_t j = whole; j < width; j += kColumns) {
        pack<kColumns>(packed_b + j * depth, depth, std::min(kColumns, width - j), g.b + p0 * g.b_row + (j0 + j) * g.b_column, g.b_row, g.b_column);
      }
      for (int64_t i = 0; i < g.m; i += kRows) {
        if (is_set(stop)) return false;
        const int64_t rows = std::min(kRows, g.m - i);
        pack<kRows>(packed_a, depth, rows, g.a + i * g.a_row + p0 * g.a_column, g.a_column, g.a_row);
        const bool asks = g.a_column == 1 && i + 2 * kRows <= g.m;
        for (int64_t j = 0; j < width; j += kColumns) {
          const int64_t p = j / kColumns * kLanes;
          if (asks && p < depth) ask_for_lines(g.a + (i + kRows) * g.a_row + p0 + p, g.a_row);
          double* to = g.c + i * g.c_row + j0 + j;
          const int64_t columns = std::min(kColumns, width - j);
          if (rows == kRows && columns == kColumns) {
            tile(depth, packed_a, packed_b + j * depth, to, g.c_row, add);
          } else {
            tile_at_edge(depth, packed_a, packed_b + j * depth, to, g.c_row, add, rows, columns);
          }
        }
      }
    }
  }
  return true;
}

}  // namespace ndl::block

#else

namespace ndl::block {

bool gemm_is_faster(int64_t, int64_t, int64_t) { return false; }
bool gemm(const Gemm&, void*, const StopFlag*) { return true; }
int64_t gemm_scratch_bytes() { return 0; }

}  // namespace ndl::block
#endif
