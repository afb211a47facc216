// Element-wise loops and casts: that each declared one is there, that a result depends on its element alone, that
// outputs may lie on inputs, and the edges and accuracy that users can see.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/float16.h"
#include "kernels/table.h"

namespace {

using namespace ndl;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct OpRow {
  const char* name;
  int nin, nout;
  uint32_t loops;
};
const OpRow kRows[kOpCount] = {
#define NDL_OP(name, nin, nout, loops) {#name, nin, nout, [] { using namespace dtypes; return static_cast<uint32_t>(loops); }()},
#include "generated/ops.inc"
#undef NDL_OP
};

bool declared(int op, int d) { return (kRows[op].loops >> d) & 1; }

DType input_dtype(int op, int d, int j) {
  if (static_cast<Op>(op) == Op::where && j == 0) return DType::kBool;
  if (static_cast<Op>(op) == Op::ldexp && j == 1) return DType::kInt32;
  return static_cast<DType>(d);
}

using Bytes = std::vector<unsigned char>;

template <class T>
void put(Bytes& b, int64_t i, T x) {
  std::memcpy(b.data() + i * static_cast<int64_t>(sizeof(T)), &x, sizeof(T));
}
template <class T>
T get(const Bytes& b, int64_t i) {
  T x;
  std::memcpy(&x, b.data() + i * static_cast<int64_t>(sizeof(T)), sizeof(T));
  return x;
}

void put_real(Bytes& b, DType d, int64_t i, double x) {
  switch (d) {
    case DType::kFloat16: return put(b, i, double_to_half(x));
    case DType::kFloat32: return put(b, i, static_cast<float>(x));
    default: return put(b, i, x);
  }
}

// Small and huge numbers, and bits drawn at random, which bring NaN, infinities and subnormals.
Bytes elements(DType d, int64_t n, uint64_t seed) {
  std::mt19937_64 bits(seed);
  std::normal_distribution<double> normal;
  const int size = item_size(d);
  Bytes b(static_cast<size_t>(n * size));
  for (int64_t i = 0; i < n; ++i) {
    const uint64_t kind = bits() % 4;
    uint64_t raw[2] = {bits(), bits()};
    if (d == DType::kBool) raw[0] %= 3;
    else if (kind != 0 && d < DType::kFloat16) raw[0] = raw[0] % 24 - (d <= DType::kInt64 ? 12 : 0);
    std::memcpy(b.data() + i * size, raw, static_cast<size_t>(size));
    if (kind == 0 || d < DType::kFloat16) continue;
    const double spread = kind == 1 ? 1 : kind == 2 ? 30 : 1e5;
    if (d == DType::kComplex64) put_real(b, DType::kFloat32, 2 * i, normal(bits)), put_real(b, DType::kFloat32, 2 * i + 1, spread * normal(bits));
    else if (d == DType::kComplex128) put_real(b, DType::kFloat64, 2 * i, normal(bits)), put_real(b, DType::kFloat64, 2 * i + 1, spread * normal(bits));
    else put_real(b, d, i, spread * normal(bits));
  }
  return b;
}

// Bits of NaN are nobody's promise.
void canonical(Bytes& b, DType d) {
  const DType part = d == DType::kComplex64 ? DType::kFloat32 : d == DType::kComplex128 ? DType::kFloat64 : d;
  const auto n = static_cast<int64_t>(b.size()) / item_size(part);
  for (int64_t i = 0; i < n; ++i) {
    if (part == DType::kFloat32 && std::isnan(get<float>(b, i))) put(b, i, static_cast<float>(kNan));
    if (part == DType::kFloat64 && std::isnan(get<double>(b, i))) put(b, i, kNan);
    if (part == DType::kFloat16 && (get<uint16_t>(b, i) & 0x7FFF) > 0x7C00) put(b, i, uint16_t{0x7E00});
  }
}

std::vector<Bytes> arguments(int op, int d, int64_t n) {
  std::vector<Bytes> in;
  for (int j = 0; j < kRows[op].nin; ++j) in.push_back(elements(input_dtype(op, d, j), n, static_cast<uint64_t>(op * 64 + d * 4 + j)));
  return in;
}

// Runs elements [first, first + n) and checks that nothing behind them is written.
std::vector<Bytes> run(int op, int d, const std::vector<Bytes>& in, int64_t first, int64_t n) {
  std::vector<Bytes> out;
  void* results[2] = {};
  const void* args[3] = {};
  for (int j = 0; j < kRows[op].nout; ++j) {
    const int size = item_size(map_output(static_cast<Op>(op), static_cast<DType>(d), j));
    out.emplace_back(static_cast<size_t>(n * size + 64), 0xA5);
  }
  for (int j = 0; j < kRows[op].nout; ++j) results[j] = out[j].data();
  for (int j = 0; j < kRows[op].nin; ++j) args[j] = in[j].data() + first * item_size(input_dtype(op, d, j));
  ndloom_kernels()->map[op][d](results, args, n);
  for (int j = 0; j < kRows[op].nout; ++j) {
    for (size_t i = out[j].size() - 64; i < out[j].size(); ++i) EXPECT_EQ(out[j][i], 0xA5) << kRows[op].name;
    out[j].resize(out[j].size() - 64);
    canonical(out[j], map_output(static_cast<Op>(op), static_cast<DType>(d), j));
  }
  return out;
}

std::string label(int op, int d) { return std::string(kRows[op].name) + " of dtype " + std::to_string(d); }

// The draws with parameters of their own are left out: their parameters have a domain, and random_test.cc.
template <class F>
void for_each_loop(F f) {
  for (int op = 0; op < kOpCount; ++op)
    if (std::string_view(kRows[op].name).substr(0, 7) != "random_")
      for (int d = 0; d < kDTypeCount; ++d)
        if (declared(op, d)) f(op, d);
}

TEST(MapTable, HasTheDeclaredLoopsAndNoOthers) {
  const KernelTable* table = ndloom_kernels();
  EXPECT_EQ(table->version, kKernelTableVersion);
  EXPECT_EQ(table, ndloom_kernels());
  for (int op = 0; op < kOpCount; ++op)
    for (int d = 0; d < kDTypeCount; ++d) EXPECT_EQ(table->map[op][d] != nullptr, declared(op, d)) << label(op, d);
  for (const auto& row : table->cast)
    for (MapFn f : row) EXPECT_NE(f, nullptr);
}

TEST(MapLoops, ResultDependsOnTheElementAlone) {
  constexpr int64_t kN = 600;
  for_each_loop([](int op, int d) {
    const auto in = arguments(op, d, kN);
    const auto whole = run(op, d, in, 0, kN);
    for (int64_t n = 1; n <= 70; ++n) {
      const int64_t first = n * 37 % (kN - n);
      const auto part = run(op, d, in, first, n);
      for (size_t j = 0; j < part.size(); ++j) {
        const size_t size = part[j].size() / static_cast<size_t>(n);
        ASSERT_EQ(std::memcmp(part[j].data(), whole[j].data() + static_cast<size_t>(first) * size, part[j].size()), 0)
            << label(op, d) << ", " << n << " elements from " << first;
      }
    }
  });
}

// A loop for a repeated first input, or for repeated others, has the bits of the loop over tiles that hold the element.
TEST(MapLoops, ARepeatedInputIsATileOfOneElement) {
  constexpr int64_t kN = 200;
  const KernelTable& table = *ndloom_kernels();
  int found = 0;
  for_each_loop([&](int op, int d) {
    for (const bool first : {true, false}) {
      const MapFn loop = (first ? table.map_first_repeated : table.map_others_repeated)[op][d];
      if (loop == nullptr) continue;
      ++found;
      const auto size = static_cast<size_t>(item_size(static_cast<DType>(d)));
      const auto drawn = arguments(op, d, kN);
      for (size_t which = 0; which < 24; ++which) {
        auto tiles = drawn;
        std::vector<Bytes> inputs = drawn;
        for (size_t j = 0; j < tiles.size(); ++j) {
          if ((j == 0) != first) continue;
          inputs[j].assign(drawn[j].data() + which * size, drawn[j].data() + (which + 1) * size);
          for (size_t i = 0; i < kN; ++i) std::memcpy(tiles[j].data() + i * size, inputs[j].data(), size);
        }
        const DType result = map_output(static_cast<Op>(op), static_cast<DType>(d), 0);
        Bytes out(static_cast<size_t>(kN * item_size(result)));
        void* results[] = {out.data()};
        const void* args[3] = {};
        for (size_t j = 0; j < inputs.size(); ++j) args[j] = inputs[j].data();
        loop(results, args, kN);
        canonical(out, result);
        ASSERT_EQ(out, run(op, d, tiles, 0, kN)[0]) << label(op, d) << ", element " << which;
      }
    }
  });
  EXPECT_GT(found, 100);
}

// Neighbours of quite another size must not change the method by which an angle is reduced.
TEST(MapLoops, AnglesDoNotHangOnTheirNeighbours) {
  constexpr int64_t kN = 20000;
  for (Op op : {Op::sin, Op::cos, Op::tan, Op::sincos, Op::sinc}) {
    for (DType d : {DType::kFloat32, DType::kFloat64}) {
      std::mt19937_64 bits(11);
      std::normal_distribution<double> normal;
      std::vector<Bytes> in{Bytes(static_cast<size_t>(kN * item_size(d)))};
      for (int64_t i = 0; i < kN; ++i) put_real(in[0], d, i, normal(bits) * (bits() % 8 == 0 ? 1e20 : bits() % 3 == 0 ? 1e3 : 5));
      const auto whole = run(static_cast<int>(op), static_cast<int>(d), in, 0, kN);
      for (int64_t i = 0; i < kN; ++i) {
        const auto one = run(static_cast<int>(op), static_cast<int>(d), in, i, 1);
        for (size_t j = 0; j < one.size(); ++j)
          ASSERT_EQ(std::memcmp(one[j].data(), whole[j].data() + i * item_size(d), one[j].size()), 0) << kRows[static_cast<int>(op)].name << " " << i;
      }
    }
  }
}

// The planner computes a sine and a cosine of the same angle at once.
TEST(MapLoops, SincosHasTheBitsOfSinAndCos) {
  constexpr int64_t kN = 20000;
  for (DType d : {DType::kFloat32, DType::kFloat64}) {
    const std::vector<Bytes> in{elements(d, kN, 5)};
    const auto both = run(static_cast<int>(Op::sincos), static_cast<int>(d), in, 0, kN);
    EXPECT_EQ(both[0], run(static_cast<int>(Op::sin), static_cast<int>(d), in, 0, kN)[0]);
    EXPECT_EQ(both[1], run(static_cast<int>(Op::cos), static_cast<int>(d), in, 0, kN)[0]);
  }
}

// In float32 the error is that of one rounding, whatever the angle, and zeros keep their sign.
TEST(MapLoops, SineAndCosineOfFloat32AreNearlyExact) {
  constexpr int64_t kN = 200000;
  std::mt19937_64 bits(3);
  std::vector<Bytes> in{Bytes(kN * sizeof(float))};
  auto* x = reinterpret_cast<float*>(in[0].data());
  for (int64_t i = 0; i < kN; ++i) {
    const double u = std::uniform_real_distribution<double>(-1, 1)(bits);
    x[i] = static_cast<float>(i % 3 == 0 ? u * 4 : i % 3 == 1 ? u * 131072 : std::round(u * 83000) * 1.5707963267948966);
  }
  x[0] = 0.0f, x[1] = -0.0f, x[2] = 0x1p-149f, x[3] = -0x1p-130f, x[4] = 1e30f;
  const auto both = run(static_cast<int>(Op::sincos), static_cast<int>(DType::kFloat32), in, 0, kN);
  const auto* sines = reinterpret_cast<const float*>(both[0].data());
  const auto* cosines = reinterpret_cast<const float*>(both[1].data());
  const auto ulps = [](float got, double want) {
    int exponent;
    std::frexp(want, &exponent);
    return std::abs(got - want) / std::ldexp(1.0, std::max(exponent, -125) - 24);
  };
  for (int64_t i = 0; i < kN; ++i) {
    ASSERT_LE(ulps(sines[i], std::sin(static_cast<double>(x[i]))), i == 4 ? 1 : 0.51) << x[i];
    ASSERT_LE(ulps(cosines[i], std::cos(static_cast<double>(x[i]))), i == 4 ? 1 : 0.51) << x[i];
  }
  EXPECT_FALSE(std::signbit(sines[0]));
  EXPECT_TRUE(std::signbit(sines[1]));
  EXPECT_EQ(sines[2], x[2]);
  EXPECT_EQ(sines[3], x[3]);
}

TEST(MapLoops, OutputMayBeTheBufferOfAnInput) {
  constexpr int64_t kN = 333;
  for_each_loop([](int op, int d) {
    const auto in = arguments(op, d, kN);
    const auto apart = run(op, d, in, 0, kN);
    for (int o = 0; o < kRows[op].nout; ++o) {
      const DType result = map_output(static_cast<Op>(op), static_cast<DType>(d), o);
      for (int j = 0; j < kRows[op].nin; ++j) {
        if (item_size(result) > item_size(input_dtype(op, d, j))) continue;
        auto shared = in;
        Bytes other(apart[0].size() * 2);
        void* results[2] = {other.data(), other.data()};
        results[o] = shared[j].data();
        const void* args[3] = {};
        for (int k = 0; k < kRows[op].nin; ++k) args[k] = shared[k].data();
        ndloom_kernels()->map[op][d](results, args, kN);
        Bytes got(shared[j].begin(), shared[j].begin() + static_cast<std::ptrdiff_t>(apart[o].size()));
        canonical(got, result);
        ASSERT_EQ(got, apart[o]) << label(op, d) << ", output " << o << " on input " << j;
      }
    }
  });
}

TEST(Cast, ResultDependsOnTheElementAloneAndMayLieOnTheInput) {
  constexpr int64_t kN = 400;
  for (int from = 0; from < kDTypeCount; ++from) {
    const auto f = static_cast<DType>(from);
    const Bytes in = elements(f, kN, static_cast<uint64_t>(from));
    for (int to = 0; to < kDTypeCount; ++to) {
      const auto t = static_cast<DType>(to);
      const MapFn cast = ndloom_kernels()->cast[from][to];
      const auto convert = [&](int64_t first, int64_t n) {
        Bytes out(static_cast<size_t>(n * item_size(t)));
        void* results[] = {out.data()};
        const void* args[] = {in.data() + first * item_size(f)};
        cast(results, args, n);
        canonical(out, t);
        return out;
      };
      const Bytes whole = convert(0, kN);
      for (int64_t n = 1; n <= 70; ++n) {
        const int64_t first = n * 37 % (kN - n);
        const Bytes part = convert(first, n);
        ASSERT_EQ(std::memcmp(part.data(), whole.data() + first * item_size(t), part.size()), 0) << from << " to " << to;
      }
      if (item_size(t) > item_size(f)) continue;
      Bytes shared = in;
      void* results[] = {shared.data()};
      const void* args[] = {shared.data()};
      cast(results, args, kN);
      shared.resize(whole.size());
      canonical(shared, t);
      ASSERT_EQ(shared, whole) << from << " to " << to;
    }
  }
}

// One element through an op or a cast.
template <class R, class T, class... Args>
R apply(Op op, DType d, T first, Args... rest) {
  R result{};
  T arguments[] = {first, rest...};
  const void* args[3] = {};
  for (size_t j = 0; j < 1 + sizeof...(rest); ++j) args[j] = &arguments[j];
  void* results[] = {&result};
  ndloom_kernels()->map[static_cast<int>(op)][static_cast<int>(d)](results, args, 1);
  return result;
}
double f64(Op op, double a) { return apply<double>(op, DType::kFloat64, a); }
double f64(Op op, double a, double b) { return apply<double>(op, DType::kFloat64, a, b); }
int32_t i32(Op op, int32_t a, int32_t b) { return apply<int32_t>(op, DType::kInt32, a, b); }
int64_t i64(Op op, int64_t a, int64_t b) { return apply<int64_t>(op, DType::kInt64, a, b); }

template <class To, class From>
To cast(DType from, DType to, From x) {
  To result{};
  void* results[] = {&result};
  const void* args[] = {&x};
  ndloom_kernels()->cast[static_cast<int>(from)][static_cast<int>(to)](results, args, 1);
  return result;
}

TEST(MapEdges, WholeNumbers) {
  constexpr int32_t kMin32 = std::numeric_limits<int32_t>::min();
  constexpr int64_t kMin64 = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(i32(Op::floor_divide, 7, 0), 0);
  EXPECT_EQ(i32(Op::floor_divide, -7, 2), -4);
  EXPECT_EQ(i32(Op::floor_divide, kMin32, -1), kMin32);
  EXPECT_EQ(i32(Op::floor_divide, kMin32, 1), kMin32);
  EXPECT_EQ(i32(Op::floor_divide, 2147483647, 2147483646), 1);
  EXPECT_EQ(i64(Op::floor_divide, kMin64, -1), kMin64);
  EXPECT_EQ(i64(Op::remainder, kMin64, -1), 0);
  EXPECT_EQ(i32(Op::remainder, -7, 3), 2);
  EXPECT_EQ(i32(Op::remainder, 7, -3), -2);
  EXPECT_EQ(i32(Op::remainder, 7, 0), 0);
  EXPECT_EQ(i32(Op::fmod, -7, 3), -1);
  EXPECT_EQ(i64(Op::power, -3, 3), -27);
  EXPECT_EQ(i64(Op::power, 0, 0), 1);
  EXPECT_EQ(i64(Op::left_shift, 1, 63), kMin64);
  EXPECT_EQ(i64(Op::left_shift, 1, 64), 0);
  EXPECT_EQ(i64(Op::left_shift, 1, -1), 0);
  EXPECT_EQ(i64(Op::right_shift, -8, 64), -1);
  EXPECT_EQ(i64(Op::right_shift, 8, 64), 0);
  EXPECT_EQ(apply<int8_t>(Op::absolute, DType::kInt8, int8_t{-128}), -128);
  EXPECT_EQ(apply<int8_t>(Op::add, DType::kInt8, int8_t{127}, int8_t{1}), -128);
  EXPECT_EQ(apply<uint16_t>(Op::multiply, DType::kUInt16, uint16_t{65535}, uint16_t{65535}), 1);
  EXPECT_EQ(apply<int64_t>(Op::reciprocal, DType::kInt64, int64_t{0}), kMin64);
}

// Every pair of bytes, against the definition.
TEST(MapEdges, DivisionOfBytes) {
  for (int a = -128; a < 128; ++a) {
    for (int b = -128; b < 128; ++b) {
      const auto x = static_cast<int8_t>(a), y = static_cast<int8_t>(b);
      const int quotient = b == 0 ? 0 : static_cast<int>(std::floor(static_cast<double>(a) / b));
      ASSERT_EQ(apply<int8_t>(Op::floor_divide, DType::kInt8, x, y), static_cast<int8_t>(quotient));
      ASSERT_EQ(apply<int8_t>(Op::remainder, DType::kInt8, x, y), b == 0 ? 0 : static_cast<int8_t>(a - quotient * b));
      ASSERT_EQ(apply<int8_t>(Op::fmod, DType::kInt8, x, y), b == 0 ? 0 : static_cast<int8_t>(a % b));
    }
  }
}

TEST(MapEdges, FloatDivision) {
  EXPECT_EQ(f64(Op::floor_divide, -7, 2), -4);
  EXPECT_EQ(f64(Op::floor_divide, 1, 0), kInf);
  EXPECT_TRUE(std::isnan(f64(Op::floor_divide, kInf, 1)));
  EXPECT_EQ(f64(Op::floor_divide, 6.0, 0.1), 59);
  EXPECT_EQ(f64(Op::remainder, -1, kInf), kInf);
  EXPECT_TRUE(std::signbit(f64(Op::remainder, 6, -3)));
  EXPECT_FALSE(std::signbit(f64(Op::remainder, -6, 3)));
  EXPECT_TRUE(std::signbit(f64(Op::fmod, -6, 3)));
  EXPECT_TRUE(std::isnan(f64(Op::fmod, 1, 0)));
  std::mt19937_64 bits(3);
  for (int i = 0; i < 20000; ++i) {
    const double a = std::ldexp(static_cast<double>(bits() >> 11), -static_cast<int>(bits() % 60)) * (i & 1 ? -1 : 1);
    const double b = std::ldexp(static_cast<double>(bits() >> 11), -static_cast<int>(bits() % 60)) * (i & 2 ? -1 : 1);
    ASSERT_EQ(f64(Op::fmod, a, b), std::fmod(a, b)) << a << " " << b;
    ASSERT_EQ(f64(Op::fmod, b * 3, b), std::fmod(b * 3, b)) << b;
  }
}

TEST(MapEdges, NanAndOrder) {
  EXPECT_TRUE(std::isnan(f64(Op::maximum, kNan, 1)));
  EXPECT_TRUE(std::isnan(f64(Op::maximum, 1, kNan)));
  EXPECT_TRUE(std::isnan(f64(Op::minimum, 1, kNan)));
  EXPECT_EQ(f64(Op::fmax, kNan, 1), 1);
  EXPECT_EQ(f64(Op::fmin, 1, kNan), 1);
  EXPECT_TRUE(std::isnan(f64(Op::sign, kNan)));
  EXPECT_TRUE(std::isnan(apply<double>(Op::clip, DType::kFloat64, 0.5, kNan, 1.0)));
  EXPECT_EQ(apply<double>(Op::clip, DType::kFloat64, 5.0, 3.0, 1.0), 1);
  EXPECT_EQ(apply<uint8_t>(Op::add, DType::kBool, uint8_t{2}, uint8_t{1}), 1);
  EXPECT_EQ(apply<uint8_t>(Op::equal, DType::kBool, uint8_t{2}, uint8_t{1}), 1);
}

TEST(MapEdges, Powers) {
  EXPECT_EQ(f64(Op::power, 0, 0), 1);
  EXPECT_EQ(f64(Op::power, kNan, 0), 1);
  EXPECT_EQ(f64(Op::power, 1, kNan), 1);
  EXPECT_EQ(f64(Op::power, -0.0, -3), -kInf);
  EXPECT_EQ(f64(Op::power, -1, kInf), 1);
  EXPECT_TRUE(std::isnan(f64(Op::power, -8, 1.0 / 3)));
  EXPECT_EQ(f64(Op::power, std::numeric_limits<double>::max(), 1), std::numeric_limits<double>::max());
}

TEST(MapEdges, Zeros) {
  for (Op op : {Op::sin, Op::tan, Op::arcsin, Op::arctan, Op::sinh, Op::tanh, Op::arcsinh, Op::arctanh, Op::expm1, Op::log1p, Op::cbrt,
                Op::sqrt, Op::rint, Op::floor, Op::ceil, Op::trunc}) {
    EXPECT_TRUE(std::signbit(f64(op, -0.0))) << kRows[static_cast<int>(op)].name;
    EXPECT_EQ(f64(op, -0.0), 0) << kRows[static_cast<int>(op)].name;
  }
  EXPECT_EQ(f64(Op::sinc, 0), 1);
  EXPECT_EQ(f64(Op::i0, 0), 1);
  EXPECT_EQ(f64(Op::logaddexp, -kInf, -kInf), -kInf);
  EXPECT_EQ(f64(Op::logaddexp, kInf, 1), kInf);
  EXPECT_EQ(f64(Op::rint, 2.5), 2);
}

TEST(MapEdges, Neighbours) {
  EXPECT_EQ(f64(Op::nextafter, 0, -1), -std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(f64(Op::nextafter, 1, 2), 1 + std::numeric_limits<double>::epsilon());
  EXPECT_EQ(f64(Op::nextafter, kInf, 0), std::numeric_limits<double>::max());
  EXPECT_EQ(f64(Op::spacing, -1), -std::numeric_limits<double>::epsilon());
  EXPECT_EQ(apply<uint16_t>(Op::nextafter, DType::kFloat16, uint16_t{0x3C00}, uint16_t{0x4000}), 0x3C01);
  EXPECT_EQ(apply<uint16_t>(Op::spacing, DType::kFloat16, uint16_t{0x3C00}), 0x1400);
}

TEST(Cast, CutsWrapsAndRoundsOnce) {
  EXPECT_EQ((cast<int32_t>(DType::kFloat64, DType::kInt32, -2.9)), -2);
  EXPECT_EQ((cast<int32_t>(DType::kFloat64, DType::kInt32, kNan)), std::numeric_limits<int32_t>::min());
  EXPECT_EQ((cast<int32_t>(DType::kFloat64, DType::kInt32, -2147483648.9)), std::numeric_limits<int32_t>::min());
  EXPECT_EQ((cast<int8_t>(DType::kFloat64, DType::kInt8, 300.0)), 44);
  EXPECT_EQ((cast<uint64_t>(DType::kFloat64, DType::kUInt64, 0x1p63)), uint64_t{1} << 63);
  EXPECT_EQ((cast<uint8_t>(DType::kInt64, DType::kUInt8, int64_t{-1})), 255);
  EXPECT_EQ((cast<uint8_t>(DType::kFloat64, DType::kBool, kNan)), 1);
  EXPECT_EQ((cast<uint8_t>(DType::kFloat64, DType::kBool, -0.0)), 0);
  EXPECT_EQ((cast<int64_t>(DType::kBool, DType::kInt64, uint8_t{2})), 1);
  // Just above a tie of float16; through float32 it would become the tie and go down.
  EXPECT_EQ((cast<uint16_t>(DType::kFloat64, DType::kFloat16, 1 + 0x1p-11 + 0x1p-40)), 0x3C01);
  EXPECT_EQ((cast<uint16_t>(DType::kFloat64, DType::kFloat16, 65520.0)), 0x7C00);
  EXPECT_EQ((cast<uint16_t>(DType::kFloat64, DType::kFloat16, 65519.99)), 0x7BFF);
}

// Within one unit in the last place of the C library's long double.
TEST(MapAccuracy, OneUnitInTheLastPlace) {
  struct Case {
    Op op;
    long double (*reference)(long double);
    double low, high;
  };
  const Case cases[] = {
      {Op::sin, std::sin, -100, 100},       {Op::cos, std::cos, -100, 100},      {Op::tan, std::tan, -100, 100},
      {Op::arcsin, std::asin, -1, 1},       {Op::arccos, std::acos, -1, 1},      {Op::arctan, std::atan, -50, 50},
      {Op::exp, std::exp, -80, 80},         {Op::exp2, std::exp2, -100, 100},    {Op::expm1, std::expm1, -5, 5},
      {Op::log, std::log, 0, 10},           {Op::log2, std::log2, 0, 10},        {Op::log10, std::log10, 0, 10},
      {Op::log1p, std::log1p, -1, 5},       {Op::sinh, std::sinh, -20, 20},      {Op::cosh, std::cosh, -20, 20},
      {Op::tanh, std::tanh, -5, 5},         {Op::arcsinh, std::asinh, -50, 50},  {Op::arccosh, std::acosh, 1, 50},
      {Op::arctanh, std::atanh, -1, 1},     {Op::cbrt, std::cbrt, -9, 9},
  };
  for (const Case& c : cases) {
    std::mt19937_64 bits(7);
    std::uniform_real_distribution<double> uniform(c.low, c.high);
    for (int i = 0; i < 5000; ++i) {
      const double x = uniform(bits);
      const auto unit = [](long double r, int digits) { return std::ldexp(1.0L, std::ilogb(r) - digits + 1); };
      const long double r = c.reference(x);
      ASSERT_LE(std::fabs(f64(c.op, x) - r), 1.001L * unit(r, 53)) << kRows[static_cast<int>(c.op)].name << "(" << x << ")";
      const auto y = static_cast<float>(x);
      const long double s = c.reference(y);
      if (s == 0 || !std::isfinite(s)) continue;
      ASSERT_LE(std::fabs(apply<float>(c.op, DType::kFloat32, y) - s), 1.001L * unit(s, 24)) << kRows[static_cast<int>(c.op)].name << "(" << y << ")";
    }
  }
}

// Near the zeros of sine and cosine nearly all of the angle cancels; around 2^17 the method of reduction changes.
TEST(MapAccuracy, AnglesNearTheirQuadrantsEnds) {
  constexpr long double kQuarter = 1.570796326794896619231321691639751442L;
  const auto check = [](double x) {
    const auto unit = [](long double r) { return std::ldexp(1.0L, r == 0 ? -1074 : std::max(std::ilogb(r) - 52, -1074)); };
    const long double sine = std::sin(static_cast<long double>(x)), cosine = std::cos(static_cast<long double>(x));
    ASSERT_LE(std::fabs(f64(Op::sin, x) - sine), unit(sine)) << x;
    ASSERT_LE(std::fabs(f64(Op::cos, x) - cosine), unit(cosine)) << x;
  };
  std::mt19937_64 bits(13);
  std::uniform_real_distribution<double> uniform(-1, 1);
  for (int n = 0; n < 90000; ++n) {
    const auto end = static_cast<double>(n * kQuarter);
    check(end);
    check(-std::nextafter(end, 1e9));
    check(end * (1 + uniform(bits) * std::exp2(-static_cast<double>(bits() % 50))));
    check(static_cast<double>((n + 0.5L) * kQuarter) * (1 + 1e-9 * uniform(bits)));
    check(131072 + 10 * uniform(bits));
  }
  for (const double x : {5e-324, 1e-310, std::numeric_limits<double>::min(), 1e-160, 1e-9}) check(x), check(-x);
}

}  // namespace
