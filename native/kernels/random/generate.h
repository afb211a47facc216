// Walks the elements of a call and gives each its random words.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "kernels/random/ars.h"
#include "kernels/random/element_stream.h"
#include "kernels/random/lanes.h"
#include "kernels/table.h"

namespace ndl::random {

// A Body turns one word into one element (T of 8 bytes) or two (T of 4 bytes); Raw is an element's part of its word.
//   using T
//   explicit Body(const RandomParams&)
//   uint32_t apply(const Raw* raw, T* out) const        a vector of elements; one bit for each that it could not finish
//   uint32_t settle(U64 words, U64 next, T* out) const  one bit for each element that the first word of its stream finishes;
//                                                       a lane has the element's part of the word
//   T retry(Raw word, ElementStream& stream) const      finishes what that did not
// One whose `apply` finishes all returns nothing and has no more. Neither `apply` nor `settle` has a branch that depends on
// the numbers: a wrong guess would throw away the elements under way. So what a pass could not finish is noted in masks, and
// finished after it.
template <class Body>
class Walk {
 public:
  using T = typename Body::T;
  using Raw = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  static constexpr bool kRetries = !std::is_void_v<decltype(std::declval<const Body&>().apply(nullptr, nullptr))>;
  static constexpr int64_t kBlockElements = 16 / sizeof(T);
  static constexpr int kVectorElements = kVectorBytes / sizeof(T);
  static constexpr int64_t kPassBlocks = 512;  // 8 KiB, which stay in the first cache beside what they become
  static constexpr int64_t kVectors = kPassBlocks * kBlockElements / kVectorElements;

  explicit Walk(const RandomParams& p) : body_(p), keys_(p.key) {}

  void run(T* out, uint64_t first, int64_t step, int64_t n) {
    for (int64_t done = 0; done < n; done += n_) {
      out_ = out + done;
      first_ = first + static_cast<uint64_t>(done * step);
      step_ = step;
      n_ = n - done;
      step == 1 ? draw() : pick();
      apply();
      if constexpr (kRetries) finish();
    }
  }

 private:
  // Both find the parts of words of as many elements as fit into a pass.
  void draw() {
    const int64_t begin = static_cast<int64_t>(first_ % kBlockElements);
    n_ = std::min(n_, kPassBlocks * kBlockElements - begin);
    ars(keys_, {first_ / kBlockElements, 0}, 1, blocks_, (begin + n_ + kBlockElements - 1) / kBlockElements);
    raw_ = reinterpret_cast<const Raw*>(blocks_) + begin;
  }
  void pick() {
    n_ = std::min(n_, kPassBlocks);
    // Elements so many apart as a block has are at the same place in theirs, a step apart.
    for (int64_t k = 0; k < kBlockElements && k < n_; ++k) {
      Words128 blocks[kPassBlocks / kBlockElements];
      const uint64_t index = index_of(k);
      const int64_t count = (n_ - k + kBlockElements - 1) / kBlockElements;
      ars(keys_, {index / kBlockElements, 0}, static_cast<uint64_t>(step_), blocks, count);
      const auto* parts = reinterpret_cast<const Raw*>(blocks) + index % kBlockElements;
      for (int64_t i = 0; i < count; ++i) picked_[i * kBlockElements + k] = parts[i * kBlockElements];
    }
    raw_ = picked_;
  }
  uint64_t index_of(int64_t i) const { return first_ + static_cast<uint64_t>(i * step_); }

  void apply() {
    const Raw* raw = raw_;
    T* out = out_;
    uint16_t* rejected = rejected_;
    const auto emit = [&](T* to) {
      if constexpr (kRetries) *rejected++ = static_cast<uint16_t>(body_.apply(raw, to));
      else body_.apply(raw, to);
    };
    int64_t left = n_;
    for (; left >= kVectorElements; left -= kVectorElements, raw += kVectorElements, out += kVectorElements) emit(out);
    if (left == 0) return;
    T values[kVectorElements];
    emit(values);
    std::memcpy(out, values, static_cast<size_t>(left) * sizeof(T));
  }

  void finish() {
    constexpr int kMasks = sizeof(uint64_t) / sizeof(rejected_[0]);
    int64_t vectors = (n_ + kVectorElements - 1) / kVectorElements;
    while (vectors % kMasks != 0) rejected_[vectors++] = 0;
    // Which words have any mask set is found without a branch, which would be guessed wrong at each that has.
    int64_t marked[kVectors / kMasks + 1], nmarked = 0;
    for (int64_t v = 0; v < vectors; v += kMasks) {
      marked[nmarked] = v;
      nmarked += load<uint64_t>(rejected_ + v) != 0;
    }
    int64_t waiting[kLanes];
    int count = 0;
    for (int64_t k = 0; k < nmarked; ++k) {
      for (auto masks = load<uint64_t>(rejected_ + marked[k]); masks != 0; masks &= masks - 1) {
        const int bit = std::countr_zero(masks);
        const int64_t i = (marked[k] + bit / 16) * kVectorElements + bit % 16;
        if (i >= n_) continue;
        waiting[count] = i;
        if (++count == kLanes) retry(waiting, count), count = 0;
      }
    }
    if (count > 0) retry(waiting, count);
  }
  __attribute__((noinline)) void retry(const int64_t (&positions)[kLanes], int count) {
    Words128 next[kLanes];
    U64 words{}, next_words{};
    for (int i = 0; i < count; ++i) {
      next[i] = ars(keys_, stream_start(index_of(positions[i])));
      words[i] = raw_[positions[i]];
      next_words[i] = next[i].lo;
    }
    T values[kLanes];
    const uint32_t settled = body_.settle(words, next_words, values);
    for (int i = 0; i < count; ++i) out_[positions[i]] = values[i];
    for (uint32_t left = ~settled & ((1u << count) - 1); left != 0; left &= left - 1) {
      const int i = std::countr_zero(left);
      ElementStream stream(keys_, index_of(positions[i]), next[i]);
      out_[positions[i]] = body_.retry(static_cast<Raw>(words[i]), stream);
    }
  }

  const Body body_;
  const ArsKeys keys_;
  T* out_;
  uint64_t first_;
  int64_t step_, n_;
  const Raw* raw_;  // the elements' parts of words, and what is read with the last vector
  union {
    alignas(64) Words128 blocks_[kPassBlocks + 4];
    Raw picked_[kPassBlocks + kVectorElements];
  };
  uint16_t rejected_[kVectors + 4];               // a mask for each vector, in whole words
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
  const ArsKeys keys(p.key);
  auto* values = static_cast<typename Distribution::T*>(out);
  constexpr int64_t kMany = 32;
  Words128 blocks[kMany];
  for (int64_t begin = 0; begin < n; begin += kMany) {
    const int64_t count = std::min(kMany, n - begin);
    auto index = static_cast<uint64_t>(first + begin * step);
    ars(keys, stream_start(index), static_cast<uint64_t>(step), blocks, count);
    for (int64_t i = 0; i < count; ++i, index += static_cast<uint64_t>(step)) {
      ElementStream stream(keys, index, blocks[i]);
      values[begin + i] = distribution.draw(stream);
    }
  }
}

}  // namespace ndl::random
