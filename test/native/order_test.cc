// Histograms, and quantiles of long rows, against sorting and naive loops.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "block_operands.h"

namespace {

using namespace ndl;

// ---- histograms ----

template <class T>
std::vector<int64_t> naive(Array<T>& x, const std::vector<double>& edges) {
  std::vector<int64_t> counts(edges.size() - 1);
  for (int64_t i = 0; i < x.size(); ++i) {
    const double v = static_cast<double>(x[i]);
    if (!(v >= edges.front() && v <= edges.back())) continue;
    size_t bin = static_cast<size_t>(std::upper_bound(edges.begin(), edges.end(), v) - edges.begin()) - 1;
    ++counts[std::min(bin, counts.size() - 1)];
  }
  return counts;
}

template <class T>
void histogram_matches(const std::vector<double>& given, std::vector<int64_t> shape, int layout, const std::vector<T>& values) {
  Array<T> x(shape, layout);
  Array<double> edges({static_cast<int64_t>(given.size())}, layout % 2 ? 3 : 0), weights(shape, (layout + 1) % 4);
  Array<int64_t> counts({static_cast<int64_t>(given.size()) - 1}, layout);
  Array<double> sums({static_cast<int64_t>(given.size()) - 1});
  for (size_t i = 0; i < given.size(); ++i) edges[static_cast<int64_t>(i)] = given[i];
  for (int64_t i = 0; i < x.size(); ++i) x[i] = values[static_cast<size_t>(i) % values.size()], weights[i] = 0.5;
  ASSERT_EQ(run(BlockKernel::kHistogram, {x.operand(), edges.operand()}, {counts.operand()}, {1}), "");
  ASSERT_EQ(run(BlockKernel::kHistogram, {x.operand(), edges.operand(), weights.operand()}, {sums.operand()}, {1}), "");
  const std::vector<int64_t> want = naive(x, given);
  for (size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(counts[static_cast<int64_t>(i)], want[i]) << "bin " << i << " layout " << layout;
    ASSERT_EQ(sums[static_cast<int64_t>(i)], 0.5 * static_cast<double>(want[i]));
  }
}

std::vector<double> even(double low, double high, int n) {
  std::vector<double> edges;
  for (int i = 0; i < n; ++i) edges.push_back(i * ((high - low) / n) + low);
  edges.push_back(high);
  return edges;
}

TEST(Histogram, CountsAsSearchingDoes) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0, 1);
  const std::vector<std::vector<double>> all = {
      even(-1, 1, 1), even(-0.5, 0.5, 256), even(0, 0.3, 3), even(-3, 7, 5000), even(1e-300, 3e-300, 7), {-1e308, 0, 1e308},
      {0, 0, 0}, {-1, -1, 0, 0.5, 0.5, 2}, {-kInf, 0, kInf}, {0, 1e-9, 1}};
  for (const std::vector<double>& edges : all) {
    std::vector<double> values = {kNan, -kNan, kInf, -kInf, 0.0, -0.0};
    for (const double e : edges)
      for (const double v : {e, std::nextafter(e, kInf), std::nextafter(e, -kInf)}) values.push_back(v);
    for (int i = 0; i < 3000; ++i) values.push_back(normal(random) * (i % 3 ? 1 : edges.back()));
    std::shuffle(values.begin(), values.end(), random);
    std::vector<float> floats(values.begin(), values.end());
    for (int layout = 0; layout < 4; ++layout)
      for (const auto& shape : std::vector<std::vector<int64_t>>{{1}, {5000}, {0}, {7, 300}, {3000, 2}, {3, 1, 5, 70}, {}}) {
        histogram_matches(edges, shape, layout, values);
        histogram_matches(edges, shape, layout, floats);
      }
  }
  for (int layout = 0; layout < 4; ++layout) {
    histogram_matches<int32_t>(even(0, 10, 10), {40, 30}, layout, {0, 1, 5, 9, 10, 11, -1, 3});
    histogram_matches<uint8_t>(even(0, 256, 256), {40, 30}, layout, {0, 1, 5, 255, 128, 3});
  }
}

TEST(Histogram, ComparesIntegersOf64BitsAsSuch) {
  Array<int64_t> x({4}), edges({3}), counts({2});
  const int64_t big = int64_t{1} << 53;
  for (int64_t i = 0; i < 4; ++i) x[i] = big + i;
  edges[0] = 0, edges[1] = big + 1, edges[2] = big + 2;
  ASSERT_EQ(run(BlockKernel::kHistogram, {x.operand(), edges.operand()}, {counts.operand()}, {1}), "");
  EXPECT_EQ(counts[0], 1);
  EXPECT_EQ(counts[1], 2);
}

TEST(Histogram, OfPointsCountsThoseInsideInEachDimension) {
  std::mt19937 random(2);
  for (int layout = 0; layout < 4; ++layout) {
    Array<double> x({9, 400}, layout), a({5});
    Array<int32_t> y({9, 400}, (layout + 1) % 4);
    Array<int64_t> b({4}), counts({12});
    for (int64_t i = 0; i < 5; ++i) a[i] = static_cast<double>(i) / 4;
    for (int64_t i = 0; i < 4; ++i) b[i] = i * i;
    std::vector<int64_t> want(12);
    for (int64_t i = 0; i < x.size(); ++i) {
      x[i] = random() % 100 == 0 ? kNan : static_cast<double>(random() % 130) / 100 - 0.1;
      y[i] = static_cast<int32_t>(random() % 13) - 1;
      if (!(x[i] >= 0 && x[i] <= 1) || y[i] < 0 || y[i] > 9) continue;
      const int64_t i0 = std::min<int64_t>(3, static_cast<int64_t>(x[i] * 4)), i1 = y[i] < 1 ? 0 : y[i] < 4 ? 1 : 2;
      ++want[static_cast<size_t>(i0 * 3 + i1)];
    }
    ASSERT_EQ(run(BlockKernel::kHistogram, {x.operand(), a.operand(), y.operand(), b.operand()}, {counts.operand()}, {2}), "");
    for (int64_t i = 0; i < 12; ++i) ASSERT_EQ(counts[i], want[static_cast<size_t>(i)]) << i;
  }
}

TEST(Histogram, RefusesWhatDoesNotFit) {
  Array<double> x({5}), y({6}), edges({3}), one({1}), falling({3}), nan({3});
  Array<int64_t> counts({2}), wrong({3});
  Array<int32_t> odd({3});
  edges[1] = 1, edges[2] = 2, falling[0] = 1, nan[1] = kNan;
  const auto refused = [&](std::vector<BlockOperand> in, BlockOperand out, std::vector<double> params = {1}) {
    return !run(BlockKernel::kHistogram, std::move(in), {out}, std::move(params)).empty();
  };
  EXPECT_TRUE(refused({x.operand()}, counts.operand()));
  EXPECT_TRUE(refused({x.operand(), edges.operand()}, wrong.operand()));
  EXPECT_TRUE(refused({x.operand(), edges.operand()}, x.operand()));
  EXPECT_TRUE(refused({x.operand(), one.operand()}, counts.operand()));
  EXPECT_TRUE(refused({x.operand(), odd.operand()}, counts.operand()));
  EXPECT_TRUE(refused({x.operand(), edges.operand(), y.operand()}, edges.operand()));
  EXPECT_TRUE(refused({x.operand(), edges.operand()}, counts.operand(), {2}));
  EXPECT_TRUE(refused({x.operand(), edges.operand()}, counts.operand(), {0}));
  EXPECT_TRUE(refused({x.operand(), edges.operand()}, counts.operand(), {kNan}));
  EXPECT_TRUE(refused({x.operand(), edges.operand()}, counts.operand(), {}));
  EXPECT_EQ(run(BlockKernel::kHistogram, {x.operand(), falling.operand()}, {counts.operand()}, {1}, kBlockBins), "");
  EXPECT_EQ(run(BlockKernel::kHistogram, {x.operand(), nan.operand()}, {counts.operand()}, {1}, kBlockBins), "");
}

// ---- quantiles of long rows ----

struct Long {
  std::vector<double> q = {0.5};
  int64_t room = 100000, sample_step = 7, cells = 5;
  int layout = 0;
  bool skip = false;
  int method = 6;
  int32_t code = 0;
};

template <class T>
std::vector<double> long_quantiles(const std::vector<T>& values, const Long& o) {
  const auto n = static_cast<int64_t>(values.size()), g = static_cast<int64_t>(o.q.size());
  Array<T> x({n}, o.layout), brackets({g, 2}, o.layout), pool({g, o.room});
  Array<int64_t> counts({o.cells, 1 + 3 * g}, o.layout), found({g}, o.layout);
  for (int64_t i = 0; i < n; ++i) x[i] = values[static_cast<size_t>(i)];
  BlockOperand sample = x.operand();
  const int64_t extent = (n + o.sample_step - 1) / o.sample_step, stride = sample.strides[0] * o.sample_step;
  sample.extents = &extent, sample.strides = &stride;
  EXPECT_EQ(run(BlockKernel::kQuantileBrackets, {sample}, {brackets.operand(), found.operand()}, o.q), "");
  for (int64_t cell = 0; cell < o.cells; ++cell) {
    const int64_t low = n * cell / o.cells, high = n * (cell + 1) / o.cells, count = high - low, columns = 1 + 3 * g;
    BlockOperand part = x.operand(), row = counts.operand();
    part.data = static_cast<T*>(part.data) + low * part.strides[0];
    part.extents = &count;
    row.data = static_cast<int64_t*>(row.data) + cell * row.strides[0];
    const int64_t step = row.strides[1];
    row.ndim = 1, row.extents = &columns, row.strides = &step;
    EXPECT_EQ(run(BlockKernel::kQuantileCandidates, {part, brackets.operand()}, {row, pool.operand(), found.operand()}, {}), "");
  }
  std::vector<double> result;
  for (int64_t j = 0; j < g; ++j) {
    Array<T> out({1});
    EXPECT_EQ(run(BlockKernel::kQuantileSelect, {counts.operand(), brackets.operand(), pool.operand(), found.operand()}, {out.operand()},
                  {static_cast<double>(o.method), o.skip ? 1.0 : 0.0, static_cast<double>(n), static_cast<double>(j), o.q[static_cast<size_t>(j)]}, o.code), "");
    result.push_back(static_cast<double>(out[0]));
  }
  return result;
}

// The kernel for whole rows.
template <class T>
std::vector<double> whole_quantiles(const std::vector<T>& values, const Long& o) {
  const auto n = static_cast<int64_t>(values.size()), g = static_cast<int64_t>(o.q.size());
  Array<T> x({1, n}), out({g, 1});
  for (int64_t i = 0; i < n; ++i) x[i] = values[static_cast<size_t>(i)];
  std::vector<double> params = {static_cast<double>(o.method), o.skip ? 1.0 : 0.0}, result;
  params.insert(params.end(), o.q.begin(), o.q.end());
  EXPECT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {out.operand()}, params), "");
  for (int64_t i = 0; i < g; ++i) result.push_back(static_cast<double>(out[i]));
  return result;
}

template <class T>
void agree(const std::vector<T>& values, const Long& o, const std::string& what) {
  const auto got = long_quantiles(values, o), want = whole_quantiles(values, o);
  for (size_t i = 0; i < got.size(); ++i)
    ASSERT_TRUE(got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i]))) << what << ": " << got[i] << " for " << want[i];
}

template <class T>
void kinds_agree() {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 1);
  using Make = double (*)(double u, int64_t i);
  const std::vector<std::pair<std::string, Make>> kinds = {
      {"normal", [](double u, int64_t) { return u; }},
      {"far from 0", [](double u, int64_t) { return 1e6 + u; }},
      {"sorted", [](double, int64_t i) { return static_cast<double>(i); }},
      {"constant", [](double, int64_t) { return -3.0; }},
      {"few values", [](double u, int64_t) { return std::round(2 * u); }},
      {"half zeros", [](double u, int64_t i) { return i % 2 ? (i % 4 == 1 ? 0.0 : -0.0) : u; }},
      {"infinite", [](double u, int64_t) { return u > 1 ? kInf : u < -1 ? -kInf : u; }},
      {"wide", [](double u, int64_t) { return std::copysign(std::pow(10.0, 15 * u), u); }},
  };
  for (const auto& [name, make] : kinds)
    for (const double holes : {0.0, 0.2, 0.9999, 1.0})
      for (int layout : {0, 3}) {
        std::vector<T> values;
        for (int64_t i = 0; i < 60'011; ++i) {
          const double u = normal(random);
          const T v = static_cast<T>(make(u, i));
          values.push_back(static_cast<double>(random() % 100000) < holes * 100000 ? (i % 2 ? -static_cast<T>(kNan) : static_cast<T>(kNan)) : v);
        }
        Long o;
        o.layout = layout;
        for (bool skip : {false, true}) {
          o.skip = skip;
          for (const auto& q : std::vector<std::vector<double>>{{0.5}, {0.01, 0.99}, {0, 0.5, 1}, {0.1, 0.2, 0.3, 0.4}, {0, 0.25, 0.5, 0.75, 1}, {0.001, 0.1, 0.11, 0.5, 0.9, 0.999}}) {
            o.q = q;
            agree(values, o, name);
          }
        }
      }
}
TEST(LongQuantile, IsWhatSortingGivesFloat64) { kinds_agree<double>(); }
TEST(LongQuantile, IsWhatSortingGivesFloat32) { kinds_agree<float>(); }

TEST(LongQuantile, HasAllMethods) {
  std::mt19937_64 random(4);
  std::vector<double> values;
  for (int i = 0; i < 40'000; ++i) values.push_back(static_cast<double>(random() % 10007));
  Long o;
  o.q = {0.3, 0.7, 0.5};
  for (o.method = 0; o.method < 13; ++o.method) agree(values, o, std::to_string(o.method));
}

TEST(LongQuantile, NarrowsCandidatesThatAreClose) {
  std::vector<double> values;
  for (int i = 0; i < 400'000; ++i) values.push_back(i % 100 == 0 ? (i % 200 ? 1e300 : -1e300) : 1 + (int64_t{i} * 7919 % 400'000) * 1e-15);
  Long o;
  o.room = 400'000;
  o.q = {0.001, 0.3, 0.5};
  agree(values, o, "close");
}

TEST(LongQuantile, SaysWhenTheSampleMisled) {
  std::vector<double> values;
  for (int i = 0; i < 70'000; ++i) values.push_back(i % 7);
  Long o;
  o.code = kBlockSample;
  long_quantiles(values, o);
  o = {};
  o.room = 10;
  o.code = kBlockSample;
  for (int i = 0; i < 70'000; ++i) values[static_cast<size_t>(i)] = i;
  long_quantiles(values, o);
}

TEST(LongQuantile, RefusesWhatDoesNotFit) {
  Array<double> x({50}), brackets({2, 2}), pool({2, 9}), out({1}), wide({2, 3});
  Array<float> other({2, 2});
  Array<int64_t> counts({7}), table({3, 7}), found({2}), one({1});
  const auto refused = [](BlockKernel k, std::vector<BlockOperand> in, std::vector<BlockOperand> o, std::vector<double> p) {
    return !run(k, std::move(in), std::move(o), std::move(p)).empty();
  };
  const auto b = BlockKernel::kQuantileBrackets, c = BlockKernel::kQuantileCandidates, s = BlockKernel::kQuantileSelect;
  EXPECT_FALSE(refused(b, {x.operand()}, {brackets.operand(), found.operand()}, {0, 1}));
  EXPECT_TRUE(refused(b, {x.operand()}, {brackets.operand(), found.operand()}, {0}));
  EXPECT_TRUE(refused(b, {x.operand()}, {brackets.operand(), found.operand()}, {0, 1.5}));
  EXPECT_TRUE(refused(b, {x.operand()}, {other.operand(), found.operand()}, {0, 1}));
  EXPECT_TRUE(refused(b, {x.operand()}, {brackets.operand(), one.operand()}, {0, 1}));
  EXPECT_TRUE(refused(b, {pool.operand()}, {brackets.operand(), found.operand()}, {0, 1}));
  EXPECT_FALSE(refused(c, {x.operand(), brackets.operand()}, {counts.operand(), pool.operand(), found.operand()}, {}));
  EXPECT_TRUE(refused(c, {x.operand(), wide.operand()}, {counts.operand(), pool.operand(), found.operand()}, {}));
  EXPECT_TRUE(refused(c, {x.operand(), other.operand()}, {counts.operand(), pool.operand(), found.operand()}, {}));
  EXPECT_TRUE(refused(c, {x.operand(), brackets.operand()}, {found.operand(), pool.operand(), found.operand()}, {}));
  EXPECT_TRUE(refused(c, {x.operand(), brackets.operand()}, {counts.operand(), x.operand(), found.operand()}, {}));
  EXPECT_TRUE(refused(c, {x.operand(), brackets.operand()}, {counts.operand(), pool.operand(), one.operand()}, {}));
  const std::vector<BlockOperand> fine = {table.operand(), brackets.operand(), pool.operand(), found.operand()};
  const auto with = [&](size_t i, BlockOperand o) {
    auto in = fine;
    in[i] = o;
    return in;
  };
  EXPECT_FALSE(refused(s, fine, {out.operand()}, {6, 0, 50, 0, 0.5}));
  EXPECT_TRUE(refused(s, with(0, counts.operand()), {out.operand()}, {6, 0, 50, 0, 0.5}));
  EXPECT_TRUE(refused(s, with(1, other.operand()), {out.operand()}, {6, 0, 50, 0, 0.5}));
  EXPECT_TRUE(refused(s, with(2, x.operand()), {out.operand()}, {6, 0, 50, 0, 0.5}));
  EXPECT_TRUE(refused(s, with(3, one.operand()), {out.operand()}, {6, 0, 50, 0, 0.5}));
  EXPECT_TRUE(refused(s, fine, {found.operand()}, {6, 0, 50, 0, 0.5}));
  for (const auto& p : std::vector<std::vector<double>>{{13, 0, 50, 0, 0.5}, {6, 0, 0, 0, 0.5}, {6, 0, 50, 2, 0.5}, {6, 0, 50, 0, 2}, {6, 0, 50, 0}})
    EXPECT_TRUE(refused(s, fine, {out.operand()}, p));
}

}  // namespace
