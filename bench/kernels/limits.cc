// What this machine allows: memory bandwidth, arithmetic, and hand-written loops for some workloads of bench/peers.
// An engine is measured against these, in the same run. Prints "name<TAB>value<TAB>unit".
#include <cblas.h>
#include <immintrin.h>
#include <sleef.h>
#include <sys/mman.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "parallel_sum.h"
#include "stopwatch.h"

namespace {

using ndl::bench::best_seconds, ndl::bench::kThreads, ndl::bench::parallel_sum;

volatile double sink;

// Memory from the system in large pages where it grants them, touched before it is used.
double* allocate(int64_t n) {
  void* p = mmap(nullptr, n * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) {
    std::perror("mmap");
    std::exit(1);
  }
  madvise(p, n * 8, MADV_HUGEPAGE);
  return static_cast<double*>(p);
}

#if defined(__AVX512F__)
constexpr int kDoubles = 8;
using Vd = __m512d;
using Vf = __m512;
Vd load(const double* p) { return _mm512_loadu_pd(p); }
Vf load(const float* p) { return _mm512_loadu_ps(p); }
auto sincos10(Vd x) { return Sleef_sincosd8_u10avx512f(x); }
auto sincos10(Vf x) { return Sleef_sincosf16_u10avx512f(x); }
auto sincos35(Vd x) { return Sleef_sincosd8_u35avx512f(x); }
auto sincospi35(Vd x) { return Sleef_sincospid8_u35avx512f(x); }
Vd log35(Vd x) { return Sleef_logd8_u35avx512f(x); }
Vd root(Vd x) { return _mm512_sqrt_pd(x); }
#elif defined(__AVX2__)
constexpr int kDoubles = 4;
using Vd = __m256d;
using Vf = __m256;
Vd load(const double* p) { return _mm256_loadu_pd(p); }
Vf load(const float* p) { return _mm256_loadu_ps(p); }
auto sincos10(Vd x) { return Sleef_sincosd4_u10avx2(x); }
auto sincos10(Vf x) { return Sleef_sincosf8_u10avx2(x); }
auto sincos35(Vd x) { return Sleef_sincosd4_u35avx2(x); }
auto sincospi35(Vd x) { return Sleef_sincospid4_u35avx2(x); }
Vd log35(Vd x) { return Sleef_logd4_u35avx2(x); }
Vd root(Vd x) { return _mm256_sqrt_pd(x); }
#else
constexpr int kDoubles = 2;
using Vd = __m128d;
using Vf = __m128;
Vd load(const double* p) { return _mm_loadu_pd(p); }
Vf load(const float* p) { return _mm_loadu_ps(p); }
auto sincos10(Vd x) { return Sleef_sincosd2_u10sse2(x); }
auto sincos10(Vf x) { return Sleef_sincosf4_u10sse2(x); }
auto sincos35(Vd x) { return Sleef_sincosd2_u35sse2(x); }
auto sincospi35(Vd x) { return Sleef_sincospid2_u35sse2(x); }
Vd log35(Vd x) { return Sleef_logd2_u35sse2(x); }
Vd root(Vd x) { return _mm_sqrt_pd(x); }
#endif

template <class V>
double lanes(V v) {
  double total = 0;
  for (size_t i = 0; i < sizeof v / sizeof v[0]; ++i) total += v[i];
  return total;
}

double sum(const double* x, int64_t lo, int64_t hi) {
  Vd a[8] = {};
  for (int64_t i = lo; i + 8 * kDoubles <= hi; i += 8 * kDoubles)
    for (int k = 0; k < 8; ++k) a[k] += load(x + i + k * kDoubles);
  return lanes(((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7])));
}

double add_sum(const double* x, const double* y, int64_t lo, int64_t hi) {
  Vd a[8] = {};
  for (int64_t i = lo; i + 8 * kDoubles <= hi; i += 8 * kDoubles)
    for (int k = 0; k < 8; ++k) a[k] += load(x + i + k * kDoubles) + load(y + i + k * kDoubles);
  return lanes(((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7])));
}

// sum(sin(x)^2 + cos(x)^2*y - x/2), all in registers
template <class V, class T, class SinCos>
double chain(const T* x, const T* y, int64_t lo, int64_t hi, SinCos sincos) {
  constexpr int64_t width = sizeof(V) / sizeof(T);
  double total = 0;
  for (int64_t block = lo; block + 1024 <= hi; block += 1024) {
    V a = {}, b = {};
    for (int64_t i = block; i < block + 1024; i += 2 * width) {
      const V x0 = load(x + i), x1 = load(x + i + width);
      const auto s0 = sincos(x0), s1 = sincos(x1);
      a += s0.x * s0.x + s0.y * s0.y * load(y + i) - x0 * static_cast<T>(0.5);
      b += s1.x * s1.x + s1.y * s1.y * load(y + i + width) - x1 * static_cast<T>(0.5);
    }
    total += lanes(a + b);
  }
  return total;
}

// sum(x + x.T) over a square at (i0, j0): some cache lines of either operand at a time
double transpose_square(const double* x, int64_t n, int64_t i0, int64_t j0, int64_t size) {
  constexpr int64_t kBlock = 16;
  double total = 0;
  for (int64_t i1 = i0; i1 < i0 + size; i1 += kBlock) {
    for (int64_t j1 = j0; j1 < j0 + size; j1 += kBlock) {
      double part[8] = {};
      for (int64_t i = i1; i < i1 + kBlock; ++i)
        for (int64_t j = 0; j < kBlock; ++j) part[j % 8] += x[i * n + j1 + j];
      for (int64_t j = j1; j < j1 + kBlock; ++j)
        for (int64_t i = 0; i < kBlock; ++i) part[i % 8] += x[j * n + i1 + i];
      for (double p : part) total += p;
    }
  }
  return total;
}

// The squares on and beside the diagonal by turns, each with its mirror image, which reads the same: from cache the second time.
double transpose_sum(const double* x, int64_t n, int64_t lo, int64_t hi) {
  constexpr int64_t kSquare = 112;
  const int64_t squares = n / kSquare;  // odd here: each pair has one turn
  double total = 0;
  for (int64_t i = (lo + kSquare - 1) / kSquare; i < (hi + kSquare - 1) / kSquare; ++i) {
    for (int64_t turn = 0; turn <= squares / 2; ++turn) {
      const int64_t j = (i + turn) % squares;
      total += transpose_square(x, n, i * kSquare, j * kSquare, kSquare);
      if (turn > 0) total += transpose_square(x, n, j * kSquare, i * kSquare, kSquare);
    }
  }
  return total;
}

// x.T into y, a square of cache lines at a time, in bands of rows that fit the cache
double transposed_copy(const double* x, double* y, int64_t n, int64_t lo, int64_t hi) {
  constexpr int64_t kBlock = 16;
  for (int64_t i0 = lo; i0 + kBlock <= hi; i0 += kBlock)
    for (int64_t j0 = 0; j0 + kBlock <= n; j0 += kBlock)
      for (int64_t j = j0; j < j0 + kBlock; ++j)
        for (int64_t i = i0; i < i0 + kBlock; ++i) y[j * n + i] = x[i * n + j];
  return 0;
}

// Counts of 256 equal bins; neighbours count in different tables, so that no count waits for the one before
double histogram(const double* x, int64_t lo, int64_t hi) {
  constexpr int kBins = 256;
  std::vector<int64_t> counts(4 * kBins);
  for (int64_t i = lo; i + 4 <= hi; i += 4)
    for (int k = 0; k < 4; ++k) ++counts[k * kBins + std::min(static_cast<int>((x[i + k] + 0.5) * kBins), kBins - 1)];
  double total = 0;
  for (int b = 0; b < 4 * kBins; ++b) total += static_cast<double>(counts[b]) * (b % kBins);
  return total;
}

// xoshiro256++ (Blackman and Vigna), a generator a lane: among the quickest of good ones, though not of the kind that can be drawn in any order
class Generators {
 public:
  explicit Generators(uint64_t seed) {
    for (Vu& word : state_)
      for (size_t lane = 0; lane < kDoubles; ++lane) word[lane] = seed = seed * 6364136223846793005u + 1442695040888963407u;
  }
  Vd uniform() {  // [0, 1)
    Vu* s = state_;
    const Vu drawn = rotated(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return reinterpret_cast<Vd>((drawn >> 12) | 0x3FF0000000000000u) - 1.0;
  }

 private:
  typedef uint64_t Vu __attribute__((vector_size(sizeof(Vd))));
  static Vu rotated(Vu v, int bits) { return (v << bits) | (v >> (64 - bits)); }
  Vu state_[4];
};

double uniform_sum(int64_t lo, int64_t hi) {
  Generators one(lo + 1), other(lo + 2);
  Vd a = {}, b = {};
  for (int64_t i = lo; i < hi; i += 2 * kDoubles) {
    a += one.uniform();
    b += other.uniform();
  }
  return lanes(a + b);
}

double normal_sum(int64_t lo, int64_t hi) {  // Box and Muller
  Generators radii(lo + 1), angles(lo + 2);
  Vd total = {};
  for (int64_t i = lo; i < hi; i += 2 * kDoubles) {
    const Vd radius = root(-2.0 * log35(1.0 - radii.uniform()));
    const auto turn = sincospi35(2.0 * angles.uniform());
    total += radius * turn.x + radius * turn.y;
  }
  return lanes(total);
}

// Independent multiply-adds in registers: the most a core can do.
double multiply_adds(int64_t steps) {
  Vd a[12], b = {}, c = {};
  for (int k = 0; k < 12; ++k) a[k] = Vd{} + k;
  b += 0.999999;
  c += 1e-9;
  for (int64_t s = 0; s < steps; ++s)
    for (int k = 0; k < 12; ++k) a[k] = a[k] * b + c;  // contracted: this file is built with -ffp-contract=fast
  double total = 0;
  for (const Vd& v : a) total += lanes(v);
  return total;
}

void report(const char* name, double value, const char* unit) {
  std::printf("%s\t%.4g\t%s\n", name, value, unit);
  std::fflush(stdout);
}

}  // namespace

int main() {
  constexpr int64_t n = int64_t{200'000'000};
  {
    constexpr int64_t fresh = int64_t{1} << 26;
    double* p = allocate(fresh);
    const double start = ndl::bench::now();
    for (int64_t i = 0; i < fresh; i += 512) p[i] = 1;
    report("first touch, large pages", fresh * 8 / (ndl::bench::now() - start) / 1e9, "GB/s");
    munmap(p, fresh * 8);
  }
  double* x = allocate(n);
  double* y = allocate(n);
  parallel_sum(n, kThreads, [&](int64_t lo, int64_t hi) {
    for (int64_t i = lo; i < hi; ++i) {
      uint32_t h = static_cast<uint32_t>(i) * 0x9E3779B1u;
      h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
      x[i] = h / 4294967296.0 - 0.5;
      y[i] = 0.5 - x[i];
    }
    return 0.0;
  });
  const auto with = [&](const char* name, int threads, double per, const char* unit, auto part, int64_t count) {
    const double seconds = best_seconds([&] { sink = parallel_sum(count, threads, part); });
    report(name, per > 0 ? per / seconds : seconds, unit);
  };
  const auto read = [&](int64_t lo, int64_t hi) { return sum(x, lo, hi); };
  with("read, one thread", 1, n * 8 / 1e9, "GB/s", read, n);
  with("read, all threads", kThreads, n * 8 / 1e9, "GB/s", read, n);
  with("copy, all threads (read + written)", kThreads, n * 16 / 1e9, "GB/s",
       [&](int64_t lo, int64_t hi) {
         std::memcpy(y + lo, x + lo, (hi - lo) * 8);
         return 0.0;
       },
       n);
  with("W4 by hand: (x+y).sum(), 2e8", kThreads, 0, "s", [&](int64_t lo, int64_t hi) { return add_sum(x, y, lo, hi); }, n);
  with("W3 by hand, 1 ulp, 1e8 f64", kThreads, 0, "s",
       [&](int64_t lo, int64_t hi) { return chain<Vd>(x, y, lo, hi, [](Vd v) { return sincos10(v); }); }, n / 2);
  with("W3 by hand, 3.5 ulp, 1e8 f64", kThreads, 0, "s",
       [&](int64_t lo, int64_t hi) { return chain<Vd>(x, y, lo, hi, [](Vd v) { return sincos35(v); }); }, n / 2);
  {
    float* xf = reinterpret_cast<float*>(y);
    float* yf = xf + n / 2;
    for (int64_t i = 0; i < n / 2; ++i) {
      xf[i] = static_cast<float>(x[i]);
      yf[i] = static_cast<float>(-x[i]);
    }
    with("W3 by hand, 1 ulp, 1e8 f32", kThreads, 0, "s",
         [&](int64_t lo, int64_t hi) { return chain<Vf>(xf, yf, lo, hi, [](Vf v) { return sincos10(v); }); }, n / 2);
  }
  {
    constexpr int64_t side = 14'000;  // fits the memory at hand; scaled to W6's 16000
    const double seconds = best_seconds([&] {
      sink = parallel_sum(side, kThreads, [&](int64_t lo, int64_t hi) { return transpose_sum(x, side, lo, hi); });
    });
    report("W6 by hand: (x+x.T).sum(), 16000^2", seconds * (16e3 / side) * (16e3 / side), "s");
  }
  {
    constexpr int64_t side = 14'000;
    const double seconds = best_seconds([&] {
      sink = parallel_sum(side, kThreads, [&](int64_t lo, int64_t hi) { return transposed_copy(x, y, side, lo, hi); });
    });
    report("transposed copy, all threads (read + written)", side * side * 16 / seconds / 1e9, "GB/s");
  }
  with("W12 by hand: histogram, 256 bins, 1e8", kThreads, 0, "s", [&](int64_t lo, int64_t hi) { return histogram(x, lo, hi); }, n / 2);
  with("uniform numbers, all threads", kThreads, n / 1e9, "G/s", uniform_sum, n);
  with("normal numbers, all threads", kThreads, n / 1e9, "G/s", normal_sum, n);
  {
    constexpr int64_t side = 4000;
    openblas_set_num_threads(kThreads);
    const double seconds = best_seconds(
        [&] { cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, side, side, side, 1, x, side, x + side * side, side, 0, y, side); }, 4);
    report("OpenBLAS's dgemm on all threads", 2.0 * side * side * side / seconds / 1e9, "GFLOP/s");
  }
  constexpr int64_t steps = 20'000'000;
  with("multiply-adds, all threads", kThreads, 2.0 * 12 * kDoubles * steps * kThreads / 1e9, "GFLOP/s",
       [&](int64_t, int64_t) { return multiply_adds(steps); }, 64 * kThreads);
}
