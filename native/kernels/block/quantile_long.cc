// Quantiles of one long row by three kernels, exactly and in one pass over it. Of a sample two elements are taken for each
// quantile, so far apart that the quantile lies between them, but for a chance that is far below any other of going wrong.
// Then each cell of the row counts what is below and collects what is between; and from these the quantile is selected. Where the
// counts tell that it lies elsewhere, or that too much is between, the last kernel says so and the row is sorted as a whole.
//
// Elements are compared as the integers that order them, where -0 comes before +0: what is found does not depend on the
// order in which cells leave what they collect.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/block/operand.h"
#include "kernels/block/quantile_place.h"
#include "kernels/map/simd.h"

namespace ndl::block {
namespace {

constexpr int32_t kMostQuantiles = 6;  // in one pass
constexpr double kDeviations = 5, kSlack = 8;
constexpr int64_t kBlock = 1024;
constexpr int64_t kStage = 512;        // elements of a bracket that a cell gathers before they go to the others'
constexpr int64_t kFew = 4096;         // elements that are sorted
constexpr int kDigit = 11;

template <class T>
using KeyOf = std::conditional_t<sizeof(T) == 8, int64_t, int32_t>;

// The same for an integer and for a vector of them; its own inverse.
template <class T, class K>
inline K ordered(K bits) {
  return bits ^ ((bits >> (8 * sizeof(T) - 1)) & std::numeric_limits<KeyOf<T>>::max());
}
template <class T>
inline KeyOf<T> key_from(T x) {
  return ordered<T>(std::bit_cast<KeyOf<T>>(x));
}
template <class T>
inline T value_from(KeyOf<T> key) {
  return std::bit_cast<T>(ordered<T>(key));
}

template <class F>
auto with_float(DType d, const F& f) {
  if (d == DType::kFloat32) return f.template operator()<float>();
  return f.template operator()<double>();
}
bool is_float(DType d) { return d == DType::kFloat32 || d == DType::kFloat64; }

template <class T>
T* row_of(const BlockOperand& x, int64_t row) {
  return static_cast<T*>(x.data) + row * x.strides[0];
}

// ---- brackets ----

// Sorts keys[0, n) by digits, lowest first; digits that all share are skipped. Null when it was stopped. `other` has room for n.
template <class K>
K* sort_keys(K* keys, K* other, int64_t n, const StopFlag* stop) {
  using U = std::make_unsigned_t<K>;
  constexpr U kSign = U{1} << (8 * sizeof(K) - 1);
  for (int shift = 0; shift < static_cast<int>(8 * sizeof(K)); shift += kDigit) {
    const auto digit = [&](K k) { return ((static_cast<U>(k) ^ kSign) >> shift) & ((1 << kDigit) - 1); };
    if (is_set(stop)) return nullptr;
    uint32_t start[1 << kDigit] = {};
    for (int64_t i = 0; i < n; ++i) ++start[digit(keys[i])];
    if (n > 0 && start[digit(keys[0])] == n) continue;
    uint32_t sum = 0;
    for (uint32_t& s : start) sum += std::exchange(s, sum);
    for (int64_t i = 0; i < n; ++i) other[start[digit(keys[i])]++] = keys[i];
    std::swap(keys, other);
  }
  return keys;
}

template <class T>
int32_t brackets(const BlockArgs* args) {
  const BlockOperand& x = args->in[0];
  auto* keys = static_cast<KeyOf<T>*>(args->scratch);
  int64_t n = 0;
  for (int64_t i = 0; i < x.extents[0]; ++i) {
    const T v = static_cast<const T*>(x.data)[i * x.strides[0]];
    keys[n] = key_from(v);
    n += v == v;
  }
  const auto* sorted = sort_keys(keys, keys + x.extents[0], n, args->stop);
  if (sorted == nullptr) return kBlockStopped;
  for (int32_t j = 0; j < args->nparams; ++j) {
    const double q = args->params[j], size = static_cast<double>(n);
    const double margin = kDeviations * std::sqrt(size * q * (1 - q)) + kSlack;
    const double low = std::floor(q * (size - 1) - margin), high = std::ceil(q * (size - 1) + margin);
    T* bracket = row_of<T>(args->out[0], j);
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    bracket[0] = low < 0 ? -kInfinity : value_from<T>(sorted[static_cast<int64_t>(low)]);
    bracket[args->out[0].strides[1]] = high >= size ? kInfinity : value_from<T>(sorted[static_cast<int64_t>(high)]);
    *row_of<int64_t>(args->out[1], j) = 0;
  }
  return 0;
}

int32_t run_brackets(const BlockArgs* args) {
  return with_float(args->in[0].dtype, [&]<class T>() { return brackets<T>(args); });
}

int64_t scratch_brackets(const BlockArgs* args) { return 2 * args->in[0].extents[0] * item_size(args->in[0].dtype); }

bool are_quantiles(const BlockArgs* args, int32_t first) {
  for (int32_t i = first; i < args->nparams; ++i)
    if (!(args->params[i] >= 0 && args->params[i] <= 1)) return false;
  return true;
}

const char* check_brackets(const BlockArgs* args) {
  if (args->nin != 1 || args->nout != 2 || args->nparams < 1 || args->nparams > kMostQuantiles)
    return "quantile brackets: expected a sample, the brackets, counts, and up to 6 quantiles";
  const BlockOperand& x = args->in[0];
  if (x.ndim != 1 || !is_float(x.dtype) || x.extents[0] >= int64_t{1} << 31)
    return "quantile brackets: expected a row of float32 or float64, shorter than 2^31";
  if (!is_matrix(args->out[0], x.dtype, args->nparams, 2)) return "quantile brackets: the output is not [q, 2] of x's dtype";
  if (!is_vector(args->out[1], DType::kInt64, args->nparams)) return "quantile brackets: the counts are not int64 [q]";
  return are_quantiles(args, 0) ? nullptr : "quantile brackets: a quantile is not in [0, 1]";
}

// ---- collecting ----

// Columns of what a cell counts: its numbers, then for each bracket.
enum Column : int32_t { kNumbers, kBelow = 1, kAtLow, kAtHigh, kPerBracket = 3 };

template <class T>
struct CollectScratch {
  T block[kBlock];
  T stage[kMostQuantiles][kStage];
};

// kCount brackets.
template <class T, int kCount>
class Collector {
 public:
  using Key = KeyOf<T>;
  using V = Vec<T>;
  using M = Mask<V>;

  explicit Collector(const BlockArgs* args) : args_(args), scratch_(static_cast<CollectScratch<T>*>(args->scratch)) {
    for (int j = 0; j < kCount; ++j) {
      const T* bracket = row_of<T>(args->in[1], j);
      low_[j] = key_from(bracket[0]);
      high_[j] = key_from(bracket[args->in[1].strides[1]]);
    }
  }

  int32_t run() {
    const BlockOperand& x = args_->in[0];
    const T* from = static_cast<const T*>(x.data);
    const int64_t n = x.extents[0], step = x.strides[0];
    for (int64_t i = 0; i < n; i += kBlock) {
      if (is_set(args_->stop)) return kBlockStopped;
      const int64_t count = std::min(kBlock, n - i);
      if (step == 1 && count == kBlock) {
        block(from + i);
        continue;
      }
      for (int64_t k = 0; k < count; ++k) scratch_->block[k] = from[(i + k) * step];
      std::fill(scratch_->block + count, scratch_->block + kBlock, std::numeric_limits<T>::quiet_NaN());
      block(scratch_->block);
    }
    int64_t* counts = static_cast<int64_t*>(args_->out[0].data);
    const int64_t column = args_->out[0].strides[0];
    const int64_t numbers = sum(numbers_);
    counts[kNumbers * column] = numbers;
    for (int j = 0; j < kCount; ++j) {
      flush(j);
      int64_t* c = counts + j * kPerBracket * column;
      c[kBelow * column] = numbers - sum(not_below_[j]);
      c[kAtLow * column] = at_low_[j];
      c[kAtHigh * column] = at_high_[j];
    }
    return 0;
  }

 private:
  static int64_t sum(M lanes) {
    int64_t total = 0;
    for (int i = 0; i < kLanes<V>; ++i) total += lanes[i];
    return total;
  }

  void block(const T* x) {
    M numbers = numbers_, not_below[kCount], low[kCount], high[kCount];
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) not_below[j] = not_below_[j], low[j] = M{} + low_[j], high[j] = M{} + high_[j];
    uint64_t between[kBlock / 64];
    for (int64_t i = 0; i < kBlock; i += 64) {
      uint64_t word = 0;
#pragma GCC unroll 2
      for (int k = 0; k < 64; k += kLanes<V>) {
        const V v = load<V>(x + i + k);
        const M key = ordered<T>(bits_of(v));
        const M is_number = v == v;
        M inside{};
        numbers -= is_number;
#pragma GCC unroll 8
        for (int j = 0; j < kCount; ++j) {
          const M above = key >= low[j];
          not_below[j] -= above & is_number;
          inside |= above & (key <= high[j]);
        }
        word |= static_cast<uint64_t>(lane_bits<V>(inside)) << k;
      }
      between[i / 64] = word;
    }
    numbers_ = numbers;
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) not_below_[j] = not_below[j];
    for (int64_t i = 0; i < kBlock; i += 64)
      for (uint64_t word = between[i / 64]; word != 0; word &= word - 1) collect(x[i + std::countr_zero(word)]);
  }

  void collect(T v) {
    const Key key = key_from(v);
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) {
      if (key < low_[j] || key > high_[j]) continue;
      if (key == low_[j]) {
        ++at_low_[j];
      } else if (key == high_[j]) {
        ++at_high_[j];
      } else {
        scratch_->stage[j][staged_[j]++] = v;
        if (staged_[j] == kStage) flush(j);
      }
    }
  }

  // Cells share the room of a bracket. Where it ends only the count goes on.
  void flush(int j) {
    const int64_t n = std::exchange(staged_[j], 0);
    const BlockOperand& pool = args_->out[1];
    const int64_t at = std::atomic_ref<int64_t>(*row_of<int64_t>(args_->out[2], j)).fetch_add(n, std::memory_order_relaxed);
    if (at + n <= pool.extents[1]) std::memcpy(row_of<T>(pool, j) + at, scratch_->stage[j], static_cast<size_t>(n) * sizeof(T));
  }

  const BlockArgs* args_;
  CollectScratch<T>* scratch_;
  Key low_[kCount], high_[kCount];
  M numbers_{}, not_below_[kCount]{};
  int64_t at_low_[kCount]{}, at_high_[kCount]{}, staged_[kCount]{};
};

int32_t run_collect(const BlockArgs* args) {
  return with_float(args->in[0].dtype, [&]<class T>() {
    switch (args->in[1].extents[0]) {
      case 1: return Collector<T, 1>(args).run();
      case 2: return Collector<T, 2>(args).run();
      case 3: return Collector<T, 3>(args).run();
      case 4: return Collector<T, 4>(args).run();
      case 5: return Collector<T, 5>(args).run();
      default: return Collector<T, 6>(args).run();
    }
  });
}

int64_t scratch_collect(const BlockArgs* args) {
  return with_float(args->in[0].dtype, []<class T>() { return static_cast<int64_t>(sizeof(CollectScratch<T>)); });
}

const char* check_collect(const BlockArgs* args) {
  if (args->nin != 2 || args->nout != 3 || args->nparams != 0)
    return "quantile candidates: expected x, brackets, the counts, the candidates and how many there are";
  const BlockOperand &x = args->in[0], &brackets = args->in[1];
  if (x.ndim != 1 || !is_float(x.dtype) || x.extents[0] >= int64_t{1} << 31)
    return "quantile candidates: expected a row of float32 or float64, shorter than 2^31";
  if (brackets.ndim != 2) return "quantile candidates: the brackets are not [q, 2] of x's dtype";
  const int64_t q = brackets.extents[0];
  if (q < 1 || q > kMostQuantiles || !is_matrix(brackets, x.dtype, q, 2))
    return "quantile candidates: the brackets are not [q, 2] of x's dtype";
  const BlockOperand& pool = args->out[1];
  if (!is_vector(args->out[0], DType::kInt64, 1 + kPerBracket * q)) return "quantile candidates: the counts are not int64 [1 + 3q]";
  if (pool.ndim != 2 || !is_matrix(pool, x.dtype, q, pool.extents[1]) || (pool.strides[1] != 1 && pool.extents[1] > 1))
    return "quantile candidates: the room is not [q, n] of x's dtype, row by row";
  if (!is_vector(args->out[2], DType::kInt64, q)) return "quantile candidates: how many there are is not int64 [q]";
  return nullptr;
}

// ---- selecting ----

template <class K>
struct SelectScratch {
  int64_t counts[1 << kDigit];
  K few[kFew];
};

// Finds elements by their rank among the candidates, which lie between low and high.
template <class T>
class Selector {
 public:
  using Key = KeyOf<T>;
  using Unsigned = std::make_unsigned_t<Key>;

  Selector(const T* x, int64_t n, Key low, Key high, SelectScratch<Key>* scratch, const StopFlag* stop)
      : x_(x), n_(n), low_(low), high_(high), scratch_(scratch), stop_(stop) {}

  // Whether the call was stopped; elements have no meaning then.
  bool stopped() const { return stopped_; }

  T at(int64_t rank) {
    if (rank < first_ || rank >= first_ + known_) narrow(rank);
    if (stopped_) return T(0);
    if (single_) return value_from<T>(scratch_->few[0]);
    Key* few = scratch_->few;
    std::nth_element(few, few + (rank - first_), few + known_);
    return value_from<T>(few[rank - first_]);
  }

 private:
  // Halves the range of keys 11 times at once, until few elements are in it or they are all the same.
  void narrow(int64_t rank) {
    Unsigned base = static_cast<Unsigned>(low_), width = static_cast<Unsigned>(high_) - base;
    int64_t below = 0;
    for (;;) {
      const int shift = std::max(0, static_cast<int>(std::bit_width(width)) - kDigit);
      std::fill(std::begin(scratch_->counts), std::end(scratch_->counts), 0);
      stopped_ = !in_pieces(n_, stop_, [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) {
          const Unsigned k = static_cast<Unsigned>(key_from(x_[i])) - base;
          if (k <= width) ++scratch_->counts[k >> shift];
        }
      });
      if (stopped_) return;
      Unsigned digit = 0;
      while (digit >> kDigit == 0 && below + scratch_->counts[digit] <= rank) below += scratch_->counts[digit++];
      if (digit >> kDigit != 0) {  // fewer candidates than were counted: no plan of ours
        first_ = rank, known_ = 1, single_ = true, scratch_->few[0] = high_;
        return;
      }
      const int64_t count = scratch_->counts[digit];
      base += digit << shift;
      width = (Unsigned{1} << shift) - 1;
      first_ = below;
      known_ = count;
      single_ = shift == 0;
      if (single_) {
        scratch_->few[0] = static_cast<Key>(base);
        return;
      }
      if (count > kFew) continue;
      int64_t taken = 0;
      for (int64_t i = 0; i < n_; ++i) {
        const Key key = key_from(x_[i]);
        if (static_cast<Unsigned>(key) - base <= width) scratch_->few[taken++] = key;
      }
      return;
    }
  }

  const T* x_;
  int64_t n_;
  Key low_, high_;
  SelectScratch<Key>* scratch_;
  const StopFlag* stop_;
  // Ranks [first_, first_ + known_) are those in `few`; all the same when single_.
  int64_t first_ = 0, known_ = 0;
  bool single_ = false, stopped_ = false;
};

template <class T, class R>
int32_t select(const BlockArgs* args) {
  const int method = static_cast<int>(args->params[0]);
  const bool skip_nan = args->params[1] != 0;
  const double all = args->params[2], q = args->params[4];
  const auto bracket = static_cast<int32_t>(args->params[3]);
  const BlockOperand &counts = args->in[0], &pool = args->in[2];
  int64_t total[1 + kPerBracket] = {};
  for (int64_t cell = 0; cell < counts.extents[0]; ++cell)
    for (int32_t c = 0; c <= kPerBracket; ++c)
      total[c] += row_of<int64_t>(counts, cell)[(c == kNumbers ? 0 : bracket * kPerBracket + c) * counts.strides[1]];
  R* out = static_cast<R*>(args->out[0].data);
  const int64_t numbers = total[kNumbers];
  if (numbers == 0 || (static_cast<double>(numbers) < all && !skip_nan)) {
    *out = std::numeric_limits<R>::quiet_NaN();
    return 0;
  }
  const int64_t inside = *row_of<int64_t>(args->in[3], bracket);
  if (inside > pool.extents[1]) return kBlockSample;
  const T* ends = row_of<T>(args->in[1], bracket);
  const T low = ends[0], high = ends[args->in[1].strides[1]];
  Selector<T> selector(row_of<T>(pool, bracket), inside, key_from(low), key_from(high),
                       static_cast<SelectScratch<KeyOf<T>>*>(args->scratch), args->stop);
  bool missed = false;
  const auto value_at = [&](int64_t rank) {
    rank -= total[kBelow];
    missed |= rank < 0;
    if (rank < total[kAtLow]) return low;
    rank -= total[kAtLow];
    if (rank < inside) return selector.at(rank);
    missed |= rank - inside >= total[kAtHigh];
    return high;
  };
  const Place p = place_of(method, q, numbers);
  const T previous = value_at(p.previous);
  if (p.exact) *out = static_cast<R>(previous);
  else *out = interpolate<R>(previous, value_at(p.next), p.gamma);
  if (selector.stopped()) return kBlockStopped;
  return missed ? kBlockSample : 0;
}

int32_t run_select(const BlockArgs* args) {
  if (args->in[1].dtype == DType::kFloat64) return select<double, double>(args);
  if (args->out[0].dtype == DType::kFloat64) return select<float, double>(args);
  return select<float, float>(args);
}

int64_t scratch_select(const BlockArgs* args) {
  return with_float(args->in[1].dtype, []<class T>() { return static_cast<int64_t>(sizeof(SelectScratch<KeyOf<T>>)); });
}

const char* check_select(const BlockArgs* args) {
  if (args->nin != 4 || args->nout != 1 || args->nparams != 5)
    return "quantile of candidates: expected counts, brackets, candidates and how many there are, the result; a method, whether to "
           "skip NaN, the row's length, a bracket and a quantile";
  const BlockOperand &counts = args->in[0], &brackets = args->in[1], &pool = args->in[2], &out = args->out[0];
  if (brackets.ndim != 2 || !is_float(brackets.dtype)) return "quantile of candidates: the brackets are not [q, 2] of a float dtype";
  const int64_t q = brackets.extents[0];
  if (!is_matrix(brackets, brackets.dtype, q, 2)) return "quantile of candidates: the brackets are not [q, 2] of a float dtype";
  if (counts.ndim != 2 || !is_matrix(counts, DType::kInt64, counts.extents[0], 1 + kPerBracket * q))
    return "quantile of candidates: the counts are not int64 [cells, 1 + 3q]";
  if (pool.ndim != 2 || !is_matrix(pool, brackets.dtype, q, pool.extents[1]) || (pool.strides[1] != 1 && pool.extents[1] > 1))
    return "quantile of candidates: the candidates are not [q, n] of the brackets' dtype, row by row";
  if (!is_vector(args->in[3], DType::kInt64, q)) return "quantile of candidates: how many there are is not int64 [q]";
  if (!is_vector(out, out.dtype, 1) || (out.dtype != brackets.dtype && out.dtype != DType::kFloat64))
    return "quantile of candidates: the output is not one element of the dtype or of float64";
  if (!is_whole_within(args->params[0], 0, kMethods - 1)) return "quantile of candidates: no such method";
  if (!is_whole_within(args->params[2], 1, kLargestWhole)) return "quantile of candidates: the row's length is not a whole number";
  if (!is_whole_within(args->params[3], 0, static_cast<double>(q - 1))) return "quantile of candidates: no such bracket";
  return are_quantiles(args, 4) ? nullptr : "quantile of candidates: the quantile is not in [0, 1]";
}

}  // namespace

void register_long_quantile(KernelTable& t) {
  entry(t, BlockKernel::kQuantileBrackets) = {check_brackets, scratch_brackets, run_brackets};
  entry(t, BlockKernel::kQuantileCandidates) = {check_collect, scratch_collect, run_collect};
  entry(t, BlockKernel::kQuantileSelect) = {check_select, scratch_select, run_select};
}

}  // namespace ndl::block
