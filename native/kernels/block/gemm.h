// Matrix products of float64 with a loop of our own, where it beats OpenBLAS's: large ones, with AVX-512.
#pragma once
#include <cstdint>

#include "kernels/table.h"

namespace ndl::block {

// c [m, n] = a [m, k] b [k, n] (+ c). Strides in elements; the columns of c are neighbours. An element has the same bits whatever cell of a
// larger product it is computed in.
struct Gemm {
  int64_t m, n, k;
  const double* a;
  int64_t a_row, a_column;
  const double* b;
  int64_t b_row, b_column;
  double* c;
  int64_t c_row;
  bool add;
};

// Whether there is such a loop, and a product of this size gains by it.
bool gemm_is_faster(int64_t m, int64_t n, int64_t k);
// `scratch`: gemm_scratch_bytes() of any alignment. False when it was stopped.
bool gemm(const Gemm& product, void* scratch, const StopFlag* stop);
int64_t gemm_scratch_bytes();

}  // namespace ndl::block
