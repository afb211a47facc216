// Block kernels that are told to stop, before they begin and on the way; and sorting in pieces that can be stopped.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>

#include <random>
#include <thread>
#include <vector>

#include "block_operands.h"
#include "kernels/block/stoppable_sort.h"

namespace {

using namespace ndl;
using Operands = std::vector<BlockOperand>;

// An operand of few bytes and many elements: all of them are the first.
struct Repeated {
  std::vector<int64_t> extents, strides;
  double value = 1;
  explicit Repeated(std::vector<int64_t> e) : extents(std::move(e)), strides(extents.size(), 0) {}
  BlockOperand operand(DType dtype = DType::kFloat64) { return {&value, dtype, static_cast<int32_t>(extents.size()), extents.data(), strides.data()}; }
};

// `call` runs a kernel that would take seconds, and expects it to have been stopped.
void expect_stops(const std::function<void(const StopFlag*)>& call) {
  StopFlag stop{true};
  call(&stop);
  stop = false;
  std::atomic<bool> running{false};
  std::thread stopper([&] {
    running = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    stop = true;
  });
  while (!running) std::this_thread::yield();
  call(&stop);
  stopper.join();
}

void fill(Array<double>& x) {
  std::mt19937_64 random(1);
  for (double& v : x.memory) v = static_cast<double>(random() % (1 << 20));
}

TEST(Stop, Matmul) {
  for (const int layout : {0, 1}) {
    Array<double> a({3000, 3000}, layout), b({3000, 3000}), c({3000, 3000}, layout);
    expect_stops([&](const StopFlag* stop) {
      EXPECT_EQ(run(BlockKernel::kMatmul, {a.operand(), b.operand()}, {c.operand()}, {0}, kBlockStopped, stop), "");
    });
  }
}
TEST(Stop, MatmulOfOtherTypes) {
  Array<float> a({3000, 3000}), c({3000, 3000});
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kMatmul, {a.operand(), a.operand()}, {c.operand()}, {0}, kBlockStopped, stop), "");
  });
  Repeated x({2000, 100000}), y({100000, 2000}), z({2000, 2000});
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kMatmul, {x.operand(DType::kInt64), y.operand(DType::kInt64)}, {z.operand(DType::kInt64)}, {0}, kBlockStopped, stop), "");
  });
}
TEST(Stop, Scan) {
  const int64_t n = int64_t{1} << 33;
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{n}, {n / 8, 8}, {8, n / 8}})
    for (const double axis : {0., static_cast<double>(shape.size() - 1)}) {
      Repeated x(shape), y(shape);
      expect_stops([&](const StopFlag* stop) {
        EXPECT_EQ(run(BlockKernel::kScanSum, {x.operand()}, {y.operand()}, {axis}, kBlockStopped, stop), "");
      });
    }
}
TEST(Stop, Topk) {
  Repeated x({1, int64_t{1} << 34});
  Array<double> out({1, 3});
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kTopk, {x.operand()}, {out.operand()}, {3}, kBlockStopped, stop), "");
  });
  Array<double> all({1, 1 << 23}), sorted({1, 1 << 23});
  fill(all);
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kTopk, {all.operand()}, {sorted.operand()}, {1 << 23}, kBlockStopped, stop), "");
  });
}
TEST(Stop, Quantile) {
  Array<double> x({1, 1 << 24}), few({1, 1}), many({9, 1});
  fill(x);
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {few.operand()}, {6, 0, 0.5}, kBlockStopped, stop), "");
  });
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kQuantile, {x.operand()}, {many.operand()}, {6, 0, .1, .2, .3, .4, .5, .6, .7, .8, .9}, kBlockStopped, stop), "");
  });
}
TEST(Stop, QuantileOfALongRow) {
  StopFlag stopped{true};
  Array<double> sample({1 << 17}), brackets({1, 2}), pool({1, 1 << 20});
  Array<int64_t> found({1}), counts({4}), counted({1, 4});
  Array<double> out({1});
  fill(pool);
  std::iota(sample.memory.begin(), sample.memory.end(), 0);
  EXPECT_EQ(run(BlockKernel::kQuantileBrackets, {sample.operand()}, {brackets.operand(), found.operand()}, {0.5}, kBlockStopped, &stopped), "");
  brackets[0] = 0, brackets[1] = 1 << 20;
  Repeated x({(int64_t{1} << 31) - 1});
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kQuantileCandidates, {x.operand(), brackets.operand()}, {counts.operand(), pool.operand(), found.operand()}, {},
                  kBlockStopped, stop), "");
  });
  counted[0] = found[0] = 1 << 20;
  EXPECT_EQ(run(BlockKernel::kQuantileSelect, {counted.operand(), brackets.operand(), pool.operand(), found.operand()}, {out.operand()},
                {6, 0, 1 << 20, 0, 0.5}, kBlockStopped, &stopped), "");
}
TEST(Stop, Histogram) {
  Repeated x({(int64_t{1} << 32) - 1});
  Array<double> edges({11});
  std::iota(edges.memory.begin(), edges.memory.end(), 0);
  Array<int64_t> counts({10});
  expect_stops([&](const StopFlag* stop) {
    EXPECT_EQ(run(BlockKernel::kHistogram, {x.operand(), edges.operand()}, {counts.operand()}, {1}, kBlockStopped, stop), "");
  });
}

// ---- what long calls do in pieces ----

TEST(Pieces, ScansGoOnFromEachOther) {
  std::mt19937 random(3);
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{700001}, {100001, 11}, {3, 300001}, {701, 2000}})
    for (int32_t axis = 0; axis < static_cast<int32_t>(shape.size()); ++axis)
      for (int layout : {0, 1, 3}) {
        std::vector<int64_t> rest = shape;
        rest.erase(rest.begin() + axis);
        Array<int64_t> x(shape, layout), y(shape, 0), carry(rest, 0), total(rest, layout);
        for (int64_t& v : x.memory) v = random() % 100;
        for (int64_t& v : carry.memory) v = random() % 100;
        ASSERT_EQ(run(BlockKernel::kScanSum, {x.operand(), carry.operand()}, {y.operand(), total.operand()}, {static_cast<double>(axis)}), "");
        const int64_t inner = axis == static_cast<int32_t>(shape.size()) - 1 ? 1 : shape[1], n = shape[static_cast<size_t>(axis)];
        for (int64_t lane = 0; lane < carry.size(); ++lane) {
          const int64_t first = lane / inner * inner * n + lane % inner;
          int64_t sum = carry[lane];
          for (int64_t i = 0; i < n; ++i) {
            sum += x[first + i * inner];
            ASSERT_EQ(y[first + i * inner], sum) << "axis " << axis << " layout " << layout << " place " << i;
          }
          ASSERT_EQ(total[lane], sum);
        }
      }
}

TEST(Pieces, ProductsOfSeveralCallsOfBlas) {
  std::mt19937 random(5);
  // Whole numbers: exact in any order.
  const std::vector<std::vector<int64_t>> sizes = {{3, 5, 2500}, {150, 17000, 3}, {17000, 150, 3}, {1, 3, 1100000}, {2000, 1, 700}, {1, 2000, 700}, {1300, 900, 130}};
  for (const auto& size : sizes)
    for (const int layout : {0, 1, 3})
      for (const double add : {0., 1.}) {
        const int64_t m = size[0], n = size[1], k = size[2];
        Array<float> a({m, k}, layout), b({k, n}, (layout + 1) % 4), c({m, n}, layout);
        for (float& v : a.memory) v = static_cast<float>(random() % 3);
        for (float& v : b.memory) v = static_cast<float>(random() % 3);
        for (float& v : c.memory) v = 7;
        ASSERT_EQ(run(BlockKernel::kMatmul, {a.operand(), b.operand()}, {c.operand()}, {add}), "");
        const int64_t skip = m * n > 100000 ? 97 : 1;
        for (int64_t at = 0; at < m * n; at += skip) {
          const int64_t i = at / n, j = at % n;
          float sum = add != 0 ? 7 : 0;
          for (int64_t p = 0; p < k; ++p) sum += a[i * k + p] * b[p * n + j];
          ASSERT_EQ(c[at], sum) << m << "x" << n << "x" << k << " layout " << layout << " at " << i << ", " << j;
        }
      }
}

template <class T>
void sorts_and_selects(std::vector<T> x) {
  std::vector<T> sorted = x;
  std::sort(sorted.begin(), sorted.end());
  const int64_t n = static_cast<int64_t>(x.size());
  for (const int64_t nth : {int64_t{0}, n / 3, n / 2, n - 1}) {
    std::vector<T> selected = x;
    ASSERT_TRUE(block::select_nth(selected.data(), nth, n, std::less<T>(), nullptr));
    ASSERT_EQ(selected[static_cast<size_t>(nth)], sorted[static_cast<size_t>(nth)]);
    const auto at = selected.begin() + nth;
    ASSERT_LE(*std::max_element(selected.begin(), at + 1), *at);
    ASSERT_GE(*std::min_element(at, selected.end()), *at);
  }
  ASSERT_TRUE(block::sort_all(x.data(), n, std::less<T>(), nullptr));
  ASSERT_EQ(x, sorted);
}

TEST(Pieces, SortAndSelectAsTheStandardLibraryDoes) {
  std::mt19937 random(9);
  for (const size_t n : {size_t{1}, size_t{1000}, size_t{65537}, size_t{1000003}})
    for (const unsigned distinct : {1u, 2u, 1000u, ~0u}) {
      std::vector<int64_t> x(n);
      for (int64_t& v : x) v = random() % distinct;
      sorts_and_selects(x);
      std::sort(x.begin(), x.end());
      sorts_and_selects(x);
      std::reverse(x.begin(), x.end());
      sorts_and_selects(x);
    }
  // What each sample takes for the middle is the least.
  std::vector<int64_t> organ(1 << 20);
  for (size_t i = 0; i < organ.size(); ++i) organ[i] = static_cast<int64_t>(std::min(i, organ.size() - i));
  sorts_and_selects(organ);
}

}  // namespace
