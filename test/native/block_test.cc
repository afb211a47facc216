// Block kernels against naive loops, over dtypes, strides and edges, and their checks against bad operands.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "block_operands.h"
#include "core/float16.h"

namespace {

using namespace ndl;
const std::vector<std::vector<int64_t>> kShapes = {{1},      {7},       {300},         {5, 9}, {9, 5},
                                                   {33, 40}, {3, 4, 5}, {4, 1, 17, 3}, {0, 4}, {4, 0}};

template <class T>
void scan_matches(bool product) {
  std::mt19937 random(1);
  for (const auto& shape : kShapes)
    for (int32_t axis = 0; axis < static_cast<int32_t>(shape.size()); ++axis)
      for (int layout = 0; layout < 4; ++layout)
        for (bool carried : {false, true}) {
          std::vector<int64_t> rest = shape;
          rest.erase(rest.begin() + axis);
          Array<T> x(shape, layout), y(shape, (layout + carried) % 4), carry(rest, layout),
              total(rest, (layout + 1) % 4);
          for (int64_t i = 0; i < x.size(); ++i) x[i] = product ? T(random() % 16 ? 1 : 2) : T(random() % 100);
          for (int64_t i = 0; i < carry.size(); ++i) carry[i] = T(random() % 3 + 1);
          std::vector<BlockOperand> in = {x.operand()}, out = {y.operand()};
          if (carried) in.push_back(carry.operand()), out.push_back(total.operand());
          ASSERT_EQ(run(product ? BlockKernel::kScanProd : BlockKernel::kScanSum, in, out, {static_cast<double>(axis)}),
                    "");
          int64_t inner = 1;
          for (size_t i = static_cast<size_t>(axis) + 1; i < shape.size(); ++i) inner *= shape[i];
          const int64_t n = shape[static_cast<size_t>(axis)];
          for (int64_t lane = 0; lane < carry.size(); ++lane) {
            const int64_t first = lane / inner * inner * n + lane % inner;
            T sum = carried ? carry[lane] : T(product ? 1 : 0);
            for (int64_t i = 0; i < n; ++i) {
              sum = product ? static_cast<T>(sum * x[first + i * inner]) : static_cast<T>(sum + x[first + i * inner]);
              ASSERT_EQ(y[first + i * inner], sum) << "axis " << axis << " layout " << layout;
            }
            if (carried) {
              ASSERT_EQ(total[lane], sum);
            }
          }
        }
}

TEST(Scan, MatchesANaiveLoop) {
  scan_matches<int64_t>(false);
  scan_matches<uint8_t>(false);
  scan_matches<float>(false);
  scan_matches<double>(false);
  scan_matches<std::complex<double>>(false);
  scan_matches<int64_t>(true);
  scan_matches<uint8_t>(true);
  scan_matches<double>(true);
  scan_matches<std::complex<double>>(true);
}

TEST(Scan, KeepsTheSignOfZeroAndRoundsHalvesAtEachStep) {
  Array<double> x({3}), y({3});
  for (int i = 0; i < 3; ++i) x[i] = -0.0;
  ASSERT_EQ(run(BlockKernel::kScanSum, {x.operand()}, {y.operand()}, {0}), "");
  EXPECT_TRUE(std::signbit(y[2]));
  std::vector<uint16_t> ones(4000, float_to_half(1)), sums(4000);
  const int64_t n = 4000, one = 1;
  ASSERT_EQ(run(BlockKernel::kScanSum, {{ones.data(), DType::kFloat16, 1, &n, &one}},
                {{sums.data(), DType::kFloat16, 1, &n, &one}}, {0}),
            "");
  EXPECT_EQ(half_to_float(sums[2047]), 2048);
  EXPECT_EQ(half_to_float(sums[3999]), 2048);  // as NumPy: 2049 is no float16
}

template <class T>
void matmul_matches() {
  std::mt19937 random(2);
  const int64_t shapes[][3] = {{1, 1, 1},   {1, 5, 1}, {5, 1, 1}, {1, 1, 5}, {3, 4, 5},   {17, 300, 33}, {1, 40, 50},
                               {50, 40, 1}, {0, 3, 2}, {3, 0, 2}, {3, 2, 0}, {5, 7, 129}, {1030, 3, 3}};
  for (const auto& [m, k, n] : shapes)
    for (int la = 0; la < 4; ++la)
      for (int lb = 0; lb < 4; ++lb)
        for (int lc = 0; lc < 4; ++lc)
          for (bool add : {false, true}) {
            if (m > 100 && la + lb + lc > 3) continue;
            Array<T> a({m, k}, la), b({k, n}, lb), c({m, n}, lc);
            for (int64_t i = 0; i < a.size(); ++i) a[i] = T(random() % 5);
            for (int64_t i = 0; i < b.size(); ++i) b[i] = T(random() % 5);
            std::vector<T> want(static_cast<size_t>(c.size()));
            for (int64_t i = 0; i < c.size(); ++i) {
              want[static_cast<size_t>(i)] = add ? T(random() % 5) : T(0);
              c[i] = add ? want[static_cast<size_t>(i)] : std::is_floating_point_v<T> ? T(kNan) : T(9);
            }
            for (int64_t i = 0; i < m; ++i)
              for (int64_t j = 0; j < n; ++j)
                for (int64_t p = 0; p < k; ++p) {
                  T& w = want[static_cast<size_t>(i * n + j)];
                  w = static_cast<T>(w + a[i * k + p] * b[p * n + j]);
                }
            ASSERT_EQ(run(BlockKernel::kMatmul, {a.operand(), b.operand()}, {c.operand()}, {add ? 1.0 : 0.0}), "");
            for (int64_t i = 0; i < c.size(); ++i)
              ASSERT_EQ(c[i], want[static_cast<size_t>(i)])
                  << m << " " << k << " " << n << " layouts " << la << lb << lc;
          }
}

TEST(Matmul, MatchesANaiveLoop) {
  matmul_matches<double>();
  matmul_matches<float>();
  matmul_matches<std::complex<double>>();
  matmul_matches<int64_t>();
  matmul_matches<uint8_t>();
}

// Sizes from which products may have a loop of their own, with edges in all directions.
TEST(Matmul, OfLargeMatricesMatchesANaiveLoop) {
  std::mt19937 random(3);
  for (const auto& [m, k, n] : {std::array<int64_t, 3>{192, 192, 192}, {203, 197, 797}}) {
    const auto numbers = [&](int64_t count) {
      std::vector<double> out(static_cast<size_t>(count));
      for (double& x : out) x = static_cast<double>(random() % 9) - 4;
      return out;
    };
    const std::vector<double> va = numbers(m * k), vb = numbers(k * n);
    std::vector<double> want(static_cast<size_t>(m * n));
    for (int64_t i = 0; i < m; ++i)
      for (int64_t p = 0; p < k; ++p)
        for (int64_t j = 0; j < n; ++j) want[static_cast<size_t>(i * n + j)] += va[static_cast<size_t>(i * k + p)] * vb[static_cast<size_t>(p * n + j)];
    for (int layouts = 0; layouts < 8; ++layouts) {
      Array<double> a({m, k}, layouts & 1), b({k, n}, layouts >> 1 & 1), c({m, n}, layouts >> 2);
      for (int64_t i = 0; i < a.size(); ++i) a[i] = va[static_cast<size_t>(i)];
      for (int64_t i = 0; i < b.size(); ++i) b[i] = vb[static_cast<size_t>(i)];
      for (const double add : {0.0, 1.0}) {
        for (int64_t i = 0; i < c.size(); ++i) c[i] = add != 0 ? 3 : kNan;
        ASSERT_EQ(run(BlockKernel::kMatmul, {a.operand(), b.operand()}, {c.operand()}, {add}), "");
        for (int64_t i = 0; i < c.size(); ++i) ASSERT_EQ(c[i], want[static_cast<size_t>(i)] + 3 * add) << m << " " << k << " " << n << " layouts " << layouts;
      }
    }
  }
}

TEST(Matmul, AddsToAThirdOperand) {
  for (int layout = 0; layout < 4; ++layout) {
    Array<double> a({2, 2}), b({2, 2}), d({2, 2}, layout), c({2, 2}, 3 - layout);
    for (int64_t i = 0; i < 4; ++i) a[i] = b[i] = static_cast<double>(i + 1), d[i] = 100.0 * static_cast<double>(i), c[i] = kNan;
    ASSERT_EQ(run(BlockKernel::kMatmul, {a.operand(), b.operand(), d.operand()}, {c.operand()}, {0}), "");
    EXPECT_EQ(std::vector<double>({c[0], c[1], c[2], c[3]}), std::vector<double>({7, 110, 215, 322}));
  }
  Array<double> a({2, 3}), b({3, 2}), d({3, 2}), c({2, 2});
  EXPECT_NE(run(BlockKernel::kMatmul, {a.operand(), b.operand(), d.operand()}, {c.operand()}, {0}), "");
  EXPECT_NE(run(BlockKernel::kMatmul, {a.operand(), b.operand(), c.operand()}, {c.operand()}, {1}), "");
}

TEST(Matmul, OfBoolIsAnyOfAnd) {
  Array<uint8_t> a({2, 300}), b({300, 2}), c({2, 2});
  a.dtype = b.dtype = c.dtype = DType::kBool;
  for (int64_t i = 0; i < 300; ++i) a[i] = b[2 * i] = 1;  // 300 trues, which a byte could not count
  ASSERT_EQ(run(BlockKernel::kMatmul, {a.operand(), b.operand()}, {c.operand()}, {0}), "");
  EXPECT_EQ(std::vector<int>({c[0], c[1], c[2], c[3]}), std::vector<int>({1, 0, 0, 0}));
}

TEST(Matmul, AddsHalvesInFloat32) {
  std::vector<uint16_t> ones(5000, float_to_half(1)), c(1);
  const int64_t row[2] = {1, 5000}, column[2] = {5000, 1}, single[2] = {1, 1};
  const int64_t dense[2] = {5000, 1};
  ASSERT_EQ(run(BlockKernel::kMatmul,
                {{ones.data(), DType::kFloat16, 2, row, dense}, {ones.data(), DType::kFloat16, 2, column, single}},
                {{c.data(), DType::kFloat16, 2, single, single}}, {0}),
            "");
  EXPECT_EQ(half_to_float(c[0]), 5000);
}

TEST(Select, KeepsWhatTheMaskSays) {
  std::mt19937 random(3);
  for (const auto& shape : kShapes)
    for (int percent : {0, 3, 50, 97, 100})
      for (int layout = 0; layout < 4; ++layout) {
        Array<double> x(shape, layout);
        Array<uint8_t> mask(shape, (layout + percent) % 4);
        mask.dtype = DType::kBool;
        const int64_t ndim = static_cast<int64_t>(shape.size());
        Array<double> out({x.size()}, layout % 2 ? 2 : 0);
        Array<int64_t> count({1}), places({x.size(), ndim}, layout);
        std::vector<double> origin;
        for (int64_t i = 0; i < ndim; ++i) origin.push_back(static_cast<double>(100 * (i + 1)));
        for (int64_t i = 0; i < x.size(); ++i)
          x[i] = static_cast<double>(i), mask[i] = static_cast<int>(random() % 100) < percent;
        ASSERT_EQ(run(BlockKernel::kCompressFlat, {x.operand(), mask.operand()}, {out.operand(), count.operand()}, {}),
                  "");
        int64_t kept = 0;
        for (int64_t i = 0; i < x.size(); ++i) {
          if (mask[i]) {
            ASSERT_EQ(out[kept++], x[i]);
          }
        }
        ASSERT_EQ(count[0], kept);
        ASSERT_EQ(run(BlockKernel::kNonzero, {mask.operand()}, {places.operand(), count.operand()}, origin), "");
        ASSERT_EQ(count[0], kept);
        kept = 0;
        for (int64_t i = 0; i < x.size(); ++i) {
          if (!mask[i]) continue;
          int64_t rest = i;
          for (int64_t axis = ndim - 1; axis >= 0; --axis) {
            ASSERT_EQ(places[kept * ndim + axis], rest % shape[static_cast<size_t>(axis)] + 100 * (axis + 1));
            rest /= shape[static_cast<size_t>(axis)];
          }
          ++kept;
        }
      }
}

TEST(Topk, SortsNanLastAndKeepsTheOrderOfEquals) {
  std::mt19937 random(4);
  for (int64_t n : {1, 10, 300, 3000})
    for (int k : {1, 5, 300, -1, -7, -5000})
      for (int layout = 0; layout < 4; ++layout) {
        const int64_t rows = 3, m = std::min<int64_t>(std::abs(k), n);
        Array<double> x({rows, n}, layout), values({rows, m}, (layout + 1) % 4);
        Array<int64_t> columns({rows, m}, layout);
        for (int64_t i = 0; i < x.size(); ++i) x[i] = random() % 20 == 0 ? kNan : static_cast<double>(random() % 50);
        ASSERT_EQ(run(BlockKernel::kTopk, {x.operand()}, {values.operand()}, {static_cast<double>(k)}), "");
        ASSERT_EQ(run(BlockKernel::kArgtopk, {x.operand()}, {columns.operand()}, {static_cast<double>(k), 1000}), "");
        for (int64_t row = 0; row < rows; ++row) {
          std::vector<int64_t> order(static_cast<size_t>(n));
          std::iota(order.begin(), order.end(), 0);
          const auto before = [](double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); };
          std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t j) {
            return k > 0 ? before(x[row * n + j], x[row * n + i]) : before(x[row * n + i], x[row * n + j]);
          });
          for (int64_t i = 0; i < m; ++i) {
            const int64_t want = order[static_cast<size_t>(i)];
            ASSERT_EQ(columns[row * m + i], 1000 + want);
            const double v = values[row * m + i], w = x[row * n + want];
            ASSERT_TRUE(v == w || (std::isnan(v) && std::isnan(w)));
          }
        }
      }
}

TEST(Topk, OfComplexNumbersIsNumPysOrder) {
  using C = std::complex<double>;
  const C sorted[] = {{1, 2}, {1, 3}, {2, -1}, {0, kNan}, {5, kNan}, {kNan, 0}, {kNan, 1}, {kNan, kNan}};
  Array<C> x({1, 8}), out({1, 8});
  for (int64_t i = 0; i < 8; ++i) x[(i * 3) % 8] = sorted[i];
  ASSERT_EQ(run(BlockKernel::kTopk, {x.operand()}, {out.operand()}, {-8}), "");
  for (int64_t i = 0; i < 8; ++i) {
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    EXPECT_TRUE(same(out[i].real(), sorted[i].real()) && same(out[i].imag(), sorted[i].imag())) << i;
  }
}

std::vector<double> quantiles(std::vector<double> row, std::vector<double> q, int method, bool skip = false) {
  Array<double> x({1, static_cast<int64_t>(row.size())}), out({static_cast<int64_t>(q.size()), 1});
  for (size_t i = 0; i < row.size(); ++i) x[static_cast<int64_t>(i)] = row[i];
  std::vector<double> params = {static_cast<double>(method), skip ? 1.0 : 0.0}, result;
  params.insert(params.end(), q.begin(), q.end());
  EXPECT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {out.operand()}, params), "");
  for (size_t i = 0; i < q.size(); ++i) result.push_back(out[static_cast<int64_t>(i)]);
  return result;
}

// numpy.quantile([7, 1, 8, 2, 9], [0, 0.1, 0.4, 0.5, 0.75, 1], method=...) with NumPy 2.4.
TEST(Quantile, MethodsAreNumPys) {
  const std::vector<std::vector<double>> want = {
      {1, 1, 2, 7, 8, 9},                                  // inverted_cdf
      {1, 1, 4.5, 7, 8, 9},                                // averaged_inverted_cdf
      {1, 1, 2, 2, 8, 9},                                  // closest_observation
      {1, 1, 2, 4.5, 7.75, 9},                             // interpolated_inverted_cdf
      {1, 1, 4.5, 7, 8.25, 9},                             // hazen
      {1, 1, 3.9999999999999996, 7, 8.5, 9},               // weibull
      {1, 1.4, 5, 7, 8, 9},                                // linear
      {1, 1, 4.333333333333334, 7, 8.333333333333332, 9},  // median_unbiased
      {1, 1, 4.375, 7, 8.3125, 9},                         // normal_unbiased
      {1, 1, 2, 7, 8, 9},                                  // lower
      {1, 2, 7, 7, 8, 9},                                  // higher
      {1, 1.5, 4.5, 7, 8, 9},                              // midpoint
      {1, 1, 7, 7, 8, 9},                                  // nearest
  };
  for (int method = 0; method < 13; ++method)
    EXPECT_EQ(quantiles({7, 1, 8, 2, 9}, {0, 0.1, 0.4, 0.5, 0.75, 1}, method), want[static_cast<size_t>(method)])
        << method;
}

TEST(Quantile, NanAndInfinityAndNothing) {
  EXPECT_TRUE(std::isnan(quantiles({1, kNan, 3}, {0.5}, 6)[0]));
  EXPECT_EQ(quantiles({1, kNan, 3}, {0.5}, 6, true)[0], 2);
  EXPECT_TRUE(std::isnan(quantiles({kNan, kNan}, {0.5}, 6, true)[0]));
  EXPECT_TRUE(std::isnan(quantiles({}, {0.5}, 6)[0]));
  EXPECT_EQ(quantiles({1, kInf, -kInf}, {0, 1}, 6), std::vector<double>({-kInf, kInf}));
}

// Selecting (few quantiles) and sorting (many) agree, in every layout, for rows together and alone.
TEST(Quantile, SelectingAndSortingAgree) {
  std::mt19937 random(5);
  for (int64_t n : {1, 2, 9, 100, 1001})
    for (int layout = 0; layout < 4; ++layout) {
      const int64_t rows = 19;
      Array<float> x({rows, n}, layout);
      for (int64_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(random() % 1000) / 7;
      std::vector<double> many = {6, 0};
      for (int i = 0; i <= 20; ++i) many.push_back(i / 20.0);
      Array<float> all({21, rows}, layout), few({3, rows}, layout);
      ASSERT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {all.operand()}, many), "");
      ASSERT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {few.operand()}, {6, 0, 0.25, 0.9, 0.5}), "");
      for (int64_t row = 0; row < rows; ++row) {
        ASSERT_EQ(few[row], all[5 * rows + row]);
        ASSERT_EQ(few[rows + row], all[18 * rows + row]);
        ASSERT_EQ(few[2 * rows + row], all[10 * rows + row]);
        std::vector<float> sorted;
        for (int64_t i = 0; i < n; ++i) sorted.push_back(x[row * n + i]);
        std::sort(sorted.begin(), sorted.end());
        if (n % 2 == 1) {
          ASSERT_EQ(all[10 * rows + row], sorted[static_cast<size_t>(n / 2)]);
        }
      }
    }
}

TEST(Check, RefusesOperandsThatDoNotFit) {
  Array<double> x({3, 4}), y({3, 4}), z({4, 3}), flat({12}), rest({4});
  Array<float> other({3, 4});
  Array<uint8_t> mask({3, 4});
  Array<int64_t> count({1}), places({12, 2}), wrong({11, 2});
  mask.dtype = DType::kBool;
  const auto refused = [](const std::string& message) { return !message.empty(); };
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand()}, {z.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand()}, {other.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand()}, {y.operand()}, {2})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand()}, {y.operand()}, {-1})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand()}, {y.operand()}, {0.5})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand()}, {y.operand()}, {kNan})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {x.operand(), rest.operand()}, {y.operand()}, {1})));
  EXPECT_TRUE(refused(run(BlockKernel::kScanSum, {mask.operand()}, {mask.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kMatmul, {x.operand(), y.operand()}, {z.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kMatmul, {x.operand(), z.operand()}, {x.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kMatmul, {x.operand(), z.operand()}, {}, {0})));
  EXPECT_TRUE(
      refused(run(BlockKernel::kCompressFlat, {x.operand(), x.operand()}, {flat.operand(), count.operand()}, {})));
  EXPECT_TRUE(
      refused(run(BlockKernel::kCompressFlat, {x.operand(), mask.operand()}, {rest.operand(), count.operand()}, {})));
  EXPECT_TRUE(refused(run(BlockKernel::kNonzero, {mask.operand()}, {wrong.operand(), count.operand()}, {0, 0})));
  EXPECT_TRUE(refused(run(BlockKernel::kNonzero, {mask.operand()}, {places.operand(), count.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kTopk, {x.operand()}, {y.operand()}, {0})));
  EXPECT_TRUE(refused(run(BlockKernel::kTopk, {x.operand()}, {y.operand()}, {3})));
  EXPECT_TRUE(refused(run(BlockKernel::kArgtopk, {x.operand()}, {y.operand()}, {4, 0})));
  EXPECT_TRUE(refused(run(BlockKernel::kQuantile, {x.operand()}, {y.operand()}, {6, 0, 0.5})));
  Array<double> medians({1, 3});
  EXPECT_TRUE(refused(run(BlockKernel::kQuantile, {x.operand()}, {medians.operand()}, {14, 0, 0.5})));
  EXPECT_TRUE(refused(run(BlockKernel::kQuantile, {x.operand()}, {medians.operand()}, {6, 0, 1.5})));
  EXPECT_TRUE(refused(run(BlockKernel::kQuantile, {x.operand()}, {medians.operand()}, {6, 0, kNan})));
  EXPECT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {medians.operand()}, {6, 0, 0.5}), "");
}

}  // namespace
