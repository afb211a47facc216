// Reducers against naive loops, over dtypes, layouts, sequences of tiles, NaN and partials.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "core/float16.h"
#include "kernels/table.h"

namespace {

using namespace ndl;
using Complex = std::complex<double>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

const ReduceFns& functions(Reducer r, DType d) {
  return ndloom_kernels()->reduce[static_cast<int>(r)][static_cast<int>(d)];
}
bool in(DType d, uint32_t set) { return set >> static_cast<int>(d) & 1; }

// Elements of any dtype, read and written as a complex double (exact for the small numbers of these tests).
struct Elements {
  DType dtype;
  std::vector<char> bytes;
  Elements(DType d, int64_t n) : dtype(d), bytes(static_cast<size_t>(n * item_size(d))) {}
  template <class T>
  T& at(int64_t i) {
    return *reinterpret_cast<T*>(bytes.data() + i * static_cast<int64_t>(sizeof(T)));
  }
  void set(int64_t i, Complex v) {
    switch (dtype) {
      case DType::kBool:
      case DType::kUInt8: at<uint8_t>(i) = static_cast<uint8_t>(v.real()); break;
      case DType::kInt8: at<int8_t>(i) = static_cast<int8_t>(v.real()); break;
      case DType::kInt16: at<int16_t>(i) = static_cast<int16_t>(v.real()); break;
      case DType::kInt32: at<int32_t>(i) = static_cast<int32_t>(v.real()); break;
      case DType::kInt64: at<int64_t>(i) = static_cast<int64_t>(v.real()); break;
      case DType::kUInt16: at<uint16_t>(i) = static_cast<uint16_t>(v.real()); break;
      case DType::kUInt32: at<uint32_t>(i) = static_cast<uint32_t>(v.real()); break;
      case DType::kUInt64: at<uint64_t>(i) = static_cast<uint64_t>(v.real()); break;
      case DType::kFloat16: at<uint16_t>(i) = double_to_half(v.real()); break;
      case DType::kFloat32: at<float>(i) = static_cast<float>(v.real()); break;
      case DType::kFloat64: at<double>(i) = v.real(); break;
      case DType::kComplex64: at<std::complex<float>>(i) = std::complex<float>(v); break;
      case DType::kComplex128: at<Complex>(i) = v; break;
    }
  }
  Complex get(int64_t i) {
    switch (dtype) {
      case DType::kBool:
      case DType::kUInt8: return static_cast<double>(at<uint8_t>(i));
      case DType::kInt8: return static_cast<double>(at<int8_t>(i));
      case DType::kInt16: return static_cast<double>(at<int16_t>(i));
      case DType::kInt32: return static_cast<double>(at<int32_t>(i));
      case DType::kInt64: return static_cast<double>(at<int64_t>(i));
      case DType::kUInt16: return static_cast<double>(at<uint16_t>(i));
      case DType::kUInt32: return static_cast<double>(at<uint32_t>(i));
      case DType::kUInt64: return static_cast<double>(at<uint64_t>(i));
      case DType::kFloat16: return static_cast<double>(half_to_float(at<uint16_t>(i)));
      case DType::kFloat32: return static_cast<double>(at<float>(i));
      case DType::kFloat64: return at<double>(i);
      case DType::kComplex64: return Complex(at<std::complex<float>>(i));
      default: return at<Complex>(i);
    }
  }
};

bool is_nan(Complex x) { return std::isnan(x.real()) || std::isnan(x.imag()); }
bool less(Complex a, Complex b) { return a.real() < b.real() || (a.real() == b.real() && a.imag() < b.imag()); }
bool same(Complex a, Complex b) { return (is_nan(a) && is_nan(b)) || a == b; }

bool is_arg(Reducer r) { return r >= Reducer::kArgmin && r <= Reducer::kNanargmax; }
bool is_moments(Reducer r) { return r >= Reducer::kMoments2; }
int fields_of(Reducer r) {
  if (is_arg(r)) return 2;
  if (r == Reducer::kMoments2 || r == Reducer::kNanMoments2) return 3;
  return is_moments(r) ? 5 : 1;
}
DType field_dtype(Reducer r, DType loop, int field) {
  if (is_arg(r)) return field == 0 ? loop : DType::kInt64;
  if (is_moments(r)) return field == 0 ? DType::kInt64 : DType::kFloat64;
  return loop;
}

// A reducer's state with guard bytes behind it, and its fields.
struct State {
  static constexpr int64_t kGuard = 64;
  Reducer reducer;
  const ReduceFns& f;
  int64_t capacity, bytes;
  std::vector<double> memory;
  State(Reducer r, DType d, int64_t n) : reducer(r), f(functions(r, d)), capacity(n), bytes(f.state_bytes(n)) {
    memory.assign(static_cast<size_t>((bytes + kGuard) / 8 + 1), 0);
    std::memset(memory.data(), 0x7B, memory.size() * 8);
    f.init(memory.data(), n);
  }
  std::vector<Elements> finish(DType d) {
    std::vector<Elements> out;
    std::vector<void*> fields;
    for (int i = 0; i < fields_of(reducer); ++i) out.emplace_back(field_dtype(reducer, d, i), capacity);
    for (auto& e : out) fields.push_back(e.bytes.data());
    f.finish(memory.data(), capacity, fields.data());
    const char* p = reinterpret_cast<const char*>(memory.data());
    for (int64_t i = bytes; i < bytes + kGuard; ++i) EXPECT_EQ(p[i], 0x7B) << "written behind the state";
    return out;
  }
};

// One tile: which part of the kept elements, how much is reduced, and its layout.
struct Shape {
  int64_t kept0, kept, reduced;
  int inner;
};
int64_t place(const Shape& s, int64_t k, int64_t r) { return s.inner ? r * s.kept + k : k * s.reduced + r; }

// What each kept element saw, in order.
struct Seen {
  Complex value;
  int64_t index;
};
using History = std::vector<std::vector<Seen>>;

// How elements are numbered: kept ones alike, as in plans, or each; backwards in a tile; tiles from the last on.
struct Numbering {
  bool alike = false, backwards = false, falling = false;
};

// Feeds tiles of values drawn by `draw` and notes what each kept element saw.
template <class Draw>
void feed(State& s, DType d, const std::vector<Shape>& shapes, const Draw& draw, History& history,
          int64_t& next_index, Numbering numbering = {}) {
  for (const Shape& shape : shapes) {
    Elements x(d, shape.kept * shape.reduced);
    const int64_t by_kept = numbering.alike ? 0 : shape.reduced, by_reduced = numbering.backwards ? -1 : 1;
    const int64_t first = next_index + (numbering.backwards ? shape.reduced - 1 : 0);
    next_index += (numbering.falling ? -1 : 1) * shape.kept * shape.reduced;
    for (int64_t k = 0; k < shape.kept; ++k)
      for (int64_t r = 0; r < shape.reduced; ++r) {
        const int64_t at = place(shape, k, r);
        x.set(at, draw());
        history[static_cast<size_t>(shape.kept0 + k)].push_back({x.get(at), first + k * by_kept + r * by_reduced});
      }
    const void* in[1] = {x.bytes.data()};
    const ReduceTile tile{s.memory.data(), s.capacity, shape.kept0,   in, shape.kept, shape.reduced,
                          shape.inner,     first,      by_kept, by_reduced};
    s.f.update(&tile);
  }
}

Complex naive_extreme(const std::vector<Seen>& seen, bool max, bool nan_wins) {
  bool any = false;
  Complex best = kNan;
  for (const Seen& s : seen) {
    if (is_nan(s.value)) {
      if (nan_wins) return kNan;
      continue;
    }
    if (!any || (max ? less(best, s.value) : less(s.value, best))) best = s.value;
    any = true;
  }
  return best;
}

int64_t naive_arg(const std::vector<Seen>& seen, bool max, bool nan_wins) {
  const Complex best = naive_extreme(seen, max, nan_wins);
  int64_t index = std::numeric_limits<int64_t>::max();
  bool found = false;
  for (const Seen& s : seen)
    if (is_nan(best) ? (nan_wins && is_nan(s.value)) : s.value == best) index = std::min(index, s.index), found = true;
  return found ? index : -1;
}

std::vector<std::vector<Shape>> sequences() {
  std::vector<std::vector<Shape>> all;
  for (int64_t n : {1, 2, 7, 15, 16, 17, 31, 33, 63, 64, 65, 127, 255, 257, 511, 1000, 1024}) {
    all.push_back({{0, 1, n, 0}, {0, 1, n, 1}, {0, 1, 3, 0}});
    all.push_back({{0, n, 1, 1}, {0, n, 1, 0}, {0, n, 1, 1}});
  }
  for (int64_t kept : {2, 3, 8, 15, 16, 19, 33, 64, 130})
    for (int64_t reduced : {2, 3, 7, 8, 15, 16, 31, 70}) {
      if (kept * reduced > 1024) continue;
      all.push_back({{0, kept, reduced, 0}, {0, kept, reduced, 1}, {0, kept, reduced, 0}});
    }
  // Parts of the kept elements, groups crossed, many rows.
  std::vector<Shape> parts;
  for (int64_t i = 0; i < 60; ++i)
    parts.push_back({(i * 37) % 250, 1 + (i * 53) % 50, 1 + (i * 11) % 20, static_cast<int>(i % 2)});
  all.push_back(parts);
  std::vector<Shape> long_run;
  for (int64_t i = 0; i < 150; ++i) long_run.push_back({0, 140, 1 + i % 3, 1});
  all.push_back(long_run);
  return all;
}

int64_t capacity_of(const std::vector<Shape>& shapes) {
  int64_t n = 0;
  for (const Shape& s : shapes) n = std::max(n, s.kept0 + s.kept);
  return n;
}

TEST(Reduce, EveryDeclaredLoopIsThere) {
  for (int r = 0; r < static_cast<int>(Reducer::kCount); ++r)
    for (int i = 0; i < kDTypeCount; ++i) {
      const DType d = static_cast<DType>(i);
      const Reducer reducer = static_cast<Reducer>(r);
      const bool wanted = is_moments(reducer)         ? d == DType::kFloat64
                          : reducer <= Reducer::kProd ? in(d, dtypes::NUMERIC)
                                                      : true;
      const ReduceFns& f = functions(reducer, d);
      EXPECT_EQ(f.state_bytes != nullptr, wanted) << r << " " << i;
      EXPECT_EQ(f.init != nullptr, wanted);
      EXPECT_EQ(f.update != nullptr, wanted);
      EXPECT_EQ(f.merge != nullptr, wanted);
      EXPECT_EQ(f.finish != nullptr, wanted);
    }
}

// Small whole numbers, some of them equal; NaN and infinities with the given odds in a hundred.
struct Draw {
  DType d;
  std::mt19937& random;
  unsigned nan_percent, inf_percent;
  double part() const {
    if (in(d, dtypes::INEXACT)) {
      if (random() % 100 < nan_percent) return random() % 2 ? kNan : -kNan;
      if (random() % 100 < inf_percent) return random() % 2 ? kInf : -kInf;
    }
    if (d == DType::kBool) return random() % 2;
    return in(d, dtypes::INTEGER) && static_cast<int>(d) >= static_cast<int>(DType::kUInt8)
               ? static_cast<double>(random() % 100)
               : static_cast<double>(static_cast<int>(random() % 200) - 100);
  }
  Complex operator()() const { return {part(), in(d, dtypes::COMPLEX) ? part() : 0.0}; }
};

TEST(Reduce, ExtremesAndTheirIndexesMatchANaiveLoop) {
  std::mt19937 random(1);
  for (unsigned odds : {0u, 1u, 30u, 100u})
    for (int i = 0; i < kDTypeCount; ++i) {
      const DType d = static_cast<DType>(i);
      if (odds > 0 && !in(d, dtypes::INEXACT)) continue;
      for (const auto& shapes : sequences())
        for (Reducer r : {Reducer::kMin, Reducer::kMax, Reducer::kFmin, Reducer::kFmax, Reducer::kArgmin,
                          Reducer::kArgmax, Reducer::kNanargmin, Reducer::kNanargmax}) {
          const int64_t n = capacity_of(shapes);
          State s(r, d, n);
          History history(static_cast<size_t>(n));
          int64_t index = 1'000'000;
          const Numbering numbering{random() % 2 == 0, random() % 2 == 0, random() % 4 == 0};
          feed(s, d, shapes, Draw{d, random, odds, odds / 2}, history, index, numbering);
          auto out = s.finish(d);
          const int at = static_cast<int>(r) - static_cast<int>(Reducer::kMin);
          const bool max = at % 2, nan_wins = at / 2 % 2 == 0;
          for (int64_t k = 0; k < n; ++k) {
            const auto& seen = history[static_cast<size_t>(k)];
            if (seen.empty()) continue;
            const Complex want = naive_extreme(seen, max, nan_wins);
            if (!is_arg(r) || naive_arg(seen, max, nan_wins) >= 0) {
              ASSERT_TRUE(same(out[0].get(k), want))
                  << "reducer " << at << " dtype " << i << " " << out[0].get(k) << want;
            }
            if (is_arg(r)) {
              ASSERT_EQ(out[1].at<int64_t>(k), naive_arg(seen, max, nan_wins)) << "reducer " << at << " dtype " << i;
            }
          }
        }
    }
}

TEST(Reduce, ExtremesOfNothing) {
  for (Reducer r : {Reducer::kMin, Reducer::kMax, Reducer::kFmin, Reducer::kFmax}) {
    const bool max = r == Reducer::kMax || r == Reducer::kFmax;
    for (DType d : {DType::kFloat16, DType::kFloat32, DType::kFloat64, DType::kComplex64, DType::kComplex128})
      EXPECT_TRUE(is_nan(State(r, d, 3).finish(d)[0].get(1)));
    EXPECT_EQ(State(r, DType::kInt64, 3).finish(DType::kInt64)[0].at<int64_t>(2),
              max ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max());
    EXPECT_EQ(State(r, DType::kUInt8, 3).finish(DType::kUInt8)[0].at<uint8_t>(2), max ? 0 : 255);
    EXPECT_EQ(State(r, DType::kBool, 3).finish(DType::kBool)[0].at<uint8_t>(2), max ? 0 : 1);
  }
  EXPECT_EQ(State(Reducer::kArgmin, DType::kFloat32, 2).finish(DType::kFloat32)[1].at<int64_t>(0), -1);
}

TEST(Reduce, ExtremesOfWideIntegersAreExact) {
  const int64_t big = (int64_t{1} << 62) + 1;
  std::vector<int64_t> x(100, big);
  x[77] = big - 1;
  x[80] = big - 1;
  const void* inputs[1] = {x.data()};
  State s(Reducer::kArgmin, DType::kInt64, 1);
  const ReduceTile tile{s.memory.data(), 1, 0, inputs, 1, 100, 0, 0, 100, 1};
  s.f.update(&tile);
  auto out = s.finish(DType::kInt64);
  EXPECT_EQ(out[0].at<int64_t>(0), big - 1);
  EXPECT_EQ(out[1].at<int64_t>(0), 77);
}

TEST(Reduce, TheFirstIndexWinsWhateverTheOrderOfTilesAndTheSignOfTheStep) {
  const double x[40] = {3, 1, 2, 1, 5, 1};  // the rest zero
  const void* inputs[1] = {x};
  for (int64_t n : {6, 20, 40}) {
    State s(Reducer::kArgmin, DType::kFloat64, 1);
    const double want = n == 6 ? 1 : 0;
    // Index falls along the tile: 1000, 999, ...
    const ReduceTile falling{s.memory.data(), 1, 0, inputs, 1, n, 0, 1000, 0, -1};
    s.f.update(&falling);
    EXPECT_EQ(s.finish(DType::kFloat64)[1].at<int64_t>(0), n == 6 ? 995 : 1000 - n + 1);
    // A later tile with smaller indexes takes over, one with larger indexes does not.
    const ReduceTile earlier{s.memory.data(), 1, 0, inputs, 1, n, 0, 100, 0, 1};
    s.f.update(&earlier);
    const int64_t first = n == 6 ? 101 : 106;
    EXPECT_EQ(s.finish(DType::kFloat64)[1].at<int64_t>(0), first);
    const ReduceTile later{s.memory.data(), 1, 0, inputs, 1, n, 0, 5000, 0, 1};
    s.f.update(&later);
    auto out = s.finish(DType::kFloat64);
    EXPECT_EQ(out[0].at<double>(0), want);
    EXPECT_EQ(out[1].at<int64_t>(0), first);
  }
}

TEST(Reduce, SumsAndProductsMatchANaiveLoop) {
  std::mt19937 random(2);
  for (int i = 1; i < kDTypeCount; ++i) {
    const DType d = static_cast<DType>(i);
    for (const auto& shapes : sequences())
      for (Reducer r : {Reducer::kSum, Reducer::kProd}) {
        const int64_t n = capacity_of(shapes);
        State s(r, d, n);
        History history(static_cast<size_t>(n));
        int64_t index = 0;
        const bool complex = in(d, dtypes::COMPLEX);
        // Factors +-1, +-i keep every product exact; sums of small numbers are exact below 2^11 for float16.
        const auto draw = [&]() -> Complex {
          const bool is_signed = in(d, dtypes::INEXACT) || i <= static_cast<int>(DType::kInt64);
          const double one = is_signed && random() % 2 ? -1 : 1;
          if (r == Reducer::kSum)
            return {one * static_cast<double>(random() % 4), complex ? static_cast<double>(random() % 8) : 0.0};
          return complex && random() % 2 ? Complex{0, one} : Complex{one, 0};
        };
        feed(s, d, shapes, draw, history, index);
        auto out = s.finish(d);
        for (int64_t k = 0; k < n; ++k) {
          Complex want = r == Reducer::kSum ? 0 : 1;
          for (const Seen& e : history[static_cast<size_t>(k)])
            want = r == Reducer::kSum ? want + e.value : want * e.value;
          Elements wrapped(d, 1);
          if (in(d, dtypes::INTEGER)) {
            const auto whole = static_cast<int64_t>(want.real());
            std::memcpy(wrapped.bytes.data(), &whole, static_cast<size_t>(item_size(d)));
          } else {
            wrapped.set(0, want);
          }
          ASSERT_EQ(out[0].get(k), wrapped.get(0)) << "dtype " << i;
        }
      }
  }
}

TEST(Reduce, IntegerSumsWrap) {
  std::vector<int64_t> x(64, std::numeric_limits<int64_t>::max());
  const void* inputs[1] = {x.data()};
  State s(Reducer::kSum, DType::kInt64, 1);
  const ReduceTile tile{s.memory.data(), 1, 0, inputs, 1, 64, 0, 0, 0, 0};
  s.f.update(&tile);
  EXPECT_EQ(s.finish(DType::kInt64)[0].at<int64_t>(0), -64);
}

TEST(Reduce, SumsOfInfinitiesAndNan) {
  const auto sum = [](std::vector<double> x, int tiles) {
    const void* inputs[1] = {x.data()};
    State s(Reducer::kSum, DType::kFloat64, 1);
    const ReduceTile tile{s.memory.data(), 1, 0, inputs, 1, static_cast<int64_t>(x.size()), 0, 0, 0, 0};
    for (int i = 0; i < tiles; ++i) s.f.update(&tile);
    return s.finish(DType::kFloat64)[0].at<double>(0);
  };
  EXPECT_EQ(sum({1, kInf, 2}, 3), kInf);
  EXPECT_EQ(sum({1, -kInf, 2}, 3), -kInf);
  EXPECT_TRUE(std::isnan(sum({1, kInf, -kInf}, 2)));
  EXPECT_TRUE(std::isnan(sum({1, kNan, 2}, 2)));
  EXPECT_EQ(sum({1e308, 1e308}, 2), kInf);
  EXPECT_FALSE(std::signbit(sum({-0.0}, 1)));  // as NumPy
}

// A billion ones in float32, in both shapes, and 0.1s against the exact sum.
TEST(Reduce, LongSumsDoNotDrift) {
  std::vector<float> ones(1024, 1.0f);
  const void* inputs[1] = {ones.data()};
  State row(Reducer::kSum, DType::kFloat32, 1);
  const ReduceTile tile{row.memory.data(), 1, 0, inputs, 1, 1024, 0, 0, 0, 0};
  for (int64_t i = 0; i < 1000000000 / 1024; ++i) row.f.update(&tile);
  const ReduceTile last{row.memory.data(), 1, 0, inputs, 1, 1000000000 % 1024, 0, 0, 0, 0};
  row.f.update(&last);
  EXPECT_EQ(row.finish(DType::kFloat32)[0].at<float>(0), 1e9f);

  State column(Reducer::kSum, DType::kFloat32, 64);
  const ReduceTile rows{column.memory.data(), 64, 0, inputs, 64, 16, 1, 0, 0, 0};
  for (int64_t i = 0; i < 20000000 / 16; ++i) column.f.update(&rows);
  EXPECT_EQ(column.finish(DType::kFloat32)[0].at<float>(63), 2e7f);

  std::vector<double> tenths(1024, 0.1);
  const void* doubles[1] = {tenths.data()};
  for (int inner : {0, 1}) {
    const int64_t kept = inner ? 512 : 1, reduced = inner ? 2 : 1024, tiles = 100000;
    State s(Reducer::kSum, DType::kFloat64, kept);
    const ReduceTile t{s.memory.data(), kept, 0, doubles, kept, reduced, inner, 0, 0, 0};
    for (int64_t i = 0; i < tiles; ++i) s.f.update(&t);
    const long double exact = static_cast<long double>(0.1) * static_cast<long double>(reduced * tiles);
    const double got = s.finish(DType::kFloat64)[0].at<double>(0);
    // A tile's own sum has an error of a few ulp; what lies above adds none.
    EXPECT_LT(std::abs(static_cast<double>((got - exact) / exact)), 16 * 1.1e-16) << inner;
  }
}

TEST(Reduce, SumsAreAtLeastAsGoodAsPairwiseOnes) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 1);
  for (int inner : {0, 1}) {
    const int64_t kept = inner ? 256 : 1, reduced = 1024 / kept, tiles = inner ? 1000 : 500;
    State s(Reducer::kSum, DType::kFloat32, kept), w(Reducer::kSum, DType::kFloat64, kept);
    std::vector<long double> exact(static_cast<size_t>(kept), 0), magnitude(static_cast<size_t>(kept), 0),
        exact32 = exact;
    for (int64_t i = 0; i < tiles; ++i) {
      std::vector<double> x(1024);
      std::vector<float> y(1024);
      for (size_t j = 0; j < 1024; ++j) {
        x[j] = normal(random);
        y[j] = static_cast<float>(x[j]);
        const size_t k = inner ? j % static_cast<size_t>(kept) : 0;
        exact[k] += x[j];
        exact32[k] += y[j];
        magnitude[k] += std::abs(x[j]);
      }
      const void *in64[1] = {x.data()}, *in32[1] = {y.data()};
      const ReduceTile t64{w.memory.data(), kept, 0, in64, kept, reduced, inner, 0, 0, 0};
      const ReduceTile t32{s.memory.data(), kept, 0, in32, kept, reduced, inner, 0, 0, 0};
      w.f.update(&t64);
      s.f.update(&t32);
    }
    auto out64 = w.finish(DType::kFloat64), out32 = s.finish(DType::kFloat32);
    for (int64_t k = 0; k < kept; ++k) {
      const auto i = static_cast<size_t>(k);
      EXPECT_LT(std::abs(static_cast<double>(out64[0].at<double>(k) - exact[i])),
                2 * 1.1e-16 * static_cast<double>(magnitude[i]));
      EXPECT_LT(std::abs(static_cast<double>(out32[0].at<float>(k) - exact32[i])),
                2 * 6e-8 * static_cast<double>(magnitude[i]));
    }
  }
}

// Central moments by two passes in long double.
struct Exact {
  int64_t count = 0;
  long double mean = 0, m[3] = {0, 0, 0}, magnitude[3] = {0, 0, 0};
};
Exact exact_moments(const std::vector<Seen>& seen, bool skip_nan) {
  Exact e;
  for (const Seen& s : seen)
    if (!skip_nan || !std::isnan(s.value.real())) ++e.count, e.mean += s.value.real();
  if (e.count == 0) return e;
  e.mean /= e.count;
  for (const Seen& s : seen) {
    if (skip_nan && std::isnan(s.value.real())) continue;
    const long double d = s.value.real() - e.mean;
    long double power = d * d;
    for (int i = 0; i < 3; ++i, power *= d) e.m[i] += power, e.magnitude[i] += std::abs(power);
  }
  return e;
}
void expect_moments(std::vector<Elements>& out, int64_t k, const Exact& e, double spread) {
  ASSERT_EQ(out[0].at<int64_t>(k), e.count);
  if (e.count == 0) {
    ASSERT_TRUE(std::isnan(out[1].at<double>(k)));
    ASSERT_EQ(out[2].at<double>(k), 0);
    return;
  }
  const double mean = static_cast<double>(e.mean);
  ASSERT_NEAR(out[1].at<double>(k), mean, 4e-15 * (std::abs(mean) + spread));
  for (size_t i = 2; i < out.size(); ++i) {
    // The data's own rounding (mean / spread) is felt in every power.
    const double bound =
        1e-13 * static_cast<double>(e.magnitude[i - 2]) * (1 + std::abs(mean) / spread * 1e-1) + 1e-300;
    ASSERT_NEAR(out[i].at<double>(k), static_cast<double>(e.m[i - 2]), bound) << "moment " << i;
  }
}

TEST(Reduce, MomentsMatchTwoPassesInLongDouble) {
  std::mt19937 random(4);
  std::normal_distribution<double> normal(0, 1);
  for (double mean : {0.0, 10.0, -1e6})
    for (bool skip_nan : {false, true})
      for (int order : {2, 4}) {
        const Reducer r = skip_nan ? (order == 2 ? Reducer::kNanMoments2 : Reducer::kNanMoments4)
                                   : (order == 2 ? Reducer::kMoments2 : Reducer::kMoments4);
        for (const auto& shapes : sequences()) {
          const int64_t n = capacity_of(shapes);
          State s(r, DType::kFloat64, n);
          History history(static_cast<size_t>(n));
          int64_t index = 0;
          const auto draw = [&]() -> Complex { return skip_nan && random() % 3 == 0 ? kNan : mean + normal(random); };
          feed(s, DType::kFloat64, shapes, draw, history, index);
          auto out = s.finish(DType::kFloat64);
          for (int64_t k = 0; k < n; ++k) {
            expect_moments(out, k, exact_moments(history[static_cast<size_t>(k)], skip_nan), 1);
            if (HasFatalFailure()) FAIL() << "order " << order << " skip " << skip_nan << " mean " << mean;
          }
        }
      }
}

TEST(Reduce, MomentsOfNanAndOfOneWildFirstValue) {
  for (int inner : {0, 1}) {
    const int64_t kept = inner ? 32 : 1, reduced = 1024 / kept;
    std::vector<double> x(1024);
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i / 32 % 5);
    for (int64_t k = 0; k < kept; ++k) x[static_cast<size_t>(k)] = 1e8;
    const void* inputs[1] = {x.data()};
    State s(Reducer::kMoments2, DType::kFloat64, kept);
    const ReduceTile tile{s.memory.data(), kept, 0, inputs, kept, reduced, inner, 0, 0, 0};
    History history(1);
    for (int64_t r = 0; r < reduced; ++r) history[0].push_back({x[static_cast<size_t>(r * kept)], r});
    s.f.update(&tile);
    auto out = s.finish(DType::kFloat64);
    expect_moments(out, 0, exact_moments(history[0], false), 1e8);

    x[500] = kNan;
    State t(Reducer::kMoments2, DType::kFloat64, kept);
    const ReduceTile with_nan{t.memory.data(), kept, 0, inputs, kept, reduced, inner, 0, 0, 0};
    t.f.update(&with_nan);
    EXPECT_TRUE(std::isnan(t.finish(DType::kFloat64)[2].at<double>(inner ? 500 % 32 : 0)));
  }
}

// Partials of several states, some of them empty, merged in both layouts, must be the reduction of it all.
TEST(Reduce, PartialsMerge) {
  std::mt19937 random(5);
  constexpr int64_t kept = 21, parts = 9;
  const std::vector<Shape> shapes = {{0, kept, 2, 1}, {3, 10, 40, 0}, {0, kept, 1, 1}};
  for (int ri = 0; ri < static_cast<int>(Reducer::kCount); ++ri)
    for (int i = 0; i < kDTypeCount; ++i) {
      const Reducer r = static_cast<Reducer>(ri);
      const DType d = static_cast<DType>(i);
      if (functions(r, d).merge == nullptr) continue;
      const bool skips = r == Reducer::kFmin || r == Reducer::kFmax || r == Reducer::kNanargmin ||
                         r == Reducer::kNanargmax || r == Reducer::kNanMoments2 || r == Reducer::kNanMoments4;
      const bool may_be_empty = is_arg(r) || is_moments(r) || r <= Reducer::kProd || skips;
      for (int inner : {0, 1}) {
        History history(kept);
        std::vector<std::vector<Elements>> fields;
        std::vector<int64_t> starts;
        for (int64_t p = 0; p < parts; ++p) starts.push_back(p * 10000);
        std::shuffle(starts.begin(), starts.end(), random);
        for (int64_t p = 0; p < parts; ++p) {
          State s(r, d, kept);
          int64_t index = starts[static_cast<size_t>(p)];
          const auto draw = [&]() -> Complex {
            if (r == Reducer::kProd) return 1;
            if (is_moments(r)) return skips && random() % 4 == 0 ? kNan : static_cast<double>(random() % 1000) / 7;
            return Draw{d, random, skips ? 40u : r == Reducer::kSum ? 0u : 1u, 0}();
          };
          if (!may_be_empty || p % 4 != 1) feed(s, d, shapes, draw, history, index);
          fields.push_back(s.finish(d));
        }
        const Shape layout{0, kept, parts, inner};
        std::vector<Elements> tiles;
        std::vector<const void*> inputs;
        for (int f = 0; f < fields_of(r); ++f) {
          tiles.emplace_back(field_dtype(r, d, f), kept * parts);
          const int size = item_size(tiles.back().dtype);
          for (int64_t p = 0; p < parts; ++p)
            for (int64_t k = 0; k < kept; ++k)
              std::memcpy(tiles.back().bytes.data() + place(layout, k, p) * size,
                          fields[static_cast<size_t>(p)][static_cast<size_t>(f)].bytes.data() + k * size,
                          static_cast<size_t>(size));
        }
        for (auto& t : tiles) inputs.push_back(t.bytes.data());
        State total(r, d, kept + 4);
        const ReduceTile tile{total.memory.data(), kept + 4, 2, inputs.data(), kept, parts, inner, 0, 0, 0};
        total.f.merge(&tile);
        auto out = total.finish(d);
        for (int64_t k = 0; k < kept; ++k) {
          const auto& seen = history[static_cast<size_t>(k)];
          if (is_moments(r)) {
            expect_moments(out, k + 2, exact_moments(seen, skips), 10);
          } else if (r == Reducer::kSum) {
            Complex want = 0;
            for (const Seen& e : seen) want += e.value;
            Elements wrapped(d, 1);
            wrapped.set(0, want);
            if (in(d, dtypes::INTEGER)) {
              const auto whole = static_cast<int64_t>(want.real());
              std::memcpy(wrapped.bytes.data(), &whole, static_cast<size_t>(item_size(d)));
              ASSERT_EQ(out[0].get(k + 2), wrapped.get(0)) << i;
            } else if (d != DType::kFloat16) {
              ASSERT_EQ(out[0].get(k + 2), want) << i;
            } else {  // partials are rounded to float16
              ASSERT_NEAR(out[0].get(k + 2).real(), want.real(), 16);
            }
          } else if (r == Reducer::kProd) {
            ASSERT_EQ(out[0].get(k + 2), Complex(1));
          } else {
            const int at = static_cast<int>(r) - static_cast<int>(Reducer::kMin);
            const bool max = at % 2, nan_wins = at / 2 % 2 == 0;
            const Complex want = naive_extreme(seen, max, nan_wins);
            if (!is_arg(r) || naive_arg(seen, max, nan_wins) >= 0) {
              ASSERT_TRUE(same(out[0].get(k + 2), want)) << ri << " " << i;
            }
            if (is_arg(r)) {
              ASSERT_EQ(out[1].at<int64_t>(k + 2), naive_arg(seen, max, nan_wins)) << ri << " " << i;
            }
          }
        }
      }
    }
}

// The same sequence of tiles gives the same bits wherever the tiles lie in memory.
TEST(Reduce, BitsDependOnTheSequenceOfTilesAlone) {
  std::mt19937 random(6);
  std::normal_distribution<double> normal(3, 100);
  for (Reducer r : {Reducer::kSum, Reducer::kProd, Reducer::kMoments2, Reducer::kMoments4})
    for (const auto& shapes : sequences()) {
      const int64_t n = capacity_of(shapes);
      std::vector<std::vector<char>> results;
      std::vector<double> data;
      for (int offset : {0, 1, 3}) {
        State s(r, DType::kFloat64, n);
        size_t at = 0;
        for (const Shape& shape : shapes) {
          std::vector<double> memory(static_cast<size_t>(shape.kept * shape.reduced + offset));
          for (size_t j = static_cast<size_t>(offset); j < memory.size(); ++j, ++at) {
            if (at == data.size()) data.push_back(normal(random));
            memory[j] = data[at];
          }
          const void* inputs[1] = {memory.data() + offset};
          const ReduceTile tile{s.memory.data(), n,           shape.kept0, inputs, shape.kept,
                                shape.reduced,   shape.inner, 0,           0,      0};
          s.f.update(&tile);
        }
        results.push_back(s.finish(DType::kFloat64).back().bytes);
      }
      ASSERT_EQ(std::memcmp(results[0].data(), results[1].data(), results[0].size()), 0);
      ASSERT_EQ(std::memcmp(results[0].data(), results[2].data(), results[0].size()), 0);
    }
}

// This test runs with each library: one number for all of them holds them to the same bits.
TEST(Reduce, RowsWithGapsAreFoldedAsThoseWithout) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> draw(0, 100);
  for (int r = 0; r < static_cast<int>(Reducer::kCount); ++r) {
    for (int d = 0; d < kDTypeCount; ++d) {
      const auto dtype = static_cast<DType>(d);
      const auto reducer = static_cast<Reducer>(r);
      if (functions(reducer, dtype).update == nullptr) continue;
      for (const auto& [columns, rows, kept_inner] : {std::tuple<int64_t, int64_t, int>{128, 8, 1}, {190, 8, 1}, {80, 8, 1}, {7, 3, 1}, {2, 40, 1}, {3, 100, 1},
                                                      {128, 8, 0}, {190, 8, 0}, {80, 8, 0}, {7, 3, 0}, {2, 40, 0}, {3, 100, 0}}) {
        const int64_t pitch = columns + 5, kept = kept_inner ? columns : rows, reduced = kept_inner ? rows : columns;
        Elements gaps(dtype, pitch * rows), packed(dtype, columns * rows);
        for (int64_t i = 0; i < pitch * rows; ++i) gaps.set(i, draw(random));
        for (int64_t row = 0; row < rows; ++row)
          for (int64_t k = 0; k < columns; ++k) packed.set(row * columns + k, gaps.get(row * pitch + k));
        State a(reducer, dtype, kept), b(reducer, dtype, kept);
        for (int tiles = 0; tiles < 9; ++tiles) {
          const void *in_gaps[] = {gaps.bytes.data()}, *in_packed[] = {packed.bytes.data()};
          const int64_t index_kept = kept_inner ? 1 : reduced, index_reduced = kept_inner ? kept : 1;
          const ReduceTile with{a.memory.data(), kept, 0, in_gaps, kept, reduced, kept_inner, tiles * 1024, index_kept, index_reduced, pitch, columns * 8};
          const ReduceTile without{b.memory.data(), kept, 0, in_packed, kept, reduced, kept_inner, tiles * 1024, index_kept, index_reduced, 0, 0};
          a.f.update(&with);
          b.f.update(&without);
        }
        const auto of_a = a.finish(dtype), of_b = b.finish(dtype);
        for (size_t f = 0; f < of_a.size(); ++f) EXPECT_EQ(of_a[f].bytes, of_b[f].bytes) << r << ' ' << d << ' ' << kept << " x " << reduced;
      }
    }
  }
}

TEST(Reduce, BitsAreTheSameOnEveryInstructionSet) {
  uint64_t seed = 1, hash = 0xCBF29CE484222325;
  const auto draw = [&] {  // in (-2, 2), exactly
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return static_cast<double>(static_cast<int64_t>(seed) >> 11) * 0x1p-51;
  };
  for (Reducer r : {Reducer::kSum, Reducer::kProd, Reducer::kMoments2, Reducer::kMoments4, Reducer::kNanMoments2,
                    Reducer::kNanMoments4})
    for (DType d : {DType::kFloat16, DType::kFloat32, DType::kFloat64, DType::kComplex64, DType::kComplex128}) {
      if (functions(r, d).update == nullptr) continue;
      for (const auto& shapes : sequences()) {
        const int64_t n = capacity_of(shapes);
        State s(r, d, n);
        History history(static_cast<size_t>(n));
        int64_t index = 0;
        feed(
            s, d, shapes, [&]() -> Complex { return {r == Reducer::kProd ? 1 + draw() / 64 : draw(), draw() / 64}; },
            history, index);
        for (const Elements& field : s.finish(d))
          for (char c : field.bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3;
      }
    }
  EXPECT_EQ(hash, uint64_t{6596354452537777603u});
}

}  // namespace
