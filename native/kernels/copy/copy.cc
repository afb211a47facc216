// Copies of a box with any strides. The axes are put in the destination's order and joined where they are one run;
// what is left is a loop over runs, or over transpositions when the source runs along another axis.
#include <cstring>
#include <utility>

#include "kernels/copy/copy.h"
#include "kernels/copy/transpose.h"
#include "kernels/register.h"

namespace ndl {
namespace copy {
namespace {

constexpr int kMaxAxes = 32;

struct Axis {
  int64_t extent, dst, src;
};

// `step` bytes at a time, the last ones overlapping: for a short run cheaper than a call.
template <int64_t step>
inline void copy_steps(char* __restrict dst, const char* __restrict src, int64_t bytes) {
  for (int64_t i = 0; i < bytes - step; i += step) std::memcpy(dst + i, src + i, step);
  std::memcpy(dst + bytes - step, src + bytes - step, step);
}

// One run of n elements; dst_stride > 0.
template <class T>
inline void copy_run(T* __restrict dst, int64_t dst_stride, const T* __restrict src, int64_t src_stride, int64_t n) {
  if (dst_stride == 1) {
    switch (src_stride) {
      case 1: {
        const int64_t bytes = n * static_cast<int64_t>(sizeof(T));
        if (bytes > 512) {
          std::memcpy(dst, src, static_cast<size_t>(bytes));
          return;
        }
        char* d = reinterpret_cast<char*>(dst);
        const char* s = reinterpret_cast<const char*>(src);
        if (bytes >= 64) return copy_steps<64>(d, s, bytes);
        if (bytes >= 32) return copy_steps<32>(d, s, bytes);
        for (int64_t i = 0; i < n; ++i) dst[i] = src[i];
        return;
      }
      case 0: {
        const T value = *src;
        for (int64_t i = 0; i < n; ++i) dst[i] = value;
        return;
      }
      case -1:
        for (int64_t i = 0; i < n; ++i) dst[i] = src[-i];
        return;
      case 2:
        for (int64_t i = 0; i < n; ++i) dst[i] = src[2 * i];
        return;
      default: break;
    }
  }
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {  // four loads in flight; a gather is no faster
    const T a = src[0], b = src[src_stride], c = src[2 * src_stride], d = src[3 * src_stride];
    dst[0] = a;
    dst[dst_stride] = b;
    dst[2 * dst_stride] = c;
    dst[3 * dst_stride] = d;
    src += 4 * src_stride;
    dst += 4 * dst_stride;
  }
  for (; i < n; ++i, src += src_stride, dst += dst_stride) *dst = *src;
}

// Calls f(dst, src) for each position of the axes [0, count).
template <class T, class F>
inline void for_each(T* dst, const T* src, const Axis* axes, int count, const F& f) {
  if (count == 0) return f(dst, src);
  if (count == 1) {
    for (int64_t i = 0; i < axes[0].extent; ++i) f(dst + i * axes[0].dst, src + i * axes[0].src);
    return;
  }
  int64_t at[kMaxAxes] = {};
  for (;;) {
    f(dst, src);
    int axis = count - 1;
    for (; axis >= 0; --axis) {
      dst += axes[axis].dst;
      src += axes[axis].src;
      if (++at[axis] < axes[axis].extent) break;
      dst -= axes[axis].dst * axes[axis].extent;
      src -= axes[axis].src * axes[axis].extent;
      at[axis] = 0;
    }
    if (axis < 0) return;
  }
}

template <class T>
void copy(void* dst_memory, const int64_t* dst_strides, const void* src_memory, const int64_t* src_strides,
          const int64_t* extents, int32_t ndim) {
  T* dst = static_cast<T*>(dst_memory);
  const T* src = static_cast<const T*>(src_memory);
  // Axes longer than 1, the destination's strides made positive and falling.
  Axis axes[kMaxAxes];
  int count = 0;
  for (int32_t i = 0; i < ndim; ++i) {
    if (extents[i] == 0) return;
    if (extents[i] == 1) continue;
    Axis a{extents[i], dst_strides[i], src_strides[i]};
    if (a.dst < 0) {
      dst += a.dst * (a.extent - 1);
      src += a.src * (a.extent - 1);
      a.dst = -a.dst;
      a.src = -a.src;
    }
    int at = count++;
    for (; at > 0 && axes[at - 1].dst < a.dst; --at) axes[at] = axes[at - 1];
    axes[at] = a;
  }
  if (count == 0) {
    *dst = *src;
    return;
  }
  int joined = 0;
  for (int i = 1; i < count; ++i) {
    const Axis inner = axes[i];
    Axis& outer = axes[joined];
    if (outer.dst == inner.dst * inner.extent && outer.src == inner.src * inner.extent)
      outer = {outer.extent * inner.extent, inner.dst, inner.src};
    else axes[++joined] = inner;
  }
  count = joined + 1;
  const Axis run = axes[count - 1];

  if (run.dst == 1 && run.src != 1 && run.src != -1 && run.src != 0) {
    for (int i = count - 2; i >= 0; --i) {
      if (axes[i].src != 1 && axes[i].src != -1) continue;
      Axis across = axes[i];
      for (int j = i; j < count - 2; ++j) axes[j] = axes[j + 1];
      if (across.src == -1) {  // walk it the other way
        dst += across.dst * (across.extent - 1);
        src -= across.extent - 1;
        across.dst = -across.dst;
      }
      for_each(dst, src, axes, count - 2,
               [&](T* d, const T* s) { transpose(s, run.src, d, across.dst, across.extent, run.extent); });
      return;
    }
  }
  for_each(dst, src, axes, count - 1, [&](T* d, const T* s) { copy_run(d, run.dst, s, run.src, run.extent); });
}

}  // namespace

CopyFn copy_for(int64_t item_bytes) {
  switch (item_bytes) {
    case 1: return copy<uint8_t>;
    case 2: return copy<uint16_t>;
    case 4: return copy<uint32_t>;
    case 8: return copy<uint64_t>;
    default: return copy<Wide>;
  }
}

}  // namespace copy

void register_copy(KernelTable& t) {
  for (int i = 0; i < 5; ++i) t.copy[i] = copy::copy_for(int64_t{1} << i);
}

}  // namespace ndl
