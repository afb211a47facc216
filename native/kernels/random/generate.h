// Walks the elements of a call and gives each its random words.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

#include "kernels/random/lanes.h"
#include "kernels/random/philox.h"
#include "kernels/table.h"

namespace ndl::random {

inline uint64_t key_of(const void* params) { return static_cast<const RandomParams*>(params)->key; }

// A Body turns one word into one element (T of 8 bytes) or two (T of 4 bytes):
//   using T
//   uint32_t apply(U64 words, T* out)          kLanes words; one bit for each element that it could not finish
//   T retry(Raw word, uint64_t index)          finishes one of those; Raw is the element's part of the word
template <class Body>
struct Walk {
  using T = typename Body::T;
  using Raw = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  static constexpr int kBlockElements = 16 / sizeof(T);        // of one Philox block
  static constexpr int kVectorElements = kVectorBytes / sizeof(T);
  static constexpr int kGroup = 2 * kVectorElements;           // of kLanes blocks

  static __attribute__((noinline, cold)) void finish(const Body& body, uint32_t rejected, U64 words, T* out,
                                                     uint64_t first, int64_t step) {
    Raw raw[kVectorElements];
    std::memcpy(raw, &words, sizeof raw);
    for (; rejected != 0; rejected &= rejected - 1) {
      const int i = std::countr_zero(rejected);
      out[i] = body.retry(raw[i], first + static_cast<uint64_t>(i * step));
    }
  }
  static NDL_INLINE void emit(const Body& body, U64 words, T* out, uint64_t first, int64_t step) {
    const uint32_t rejected = body.apply(words, out);
    if (__builtin_expect(rejected != 0, 0)) finish(body, rejected, words, out, first, step);
  }
  static NDL_INLINE void group(const Body& body, const PhiloxKeys& keys, U64 blocks, T* out, uint64_t first) {
    U64 lo, hi;
    philox(keys, blocks, 0, &lo, &hi);
    emit(body, interleave_even(lo, hi), out, first, 1);
    emit(body, interleave_odd(lo, hi), out + kVectorElements, first + kVectorElements, 1);
  }

  static void contiguous(const Body& body, T* out, uint64_t first, int64_t n, uint64_t key) {
    const PhiloxKeys keys(key);
    uint64_t block = first / kBlockElements;
    const int64_t head = static_cast<int64_t>(first % kBlockElements);  // elements of the first block before ours
    const U64 lanes = split_lane_numbers();
    int64_t i = -head;
    const auto partial = [&] {
      T part[kGroup];
      group(body, keys, broadcast(block) + lanes, part, block * kBlockElements);
      const int64_t from = i < 0 ? -i : 0, to = n - i < kGroup ? n - i : kGroup;
      std::memcpy(out + i + from, part + from, static_cast<size_t>(to - from) * sizeof(T));
      block += kLanes;
      i += kGroup;
    };
    if (head != 0) partial();
    for (; i + kGroup <= n; i += kGroup, block += kLanes)
      group(body, keys, broadcast(block) + lanes, out + i, block * kBlockElements);
    if (i < n) partial();
  }

  static void strided(const Body& body, T* out, uint64_t first, int64_t step, int64_t n, uint64_t key) {
    const PhiloxKeys keys(key);
    const U64 steps = lane_numbers() * broadcast(static_cast<uint64_t>(step));
    for (int64_t i = 0; i < n; i += kVectorElements) {
      Raw raw[kVectorElements];
      for (int part = 0; part < kVectorElements; part += kLanes) {
        const U64 index = broadcast(first + static_cast<uint64_t>((i + part) * step)) + steps;
        U64 lo, hi;
        if constexpr (sizeof(T) == 8) {
          philox(keys, index >> 1, 0, &lo, &hi);
          store(raw, (index & 1) != 0 ? hi : lo);
        } else {
          philox(keys, index >> 2, 0, &lo, &hi);
          const U64 word = (index & 2) != 0 ? hi : lo;
          const U64 half = (index & 1) != 0 ? word >> 32 : word;
          for (int lane = 0; lane < kLanes; ++lane) raw[part + lane] = static_cast<Raw>(half[lane]);
        }
      }
      T part[kVectorElements];
      emit(body, load<U64>(raw), part, first + static_cast<uint64_t>(i * step), step);
      const int64_t left = n - i < kVectorElements ? n - i : kVectorElements;
      std::memcpy(out + i, part, static_cast<size_t>(left) * sizeof(T));
    }
  }

  static void run(const Body& body, void* out, int64_t first, int64_t step, int64_t n, uint64_t key) {
    if (step == 1)
      contiguous(body, static_cast<T*>(out), static_cast<uint64_t>(first), n, key);
    else
      strided(body, static_cast<T*>(out), static_cast<uint64_t>(first), step, n, key);
  }
};

// Generator function of a Body made from the call's parameters.
template <class Body>
void generate(void* out, int64_t first, int64_t step, int64_t n, const void* params) {
  const auto& p = *static_cast<const RandomParams*>(params);
  Walk<Body>::run(Body(p), out, first, step, n, p.key);
}

}  // namespace ndl::random
