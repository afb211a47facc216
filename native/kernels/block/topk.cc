// The k first of each row in sorted order: candidates that beat the k-th so far are gathered in a buffer; when it is
// full, the k best of it stay. Equal values keep the order of their columns. Once there is a k-th, whole vectors are
// compared with it, and few runs of elements have one that beats it.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "kernels/block/operand.h"
#include "kernels/block/sort_order.h"
#include "kernels/block/stoppable_sort.h"
#include "kernels/reduce/lanes.h"

namespace ndl::block {
namespace {

template <class T>
struct Candidate {
  T value;
  int64_t column;
};

int64_t wanted(const BlockArgs* args) {
  const double k = args->params[0] < 0 ? -args->params[0] : args->params[0];
  return std::min(static_cast<int64_t>(k), args->in[0].extents[1]);
}
int64_t buffer_size(const BlockArgs* args) {
  return std::min(args->in[0].extents[1], std::max<int64_t>(2 * wanted(args), 256));
}

// Whether a comes before b in the result.
template <bool largest, class T>
inline bool leads(T a, T b) {
  if constexpr (largest) return sorts_before(key_of(b), key_of(a));
  else return sorts_before(key_of(a), key_of(b));
}

constexpr int kAhead = 4096;  // bytes that are asked for before they are read: the processor by itself does not look into the next page

template <class T>
inline constexpr bool kHasVectors = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

// Whether an element of a contiguous run of `kCount` leads `limit`, which is not NaN.
template <class T, bool largest, int kCount>
inline bool any_leads(const T* x, T limit) {
  using Vector = typename reduce::VectorOf<T, reduce::kVectorBytes>::Type;
  using Mask = decltype(Vector{} < Vector{});
  constexpr int kWidth = reduce::kVectorBytes / static_cast<int>(sizeof(T));
  const Vector all = Vector{} + limit;
  Mask found{};
  for (int i = 0; i < kCount; i += kWidth) {
    __builtin_prefetch(reinterpret_cast<const std::byte*>(x + i) + kAhead);
    const Vector v = reduce::load_vector<Vector>(x + i);
    // NaN sorts last: it leads when the largest are wanted.
    if constexpr (largest) found |= ~(v <= all);
    else found |= v < all;
  }
  uint64_t words[reduce::kVectorBytes / 8], any = 0;
  std::memcpy(words, &found, sizeof words);
  for (const uint64_t w : words) any |= w;
  return any != 0;
}

// The first i >= from that is at the start of a run with an element that leads `limit`, or behind all whole runs.
template <class T, bool largest>
int64_t skip_runs(const T* x, int64_t from, int64_t n, T limit) {
  constexpr int kRun = 512 / static_cast<int>(sizeof(T));
  if (limit != limit) {
    if (largest) return n;  // nothing leads NaN
    return from;
  }
  while (from + kRun <= n && !any_leads<T, largest, kRun>(x + from, limit)) from += kRun;
  return from;
}

// False when stopped.
template <class T, bool largest>
bool top_of_row(const T* x, int64_t step, int64_t n, Candidate<T>* buffer, int64_t size, int64_t m, const StopFlag* stop) {
  const auto first = [](const Candidate<T>& a, const Candidate<T>& b) {
    if (leads<largest>(a.value, b.value)) return true;
    return !leads<largest>(b.value, a.value) && a.column < b.column;
  };
  constexpr int64_t kRun = 512 / static_cast<int64_t>(sizeof(T));
  int64_t filled = 0;
  bool full_once = false;
  constexpr int64_t kSkipped = 1 << 18;  // at most before it looks whether to stop
  for (int64_t i = 0; i < n;) {
    if (is_set(stop)) return false;
    if constexpr (kHasVectors<T>)
      if (full_once && step == 1) i = skip_runs<T, largest>(x, i, std::min(n, i + kSkipped), buffer[m - 1].value);
    for (const int64_t end = std::min(n, i + kRun); i < end; ++i) {
      const T value = x[i * step];
      if (full_once && !leads<largest>(value, buffer[m - 1].value)) continue;
      buffer[filled++] = {value, i};
      if (filled == size && i + 1 < n) {
        if (!select_nth(buffer, m - 1, filled, first, stop)) return false;
        filled = m;
        full_once = true;
      }
    }
  }
  if (filled > m && !select_nth(buffer, m - 1, filled, first, stop)) return false;
  return sort_all(buffer, m, first, stop);
}

template <class T>
inline T& element(const BlockOperand& x, int64_t row, int64_t column) {
  return static_cast<T*>(x.data)[row * x.strides[0] + column * x.strides[1]];
}

template <class T, bool largest, bool arg>
int32_t top(const BlockArgs* args) {
  const BlockOperand& x = args->in[0];
  const int64_t m = wanted(args), n = x.extents[1], size = buffer_size(args);
  if (m == 0) return 0;
  auto* buffer = static_cast<Candidate<T>*>(args->scratch);
  const int64_t origin = arg ? static_cast<int64_t>(args->params[1]) : 0;
  for (int64_t row = 0; row < x.extents[0]; ++row) {
    const T* from = static_cast<const T*>(x.data) + row * x.strides[0];
    if (!top_of_row<T, largest>(from, x.strides[1], n, buffer, size, m, args->stop)) return kBlockStopped;
    for (int64_t i = 0; i < m; ++i) {
      const auto [value, column] = buffer[i];
      if constexpr (arg) {
        element<int64_t>(args->out[0], row, i) = args->nin == 2 ? element<int64_t>(args->in[1], row, column) : origin + column;
        if (args->nout == 2) element<T>(args->out[1], row, i) = value;
      } else {
        element<T>(args->out[0], row, i) = value;
      }
    }
  }
  return 0;
}

template <bool arg>
int32_t run(const BlockArgs* args) {
  return with_type(args->in[0].dtype, [&]<class T>() {
    return args->params[0] > 0 ? top<T, true, arg>(args) : top<T, false, arg>(args);
  });
}

int64_t scratch(const BlockArgs* args) {
  return with_type(args->in[0].dtype,
                   [&]<class T>() { return buffer_size(args) * static_cast<int64_t>(sizeof(Candidate<T>)); });
}

template <bool arg>
const char* check(const BlockArgs* args) {
  if (args->nin < 1 || args->nout < 1 || args->nparams != (arg ? 2 : 1))
    return "topk: expected x, the result and k (and for argtopk the first column)";
  if (args->nin > (arg ? 2 : 1) || args->nout > (arg ? 2 : 1)) return "topk: too many operands";
  const BlockOperand& x = args->in[0];
  if (x.ndim != 2) return "topk: expected x [rows, n]";
  if (args->nin == 2 && !is_matrix(args->in[1], DType::kInt64, x.extents[0], x.extents[1]))
    return "argtopk: the indices are not int64 of x's shape";
  if (!is_whole_within(args->params[0], -kLargestWhole, kLargestWhole) || args->params[0] == 0)
    return "topk: k is not a whole number, or 0";
  if (arg && !is_whole_within(args->params[1], 0, kLargestWhole))
    return "argtopk: the first column is not a whole number";
  if (!is_matrix(args->out[0], arg ? DType::kInt64 : x.dtype, x.extents[0], wanted(args)))
    return "topk: the output is not [rows, min(|k|, n)] of its dtype";
  if (args->nout == 2 && !is_matrix(args->out[1], x.dtype, x.extents[0], wanted(args)))
    return "argtopk: the values are not [rows, min(|k|, n)] of x's dtype";
  return nullptr;
}

}  // namespace

void register_topk(KernelTable& t) {
  entry(t, BlockKernel::kTopk) = {check<false>, scratch, run<false>};
  entry(t, BlockKernel::kArgtopk) = {check<true>, scratch, run<true>};
}

}  // namespace ndl::block
