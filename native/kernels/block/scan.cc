// Cumulative sums and products. Each lane is added from its first element to its last, as NumPy does (float16 is
// rounded at each step); lanes run side by side, so that one addition need not wait for the last.
#include <algorithm>

#include "kernels/block/operand.h"
#include "kernels/running.h"

namespace ndl::block {
namespace {

template <class T, bool product>
inline T identity() {
  if constexpr (std::is_same_v<T, Half>) return {static_cast<uint16_t>(product ? 0x3C00 : 0)};
  else return T(product ? 1 : 0);
}

template <class T>
struct Pointers {
  const T* x;
  T* y;
  const T* carry;  // or null
  T* total;        // or null
};
struct Strides {
  int64_t x, y, carry, total;
};
struct Axis {
  int64_t extent;
  Strides by;
};

template <class T>
inline Pointers<T> moved(const Pointers<T>& p, const Strides& by, int64_t n) {
  return {p.x + n * by.x, p.y + n * by.y, p.carry ? p.carry + n * by.carry : nullptr,
          p.total ? p.total + n * by.total : nullptr};
}

template <class T>
inline constexpr int64_t kWidth = 8192 / static_cast<int64_t>(sizeof(T));  // rows of x and y that stay in L1

// Lanes whose elements lie side by side in x and y.
template <class T, bool product>
void scan_side_by_side(const Pointers<T>& at, const Axis& along, const Axis& lanes) {
  constexpr int64_t kLine = 64 / static_cast<int64_t>(sizeof(T));
  constexpr int64_t kAhead = 4;  // rows that are asked for early: the processor does not find them by itself
  const int64_t n = lanes.extent;
  const T* x = at.x;
  T* y = at.y;
  for (int64_t l = 0; l < n; ++l) y[l] = at.carry ? step<T, product>(at.carry[l * lanes.by.carry], x[l]) : x[l];
  for (int64_t i = 1; i < along.extent; ++i) {
    const T* before = y;
    x += along.by.x;
    y += along.by.y;
    if (i + kAhead < along.extent) {
      for (int64_t l = 0; l < n; l += kLine) __builtin_prefetch(x + kAhead * along.by.x + l);
    }
    for (int64_t l = 0; l < n; ++l) y[l] = step<T, product>(before[l], x[l]);
  }
  if (at.total)
    for (int64_t l = 0; l < n; ++l) at.total[l * lanes.by.total] = y[l];
}

// kLanes lanes at any distance.
template <class T, bool product, int kLanes>
void scan_lanes(const Pointers<T>& p, const Axis& along, const Axis& lanes) {
  T sum[kLanes];
#pragma GCC unroll 8
  for (int l = 0; l < kLanes; ++l) {
    const T x = p.x[l * lanes.by.x];
    sum[l] = p.carry ? step<T, product>(p.carry[l * lanes.by.carry], x) : x;
    p.y[l * lanes.by.y] = sum[l];
  }
  const T* x = p.x;
  T* y = p.y;
  for (int64_t i = 1; i < along.extent; ++i) {
    x += along.by.x;
    y += along.by.y;
#pragma GCC unroll 8
    for (int l = 0; l < kLanes; ++l) {
      sum[l] = step<T, product>(sum[l], x[l * lanes.by.x]);
      y[l * lanes.by.y] = sum[l];
    }
  }
  if (p.total)
    for (int l = 0; l < kLanes; ++l) p.total[l * lanes.by.total] = sum[l];
}

// Lanes [first, first + count) with `f`, piece by piece of the axis, each going on from the last row of the one before. False when stopped.
template <class T, class F>
bool scan_pieces(const Pointers<T>& p, const Axis& along, const Axis& lanes, int64_t first, int64_t count, const StopFlag* stop, const F& f) {
  constexpr int64_t kPiece = 1 << 18;
  const int64_t rows = kPiece / count;
  for (int64_t i = 0; i < along.extent; i += rows) {
    if (is_set(stop)) return false;
    const bool last = i + rows >= along.extent;
    const Axis piece{last ? along.extent - i : rows, along.by};
    Pointers<T> at = moved(moved(p, lanes.by, first), along.by, i);
    Strides by = lanes.by;
    if (i > 0) {
      at.carry = at.y - along.by.y;
      by.carry = by.y;
    }
    if (!last) at.total = nullptr;
    f(at, piece, Axis{count, by});
  }
  return true;
}

template <class T, bool product>
bool scan_axis(const Pointers<T>& p, const Axis& along, const Axis& lanes, const StopFlag* stop) {
  if (along.extent == 0) {
    if (p.total)
      for (int64_t l = 0; l < lanes.extent; ++l)
        p.total[l * lanes.by.total] = p.carry ? p.carry[l * lanes.by.carry] : identity<T, product>();
    return true;
  }
  const bool side_by_side = lanes.by.x == 1 && lanes.by.y == 1 && lanes.extent >= 4;
  for (int64_t l = 0; l < lanes.extent;) {
    const int64_t left = lanes.extent - l, count = side_by_side ? std::min(kWidth<T>, left) : left >= 8 ? 8 : left >= 2 ? 2 : 1;
    const auto scanned = side_by_side ? scan_side_by_side<T, product>
                         : count == 8 ? scan_lanes<T, product, 8>
                         : count == 2 ? scan_lanes<T, product, 2>
                                      : scan_lanes<T, product, 1>;
    if (!scan_pieces(p, along, lanes, l, count, stop, scanned)) return false;
    l += count;
  }
  return true;
}

template <class T, bool product>
int32_t scan(const BlockArgs* args) {
  const BlockOperand &x = args->in[0], &y = args->out[0];
  const BlockOperand* carry = args->nin > 1 ? &args->in[1] : nullptr;
  const BlockOperand* total = args->nout > 1 ? &args->out[1] : nullptr;
  const auto axis = static_cast<int32_t>(args->params[0]);
  Pointers<T> p{static_cast<const T*>(x.data), static_cast<T*>(y.data),
                carry ? static_cast<const T*>(carry->data) : nullptr, total ? static_cast<T*>(total->data) : nullptr};
  // The other axes, y's strides falling, joined where they are one run in all operands.
  Axis axes[32];
  int count = 0;
  for (int32_t i = 0; i < x.ndim; ++i) {
    if (i == axis) continue;
    const int32_t j = i < axis ? i : i - 1;
    if (x.extents[i] == 0) return 0;
    if (x.extents[i] == 1) continue;
    const Axis a{x.extents[i],
                 {x.strides[i], y.strides[i], carry ? carry->strides[j] : 0, total ? total->strides[j] : 0}};
    int at = count++;
    for (; at > 0 && std::abs(axes[at - 1].by.y) < std::abs(a.by.y); --at) axes[at] = axes[at - 1];
    axes[at] = a;
  }
  if (count == 0) axes[count++] = {1, {1, 1, 1, 1}};
  int joined = 0;
  for (int i = 1; i < count; ++i) {
    const Axis inner = axes[i];
    const Strides o = axes[joined].by;
    const int64_t n = inner.extent;
    if (o.x == inner.by.x * n && o.y == inner.by.y * n && o.carry == inner.by.carry * n &&
        o.total == inner.by.total * n)
      axes[joined] = {axes[joined].extent * n, inner.by};
    else axes[++joined] = inner;
  }
  count = joined + 1;
  const Axis along{x.extents[axis], {x.strides[axis], y.strides[axis], 0, 0}};
  const Axis lanes = axes[count - 1];
  int64_t at[32] = {};
  for (;;) {
    if (!scan_axis<T, product>(p, along, lanes, args->stop)) return kBlockStopped;
    int i = count - 2;
    for (; i >= 0; --i) {
      p = moved(p, axes[i].by, 1);
      if (++at[i] < axes[i].extent) break;
      p = moved(p, axes[i].by, -axes[i].extent);
      at[i] = 0;
    }
    if (i < 0) return 0;
  }
}

template <bool product>
int32_t run(const BlockArgs* args) {
  return with_type(args->in[0].dtype, [&]<class T>() -> int32_t {
    if constexpr (std::is_same_v<T, bool>) return 0;  // refused by check
    else if constexpr (std::is_integral_v<T>) return scan<std::make_unsigned_t<T>, product>(args);
    else return scan<T, product>(args);
  });
}

bool is_without_axis(const BlockOperand& a, const BlockOperand& x, int32_t axis) {
  if (a.dtype != x.dtype || a.ndim != x.ndim - 1) return false;
  for (int32_t i = 0; i < a.ndim; ++i)
    if (a.extents[i] != x.extents[i < axis ? i : i + 1]) return false;
  return true;
}

const char* check(const BlockArgs* args) {
  if (args->nin < 1 || args->nin > 2 || args->nout < 1 || args->nout > 2 || args->nparams != 1)
    return "scan: expected x and perhaps a carry, y and perhaps a total, and an axis";
  const BlockOperand& x = args->in[0];
  if (x.dtype == DType::kBool) return "scan: bool has none, cast first";
  if (x.ndim < 1 || x.ndim > 32) return "scan: expected 1 to 32 axes";
  if (!is_whole_within(args->params[0], 0, x.ndim - 1)) return "scan: no such axis";
  const auto axis = static_cast<int32_t>(args->params[0]);
  if (args->out[0].dtype != x.dtype || !same_extents(x, args->out[0])) return "scan: y is not like x";
  if (args->nin > 1 && !is_without_axis(args->in[1], x, axis)) return "scan: the carry is not like x without the axis";
  if (args->nout > 1 && !is_without_axis(args->out[1], x, axis))
    return "scan: the total is not like x without the axis";
  return nullptr;
}

}  // namespace

void register_scan(KernelTable& t) {
  entry(t, BlockKernel::kScanSum) = {check, no_scratch, run<false>};
  entry(t, BlockKernel::kScanProd) = {check, no_scratch, run<true>};
}

}  // namespace ndl::block
