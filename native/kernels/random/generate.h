// Walks the elements of a call and gives each its random words.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "kernels/random/element_stream.h"
#include "kernels/random/lanes.h"
#include "kernels/random/philox.h"
#include "kernels/table.h"

namespace ndl::random {

// A Body turns one word into one element (T of 8 bytes) or two (T of 4 bytes):
//   using T
//   explicit Body(const RandomParams&)
//   uint32_t apply(U64 words, T* out) const             kLanes words; one bit for each element that it could not finish
//   uint32_t settle(U64 words, U64 next, T* out) const  one bit for each element that the first word of its stream finishes;
//                                                       a lane has the element's part of the word
//   T retry(Raw word, ElementStream& stream) const      finishes what that did not; Raw is the element's part of the word
// One whose `apply` finishes all returns nothing and has no more. Neither `apply` nor `settle` has a branch that depends on
// the numbers: a wrong guess would throw away the Philox rounds under way. So what a pass could not finish is noted in masks,
// and finished after it.
template <class Body>
class Walk {
 public:
  using T = typename Body::T;
  using Raw = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  static constexpr bool kRetries = !std::is_void_v<decltype(std::declval<const Body&>().apply(U64{}, nullptr))>;
  static constexpr uint64_t kBlockElements = 16 / sizeof(T);  // of one Philox block
  static constexpr int kVectorElements = kVectorBytes / sizeof(T);
  static constexpr int kGroup = 2 * kVectorElements;     // of kLanes blocks
  static constexpr int kMany = kRetries ? 4 : 6;         // groups at a time
  static constexpr int64_t kPass = 1024;                 // elements of a pass, at most

  explicit Walk(const RandomParams& p) : body_(p), key_(p.key), keys_(p.key) {}

  void run(T* out, uint64_t first, int64_t step, int64_t n) {
    for (int64_t done = 0; done < n; done += n_) {
      out_ = out + done;
      first_ = first + static_cast<uint64_t>(done * step);
      step_ = step;
      n_ = n - done < kPass ? n - done : kPass;
      // A pass of neighbours keeps to blocks with the same upper half.
      constexpr uint64_t kSpan = kBlockElements << 32;
      const uint64_t left = kSpan - first_ % kSpan;
      if (step == 1 && left < static_cast<uint64_t>(n_)) n_ = static_cast<int64_t>(left);
      const int64_t begin = step == 1 ? contiguous() : strided();
      if constexpr (kRetries) finish(begin);
    }
  }

 private:
  // Both return the position of the first element of the first mask.
  int64_t contiguous() {
    uint64_t block = first_ / kBlockElements;
    const U64 lanes = split_lane_numbers(), high = broadcast(block >> 32);
    const int64_t begin = -static_cast<int64_t>(first_ % kBlockElements);  // the first block may begin before us
    int64_t i = begin;
    vectors_ = 0;
    if (i < 0) partial_group(broadcast(block) + lanes, high, i), block += kLanes, i += kGroup;
    // Several groups at a time, since one Philox alone waits for its own multiplications; and beside it the words of the
    // groups before become elements, since that waits for a table.
    if (i + kMany * kGroup <= n_) {
      U64 words[2 * kMany];
      draw<kMany>(broadcast(block) + lanes, high, words, [](int) {});
      for (block += kMany * kLanes; i + 2 * kMany * kGroup <= n_; i += kMany * kGroup, block += kMany * kLanes) {
        draw<kMany>(broadcast(block) + lanes, high, words, [&](int step) {
          if (step % 4 == 3) emit(words[step / 4], out_ + i + step / 4 * kVectorElements);
        });
      }
      for (const U64 word : words) emit(word, out_ + i), i += kVectorElements;
    }
    for (; i + kGroup <= n_; i += kGroup, block += kLanes) group(broadcast(block) + lanes, high, out_ + i);
    if (i < n_) partial_group(broadcast(block) + lanes, high, i);
    return begin;
  }

  int64_t strided() {
    const U64 steps = lane_numbers() * broadcast(static_cast<uint64_t>(step_));
    vectors_ = 0;
    for (int64_t i = 0; i < n_; i += kVectorElements) {
      Raw raw[kVectorElements];
      for (int part = 0; part < kVectorElements; part += kLanes)
        store_raw(raw + part, words_at(broadcast(first_ + static_cast<uint64_t>((i + part) * step_)) + steps));
      T values[kVectorElements];
      emit(load<U64>(raw), values);
      copy(values, kVectorElements, i);
    }
    return 0;
  }

  // The words of groups, in order.
  template <int kCount, class Meanwhile>
  NDL_INLINE void draw(U64 blocks, U64 high, U64 (&words)[2 * kCount], Meanwhile meanwhile) const {
    U64 index[kCount], lo[kCount], hi[kCount];
#pragma GCC unroll 8
    for (int i = 0; i < kCount; ++i) index[i] = blocks + broadcast(i * kLanes);
    philox<kCount>(keys_, index, high, 0, lo, hi, meanwhile);
#pragma GCC unroll 8
    for (int i = 0; i < kCount; ++i) {
      words[2 * i] = interleave_even(lo[i], hi[i]);
      words[2 * i + 1] = interleave_odd(lo[i], hi[i]);
    }
  }
  NDL_INLINE void group(U64 blocks, U64 high, T* out) {
    U64 words[2];
    draw<1>(blocks, high, words, [](int) {});
    emit(words[0], out);
    emit(words[1], out + kVectorElements);
  }
  __attribute__((noinline)) void partial_group(U64 blocks, U64 high, int64_t position) {
    T values[kGroup];
    group(blocks, high, values);
    copy(values, kGroup, position);
  }
  NDL_INLINE void emit(U64 words, T* out) {
    if constexpr (kRetries) rejected_[vectors_++] = static_cast<uint16_t>(body_.apply(words, out));
    else body_.apply(words, out);
  }

  void copy(const T* values, int count, int64_t position) {
    const int64_t from = position < 0 ? -position : 0, to = n_ - position < count ? n_ - position : count;
    std::memcpy(out_ + position + from, values + from, static_cast<size_t>(to - from) * sizeof(T));
  }

  // The words of any elements, in the low bits.
  U64 words_at(U64 index) const {
    U64 lo, hi;
    if constexpr (sizeof(T) == 8) {
      philox(keys_, index >> 1, 0, &lo, &hi);
      return (index & 1) != 0 ? hi : lo;
    }
    philox(keys_, index >> 2, 0, &lo, &hi);
    const U64 word = (index & 2) != 0 ? hi : lo;
    return (index & 1) != 0 ? word >> 32 : word;
  }
  static void store_raw(Raw* raw, U64 words) {
    if constexpr (sizeof(T) == 8) {
      store(raw, words);
    } else {
      for (int lane = 0; lane < kLanes; ++lane) raw[lane] = static_cast<Raw>(words[lane]);
    }
  }

  void finish(int64_t begin) {
    constexpr int kMasks = sizeof(uint64_t) / sizeof(rejected_[0]);
    for (int v = vectors_; v % kMasks != 0; ++v) rejected_[v] = 0;
    // Which words have any mask set is found without a branch, which would be guessed wrong at each that has.
    int marked[std::size(decltype(rejected_){}) / kMasks], nmarked = 0;
    for (int v = 0; v < vectors_; v += kMasks) {
      marked[nmarked] = v;
      nmarked += load<uint64_t>(rejected_ + v) != 0;
    }
    uint64_t waiting[kLanes] = {};
    int count = 0;
    for (int k = 0; k < nmarked; ++k) {
      for (auto masks = load<uint64_t>(rejected_ + marked[k]); masks != 0; masks &= masks - 1) {
        const int bit = std::countr_zero(masks);
        const int64_t position = begin + int64_t{marked[k] + bit / 16} * kVectorElements + bit % 16;
        if (position < 0 || position >= n_) continue;
        waiting[count] = static_cast<uint64_t>(position);
        if (++count == kLanes) retry(waiting, count), count = 0;
      }
    }
    if (count > 0) retry(waiting, count);
  }
  __attribute__((noinline)) void retry(const uint64_t* positions, int count) {
    const U64 index = broadcast(first_) + load<U64>(positions) * broadcast(static_cast<uint64_t>(step_));
    U64 lo, hi;
    first_blocks(keys_, index, &lo, &hi);
    const U64 words = words_at(index);
    T values[kLanes];
    const uint32_t settled = body_.settle(words, lo, values);
    for (int i = 0; i < count; ++i) out_[positions[i]] = values[i];
    for (uint32_t left = ~settled & ((1u << count) - 1); left != 0; left &= left - 1) {
      const int i = std::countr_zero(left);
      ElementStream stream(key_, index[i], {lo[i], hi[i]});
      out_[positions[i]] = body_.retry(static_cast<Raw>(words[i]), stream);
    }
  }

  const Body body_;
  const uint64_t key_;
  const PhiloxKeys keys_;
  T* out_;
  uint64_t first_;
  int64_t step_, n_;
  int vectors_;
  uint16_t rejected_[(kPass + kGroup) / kVectorElements + 2 + 4];  // a mask for each vector, in whole words
};

// A generator function of a Body.
template <class Body>
void generate(void* out, int64_t first, int64_t step, int64_t n, const void* params) {
  Walk<Body>(*static_cast<const RandomParams*>(params))
      .run(static_cast<typename Body::T*>(out), static_cast<uint64_t>(first), step, n);
}

// A generator function of a Distribution: `using T`, a constructor from RandomParams, `T draw(ElementStream&) const`.
template <class Distribution>
void generate_each(void* out, int64_t first, int64_t step, int64_t n, const void* params) {
  const auto& p = *static_cast<const RandomParams*>(params);
  const Distribution distribution(p);
  const PhiloxKeys keys(p.key);
  const U64 steps = lane_numbers() * broadcast(static_cast<uint64_t>(step));
  auto* values = static_cast<typename Distribution::T*>(out);
  for (int64_t i = 0; i < n; i += kLanes) {
    const U64 index = broadcast(static_cast<uint64_t>(first + i * step)) + steps;
    U64 lo, hi;
    first_blocks(keys, index, &lo, &hi);
    const int lanes = n - i < kLanes ? static_cast<int>(n - i) : kLanes;
    for (int lane = 0; lane < lanes; ++lane) {
      ElementStream stream(p.key, index[lane], {lo[lane], hi[lane]});
      values[i + lane] = distribution.draw(stream);
    }
  }
}

}  // namespace ndl::random
