// Count, mean and central sums M2 = sum (x - mean)^2, M3, M4 in one pass over the data.
//
// Sums of the powers of x - mean, mean as it was before them, then one correction. Rows: of a tile at a time; before the first its own mean. Columns:
// of at most 32 rows; before the first row the mean is the first value. The shift is always near the data, so nothing cancels.
// Partial results: the merge of two sets of moments:
//   T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
//   variances", 1979; P. Pebay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
//   statistical moments", Sandia report SAND2008-6212.
// An infinite value makes everything NaN but the count.
#include <cmath>
#include <cstring>

#include "kernels/reduce/codec.h"
#include "kernels/reduce/driver.h"
#include "kernels/reduce/families.h"
#include "kernels/reduce/lanes.h"

namespace ndl::reduce {
namespace {

constexpr int64_t kGroup = 128;  // kept elements that share a counter of rows
constexpr int kBatch = 32;
constexpr int kRowLanes = 16;

// count, mean, then the central sums or, about any point, the power sums 2...
template <int order, class V = double>
struct Set {
  V count, mean, m[order - 1];
};

template <int order>
inline Set<order> merged(const Set<order>& a, const Set<order>& b) {
  if (b.count == 0) return a;
  if (a.count == 0) return b;
  const double n = a.count + b.count, delta = b.mean - a.mean;
  const double fa = a.count / n, fb = b.count / n, cross = delta * delta * a.count * fb;
  Set<order> c{n, a.mean + delta * fb, {}};
  c.m[0] = a.m[0] + b.m[0] + cross;
  if constexpr (order == 4) {
    c.m[1] = a.m[1] + b.m[1] + cross * delta * (fa - fb) + 3 * delta * (fa * b.m[0] - fb * a.m[0]);
    c.m[2] = a.m[2] + b.m[2] + cross * delta * delta * (fa * fa - fa * fb + fb * fb) +
             6 * delta * delta * (fa * fa * b.m[0] + fb * fb * a.m[0]) + 4 * delta * (fa * b.m[1] - fb * a.m[1]);
  }
  return c;
}

// From power sums about `mean` (s1 the first, m[] the others) to central sums.
template <int order, class V>
inline void centre(Set<order, V>& s, V s1) {
  const V e = s1 / s.count, t2 = s.m[0];
  s.mean += e;
  s.m[0] = t2 - s1 * e;
  if constexpr (order == 4) {
    const V t3 = s.m[1];
    s.m[1] = t3 - 3 * e * t2 + 2 * s1 * e * e;
    s.m[2] += -4 * e * t3 + 6 * e * e * t2 - 3 * s1 * e * e * e;
  }
}

// Lane l takes lane l + half, down to one.
template <class V>
inline double fold_halves(V v) {
  constexpr int kHalf = sizeof(V) / 16;
  if constexpr (kHalf == 1) {
    return v[0] + v[1];
  } else {
    using Half = typename VectorOf<double, kHalf * 8>::Type;
    Half low, high;
    std::memcpy(&low, &v, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof low, sizeof high);
    return fold_halves<Half>(low + high);
  }
}

// A row goes into lanes, as many whatever the ISA; what fills up the last ones does not count.
template <class Each>
inline void in_lanes(const double* x, int64_t n, double fill, int64_t ahead, const Each& each) {
  using Vector = Lanes<double>::Vector;
  constexpr int kWidth = Lanes<double>::kWidth, kVectors = kRowLanes / kWidth;
  int64_t r = 0;
  for (; r + kRowLanes <= n; r += kRowLanes) {
#pragma GCC unroll 8
    for (int i = 0; i < kVectors; ++i) each(i, load_vector<Vector>(x + r + i * kWidth));
    if (ahead != 0) ask(x + r, ahead, kRowLanes * 8);
  }
  if (r == n) return;
#pragma GCC unroll 8
  for (int i = 0; i < kVectors; ++i) {
    const int64_t at = std::min(r + i * kWidth, n);
    each(i, load_partial<Vector>(x + at, std::min<int64_t>(n - at, kWidth), fill));
  }
}

template <class V>
inline double down(V* v) {
  constexpr int kVectors = kRowLanes * 8 / sizeof(V);
#pragma GCC unroll 4
  for (int half = kVectors / 2; half >= 1; half /= 2) {
#pragma GCC unroll 4
    for (int i = 0; i < half; ++i) v[i] += v[i + half];
  }
  return fold_halves(v[0]);
}

// 1 in the lanes that are not NaN.
template <class V>
inline V ones_where_present(V v) {
  return v == v ? V{} + 1.0 : V{};
}

template <bool skip_nan>
double row_mean(const double* x, int64_t n) {
  using Vector = Lanes<double>::Vector;
  constexpr int kVectors = kRowLanes / Lanes<double>::kWidth;
  Vector sum[kVectors] = {}, present[kVectors] = {};
  in_lanes(x, n, skip_nan ? std::nan("") : 0.0, 0, [&](int i, Vector v) {
    if constexpr (skip_nan) present[i] += ones_where_present(v);
    sum[i] += skip_nan ? (v == v ? v : Vector{}) : v;
  });
  return down(sum) / (skip_nan ? std::max(down(present), 1.0) : static_cast<double>(n));
}

// Adds the powers of d to their sums, of which power(i) is the i-th.
template <int order, class V, class Power>
[[gnu::always_inline]] inline void add_powers(V d, const Power& power) {
  const V d2 = d * d;
  power(0) += d;
  power(1) += d2;
  if constexpr (order == 4) {
    power(2) += d2 * d;
    power(3) += d2 * d2;
  }
}

// How many elements of a row count, and their power sums about `mean`.
template <int order, bool skip_nan>
double row_powers(const double* x, int64_t n, double mean, double* sums, int64_t ahead) {
  using Vector = Lanes<double>::Vector;
  constexpr int kVectors = kRowLanes / Lanes<double>::kWidth;
  Vector power[order][kVectors] = {}, present[kVectors] = {};
  in_lanes(x, n, skip_nan ? std::nan("") : mean, ahead, [&](int i, Vector v) {
    Vector d = v - mean;
    if constexpr (skip_nan) {
      d = v == v ? d : Vector{};
      present[i] += ones_where_present(v);
    }
    add_powers<order>(d, [&](int j) -> Vector& { return power[j][i]; });
  });
#pragma GCC unroll 4
  for (int i = 0; i < order; ++i) sums[i] = down(power[i]);
  return skip_nan ? down(present) : static_cast<double>(n);
}

// State: count, mean, m2.. [capacity] each, power sums 1.. of the rows not yet taken in [capacity] each, how many they
// are [capacity], and per group the most of them and whether every mean is set.
template <int order, bool skip_nan>
struct Moments {
  using Codec = Plain<double>;
  using Pending = std::conditional_t<skip_nan, double, uint16_t>;
  using Moment = Set<order>;

  struct State {
    double *count, *mean, *m[order - 1], *s[order];
    Pending* pending;
    uint8_t *rows, *seeded;
    int64_t n;
    State(void* state, int64_t capacity) : n(capacity) {
      double* p = static_cast<double*>(state);
      const auto next = [&] {
        double* q = p;
        p += n;
        return q;
      };
      count = next();
      mean = next();
      for (double*& q : m) q = next();
      for (double*& q : s) q = next();
      pending = reinterpret_cast<Pending*>(p);
      rows = reinterpret_cast<uint8_t*>(pending + n);
      seeded = rows + groups(n);
    }
    static int64_t groups(int64_t n) { return (n + kGroup - 1) / kGroup; }
    Moment get(int64_t k) const {
      Moment a{count[k], mean[k], {}};
      for (int i = 0; i < order - 1; ++i) a.m[i] = m[i][k];
      return a;
    }
    void set(int64_t k, const Moment& a) const {
      count[k] = a.count;
      mean[k] = a.mean;
      for (int i = 0; i < order - 1; ++i) m[i][k] = a.m[i];
    }
    // Takes the power sums of [first, end) in.
    void take(int64_t first, int64_t end) const {
      using Vector = Lanes<double>::Vector;
      int64_t k = first;
      for (; k + Lanes<double>::kWidth <= end; k += Lanes<double>::kWidth) take<Vector>(k);
      for (; k < end; ++k) take<VectorOf<double, 8>::Type>(k);
      std::memset(pending + first, 0, static_cast<size_t>(end - first) * sizeof(Pending));
      for (double* sums : s) std::memset(sums + first, 0, static_cast<size_t>(end - first) * sizeof(double));
    }
    // The same of as many elements as V has.
    template <class V>
    void take(int64_t k) const {
      using Pendings = typename VectorOf<Pending, sizeof(V) / sizeof(double) * sizeof(Pending)>::Type;
      const V added = __builtin_convertvector(load_vector<Pendings>(pending + k), V), zero{};
      const V before = load_vector<V>(mean + k);
      Set<order, V> a{load_vector<V>(count + k) + added, before, {}};
      V old[order - 1];
      for (int i = 0; i < order - 1; ++i) {
        old[i] = load_vector<V>(m[i] + k);
        a.m[i] = old[i] + load_vector<V>(s[i + 1] + k);
      }
      centre(a, load_vector<V>(s[0] + k));
      store_vector(count + k, a.count);
      store_vector(mean + k, added > zero ? a.mean : before);
      for (int i = 0; i < order - 1; ++i) store_vector(m[i] + k, added > zero ? a.m[i] : old[i]);
    }
    void flush(int64_t group) const {
      if (rows[group] == 0) return;
      rows[group] = 0;
      const int64_t first = group * kGroup, end = std::min(first + kGroup, n);
      take(first, end);
      if (!seeded[group]) seeded[group] = std::all_of(count + first, count + end, [](double c) { return c > 0; });
    }
    void flush(int64_t first, int64_t kept) const {
      for (int64_t group = first / kGroup; group <= (first + kept - 1) / kGroup; ++group) flush(group);
    }
    // The mean of elements that have none becomes their first value.
    void seed(int64_t a, int64_t b, const double* x, int64_t stride, int64_t reduced) const {
      for (int64_t k = a; k < b; ++k) {
        if (count[k] > 0 || pending[k] > 0) continue;
        for (int64_t r = 0; r < reduced; ++r) {
          const double v = x[r * stride + (k - a)];
          if (skip_nan && v != v) continue;
          mean[k] = v;
          break;
        }
      }
    }
  };

  static int64_t state_bytes(int64_t capacity) {
    return capacity * static_cast<int64_t>(2 * order * sizeof(double) + sizeof(double) + sizeof(Pending)) +
           2 * State::groups(capacity);
  }
  static void init(void* state, int64_t capacity) { std::memset(state, 0, static_cast<size_t>(state_bytes(capacity))); }
  static void rows(const Part& p, const double* x) {
    const State s(p.state, p.capacity);
    s.flush(p.kept0, p.kept);
    for (int64_t k = p.kept0; k < p.kept0 + p.kept; ++k, x += p.pitch) {
      if (!(s.count[k] > 0)) s.mean[k] = row_mean<skip_nan>(x, p.reduced);
      double sums[order];
      s.pending[k] = static_cast<Pending>(row_powers<order, skip_nan>(x, p.reduced, s.mean[k], sums, p.ahead));
      for (int i = 0; i < order; ++i) s.s[i][k] = sums[i];
    }
    s.take(p.kept0, p.kept0 + p.kept);
  }

  // Power sums of `rows` rows about the mean, a line of each at a time.
  static void add_rows(const State& s, int64_t a, int64_t n, const double* x, int64_t stride, int64_t rows, int64_t ahead) {
    using Vector = Lanes<double>::Vector;
    constexpr int kWidth = Lanes<double>::kWidth;
    if constexpr (!skip_nan)
      for (int64_t k = 0; k < n; ++k) s.pending[a + k] = static_cast<Pending>(s.pending[a + k] + rows);
    int64_t k = 0;
    over_rows(rows, ahead, [&](auto count, auto asks) {
      for (; k + kWidth <= n; k += kWidth) {
        const Vector mean = load_vector<Vector>(s.mean + a + k);
        Vector power[order], present;
        if constexpr (skip_nan) present = load_vector<Vector>(s.pending + a + k);
#pragma GCC unroll 4
        for (int j = 0; j < order; ++j) power[j] = load_vector<Vector>(s.s[j] + a + k);
        const double* row = x + k;
        repeat(count, [&]() __attribute__((always_inline)) {
          if (asks) ask_for_line(row, ahead, k);
          const Vector v = load_vector<Vector>(row);
          Vector d = v - mean;
          if constexpr (skip_nan) {
            d = v == v ? d : Vector{};
            present += ones_where_present(v);
          }
          add_powers<order>(d, [&](int j) -> Vector& { return power[j]; });
          row += stride;
        });
        if constexpr (skip_nan) store_vector(s.pending + a + k, present);
#pragma GCC unroll 4
        for (int j = 0; j < order; ++j) store_vector(s.s[j] + a + k, power[j]);
      }
    });
    for (; k < n; ++k) {
      for (int64_t r = 0; r < rows; ++r) {
        const double v = x[r * stride + k];
        if constexpr (skip_nan) {
          if (v != v) continue;
          s.pending[a + k] += 1;
        }
        add_powers<order>(v - s.mean[a + k], [&](int j) -> double& { return s.s[j][a + k]; });
      }
    }
  }
  static void columns(const Part& p, const double* x) {
    const State s(p.state, p.capacity);
    const int64_t end = p.kept0 + p.kept;
    for (int64_t r = 0; r < p.reduced; r += kBatch, x += kBatch * p.pitch) {
      const int64_t rows = std::min<int64_t>(p.reduced - r, kBatch);
      for (int64_t a = p.kept0, b; a < end; a = b) {
        const int64_t group = a / kGroup;
        b = std::min((group + 1) * kGroup, end);
        if (s.rows[group] + rows > kBatch) s.flush(group);
        if (!s.seeded[group]) s.seed(a, b, x + (a - p.kept0), p.pitch, rows);
        s.rows[group] = static_cast<uint8_t>(s.rows[group] + rows);
      }
      add_rows(s, p.kept0, p.kept, x, p.pitch, rows, p.ahead);
    }
  }

  static void merge(const ReduceTile* t) {
    const State s(t->state, t->capacity);
    s.flush(t->kept0, t->kept);
    const auto* count = static_cast<const int64_t*>(t->in[0]);
    const int64_t step_kept = t->kept_inner ? 1 : t->reduced, step_reduced = t->kept_inner ? t->kept : 1;
    for (int64_t r = 0; r < t->reduced; ++r) {
      for (int64_t k = 0; k < t->kept; ++k) {
        const int64_t at = r * step_reduced + k * step_kept;
        Moment b{static_cast<double>(count[at]), static_cast<const double*>(t->in[1])[at], {}};
        for (int i = 0; i < order - 1; ++i) b.m[i] = static_cast<const double*>(t->in[2 + i])[at];
        s.set(t->kept0 + k, merged(s.get(t->kept0 + k), b));
      }
    }
  }
  static void finish(const void* state, int64_t capacity, void* const* fields) {
    const State s(const_cast<void*>(state), capacity);
    s.flush(0, capacity);
    for (int64_t k = 0; k < capacity; ++k) {
      static_cast<int64_t*>(fields[0])[k] = static_cast<int64_t>(s.count[k]);
      static_cast<double*>(fields[1])[k] = s.count[k] > 0 ? s.mean[k] : std::nan("");
      for (int i = 0; i < order - 1; ++i) static_cast<double*>(fields[2 + i])[k] = s.m[i][k];
    }
  }
};

}  // namespace

void register_moments(KernelTable& t) {
  entry(t, Reducer::kMoments2, DType::kFloat64) = functions<Moments<2, false>>();
  entry(t, Reducer::kMoments4, DType::kFloat64) = functions<Moments<4, false>>();
  entry(t, Reducer::kNanMoments2, DType::kFloat64) = functions<Moments<2, true>>();
  entry(t, Reducer::kNanMoments4, DType::kFloat64) = functions<Moments<4, true>>();
}

}  // namespace ndl::reduce
