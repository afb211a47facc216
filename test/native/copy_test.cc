// Copies of boxes against a naive walk, for every item size and awkward strides.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "kernels/table.h"

namespace {

struct Box {
  std::vector<int64_t> extents, dst, src;
  int64_t dst_offset, src_offset;
};

// Copies byte by byte, in C order.
void naive(char* dst, const char* src, const Box& b, int size) {
  std::vector<int64_t> at(b.extents.size(), 0);
  for (int64_t e : b.extents)
    if (e == 0) return;
  for (;;) {
    int64_t d = b.dst_offset, s = b.src_offset;
    for (size_t i = 0; i < at.size(); ++i) d += at[i] * b.dst[i], s += at[i] * b.src[i];
    std::memcpy(dst + d * size, src + s * size, static_cast<size_t>(size));
    size_t axis = at.size();
    while (axis > 0 && ++at[axis - 1] == b.extents[axis - 1]) at[--axis] = 0;
    if (axis == 0) return;
  }
}

// The offset that keeps the lowest element at 0, and the size of the span.
int64_t lowest(const std::vector<int64_t>& extents, const std::vector<int64_t>& strides) {
  int64_t low = 0;
  for (size_t i = 0; i < extents.size(); ++i)
    if (strides[i] < 0 && extents[i] > 0) low -= strides[i] * (extents[i] - 1);
  return low;
}
int64_t span(const std::vector<int64_t>& extents, const std::vector<int64_t>& strides) {
  int64_t n = 1;
  for (size_t i = 0; i < extents.size(); ++i)
    if (extents[i] > 0) n += std::abs(strides[i]) * (extents[i] - 1);
  return n;
}

void expect_copied(Box b) {
  b.dst_offset = lowest(b.extents, b.dst);
  b.src_offset = lowest(b.extents, b.src);
  for (int log = 0; log < 5; ++log) {
    const int size = 1 << log;
    // One element more at each side of the destination, to see what is written outside. Addresses are aligned to
    // the element only.
    const int64_t nd = span(b.extents, b.dst) + 2, ns = span(b.extents, b.src);
    std::vector<char> src(static_cast<size_t>(ns * size)), got(static_cast<size_t>(nd * size), 0x55), want = got;
    for (size_t i = 0; i < src.size(); ++i) src[i] = static_cast<char>(i * 31 + (i >> 8) * 17 + 1);
    naive(want.data() + size, src.data(), b, size);
    ndloom_kernels()->copy[log](got.data() + size + b.dst_offset * size, b.dst.data(), src.data() + b.src_offset * size,
                                b.src.data(), b.extents.data(), static_cast<int32_t>(b.extents.size()));
    ASSERT_EQ(got, want) << "item size " << size;
  }
}

TEST(Copy, NoAxisIsOneElementAndAnEmptyBoxIsNothing) {
  expect_copied({{}, {}, {}, 0, 0});
  expect_copied({{0}, {1}, {1}, 0, 0});
  expect_copied({{3, 0, 2}, {2, 2, 1}, {1, 1, 1}, 0, 0});
}

TEST(Copy, RunsOfEveryLengthAndStride) {
  for (int64_t n = 1; n <= 70; ++n)
    for (int64_t stride : {1, -1, 0, 2, 3, -5})
      for (int64_t to : {1, -1, 2}) expect_copied({{n}, {to}, {stride}, 0, 0});
}

TEST(Copy, TranspositionsOfEveryShape) {
  for (int64_t a : {1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 70})
    for (int64_t b : {1, 2, 3, 5, 8, 16, 19, 32, 65}) {
      expect_copied({{a, b}, {b, 1}, {1, a}, 0, 0});
      expect_copied({{a, b}, {b + 3, 1}, {1, a + 5}, 0, 0});
      expect_copied({{a, b}, {-(b + 3), 1}, {-1, a + 5}, 0, 0});
      expect_copied({{a, b}, {1, a}, {-(b + 1), -1}, 0, 0});
      expect_copied({{a, b}, {b, 1}, {0, 1}, 0, 0});
      expect_copied({{a, b}, {b, 1}, {1, 0}, 0, 0});
    }
}

TEST(Copy, ThirtyTwoAxes) {
  std::vector<int64_t> extents(32, 1), dst(32), src(32);
  for (int i : {0, 5, 9, 17, 24, 30, 31}) extents[static_cast<size_t>(i)] = 2;
  int64_t run = 1;
  for (size_t i = 32; i-- > 0;) dst[i] = run, run *= extents[i];
  run = 1;
  for (size_t i = 0; i < 32; ++i) src[i] = (i % 2 ? -1 : 1) * run, run *= extents[i];
  expect_copied({extents, dst, src, 0, 0});
}

TEST(Copy, RandomBoxes) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 1500; ++trial) {
    const size_t ndim = 1 + random() % 5;
    std::vector<size_t> order(ndim);
    for (size_t i = 0; i < ndim; ++i) order[i] = i;
    Box b;
    for (size_t i = 0; i < ndim; ++i) b.extents.push_back(static_cast<int64_t>(1 + random() % (ndim > 3 ? 6 : 14)));
    const auto strides = [&](bool source) {
      std::shuffle(order.begin(), order.end(), random);
      std::vector<int64_t> s(ndim);
      int64_t run = random() % 4 == 0 ? 2 : 1;
      for (size_t i : order) {
        s[i] = random() % 3 == 0 ? -run : run;
        if (source && random() % 5 == 0) s[i] = 0;
        run *= b.extents[i] + static_cast<int64_t>(random() % 2);
      }
      return s;
    };
    b.dst = strides(false);
    b.src = strides(true);
    expect_copied(b);
  }
}

}  // namespace
