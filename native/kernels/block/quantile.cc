// Quantiles of rows.
#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "kernels/block/operand.h"
#include "kernels/block/quantile_place.h"
#include "kernels/block/stoppable_sort.h"
#include "kernels/copy/copy.h"

namespace ndl::block {
namespace {

constexpr int32_t kFewQuantiles = 8;  // up to here selecting beats sorting

// Rows copied together: a whole cache line of them when a row is not contiguous.
int64_t rows_at_once(const BlockOperand& x) { return std::min<int64_t>(x.strides[1] == 1 ? 1 : 16, x.extents[0]); }

// Puts the wanted elements of values[0, n) where a sort would put them. False when stopped, as what follows.
template <class T>
bool order(T* values, int64_t n, int method, const double* q, int32_t count, const StopFlag* stop) {
  if (count > kFewQuantiles) return sort_all(values, n, std::less<T>(), stop);
  int64_t wanted[2 * kFewQuantiles];
  int32_t size = 0;
  for (int32_t i = 0; i < count; ++i) {
    const Place p = place_of(method_at(method, i), q[i], n);
    wanted[size++] = p.previous;
    wanted[size++] = p.next;
  }
  std::sort(wanted, wanted + size);
  int64_t from = 0;
  for (int32_t i = 0; i < size; ++i) {
    if (wanted[i] < from) continue;
    if (wanted[i] == from && i > 0) {  // next to the one before: it is the smallest of what is left
      int64_t least = from;
      const bool found = in_pieces(n - from, stop, [&](int64_t low, int64_t high) {
        const T* at = std::min_element(values + from + low, values + from + high);
        if (*at < values[least]) least = at - values;
      });
      if (!found) return false;
      std::swap(values[from], values[least]);
    } else if (!select_nth(values + from, wanted[i] - from, n - from, std::less<T>(), stop)) {
      return false;
    }
    from = wanted[i] + 1;
  }
  return true;
}

template <class T, class R>
bool quantiles_of_row(T* values, int64_t n, const BlockArgs* args, R* out, int64_t step) {
  const int method = static_cast<int>(args->params[0]);
  const bool skip_nan = args->params[1] != 0;
  const double* q = args->params + 2;
  const int32_t count = args->nparams - 2;
  int64_t numbers = 0;
  const bool counted = in_pieces(n, args->stop, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) {
      const T v = values[i];
      values[numbers] = v;
      numbers += v == v;
    }
  });
  if (!counted) return false;
  if (numbers == 0 || (numbers < n && !skip_nan)) {
    for (int32_t i = 0; i < count; ++i) out[i * step] = std::numeric_limits<R>::quiet_NaN();
    return true;
  }
  if (!order(values, numbers, method, q, count, args->stop)) return false;
  for (int32_t i = 0; i < count; ++i) {
    const Place p = place_of(method_at(method, i), q[i], numbers);
    out[i * step] =
        p.exact ? static_cast<R>(values[p.previous]) : interpolate<R>(values[p.previous], values[p.next], p.gamma);
  }
  return true;
}

template <class T, class R>
int32_t quantiles(const BlockArgs* args) {
  const BlockOperand &x = args->in[0], &out = args->out[0];
  const int64_t rows = x.extents[0], n = x.extents[1];
  T* values = static_cast<T*>(args->scratch);
  const CopyFn copy = copy::copy_for(sizeof(T));
  const int64_t together = rows_at_once(x);
  for (int64_t row = 0; row < rows; row += together) {
    const int64_t some = std::min(together, rows - row);
    const bool copied = in_pieces(n, args->stop, [&](int64_t low, int64_t high) {
      const int64_t extents[2] = {some, high - low}, to[2] = {n, 1};
      copy(values + low, to, static_cast<const T*>(x.data) + row * x.strides[0] + low * x.strides[1], x.strides, extents, 2);
    });
    if (!copied) return kBlockStopped;
    for (int64_t i = 0; i < some; ++i) {
      R* to = static_cast<R*>(out.data) + (row + i) * out.strides[1];
      if (!quantiles_of_row(values + i * n, n, args, to, out.strides[0])) return kBlockStopped;
    }
  }
  return 0;
}

int32_t run(const BlockArgs* args) {
  if (args->in[0].dtype == DType::kFloat64) return quantiles<double, double>(args);
  if (args->out[0].dtype == DType::kFloat64) return quantiles<float, double>(args);
  return quantiles<float, float>(args);
}

int64_t scratch(const BlockArgs* args) {
  const BlockOperand& x = args->in[0];
  return rows_at_once(x) * x.extents[1] * item_size(x.dtype);
}

const char* check(const BlockArgs* args) {
  if (args->nin != 1 || args->nout != 1 || args->nparams < 2)
    return "quantile: expected x, the result, a method, whether to skip NaN, and quantiles";
  const BlockOperand &x = args->in[0], &out = args->out[0];
  if (x.ndim != 2) return "quantile: expected x [rows, n]";
  if (x.dtype != DType::kFloat32 && x.dtype != DType::kFloat64) return "quantile: expected float32 or float64";
  if (!is_matrix(out, out.dtype, args->nparams - 2, x.extents[0])) return "quantile: the output is not [q, rows]";
  if (out.dtype != x.dtype && out.dtype != DType::kFloat64)
    return "quantile: the output is neither x's dtype nor float64";
  if (!is_whole_within(args->params[0], 0, kMethods)) return "quantile: no such method";
  for (int32_t i = 2; i < args->nparams; ++i)
    if (!(args->params[i] >= 0 && args->params[i] <= 1)) return "quantile: a quantile is not in [0, 1]";
  return nullptr;
}

}  // namespace

void register_quantile(KernelTable& t) { entry(t, BlockKernel::kQuantile) = {check, scratch, run}; }

}  // namespace ndl::block
