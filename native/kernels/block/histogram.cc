// Counts by bins, in one or several dimensions: a block of elements is turned into numbers of bins, vector by vector, and
// these are then counted. Bins of equal width are computed and only checked where the computation comes near an edge; others
// are searched for. Several tables take turns, so that equal elements in a row do not wait for each other's count.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels/block/operand.h"
#include "kernels/map/simd.h"

namespace ndl::block {
namespace {

constexpr int64_t kBlock = 1024;
constexpr int32_t kTables = 4;
constexpr int64_t kFewBins = 2048;  // up to here the tables stay in the first cache
constexpr int64_t kMostBins = int64_t{1} << 30;
constexpr int32_t kMostAxes = 32;

int32_t dimensions(const BlockArgs* args) { return static_cast<int32_t>(args->params[0]); }
const BlockOperand* weights(const BlockArgs* args) {
  return args->nin > 2 * dimensions(args) ? &args->in[2 * dimensions(args)] : nullptr;
}
int64_t bins_of(const BlockOperand& edges) { return edges.extents[0] - 1; }
int64_t all_bins(const BlockArgs* args) {
  int64_t n = 1;
  for (int32_t d = 0; d < dimensions(args); ++d) n *= bins_of(args->in[2 * d + 1]);
  return n;
}
int64_t edge_count(const BlockArgs* args) {
  int64_t n = 0;
  for (int32_t d = 0; d < dimensions(args); ++d) n += args->in[2 * d + 1].extents[0];
  return n;
}
int32_t tables_for(const BlockArgs* args) {
  return weights(args) == nullptr && all_bins(args) <= kFewBins ? kTables : 1;
}

// The bins of one dimension. The last one holds its upper edge too.
template <class T>
struct Bins {
  const T* edges;
  int64_t n;
  double first = 0, scale = 0;  // where bins are of equal width: bin = (x - first) * scale
  double tolerance = 1;         // how near to a whole number that may be wrong; above 0.25 nothing is computed

  // False where the edges do not increase.
  bool init(const T* e, int64_t count) {
    edges = e;
    n = count - 1;
    for (int64_t i = 0; i < n; ++i)
      if (!(edges[i] <= edges[i + 1])) return false;
    if constexpr (std::is_same_v<T, double>) {
      if (edges[0] != edges[0]) return false;
      first = edges[0];
      scale = static_cast<double>(n) / (edges[n] - edges[0]);
      double apart = scale > 0 && std::isfinite(scale) ? 0 : 1;
      for (int64_t i = 0; i <= n && apart < 0.2; ++i)
        apart = std::max(apart, std::abs((edges[i] - first) * scale - static_cast<double>(i)));
      if (apart < 0.2) tolerance = apart + 1e-15 * static_cast<double>(n);
    }
    return true;
  }
  bool even() const { return tolerance < 0.25; }
};

// bin[i] of x[i]; n where there is none. Tells whether some x is so near to an edge that the bins have to be checked.
bool compute_bins(const Bins<double>& bins, const double* x, int64_t count, int32_t* bin) {
  constexpr int kWidth = kLanes<VecD>;
  typedef int32_t Whole __attribute__((vector_size(4 * kWidth)));
  const VecD first = broadcast<VecD>(bins.first), last = broadcast<VecD>(bins.edges[bins.n]), scale = broadcast<VecD>(bins.scale);
  const VecD half = broadcast<VecD>(0.5), round = broadcast<VecD>(0x1.8p52);  // which leaves a small number rounded in the low bits
  const Mask<VecD> none = Mask<VecD>{} + bins.n, low_bits = Mask<VecD>{} + 0xFFFFFFFF;
  VecD least = half, most = half;  // how far from the whole number below
  const auto step = [&](VecD v) {
    const Mask<VecD> inside = (v >= first) & (v <= last);
    const VecD place = inside ? (v - first) * scale : half;
    const VecD shifted = (place - half) + round;
    const VecD rest = place - (shifted - round);
    least = rest < least ? rest : least;
    most = rest > most ? rest : most;
    return __builtin_convertvector(inside ? reinterpret_cast<Mask<VecD>>(shifted) & low_bits : none, Whole);
  };
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) {
    const Whole b = step(load<VecD>(x + i));
    std::memcpy(bin + i, &b, sizeof b);
  }
  if (i < count) {
    VecD v = broadcast<VecD>(std::numeric_limits<double>::quiet_NaN());
    std::memcpy(&v, x + i, static_cast<size_t>(count - i) * sizeof(double));
    const Whole b = step(v);
    std::memcpy(bin + i, &b, static_cast<size_t>(count - i) * sizeof(int32_t));
  }
  return lane_bits<VecD>((least < broadcast<VecD>(bins.tolerance)) | (most > broadcast<VecD>(1 - bins.tolerance))) != 0;
}

// Puts right what compute_bins() missed by one.
void check_bins(const Bins<double>& bins, const double* x, int64_t count, int32_t* bin) {
  const double* edges = bins.edges;
  const int32_t n = static_cast<int32_t>(bins.n);
  const double first = edges[0], last = edges[n];
  for (int64_t i = 0; i < count; ++i) {
    const double v = x[i];
    int32_t b = std::min(bin[i], n - 1);
    b -= (v < edges[b]) & (b > 0);
    b += (v >= edges[b + 1]) & (b < n - 1);
    bin[i] = (v >= first) & (v <= last) ? b : n;
  }
}

// The last bin whose lower edge is not above x, by halving; all elements take a step together.
template <class T>
void search_bins(const Bins<T>& bins, const T* x, int64_t count, int32_t* bin) {
  const T* edges = bins.edges;
  const int32_t n = static_cast<int32_t>(bins.n);
  const T first = edges[0], last = edges[n];
  for (int64_t i = 0; i < count; ++i) bin[i] = 0;
  int32_t step = 1;
  while (2 * step <= n) step *= 2;
  for (; step > 0; step /= 2)
    for (int64_t i = 0; i < count; ++i) {
      const int32_t next = bin[i] + step;
      const int32_t at = std::min(next, n);
      bin[i] += step & -static_cast<int32_t>((next <= n) & (edges[at] <= x[i]));
    }
  for (int64_t i = 0; i < count; ++i) bin[i] = (x[i] >= first) & (x[i] <= last) ? std::min(bin[i], n - 1) : n;
}

template <class T>
void find_bins(const Bins<T>& bins, const T* x, int64_t count, int32_t* bin) {
  if constexpr (std::is_same_v<T, double>) {
    if (bins.even()) {
      if (compute_bins(bins, x, count, bin)) check_bins(bins, x, count, bin);
      return;
    }
  }
  search_bins(bins, x, count, bin);
}

// A run of elements as T; in place where they are that already.
template <class T>
const T* as_type(const BlockOperand& x, int64_t offset, int64_t step, int64_t count, T* room) {
  return with_type(x.dtype, [&]<class X>() -> const T* {
    const X* from = static_cast<const X*>(x.data) + offset;
    if constexpr (std::is_same_v<X, T>) {
      if (step == 1) return from;
    }
    if constexpr (std::is_same_v<X, std::complex<float>> || std::is_same_v<X, std::complex<double>>) {
      return room;  // refused by the check
    } else if constexpr (std::is_same_v<X, Half>) {
      for (int64_t i = 0; i < count; ++i) room[i] = static_cast<T>(half_to_float(from[i * step].bits));
    } else {
      if (step == 1) for (int64_t i = 0; i < count; ++i) room[i] = static_cast<T>(from[i]);
      else for (int64_t i = 0; i < count; ++i) room[i] = static_cast<T>(from[i * step]);
    }
    return room;
  });
}

// Calls f.operator()<T>() with the type in which elements and edges are compared.
template <class F>
auto with_edge_type(DType d, const F& f) {
  if (d == DType::kInt64) return f.template operator()<int64_t>();
  if (d == DType::kUInt64) return f.template operator()<uint64_t>();
  return f.template operator()<double>();
}

struct Scratch {
  int32_t* bin;       // of the block's elements, over all dimensions
  int32_t* next;      // of one dimension
  void* values;       // kBlock of 8 bytes
  double* weights;    // kBlock
  void* edges;        // those of all dimensions, contiguous
  Bins<double>* bins;  // of each dimension
  void* tables;       // all_bins + 1 counts each; the last is of what lies in no bin
};
int64_t layout(const BlockArgs* args, std::byte* base, Scratch* s) {
  int64_t at = 0;
  const auto take = [&](int64_t bytes) {
    std::byte* p = base + at;
    at += (bytes + 63) / 64 * 64;
    return p;
  };
  Scratch made{};
  made.bin = reinterpret_cast<int32_t*>(take(kBlock * 4));
  made.next = reinterpret_cast<int32_t*>(take(kBlock * 4));
  made.values = take(kBlock * 8);
  made.weights = reinterpret_cast<double*>(take(kBlock * 8));
  made.edges = take(edge_count(args) * 8);
  made.bins = reinterpret_cast<Bins<double>*>(take(dimensions(args) * static_cast<int64_t>(sizeof(Bins<double>))));
  made.tables = take((all_bins(args) + 1) * (weights(args) == nullptr ? 4 * tables_for(args) : 8));
  if (s != nullptr) *s = made;
  return at;
}

void count_bins(const int32_t* bin, int64_t count, uint32_t* tables, int64_t stride, int32_t n) {
  int64_t i = 0;
  if (n == kTables) {
    uint32_t *a = tables, *b = a + stride, *c = b + stride, *d = c + stride;
    for (; i + kTables <= count; i += kTables) {
      ++a[bin[i]];
      ++b[bin[i + 1]];
      ++c[bin[i + 2]];
      ++d[bin[i + 3]];
    }
  }
  for (; i < count; ++i) ++tables[bin[i]];
}

// Axes of a box as they are walked: those that lie behind each other for all operands are one.
struct Box {
  int32_t ndim = 0;
  int64_t extents[kMostAxes] = {};
  int32_t axis[kMostAxes] = {};  // the innermost of the operands' axes that it is made of
};
Box merge_axes(const BlockArgs* args) {
  const BlockOperand& x = args->in[0];
  const int32_t last = args->nin - 1, d = dimensions(args);
  const auto joined = [&](int32_t outer, int32_t inner) {
    for (int32_t i = 0; i <= last; i += i == 2 * d ? 1 : 2) {
      const BlockOperand& o = args->in[i];
      if (o.strides[outer] != o.strides[inner] * o.extents[inner]) return false;
    }
    return true;
  };
  Box box;
  for (int32_t a = 0; a < x.ndim; ++a) {
    if (x.extents[a] == 1) continue;
    // Only neighbours can be joined, and then the outer stride is the inner one times what lies between.
    if (box.ndim > 0 && box.axis[box.ndim - 1] == a - 1 && joined(a - 1, a)) {
      box.extents[box.ndim - 1] *= x.extents[a];
      box.axis[box.ndim - 1] = a;
    } else {
      box.extents[box.ndim] = x.extents[a];
      box.axis[box.ndim++] = a;
    }
  }
  if (box.ndim == 0) box.ndim = 1, box.extents[0] = 1, box.axis[0] = -1;
  return box;
}

int64_t stride_of(const BlockOperand& x, int32_t axis) { return axis < 0 ? 0 : x.strides[axis]; }

class Histogram {
 public:
  explicit Histogram(const BlockArgs* args) : args_(args), box_(merge_axes(args)) {
    layout(args, static_cast<std::byte*>(args->scratch), &s_);
  }

  int32_t run() {
    const int64_t n = all_bins(args_);
    const int32_t tables = tables_for(args_);
    const BlockOperand* w = weights(args_);
    if (!take_edges()) return kBlockBins;
    std::memset(s_.tables, 0, static_cast<size_t>((n + 1) * (w == nullptr ? 4 * tables : 8)));
    if (size_of(args_->in[0]) > 0 && !walk()) return kBlockStopped;
    const BlockOperand& out = args_->out[0];
    const int64_t step = out.strides[0];
    if (w != nullptr) {
      for (int64_t i = 0; i < n; ++i) static_cast<double*>(out.data)[i * step] = static_cast<double*>(s_.tables)[i];
      return 0;
    }
    const uint32_t* counts = static_cast<uint32_t*>(s_.tables);
    for (int64_t i = 0; i < n; ++i) {
      int64_t sum = 0;
      for (int32_t t = 0; t < tables; ++t) sum += counts[t * (n + 1) + i];
      static_cast<int64_t*>(out.data)[i * step] = sum;
    }
    return 0;
  }

 private:
  bool take_edges() {
    std::byte* room = static_cast<std::byte*>(s_.edges);
    for (int32_t d = 0; d < dimensions(args_); ++d) {
      const BlockOperand& edges = args_->in[2 * d + 1];
      for (int64_t i = 0; i < edges.extents[0]; ++i)
        std::memcpy(room + i * 8, static_cast<std::byte*>(edges.data) + i * edges.strides[0] * 8, 8);
      const bool fine = with_edge_type(edges.dtype, [&]<class T>() {
        Bins<T> bins{};
        const bool increasing = bins.init(reinterpret_cast<const T*>(room), edges.extents[0]);
        if constexpr (std::is_same_v<T, double>) s_.bins[d] = bins;
        return increasing;
      });
      if (!fine) return false;
      room += edges.extents[0] * 8;
    }
    return true;
  }

  // False when it was stopped.
  bool walk() {
    const int32_t inner = box_.ndim - 1;
    int64_t at[kMostAxes] = {};
    for (;;) {
      for (int64_t i = 0; i < box_.extents[inner]; i += kBlock) {
        if (is_set(args_->stop)) return false;
        at[inner] = i;
        block(at, std::min(kBlock, box_.extents[inner] - i));
      }
      int32_t a = inner - 1;
      for (; a >= 0; --a) {
        if (++at[a] < box_.extents[a]) break;
        at[a] = 0;
      }
      if (a < 0) return true;
    }
  }

  int64_t offset_of(const BlockOperand& x, const int64_t* at) const {
    int64_t offset = 0;
    for (int32_t a = 0; a < box_.ndim; ++a) offset += at[a] * stride_of(x, box_.axis[a]);
    return offset;
  }

  void block(const int64_t* at, int64_t count) {
    const int32_t d = dimensions(args_), inner = box_.axis[box_.ndim - 1];
    const int32_t none = static_cast<int32_t>(all_bins(args_));
    const std::byte* edges = static_cast<std::byte*>(s_.edges);
    for (int32_t k = 0; k < d; ++k) {
      const BlockOperand &x = args_->in[2 * k], &e = args_->in[2 * k + 1];
      const int32_t n = static_cast<int32_t>(bins_of(e));
      int32_t* bin = k == 0 ? s_.bin : s_.next;
      with_edge_type(e.dtype, [&]<class T>() {
        const T* values = as_type<T>(x, offset_of(x, at), stride_of(x, inner), count, static_cast<T*>(s_.values));
        if constexpr (std::is_same_v<T, double>) find_bins(s_.bins[k], values, count, bin);
        else find_bins(Bins<T>{reinterpret_cast<const T*>(edges), n}, values, count, bin);
      });
      edges += e.extents[0] * 8;
      if (d == 1) break;
      if (k == 0) for (int64_t i = 0; i < count; ++i) bin[i] = bin[i] == n ? none : bin[i];
      else for (int64_t i = 0; i < count; ++i) s_.bin[i] = (s_.bin[i] == none) | (bin[i] == n) ? none : s_.bin[i] * n + bin[i];
    }
    if (const BlockOperand* w = weights(args_)) {
      const double* by = as_type<double>(*w, offset_of(*w, at), stride_of(*w, inner), count, s_.weights);
      double* table = static_cast<double*>(s_.tables);
      for (int64_t i = 0; i < count; ++i) table[s_.bin[i]] += by[i];
    } else {
      count_bins(s_.bin, count, static_cast<uint32_t*>(s_.tables), none + 1, tables_for(args_));
    }
  }

  const BlockArgs* args_;
  Box box_;
  Scratch s_{};
};

int32_t run(const BlockArgs* args) { return Histogram(args).run(); }

int64_t scratch(const BlockArgs* args) { return layout(args, nullptr, nullptr); }

const char* check(const BlockArgs* args) {
  if (args->nparams != 1 || !is_whole_within(args->params[0], 1, kMostAxes)) return "histogram: expected a number of dimensions";
  const int32_t d = dimensions(args);
  if ((args->nin != 2 * d && args->nin != 2 * d + 1) || args->nout != 1)
    return "histogram: expected elements and edges of each dimension, perhaps weights, and the counts";
  const BlockOperand& x = args->in[0];
  const auto is_real = [](DType t) { return t != DType::kComplex64 && t != DType::kComplex128; };
  if (x.ndim > kMostAxes) return "histogram: expected at most 32 axes";
  if (size_of(x) >= int64_t{1} << 32) return "histogram: expected fewer than 2^32 elements";
  double bins = 1;
  for (int32_t k = 0; k < d; ++k) {
    const BlockOperand& e = args->in[2 * k + 1];
    if (!is_real(args->in[2 * k].dtype) || !same_extents(args->in[2 * k], x))
      return "histogram: expected real elements of one shape in each dimension";
    if (e.ndim != 1 || e.extents[0] < 2 || (e.dtype != DType::kFloat64 && e.dtype != DType::kInt64 && e.dtype != DType::kUInt64))
      return "histogram: expected two edges or more, float64, int64 or uint64";
    bins *= static_cast<double>(bins_of(e));
  }
  if (bins > static_cast<double>(kMostBins)) return "histogram: too many bins";
  const BlockOperand* w = weights(args);
  if (w != nullptr && (!is_real(w->dtype) || !same_extents(*w, x))) return "histogram: the weights are not real numbers of x's shape";
  if (!is_vector(args->out[0], w == nullptr ? DType::kInt64 : DType::kFloat64, all_bins(args)))
    return "histogram: the output is not a row of counts";
  return nullptr;
}

}  // namespace

void register_histogram(KernelTable& t) { entry(t, BlockKernel::kHistogram) = {check, scratch, run}; }

}  // namespace ndl::block
