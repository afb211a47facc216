// Elements picked by a mask, and the places where a mask is true; both in C order.
#include <cstring>

#include "kernels/block/operand.h"

namespace ndl::block {
namespace {

struct Wide {
  uint64_t low, high;
};

// Calls f(mask row, offsets of the row in the mask and in x, coordinates) for each row along the last axis.
template <class F>
void for_each_row(const BlockOperand& mask, const int64_t* x_strides, const F& f) {
  const int32_t outer = mask.ndim - 1;
  int64_t at[32] = {};
  int64_t m = 0, x = 0;
  for (int32_t i = 0; i < mask.ndim; ++i)
    if (mask.extents[i] == 0) return;
  for (;;) {
    f(static_cast<const uint8_t*>(mask.data) + m, x, at);
    int32_t i = outer - 1;
    for (; i >= 0; --i) {
      m += mask.strides[i];
      x += x_strides[i];
      if (++at[i] < mask.extents[i]) break;
      m -= mask.strides[i] * mask.extents[i];
      x -= x_strides[i] * mask.extents[i];
      at[i] = 0;
    }
    if (i < 0) return;
  }
}

// Eight mask bytes at once: none, all, or some of them.
inline uint64_t eight(const uint8_t* mask) {
  uint64_t word;
  std::memcpy(&word, mask, 8);
  return word;
}
constexpr uint64_t kAllTrue = 0x0101010101010101;

template <class T>
int64_t compress(const BlockArgs* args) {
  const BlockOperand &x = args->in[0], &mask = args->in[1], &out = args->out[0];
  const T* from = static_cast<const T*>(x.data);
  T* to = static_cast<T*>(out.data);
  const int64_t step = out.strides[0];
  int64_t kept = 0;
  if (x.ndim == 0) {
    if (*static_cast<const uint8_t*>(mask.data)) to[kept++] = *from;
    return kept;
  }
  const int64_t n = x.extents[x.ndim - 1], x_step = x.strides[x.ndim - 1], m_step = mask.strides[x.ndim - 1];
  for_each_row(mask, x.strides, [&](const uint8_t* m, int64_t offset, const int64_t*) {
    const T* row = from + offset;
    int64_t i = 0;
    if (m_step == 1) {
      for (; i + 8 <= n; i += 8) {
        const uint64_t bits = eight(m + i);
        if (bits == 0) continue;
        if (bits == kAllTrue) {
          for (int64_t j = 0; j < 8; ++j) to[(kept + j) * step] = row[(i + j) * x_step];
          kept += 8;
          continue;
        }
        // Writes each element where the next kept one goes: kept <= elements seen, so it stays inside.
        for (int64_t j = 0; j < 8; ++j) {
          to[kept * step] = row[(i + j) * x_step];
          kept += m[i + j] != 0;
        }
      }
    }
    for (; i < n; ++i) {
      to[kept * step] = row[i * x_step];
      kept += m[i * m_step] != 0;
    }
  });
  return kept;
}

int32_t run_compress(const BlockArgs* args) {
  int64_t kept = 0;
  switch (item_size(args->in[0].dtype)) {
    case 1: kept = compress<uint8_t>(args); break;
    case 2: kept = compress<uint16_t>(args); break;
    case 4: kept = compress<uint32_t>(args); break;
    case 8: kept = compress<uint64_t>(args); break;
    default: kept = compress<Wide>(args); break;
  }
  *static_cast<int64_t*>(args->out[1].data) = kept;
  return 0;
}

const char* check_compress(const BlockArgs* args) {
  if (args->nin != 2 || args->nout != 2 || args->nparams != 0)
    return "compress: expected x and a mask, the kept elements and their count";
  const BlockOperand &x = args->in[0], &mask = args->in[1];
  if (x.ndim > 32) return "compress: expected at most 32 axes";
  if (mask.dtype != DType::kBool || !same_extents(x, mask)) return "compress: the mask is not a bool of x's shape";
  if (!is_vector(args->out[0], x.dtype, size_of(x))) return "compress: the output is not a row of x's size";
  if (!is_vector(args->out[1], DType::kInt64, 1)) return "compress: the count is not one int64";
  return nullptr;
}

int32_t run_nonzero(const BlockArgs* args) {
  const BlockOperand &mask = args->in[0], &out = args->out[0];
  const int32_t ndim = mask.ndim;
  const int64_t n = mask.extents[ndim - 1], m_step = mask.strides[ndim - 1];
  int64_t* to = static_cast<int64_t*>(out.data);
  const int64_t step = out.strides[0], axis_step = out.strides[1];
  int64_t origin[32];
  for (int32_t d = 0; d < ndim; ++d) origin[d] = static_cast<int64_t>(args->params[d]);
  int64_t found = 0;
  for_each_row(mask, mask.strides, [&](const uint8_t* m, int64_t, const int64_t* at) {
    // Written for each element, kept where the mask is true: no branch to guess, and never behind the end.
    const auto put = [&](int64_t i, bool keep) {
      int64_t* p = to + found * step;
      for (int32_t d = 0; d < ndim - 1; ++d) p[d * axis_step] = origin[d] + at[d];
      p[(ndim - 1) * axis_step] = origin[ndim - 1] + i;
      found += keep;
    };
    int64_t i = 0;
    if (m_step == 1) {
      for (; i + 8 <= n; i += 8) {
        if (eight(m + i) == 0) continue;
        for (int64_t j = i; j < i + 8; ++j) put(j, m[j] != 0);
      }
    }
    for (; i < n; ++i) put(i, m[i * m_step] != 0);
  });
  *static_cast<int64_t*>(args->out[1].data) = found;
  return 0;
}

const char* check_nonzero(const BlockArgs* args) {
  if (args->nin != 1 || args->nout != 2) return "nonzero: expected a mask, the places and their count";
  const BlockOperand& mask = args->in[0];
  if (mask.dtype != DType::kBool) return "nonzero: the mask is not bool";
  if (mask.ndim < 1 || mask.ndim > 32) return "nonzero: expected 1 to 32 axes";
  if (!is_matrix(args->out[0], DType::kInt64, size_of(mask), mask.ndim))
    return "nonzero: the output is not int64 [size, axes]";
  if (!is_vector(args->out[1], DType::kInt64, 1)) return "nonzero: the count is not one int64";
  if (args->nparams != mask.ndim) return "nonzero: expected the block's origin on each axis";
  for (int32_t i = 0; i < args->nparams; ++i)
    if (!is_whole_within(args->params[i], 0, kLargestWhole)) return "nonzero: an origin is not a whole number";
  return nullptr;
}

}  // namespace

void register_select(KernelTable& t) {
  entry(t, BlockKernel::kCompressFlat) = {check_compress, no_scratch, run_compress};
  entry(t, BlockKernel::kNonzero) = {check_nonzero, no_scratch, run_nonzero};
}

}  // namespace ndl::block
