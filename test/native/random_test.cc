// Random numbers: the published vectors of ARS, purity in the index, distributions, and frozen bits, which are
// the same under every ISA library that this test is linked with.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <vector>

#include "kernels/random/ars.h"
#include "kernels/random/exact_math.h"
#include "kernels/table.h"

namespace {

using namespace ndl;

struct Kind {
  const char* name;
  Generator generator;
  RandomParams params;
  int bytes;
  uint64_t frozen;  // hash of 10000 elements
};
constexpr uint64_t kKey = 0x0123456789ABCDEF;
constexpr RandomParams with(double a = 0, double b = 0, double c = 0) { return {kKey, 0, 0, {a, b, c, 0}}; }

// A change of these hashes is a change of what a seed gives, which users must be told of.
const Kind kKinds[] = {
    {"randomBits", Generator::kRandomBits, with(), 8, 0x4006f99263a2d626},
    {"random", Generator::kRandom, with(), 8, 0x5e91333751acafba},
    {"randomFloat32", Generator::kRandomFloat32, with(), 4, 0xc219eabe83bc3600},
    {"normal", Generator::kNormal, with(), 8, 0x4161aa6da7ad6dc2},
    {"normalFloat32", Generator::kNormalFloat32, with(), 4, 0x10e318dafdf254ef},
    {"exponential", Generator::kExponential, with(), 8, 0x97bf75a2070d9427},
    {"exponentialFloat32", Generator::kExponentialFloat32, with(), 4, 0x8bd2b248808407ff},
    {"integers", Generator::kIntegers, {kKey, static_cast<uint64_t>(-5), 999, {}}, 8, 0x135ad88413dc409c},
    {"integersWide", Generator::kIntegers, {kKey, 7, uint64_t{3} << 62, {}}, 8, 0x4463d80be5d48de2},
    {"gamma", Generator::kGamma, with(2.5), 8, 0x401cdcd9e456a6bb},
    {"gammaSmall", Generator::kGamma, with(0.3), 8, 0xd2fdcf4f74c9b634},
    {"poissonSmall", Generator::kPoisson, with(3.5), 8, 0x1add1ba62fd26e87},
    {"poisson", Generator::kPoisson, with(30), 8, 0x29976ee3557dd650},
    {"binomialSmall", Generator::kBinomial, with(20, 0.3), 8, 0xeb857680729ea3e4},
    {"binomial", Generator::kBinomial, with(100, 0.7), 8, 0x6f6a6343a222947b},
    {"geometric", Generator::kGeometric, with(0.1), 8, 0x23ac4e1b8ddac61d},
    {"hypergeometricSmall", Generator::kHypergeometric, with(12, 15, 8), 8, 0xc9c3cde699eb8cc0},
    {"hypergeometric", Generator::kHypergeometric, with(100, 200, 50), 8, 0x6a829af86d436d0d},
    {"logseries", Generator::kLogseries, with(0.6), 8, 0x73d3682ae42065e1},
    {"zipf", Generator::kZipf, with(2.5), 8, 0x7ef61bddcdb74062},
    {"vonmises", Generator::kVonmises, with(1.5), 8, 0xae8c29e3c535c866},
    {"betaSmall", Generator::kBeta, with(0.4, 0.6), 8, 0x9dfb214871462ad4},
    {"beta", Generator::kBeta, with(2, 3), 8, 0x9ff116fbcac5bf53},
    {"negativeBinomial", Generator::kNegativeBinomial, with(5, 0.3), 8, 0x23aa2f9681650101},
    {"noncentralChisquare", Generator::kNoncentralChisquare, with(2.5, 2), 8, 0x8b56f84da02d49f0},
    {"permutation", Generator::kPermutation, {kKey, 0, 999'999, {}}, 8, 0xc265107ad2aba18a},
    {"noncentralChisquareBelow1", Generator::kNoncentralChisquare, with(0.5, 3), 8, 0xfc96608dcb642a9b},
};

template <class T>
std::vector<T> draw(Generator kind, const RandomParams& params, int64_t n, int64_t first = 0, int64_t step = 1) {
  std::vector<T> out(static_cast<size_t>(n));
  ndloom_kernels()->generate[static_cast<int>(kind)](out.data(), first, step, n, &params);
  return out;
}
std::vector<char> draw_bytes(const Kind& kind, int64_t n, int64_t first, int64_t step) {
  std::vector<char> out(static_cast<size_t>(n * kind.bytes));
  ndloom_kernels()->generate[static_cast<int>(kind.generator)](out.data(), first, step, n, &kind.params);
  return out;
}

random::Words128 words(const std::array<uint64_t, 4>& w) { return {w[0] | w[1] << 32, w[2] | w[3] << 32}; }

TEST(Ars, GivesTheVectorsOfRandom123) {
  const struct {
    std::array<uint64_t, 4> counter, key, block;
  } kVectors[] = {
      {{1, 0, 0, 0}, {1, 0, 0, 0}, {0x3523162b, 0xdc14d20c, 0x79184077, 0x72184193}},
      {{0, 0, 0, 0x80000000}, {0x100, 0, 0, 0}, {0xeb212ad6, 0xd1798ddd, 0x1cb1d3a2, 0x4faa492c}},
      {{0x886a3f24, 0xd308a385, 0x2e8a1913, 0x44737003}, {1, 0, 0, 0}, {0xbb4006c7, 0x33dbc0db, 0x1ea0a1c9, 0x7f9541e3}},
  };
  int ran = 0;
  for (const random::Ars& one : random::kArs) {
    if (!one.runs_here()) continue;
    ++ran;
    for (const auto& vector : kVectors) {
      const random::Words128 want = words(vector.block);
      const random::Words128 got = one.block(random::ArsKeys(words(vector.key)), words(vector.counter));
      EXPECT_EQ(got.lo, want.lo) << one.name;
      EXPECT_EQ(got.hi, want.hi) << one.name;
    }
  }
  EXPECT_GE(ran, 1);
}

TEST(Ars, IsTheSameHoweverItIsComputed) {
  const random::ArsKeys keys(words({1, 2, 3, 4}));
  const random::Words128 first{~uint64_t{0} - 5, 6};  // whose `lo` comes round
  for (const random::Ars& one : random::kArs) {
    if (!one.runs_here()) continue;
    for (uint64_t step : {uint64_t{1}, uint64_t{0}, uint64_t{7}, ~uint64_t{0}})
      for (int64_t n : {0, 1, 7, 8, 9, 31, 32, 33, 100}) {
        std::vector<random::Words128> got(static_cast<size_t>(n) + 1, {1, 2}), want = got;  // the last is not theirs
        one.blocks(keys, first, step, got.data(), n);
        for (uint64_t i = 0; i < static_cast<uint64_t>(n); ++i)
          want[i] = random::ars_block_by_tables(keys, {first.lo + i * step, first.hi});
        for (size_t i = 0; i < want.size(); ++i) {
          ASSERT_EQ(got[i].lo, want[i].lo) << one.name << " " << n << " " << i;
          ASSERT_EQ(got[i].hi, want[i].hi) << one.name << " " << n << " " << i;
        }
      }
  }
}

TEST(RandomBits, AreTheBlocksOfArsInOrder) {
  for (const int64_t first : {int64_t{0}, (int64_t{1} << 33) - 6, int64_t{1} << 52}) {
    const auto bits = draw<uint64_t>(Generator::kRandomBits, with(), 2000, first);
    for (int64_t i = 0; i < 2000; i += 2) {
      const auto block = random::ars(random::ArsKeys(kKey), {static_cast<uint64_t>(first + i) / 2, 0});
      ASSERT_EQ(bits[static_cast<size_t>(i)], block.lo);
      ASSERT_EQ(bits[static_cast<size_t>(i) + 1], block.hi);
    }
  }
}

TEST(Iota, IsTheIndex) {
  EXPECT_EQ(draw<int64_t>(Generator::kIota, with(), 3, 10, -4), (std::vector<int64_t>{10, 6, 2}));
}

TEST(Generators, ArePureInTheIndex) {
  struct Call {
    int64_t first, step, n;
  };
  for (const Kind& kind : kKinds) {
    const int64_t origin = 4095, count = 6000;
    const auto all = draw_bytes(kind, count, origin, 1);
    for (const Call& c : {Call{4095, 1, 1}, Call{4096, 1, 17}, Call{4097, 1, 1000}, Call{5000, 3, 777},
                          Call{9000, -7, 600}, Call{5050, 0, 9}, Call{4098, 2, 2500}, Call{5000, 1024, 4},
                          Call{4099, 1, 5000}, Call{4100, 5, 1}}) {
      const auto some = draw_bytes(kind, c.n, c.first, c.step);
      for (int64_t i = 0; i < c.n; ++i)
        ASSERT_EQ(std::memcmp(&some[static_cast<size_t>(i * kind.bytes)],
                              &all[static_cast<size_t>((c.first - origin + i * c.step) * kind.bytes)],
                              static_cast<size_t>(kind.bytes)),
                  0)
            << kind.name << " first " << c.first << " step " << c.step << " element " << i;
    }
    EXPECT_TRUE(draw_bytes(kind, 0, 5, 1).empty());
  }
}

TEST(Generators, GiveTheSameBitsForEver) {
  for (const Kind& kind : kKinds) {
    uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const char byte : draw_bytes(kind, 10000, 1, 1))
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    EXPECT_EQ(hash, kind.frozen) << kind.name << " 0x" << std::hex << hash;
  }
}

TEST(ExactMath, IsAccurate) {
  const auto ulps = [](double got, double want) {
    return std::abs(got - want) / (std::nextafter(std::abs(want), INFINITY) - std::abs(want));
  };
  for (int i = 1; i < 20000; ++i) {
    const double x = std::exp((i - 10000) * 0.0698), unit = i / 20000.0;
    ASSERT_LT(ulps(random::exact_log(x), std::log(x)), 3) << x;
    ASSERT_LT(ulps(random::exact_exp((i - 10000) * 0.0701), std::exp((i - 10000) * 0.0701)), 3) << i;
    ASSERT_LT(ulps(random::exact_log1p(4 * unit - 0.999), std::log1p(4 * unit - 0.999)), 4) << unit;
    ASSERT_LT(ulps(random::exact_expm1(4 * unit - 2.01), std::expm1(4 * unit - 2.01)), 6) << unit;
    ASSERT_LT(ulps(random::log_factorial(i), std::lgamma(i + 1.0)), 4) << i;
    ASSERT_NEAR(random::cos_pi(unit), std::cos(random::kPi * unit), 6e-16) << unit;
    ASSERT_NEAR(random::exact_acos(2 * unit - 1), std::acos(2 * unit - 1), 2e-15) << unit;
  }
  EXPECT_EQ(random::exact_log(0), -INFINITY);
  EXPECT_EQ(random::exact_exp(710), INFINITY);
  EXPECT_EQ(random::exact_exp(-800), 0);
  EXPECT_EQ(random::log_factorial(0), 0);
}

constexpr int64_t kMany = 1'000'000;

// Kolmogorov's distance times sqrt(n); above 1.95 once in a thousand keys.
template <class T>
double kolmogorov(std::vector<T> x, const std::function<double(double)>& cdf) {
  std::sort(x.begin(), x.end());
  double distance = 0;
  const auto n = static_cast<double>(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const double f = cdf(static_cast<double>(x[i])), at = static_cast<double>(i);
    distance = std::max({distance, f - at / n, (at + 1) / n - f});
  }
  return distance * std::sqrt(n);
}
double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2)); }

TEST(Distributions, OfContinuousNumbersMatchTheirCdf) {
  const auto unit = [](double x) { return x; };
  const auto exponential = [](double x) { return -std::expm1(-x); };
  EXPECT_LT(kolmogorov(draw<double>(Generator::kRandom, with(), kMany), unit), 1.95);
  EXPECT_LT(kolmogorov(draw<float>(Generator::kRandomFloat32, with(), kMany), unit), 1.95);
  EXPECT_LT(kolmogorov(draw<double>(Generator::kNormal, with(), kMany), normal_cdf), 1.95);
  EXPECT_LT(kolmogorov(draw<float>(Generator::kNormalFloat32, with(), kMany), normal_cdf), 1.95);
  EXPECT_LT(kolmogorov(draw<double>(Generator::kExponential, with(), kMany), exponential), 1.95);
  EXPECT_LT(kolmogorov(draw<float>(Generator::kExponentialFloat32, with(), kMany), exponential), 1.95);
  // Chi-square of one and of four degrees; arcsine; a beta of whole shapes.
  EXPECT_LT(kolmogorov(draw<double>(Generator::kGamma, with(0.5), kMany),
                       [](double x) { return std::erf(std::sqrt(x)); }), 1.95);
  EXPECT_LT(kolmogorov(draw<double>(Generator::kGamma, with(2), kMany),
                       [](double x) { return 1 - std::exp(-x) * (1 + x); }), 1.95);
  EXPECT_LT(kolmogorov(draw<double>(Generator::kBeta, with(0.5, 0.5), kMany),
                       [](double x) { return 2 / random::kPi * std::asin(std::sqrt(x)); }), 1.95);
  EXPECT_LT(kolmogorov(draw<double>(Generator::kBeta, with(2, 1), kMany), [](double x) { return x * x; }), 1.95);
  EXPECT_LT(kolmogorov(draw<double>(Generator::kVonmises, with(0), kMany),
                       [](double x) { return 0.5 + x / (2 * random::kPi); }), 1.95);
  // (N + 1)^2
  EXPECT_LT(kolmogorov(draw<double>(Generator::kNoncentralChisquare, with(1, 1), kMany),
                       [](double x) { return normal_cdf(std::sqrt(x) - 1) - normal_cdf(-std::sqrt(x) - 1); }), 1.95);
}

// Mean and variance within 4.5 standard errors; the variance's error needs the fourth central moment (kurtosis).
template <class T>
void expect_moments(const char* name, const std::vector<T>& x, double mean, double variance, double kurtosis = 3) {
  const auto n = static_cast<double>(x.size());
  double sum = 0, squares = 0;
  for (T v : x) sum += static_cast<double>(v) - mean;
  const double offset = sum / n;
  for (T v : x) squares += std::pow(static_cast<double>(v) - mean - offset, 2);
  EXPECT_LT(std::abs(offset), 4.5 * std::sqrt(variance / n)) << name;
  EXPECT_LT(std::abs(squares / n - variance), 4.5 * variance * std::sqrt((kurtosis - 1) / n)) << name;
}

TEST(Distributions, HaveTheirMeanAndVariance) {
  expect_moments("gamma", draw<double>(Generator::kGamma, with(30), kMany), 30, 30, 3.2);
  expect_moments("gamma", draw<double>(Generator::kGamma, with(0.05), kMany), 0.05, 0.05, 123);
  expect_moments("gamma", draw<double>(Generator::kGamma, with(1e9), kMany), 1e9, 1e9);
  expect_moments("beta", draw<double>(Generator::kBeta, with(2, 3), kMany), 0.4, 0.04);
  expect_moments("poisson", draw<int64_t>(Generator::kPoisson, with(1e12), kMany), 1e12, 1e12);
  expect_moments("binomial", draw<int64_t>(Generator::kBinomial, with(1e15, 0.4), kMany), 4e14, 2.4e14);
  expect_moments("negative binomial", draw<int64_t>(Generator::kNegativeBinomial, with(5, 0.3), kMany), 35 / 3.0,
                 35 / 0.9, 4.3);
  expect_moments("noncentral", draw<double>(Generator::kNoncentralChisquare, with(0.5, 3), kMany), 3.5, 13, 8);
  expect_moments("vonmises", draw<double>(Generator::kVonmises, with(1e4), kMany), 0, 1.00005e-4);
  expect_moments("vonmises", draw<double>(Generator::kVonmises, with(4e6), kMany), 0, 0.25e-6);
}

TEST(Distributions, OfTheNormalHaveTheRightTails) {
  const int64_t n = 40 * kMany;
  const double limits[] = {3, 4, 4.2, 4.5, 5};
  double counts[5] = {};
  std::vector<double> x(1 << 16);
  for (int64_t first = 0; first < n; first += 1 << 16) {
    ndloom_kernels()->generate[static_cast<int>(Generator::kNormal)](x.data(), first, 1, 1 << 16, &kKinds[0].params);
    for (double v : x)
      for (int i = 0; i < 5; ++i) counts[i] += std::abs(v) > limits[i];
  }
  for (int i = 0; i < 5; ++i) {
    const double expected = std::erfc(limits[i] / std::sqrt(2)) * static_cast<double>((n + 65535) / 65536 * 65536);
    EXPECT_LT(std::abs(counts[i] - expected), 4 * std::sqrt(expected)) << limits[i];
  }
}

// Chi-square of counts against a mass function, as a deviation from its mean in standard deviations.
double chi_square(const std::vector<int64_t>& x, const std::function<double(double)>& log_mass) {
  std::map<int64_t, double> counts;
  for (int64_t v : x) ++counts[v];
  const auto n = static_cast<double>(x.size());
  double sum = 0, cells = 0, rest = n, rest_count = n;
  for (const auto& [value, count] : counts) {
    const double expected = n * std::exp(log_mass(static_cast<double>(value)));
    if (expected < 20) continue;
    sum += (count - expected) * (count - expected) / expected;
    rest -= expected;
    rest_count -= count;
    ++cells;
  }
  if (rest > 1) sum += (rest_count - rest) * (rest_count - rest) / rest, ++cells;
  return (sum - (cells - 1)) / std::sqrt(2 * std::max(cells - 1, 1.0));
}
double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

TEST(Distributions, OfDiscreteNumbersMatchTheirMass) {
  for (double mean : {0.01, 1.0, 9.99, 10.0, 30.0, 1000.0})
    EXPECT_LT(chi_square(draw<int64_t>(Generator::kPoisson, with(mean), kMany),
                         [&](double k) { return k * std::log(mean) - mean - std::lgamma(k + 1); }), 4) << mean;
  for (auto [n, p] : {std::pair{1.0, 0.3}, {20.0, 0.9}, {100.0, 0.05}, {100.0, 0.1}, {100.0, 0.7}, {1000.0, 0.5}})
    EXPECT_LT(chi_square(draw<int64_t>(Generator::kBinomial, with(n, p), kMany),
                         [&](double k) { return log_choose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p); }), 4)
        << n << " " << p;
  for (double p : {0.9, 0.5, 0.1})
    EXPECT_LT(chi_square(draw<int64_t>(Generator::kGeometric, with(p), kMany),
                         [&](double k) { return std::log(p) + (k - 1) * std::log1p(-p); }), 4) << p;
  struct Urn {
    double good, bad, sample;
  };
  for (const Urn& u : {Urn{5, 6, 3}, Urn{6, 5, 9}, Urn{100, 200, 50}, Urn{200, 100, 280}, Urn{30, 40, 60},
                       Urn{100, 200, 250}, Urn{200, 100, 50}})
    EXPECT_LT(chi_square(draw<int64_t>(Generator::kHypergeometric, with(u.good, u.bad, u.sample), kMany),
                         [&](double k) {
                           return log_choose(u.good, k) + log_choose(u.bad, u.sample - k) -
                                  log_choose(u.good + u.bad, u.sample);
                         }), 4) << u.good << " " << u.bad << " " << u.sample;
  for (double p : {0.01, 0.6, 0.95})
    EXPECT_LT(chi_square(draw<int64_t>(Generator::kLogseries, with(p), kMany),
                         [&](double k) { return k * std::log(p) - std::log(-k * std::log1p(-p)); }), 4) << p;
  EXPECT_LT(chi_square(draw<int64_t>(Generator::kZipf, with(4), kMany),
                       [](double k) { return -4 * std::log(k) - std::log(1.0823232337111382); }), 4);
  EXPECT_LT(chi_square(draw<int64_t>(Generator::kNegativeBinomial, with(5, 0.3), kMany),
                       [](double k) { return log_choose(k + 4, k) + 5 * std::log(0.3) + k * std::log(0.7); }), 4);
  for (uint64_t count : {7, 1000})
    EXPECT_LT(chi_square(draw<int64_t>(Generator::kIntegers, {kKey, static_cast<uint64_t>(-3), count - 1, {}}, kMany),
                         [&](double) { return -std::log(static_cast<double>(count)); }), 4) << count;
}

TEST(Integers, CoverTheirRangeWithoutBias) {
  const auto all = draw<int64_t>(Generator::kIntegers, {kKey, 0, ~uint64_t{0}, {}}, 1000);
  const auto bits = draw<uint64_t>(Generator::kRandomBits, with(), 1000);
  EXPECT_EQ(std::memcmp(all.data(), bits.data(), 8000), 0);
  for (int64_t v : draw<int64_t>(Generator::kIntegers, {kKey, 42, 0, {}}, 100)) ASSERT_EQ(v, 42);
  // Of three quarters of all numbers, a third lies in each: a multiplication without rejection would give 1/4 twice.
  double thirds[3] = {};
  for (uint64_t v : draw<uint64_t>(Generator::kIntegers, {kKey, 0, (uint64_t{3} << 62) - 1, {}}, kMany))
    ++thirds[v >> 62];
  for (double third : thirds) EXPECT_NEAR(third, kMany / 3.0, 2500);
}

TEST(Permutation, TakesEachValueOnce) {
  for (int64_t n : {1, 2, 3, 4, 5, 16, 17, 100, 1000, 65536, 100'003}) {
    auto values = draw<int64_t>(Generator::kPermutation, {kKey, 0, static_cast<uint64_t>(n - 1), {}}, n);
    std::sort(values.begin(), values.end());
    for (int64_t i = 0; i < n; ++i) ASSERT_EQ(values[static_cast<size_t>(i)], i) << n;
  }
}

TEST(Permutation, LeavesNoOrder) {
  const int64_t n = kMany;
  const auto values = draw<int64_t>(Generator::kPermutation, {kKey, 0, static_cast<uint64_t>(n - 1), {}}, n);
  // Correlations of value and place, and of neighbours, against 1 / sqrt(n); the number of ascents; fixed points.
  double place = 0, neighbour = 0, ascents = 0, fixed = 0;
  const auto unit = [&](int64_t v) { return (static_cast<double>(v) / static_cast<double>(n) - 0.5) * std::sqrt(12); };
  for (int64_t i = 0; i < n; ++i) {
    const int64_t v = values[static_cast<size_t>(i)], next = values[static_cast<size_t>((i + 1) % n)];
    place += unit(v) * unit(i);
    neighbour += unit(v) * unit(next);
    ascents += next > v;
    fixed += v == i;
  }
  EXPECT_LT(std::abs(place), 4 * std::sqrt(n));
  EXPECT_LT(std::abs(neighbour), 4 * std::sqrt(n));
  EXPECT_LT(std::abs(ascents - n / 2.0), 4 * std::sqrt(n / 12.0));
  EXPECT_LT(fixed, 8);
  // The first thousand positions fall into a hundred parts evenly.
  double chi = 0;
  std::vector<double> parts(100);
  for (int64_t i = 0; i < 1000; ++i) ++parts[static_cast<size_t>(values[static_cast<size_t>(i)] * 100 / n)];
  for (double part : parts) chi += (part - 10) * (part - 10) / 10;
  EXPECT_LT(chi, 99 + 4 * std::sqrt(198));
}

TEST(Distributions, AtTheirLimits) {
  const auto constant = [](Generator kind, RandomParams p, int64_t expected) {
    for (int64_t v : draw<int64_t>(kind, p, 1000)) ASSERT_EQ(v, expected) << static_cast<int>(kind);
  };
  constant(Generator::kPoisson, with(0), 0);
  constant(Generator::kBinomial, with(0, 0.5), 0);
  constant(Generator::kBinomial, with(5, 0), 0);
  constant(Generator::kBinomial, with(5, 1), 5);
  constant(Generator::kGeometric, with(1), 1);
  constant(Generator::kGeometric, with(1e-300), std::numeric_limits<int64_t>::max());
  constant(Generator::kHypergeometric, with(5, 0, 3), 3);
  constant(Generator::kHypergeometric, with(0, 5, 3), 0);
  constant(Generator::kHypergeometric, with(5, 5, 10), 5);
  constant(Generator::kHypergeometric, with(5, 5, 0), 0);
  constant(Generator::kZipf, with(2000), 1);
  constant(Generator::kNegativeBinomial, with(3, 1), 0);
  for (double v : draw<double>(Generator::kGamma, with(0), 100)) ASSERT_EQ(v, 0);
  for (double v : draw<double>(Generator::kBeta, with(1e-5, 1e-5), 1000)) ASSERT_TRUE(v >= 0 && v <= 1);
  // Outside of the domain every generator ends, with NaN or 0.
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Kind& kind : kKinds)
    for (double bad : {nan, -1.0, -double{INFINITY}, double{INFINITY}}) {
      RandomParams p = with(bad, bad, bad);
      std::vector<int64_t> out(100);
      ndloom_kernels()->generate[static_cast<int>(kind.generator)](out.data(), 0, 1, 100, &p);
    }
}

}  // namespace
