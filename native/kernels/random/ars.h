// ARS-7 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): seven rounds of AES whose keys
// are a Weyl sequence. A bijection of 128-bit counters under a key, without state, so a random number is a function of its
// position. The processor's AES instructions give it; where there are none, tables give the same bits.
//
// How counters are used, (lo, hi):
//   (block, 0)                 two 64-bit words for the elements 2 * block and 2 * block + 1
//   (element, draw | 1 << 32)  the element's own stream: as many words as its algorithm needs
//   (round, 2 << 32)           round keys of a permutation
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <arm_neon.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace ndl::random {

struct alignas(16) Words128 {
  uint64_t lo, hi;
};

inline constexpr int kArsRounds = 7;

struct ArsKeys {
  Words128 round[kArsRounds + 1];

  explicit ArsKeys(uint64_t key) : ArsKeys(Words128{key, 0}) {}
  explicit ArsKeys(Words128 key) {
    typedef uint64_t Pair __attribute__((vector_size(16)));  // written in one store, as it is read
    Pair pair{key.lo, key.hi};
    for (Words128& k : round) {
      std::memcpy(&k, &pair, sizeof k);
      pair += Pair{0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B};  // golden ratio, sqrt(3) - 1
    }
  }
};

// By tables: round[b] is what a byte of the first row adds to its column, as MixColumns says; the other rows add it rotated.
struct AesTables {
  std::array<uint8_t, 256> substitute{};
  std::array<uint32_t, 256> round{};

  constexpr AesTables() {
    const auto twice = [](unsigned x) { return (x << 1 ^ (x >> 7) * 0x11B) & 255; };
    // p runs through the powers of 3, q through their inverses.
    unsigned p = 1, q = 1;
    do {
      p ^= twice(p);
      q ^= q << 1, q ^= q << 2, q ^= q << 4, q &= 255;
      q ^= (q >> 7) * 0x09;
      const auto b = static_cast<uint8_t>(q);
      substitute[p] = b ^ std::rotl(b, 1) ^ std::rotl(b, 2) ^ std::rotl(b, 3) ^ std::rotl(b, 4) ^ 0x63;
    } while (p != 1);
    substitute[0] = 0x63;
    for (int i = 0; i < 256; ++i) {
      const uint32_t s = substitute[i], two = twice(s);
      round[i] = two | s << 8 | s << 16 | (two ^ s) << 24;
    }
  }
};
inline constexpr AesTables kAesTables;

inline Words128 ars_block_by_tables(const ArsKeys& keys, Words128 counter) {
  uint64_t lo = counter.lo ^ keys.round[0].lo, hi = counter.hi ^ keys.round[0].hi;
  for (int r = 1; r <= kArsRounds; ++r) {
    const uint32_t columns[] = {uint32_t(lo), uint32_t(lo >> 32), uint32_t(hi), uint32_t(hi >> 32)};
    uint32_t next[4];
    for (int c = 0; c < 4; ++c) {
      next[c] = 0;
      for (int row = 0; row < 4; ++row) {
        const uint32_t byte = columns[(c + row) % 4] >> 8 * row & 255;
        const uint32_t term = r < kArsRounds ? kAesTables.round[byte] : kAesTables.substitute[byte];
        next[c] ^= std::rotl(term, 8 * row);
      }
    }
    lo = (next[0] | uint64_t{next[1]} << 32) ^ keys.round[r].lo;
    hi = (next[2] | uint64_t{next[3]} << 32) ^ keys.round[r].hi;
  }
  return {lo, hi};
}
inline void ars_by_tables(const ArsKeys& keys, Words128 counter, uint64_t step, Words128* out, int64_t n) {
  for (; n > 0; --n, ++out, counter.lo += step) *out = ars_block_by_tables(keys, counter);
}

// By instructions; many blocks `kMany` vectors at a time, since each waits for its rounds. Each width has its loop: one template
// for all could not have the target of each, and the compiler refuses to inline across targets.
#if defined(__x86_64__)
__attribute__((target("aes"))) inline Words128 ars_block_by_aesni(const ArsKeys& keys, Words128 counter) {
  const auto* k = reinterpret_cast<const __m128i*>(keys.round);
  // Not by way of memory, where the compiler would put both halves and wait for them.
  __m128i lo = _mm_cvtsi64_si128(counter.lo), hi = _mm_cvtsi64_si128(counter.hi);
  asm("" : "+x"(lo), "+x"(hi));
  __m128i v = _mm_xor_si128(_mm_unpacklo_epi64(lo, hi), k[0]);
#pragma GCC unroll 8
  for (int r = 1; r < kArsRounds; ++r) v = _mm_aesenc_si128(v, k[r]);
  return std::bit_cast<Words128>(_mm_aesenclast_si128(v, k[kArsRounds]));
}
__attribute__((target("aes"))) inline void ars_by_aesni(const ArsKeys& keys, Words128 counter, uint64_t step, Words128* out,
                                                        int64_t n) {
  constexpr int kMany = 8;
  const auto* k = reinterpret_cast<const __m128i*>(keys.round);
  for (; n >= kMany; n -= kMany, out += kMany) {
    __m128i v[kMany];
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i, counter.lo += step) v[i] = _mm_xor_si128(_mm_set_epi64x(counter.hi, counter.lo), k[0]);
#pragma GCC unroll 8
    for (int r = 1; r < kArsRounds; ++r)
#pragma GCC unroll 8
      for (int i = 0; i < kMany; ++i) v[i] = _mm_aesenc_si128(v[i], k[r]);
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i)
      _mm_store_si128(reinterpret_cast<__m128i*>(out + i), _mm_aesenclast_si128(v[i], k[kArsRounds]));
  }
  for (; n > 0; --n, ++out, counter.lo += step) *out = ars_block_by_aesni(keys, counter);
}

__attribute__((target("avx2,vaes"))) inline void ars_by_vaes256(const ArsKeys& keys, Words128 counter, uint64_t step,
                                                                Words128* out, int64_t n) {
  constexpr int kMany = 8, kBlocks = 2 * kMany;
  if (n < kBlocks) return ars_by_aesni(keys, counter, step, out, n);
  __m256i k[kArsRounds + 1], lanes = _mm256_set_epi64x(counter.hi, counter.lo + step, counter.hi, counter.lo);
  const __m256i next = _mm256_set_epi64x(0, 2 * step, 0, 2 * step);
  for (int r = 0; r <= kArsRounds; ++r)
    k[r] = _mm256_broadcastsi128_si256(*reinterpret_cast<const __m128i*>(keys.round + r));
  for (; n >= kBlocks; n -= kBlocks, out += kBlocks, counter.lo += kBlocks * step) {
    __m256i v[kMany];
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i) v[i] = _mm256_xor_si256(lanes, k[0]), lanes = _mm256_add_epi64(lanes, next);
#pragma GCC unroll 8
    for (int r = 1; r < kArsRounds; ++r)
#pragma GCC unroll 8
      for (int i = 0; i < kMany; ++i) v[i] = _mm256_aesenc_epi128(v[i], k[r]);
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out) + i, _mm256_aesenclast_epi128(v[i], k[kArsRounds]));
  }
  ars_by_aesni(keys, counter, step, out, n);
}

__attribute__((target("avx512f,vaes"))) inline void ars_by_vaes512(const ArsKeys& keys, Words128 counter, uint64_t step,
                                                                   Words128* out, int64_t n) {
  constexpr int kMany = 8, kBlocks = 4 * kMany;
  if (n < kBlocks) return ars_by_aesni(keys, counter, step, out, n);
  __m512i k[kArsRounds + 1], lanes = _mm512_set_epi64(counter.hi, counter.lo + 3 * step, counter.hi, counter.lo + 2 * step,
                                                        counter.hi, counter.lo + step, counter.hi, counter.lo);
  const auto by = static_cast<int64_t>(4 * step);
  const __m512i next = _mm512_set_epi64(0, by, 0, by, 0, by, 0, by);
  for (int r = 0; r <= kArsRounds; ++r)
    k[r] = _mm512_maskz_broadcast_i32x4(0xFFFF, *reinterpret_cast<const __m128i*>(keys.round + r));
  for (; n >= kBlocks; n -= kBlocks, out += kBlocks, counter.lo += kBlocks * step) {
    __m512i v[kMany];
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i) v[i] = _mm512_xor_si512(lanes, k[0]), lanes = _mm512_add_epi64(lanes, next);
#pragma GCC unroll 8
    for (int r = 1; r < kArsRounds; ++r)
#pragma GCC unroll 8
      for (int i = 0; i < kMany; ++i) v[i] = _mm512_aesenc_epi128(v[i], k[r]);
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i) _mm512_storeu_si512(out + 4 * i, _mm512_aesenclast_epi128(v[i], k[kArsRounds]));
  }
  ars_by_aesni(keys, counter, step, out, n);
}
#elif defined(__aarch64__) && defined(__linux__)
// aese adds its key first.
__attribute__((target("+crypto"))) inline Words128 ars_block_by_neon(const ArsKeys& keys, Words128 counter) {
  const auto* k = reinterpret_cast<const uint8x16_t*>(keys.round);
  auto v = std::bit_cast<uint8x16_t>(counter);
  for (int r = 0; r < kArsRounds - 1; ++r) v = vaesmcq_u8(vaeseq_u8(v, k[r]));
  return std::bit_cast<Words128>(veorq_u8(vaeseq_u8(v, k[kArsRounds - 1]), k[kArsRounds]));
}
__attribute__((target("+crypto"))) inline void ars_by_neon(const ArsKeys& keys, Words128 counter, uint64_t step,
                                                           Words128* out, int64_t n) {
  constexpr int kMany = 8;
  const auto* k = reinterpret_cast<const uint8x16_t*>(keys.round);
  for (; n >= kMany; n -= kMany, out += kMany) {
    uint8x16_t v[kMany];
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i, counter.lo += step) v[i] = std::bit_cast<uint8x16_t>(counter);
#pragma GCC unroll 8
    for (int r = 0; r < kArsRounds - 1; ++r)
#pragma GCC unroll 8
      for (int i = 0; i < kMany; ++i) v[i] = vaesmcq_u8(vaeseq_u8(v[i], k[r]));
#pragma GCC unroll 8
    for (int i = 0; i < kMany; ++i)
      out[i] = std::bit_cast<Words128>(veorq_u8(vaeseq_u8(v[i], k[kArsRounds - 1]), k[kArsRounds]));
  }
  for (; n > 0; --n, ++out, counter.lo += step) *out = ars_block_by_neon(keys, counter);
}
#endif

struct Ars {
  const char* name;
  bool (*runs_here)();
  Words128 (*block)(const ArsKeys& keys, Words128 counter);
  void (*blocks)(const ArsKeys& keys, Words128 counter, uint64_t step, Words128* out, int64_t n);
};
// The quickest first; all give the same.
inline constexpr Ars kArs[] = {
#if defined(__x86_64__)
    {"vaes512", [] { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vaes"); }, ars_block_by_aesni,
     ars_by_vaes512},
    {"vaes256", [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("vaes"); }, ars_block_by_aesni,
     ars_by_vaes256},
    {"aesni", [] { return __builtin_cpu_supports("aes") != 0; }, ars_block_by_aesni, ars_by_aesni},
#elif defined(__aarch64__) && defined(__linux__)
    {"neon", [] { return (getauxval(AT_HWCAP) & HWCAP_AES) != 0; }, ars_block_by_neon, ars_by_neon},
#endif
    {"tables", [] { return true; }, ars_block_by_tables, ars_by_tables},
};
inline const Ars kBestArs = [] {
  const Ars* one = kArs;
  while (!one->runs_here()) ++one;
  return *one;
}();

inline Words128 ars(const ArsKeys& keys, Words128 counter) { return kBestArs.block(keys, counter); }
// The blocks of n counters, a step apart in `lo`.
inline void ars(const ArsKeys& keys, Words128 counter, uint64_t step, Words128* out, int64_t n) {
  kBestArs.blocks(keys, counter, step, out, n);
}

}  // namespace ndl::random
