// Matrix products: OpenBLAS for float32, float64 and the complex types, where gemm.h has nothing faster; an own blocked loop for the others.
// Matrices that BLAS cannot see (no axis of stride 1) are copied to scratch memory first.
#include "kernels/block/matmul.h"

#include <cblas.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#include "kernels/block/gemm.h"
#include "kernels/copy/copy.h"

namespace ndl::block {
namespace {

constexpr int64_t kLargestInt = std::numeric_limits<blasint>::max();

// A matrix as BLAS takes it: row-major with a leading dimension, perhaps transposed.
template <class T>
struct View {
  T* data;
  bool transposed;
  int64_t lead;
};

bool is_row_major(const BlockOperand& a) {
  const int64_t lead = a.strides[0];
  return (a.strides[1] == 1 || a.extents[1] == 1) &&
         (a.extents[0] == 1 || (lead >= a.extents[1] && lead <= kLargestInt));
}
BlockOperand turned(const BlockOperand& a, int64_t (&memory)[4]) {
  memory[0] = a.extents[1];
  memory[1] = a.extents[0];
  memory[2] = a.strides[1];
  memory[3] = a.strides[0];
  return {a.data, a.dtype, 2, memory, memory + 2};
}
bool is_column_major(const BlockOperand& a) {
  int64_t memory[4];
  return is_row_major(turned(a, memory));
}
bool needs_copy(const BlockOperand& a) { return !is_row_major(a) && !is_column_major(a); }
int64_t bytes_of(const BlockOperand& a) { return a.extents[0] * a.extents[1] * item_size(a.dtype); }

void copy_matrix(void* to, const int64_t* to_strides, const void* from, const int64_t* from_strides,
                 const BlockOperand& a) {
  copy::copy_for(item_size(a.dtype))(to, to_strides, from, from_strides, a.extents, 2);
}

// `scratch` is moved behind what is taken of it.
template <class T>
View<T> view_of(const BlockOperand& a, char*& scratch, bool with_values) {
  const int64_t rows = a.extents[0], columns = a.extents[1];
  T* data = static_cast<T*>(a.data);
  if (is_row_major(a)) return {data, false, rows == 1 ? std::max<int64_t>(columns, 1) : a.strides[0]};
  if (is_column_major(a)) return {data, true, columns == 1 ? std::max<int64_t>(rows, 1) : a.strides[1]};
  data = reinterpret_cast<T*>(scratch);
  scratch += bytes_of(a);
  const int64_t dense[2] = {columns, 1};
  if (with_values) copy_matrix(data, dense, a.data, a.strides, a);
  return {data, false, columns};
}

// The part that begins at an element.
template <class T>
View<T> from(const View<T>& v, int64_t row, int64_t column) {
  return {v.data + (v.transposed ? column * v.lead + row : row * v.lead + column), v.transposed, v.lead};
}

CBLAS_TRANSPOSE flag(bool transposed) { return transposed ? CblasTrans : CblasNoTrans; }
blasint narrow(int64_t n) { return static_cast<blasint>(n); }

// c [m, n] = a [m, k] b [k, n] + beta c, all row-major with the given transpositions.
template <class T>
void gemm(int64_t m, int64_t n, int64_t k, View<T> a, View<T> b, bool add, T* c, int64_t lead) {
  const T one(1), beta(add ? 1 : 0);
  const auto ta = flag(a.transposed), tb = flag(b.transposed);
  const blasint im = narrow(m), in = narrow(n), ik = narrow(k), la = narrow(a.lead), lb = narrow(b.lead),
                lc = narrow(lead);
  if constexpr (std::is_same_v<T, float>)
    cblas_sgemm(CblasRowMajor, ta, tb, im, in, ik, one, a.data, la, b.data, lb, beta, c, lc);
  else if constexpr (std::is_same_v<T, double>)
    cblas_dgemm(CblasRowMajor, ta, tb, im, in, ik, one, a.data, la, b.data, lb, beta, c, lc);
  else if constexpr (std::is_same_v<T, std::complex<float>>)
    cblas_cgemm(CblasRowMajor, ta, tb, im, in, ik, &one, a.data, la, b.data, lb, &beta, c, lc);
  else cblas_zgemm(CblasRowMajor, ta, tb, im, in, ik, &one, a.data, la, b.data, lb, &beta, c, lc);
}

// y [m] = a [m, k] x [k] (+ y): as fast as memory, where a gemm of one column is not. y is zeroed here, since BLAS may
// do it by a multiplication that keeps NaN.
template <class T>
void gemv(int64_t m, int64_t k, View<T> a, const T* x, int64_t x_step, bool add, T* y, int64_t y_step) {
  const T one(1), beta(1);
  if (!add)
    for (int64_t i = 0; i < m; ++i) y[i * y_step] = T(0);
  const auto ta = flag(a.transposed);
  const blasint rows = narrow(a.transposed ? k : m), columns = narrow(a.transposed ? m : k), la = narrow(a.lead);
  const blasint sx = narrow(x_step), sy = narrow(y_step);
  if constexpr (std::is_same_v<T, float>)
    cblas_sgemv(CblasRowMajor, ta, rows, columns, one, a.data, la, x, sx, beta, y, sy);
  else if constexpr (std::is_same_v<T, double>)
    cblas_dgemv(CblasRowMajor, ta, rows, columns, one, a.data, la, x, sx, beta, y, sy);
  else if constexpr (std::is_same_v<T, std::complex<float>>)
    cblas_cgemv(CblasRowMajor, ta, rows, columns, &one, a.data, la, x, sx, &beta, y, sy);
  else cblas_zgemv(CblasRowMajor, ta, rows, columns, &one, a.data, la, x, sx, &beta, y, sy);
}

// The step of a vector given as a matrix of one row or column, once it has been made a BLAS matrix.
template <class T>
int64_t step_of(const View<T>& v, bool along_rows) {
  return along_rows == v.transposed ? 1 : v.lead;
}

// One call of BLAS: c [m, n] = a [m, k] b [k, n] (+ c).
template <class T>
void multiply_part(int64_t m, int64_t n, int64_t k, View<T> a, View<T> b, bool add, const View<T>& c) {
  if (n == 1) return gemv<T>(m, k, a, b.data, step_of(b, true), add, c.data, step_of(c, true));
  if (m == 1) return gemv<T>(n, k, {b.data, !b.transposed, b.lead}, a.data, step_of(a, false), add, c.data, step_of(c, false));
  if (!c.transposed) return gemm<T>(m, n, k, a, b, add, c.data, c.lead);
  a.transposed = !a.transposed;  // c^T = b^T a^T
  b.transposed = !b.transposed;
  gemm<T>(n, m, k, b, a, add, c.data, c.lead);
}

// How much of a product is one call, some milliseconds. BLAS takes k in shorter parts itself; where they end does not hang on m and n.
struct Part {
  int64_t m, n, k;
};
template <class T>
Part part_of(int64_t m, int64_t n) {
  constexpr int64_t kSize = 1 << 20, kDepth = (std::is_floating_point_v<T> ? 4096 : 2048) / static_cast<int64_t>(sizeof(T));
  if (m == 1 || n == 1) return {kSize / 1024, kSize / 1024, kSize};
  const int64_t columns = std::min<int64_t>(n, kSize / 64);
  return {std::max<int64_t>(64, kSize / columns), columns, kDepth};
}

// Whether gemm.h computes the product: its c has neighbours along one of its axes.
bool is_ours(const BlockArgs* args) {
  const BlockOperand &a = args->in[0], &c = args->out[0];
  return c.dtype == DType::kFloat64 && (c.strides[1] == 1 || c.strides[0] == 1) && gemm_is_faster(c.extents[0], c.extents[1], a.extents[1]);
}

bool multiply_ours(const BlockArgs* args) {
  const BlockOperand &a = args->in[0], &b = args->in[1], &c = args->out[0];
  const int64_t m = c.extents[0], n = c.extents[1], k = a.extents[1];
  const auto *pa = static_cast<const double*>(a.data), *pb = static_cast<const double*>(b.data);
  auto* pc = static_cast<double*>(c.data);
  const bool add = args->params[0] != 0;
  if (c.strides[1] == 1) {
    return block::gemm({m, n, k, pa, a.strides[0], a.strides[1], pb, b.strides[0], b.strides[1], pc, c.strides[0], add}, args->scratch, args->stop);
  }
  // c^T = b^T a^T
  return block::gemm({n, m, k, pb, b.strides[1], b.strides[0], pa, a.strides[1], a.strides[0], pc, c.strides[1], add}, args->scratch, args->stop);
}

// False when it was stopped.
template <class T>
bool multiply(const BlockArgs* args) {
  const BlockOperand &a = args->in[0], &b = args->in[1], &c = args->out[0];
  const int64_t m = c.extents[0], n = c.extents[1], k = a.extents[1];
  const bool add = args->params[0] != 0;
  if (m == 0 || n == 0) return true;
  char* scratch = static_cast<char*>(args->scratch);
  const View<T> vc = view_of<T>(c, scratch, add);
  if (k == 0) {
    if (add) return true;
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) static_cast<T*>(c.data)[i * c.strides[0] + j * c.strides[1]] = T(0);
    return true;
  }
  const View<T> va = view_of<T>(a, scratch, true), vb = view_of<T>(b, scratch, true);
  const Part most = part_of<T>(m, n);
  for (int64_t i = 0; i < m; i += most.m) {
    for (int64_t j = 0; j < n; j += most.n) {
      for (int64_t p = 0; p < k; p += most.k) {
        if (is_set(args->stop)) return false;
        multiply_part<T>(std::min(most.m, m - i), std::min(most.n, n - j), std::min(most.k, k - p), from(va, i, p), from(vb, p, j), add || p > 0,
                         from(vc, i, j));
      }
    }
  }
  if (needs_copy(c)) {
    const int64_t dense[2] = {n, 1};
    copy_matrix(c.data, c.strides, vc.data, dense, c);
  }
  return true;
}

bool has_blas(DType d) { return d >= DType::kFloat32; }

// c = a b + d: d is copied to c, and the product added.
int32_t run(const BlockArgs* args);
int32_t run_with_addend(const BlockArgs* args) {
  const BlockOperand &d = args->in[2], &c = args->out[0];
  const double add = 1;
  copy_matrix(c.data, c.strides, d.data, d.strides, c);
  BlockArgs product = *args;
  product.nin = 2;
  product.params = &add;
  return run(&product);
}

int32_t run(const BlockArgs* args) {
  if (args->nin == 3) return run_with_addend(args);
  const auto whole = [args] {
    switch (args->in[0].dtype) {
      case DType::kFloat32: return multiply<float>(args);
      case DType::kFloat64: return is_ours(args) ? multiply_ours(args) : multiply<double>(args);
      case DType::kComplex64: return multiply<std::complex<float>>(args);
      case DType::kComplex128: return multiply<std::complex<double>>(args);
      default: return multiply_blocked(args);
    }
  };
  return whole() ? 0 : kBlockStopped;
}

int64_t scratch(const BlockArgs* args) {
  if (!has_blas(args->in[0].dtype)) return blocked_scratch_bytes(args);
  if (is_ours(args)) return gemm_scratch_bytes();
  int64_t bytes = 0;
  for (const BlockOperand* a : {&args->in[0], &args->in[1], &args->out[0]})
    if (needs_copy(*a)) bytes += bytes_of(*a);
  return bytes;
}

const char* check(const BlockArgs* args) {
  if ((args->nin != 2 && args->nin != 3) || args->nout != 1 || args->nparams != 1) {
    return "matmul: expected a, b, perhaps what to add, and c, and whether to add to c";
  }
  const BlockOperand &a = args->in[0], &b = args->in[1], &c = args->out[0];
  if (a.ndim != 2) return "matmul: expected a [m, k]";
  if (b.ndim != 2 || b.dtype != a.dtype || b.extents[0] != a.extents[1]) return "matmul: b is not [k, n] of a's dtype";
  if (!is_matrix(c, a.dtype, a.extents[0], b.extents[1])) return "matmul: c is not [m, n] of a's dtype";
  if (args->nin == 3 && !is_matrix(args->in[2], a.dtype, a.extents[0], b.extents[1])) return "matmul: what to add is not like c";
  if (args->nin == 3 && args->params[0] != 0) return "matmul: expected either something to add or to add to c";
  if (args->params[0] != 0 && args->params[0] != 1) return "matmul: expected 1 to add to c, or 0";
  for (int64_t n : {a.extents[0], a.extents[1], b.extents[1]})
    if (n > kLargestInt) return "matmul: an extent is above 2^31 - 1";
  return nullptr;
}

}  // namespace

void register_matmul(KernelTable& t) {
  openblas_set_num_threads(1);  // a product runs on the thread that asks for it
  entry(t, BlockKernel::kMatmul) = {check, scratch, run};
}

}  // namespace ndl::block
