// Memory of one worker, lent to a task while it runs and reused by the next.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace ndl {

class AlignedBuffer {
 public:
  // At least `bytes`, 64-byte aligned, content undefined; null when the system has none.
  std::byte* reserve(int64_t bytes) {
    if (bytes <= bytes_) return data_.get();
    const auto rounded = static_cast<size_t>((bytes + 4095) / 4096 * 4096);
    data_.reset(static_cast<std::byte*>(std::aligned_alloc(4096, rounded)));
    bytes_ = data_ ? static_cast<int64_t>(rounded) : 0;
    ++generation_;
    return data_.get();
  }
  void release() {
    data_.reset();
    bytes_ = 0;
  }
  int64_t bytes() const { return bytes_; }
  // Changes whenever the content is lost.
  uint64_t generation() const { return generation_; }

 private:
  struct Free {
    void operator()(std::byte* data) const { std::free(data); }
  };
  std::unique_ptr<std::byte, Free> data_;
  int64_t bytes_ = 0;
  uint64_t generation_ = 0;
};

struct Scratch {
  AlignedBuffer registers, state;
  std::vector<std::byte> operands;   // what a segment is read into

  // The constants that `registers` holds now: of which program, how many of each.
  uint64_t constants_program = 0, constants_generation = 0;
  int64_t constants_filled = 0;
};

}  // namespace ndl
