// Cumulative sums and products of a box. Each lane is added from its first element to its last, as NumPy does (float16
// is rounded at each step); lanes run side by side, so that one addition need not wait for the last.
#include <algorithm>

#include "kernels/reduce/lanes.h"
#include "kernels/register.h"
#include "kernels/running.h"

namespace ndl {
namespace {

template <class T>
inline constexpr int64_t kLine = 64 / static_cast<int64_t>(sizeof(T));  // elements of a line of cache

// Lanes side by side: each row is the one above it and what is new.
template <class T, bool product>
void scan_rows(const ScanTile& tile, int64_t pitch) {
  const int64_t n = tile.lanes;
  const T* x = static_cast<const T*>(tile.in);
  T* y = static_cast<T*>(tile.out);
  T* state = static_cast<T*>(tile.state);
  const T* above = state;
  int64_t i = 0;
  if (tile.begins) {
    if (x != y) std::copy(x, x + n, y);
    above = y;
    i = 1;
  }
  for (; i < tile.length; ++i) {
    const T* row = x + i * pitch;
    for (int64_t l = 0; tile.ahead != 0 && l < n; l += kLine<T>) reduce::ask(row + l, tile.ahead, 64);
    T* out = y + i * n;
#pragma GCC ivdep  // in place, an element is read before it is written
    for (int64_t l = 0; l < n; ++l) out[l] = step<T, product>(above[l], row[l]);
    above = out;
  }
  std::copy(above, above + n, state);
}

// kLanes lanes below each other.
template <class T, bool product, int kLanes>
void scan_lanes(const T* x, int64_t pitch, T* y, T* state, int64_t length, bool begins, int64_t ahead) {
  T sum[kLanes];
#pragma GCC unroll 8
  for (int l = 0; l < kLanes; ++l) {
    const T first = x[l * pitch];
    y[l * length] = sum[l] = begins ? first : step<T, product>(state[l], first);
  }
  for (int64_t i = 1; i < length;) {
    for (int l = 0; ahead != 0 && l < kLanes; ++l) reduce::ask(x + l * pitch + i, ahead, 64);
    for (const int64_t end = std::min(length, i + kLine<T>); i < end; ++i) {
      T next[kLanes];
#pragma GCC unroll 8
      for (int l = 0; l < kLanes; ++l) next[l] = x[l * pitch + i];
#pragma GCC unroll 8
      for (int l = 0; l < kLanes; ++l) y[l * length + i] = sum[l] = step<T, product>(sum[l], next[l]);
    }
  }
#pragma GCC unroll 8
  for (int l = 0; l < kLanes; ++l) state[l] = sum[l];
}

template <class T, bool product>
void scan(const ScanTile* tile) {
  if (tile->lanes_inner) return scan_rows<T, product>(*tile, tile->pitch == 0 ? tile->lanes : tile->pitch);
  const int64_t length = tile->length, pitch = tile->pitch == 0 ? length : tile->pitch;
  for (int64_t l = 0; l < tile->lanes;) {
    const T* x = static_cast<const T*>(tile->in) + l * pitch;
    T* y = static_cast<T*>(tile->out) + l * length;
    T* state = static_cast<T*>(tile->state) + l;
    const int64_t left = tile->lanes - l;
    if (left >= 8) scan_lanes<T, product, 8>(x, pitch, y, state, length, tile->begins, tile->ahead), l += 8;
    else if (left >= 2) scan_lanes<T, product, 2>(x, pitch, y, state, length, tile->begins, tile->ahead), l += 2;
    else scan_lanes<T, product, 1>(x, pitch, y, state, length, tile->begins, tile->ahead), l += 1;
  }
}

template <class T>
void add(KernelTable& t, DType dtype) {
  t.scan[static_cast<int>(ScanOp::kSum)][static_cast<int>(dtype)] = scan<T, false>;
  t.scan[static_cast<int>(ScanOp::kProd)][static_cast<int>(dtype)] = scan<T, true>;
}

}  // namespace

// bool has none: the planner casts first.
void register_scan(KernelTable& t) {
  add<uint8_t>(t, DType::kInt8);
  add<uint16_t>(t, DType::kInt16);
  add<uint32_t>(t, DType::kInt32);
  add<uint64_t>(t, DType::kInt64);
  add<uint8_t>(t, DType::kUInt8);
  add<uint16_t>(t, DType::kUInt16);
  add<uint32_t>(t, DType::kUInt32);
  add<uint64_t>(t, DType::kUInt64);
  add<block::Half>(t, DType::kFloat16);
  add<float>(t, DType::kFloat32);
  add<double>(t, DType::kFloat64);
  add<std::complex<float>>(t, DType::kComplex64);
  add<std::complex<double>>(t, DType::kComplex128);
}

}  // namespace ndl
