// Memory of blocks. Freed blocks stay warm in lists by size, because the first touch of fresh pages costs more than
// most kernels; big blocks are mapped on their own with huge pages. Thread-safe.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace ndl {

class MemoryPool;

// A piece of memory that returns to its pool when it goes. 64-byte aligned, 4 KiB from 64 KiB on.
class Block {
 public:
  Block() = default;
  Block(Block&& other) noexcept { swap(other); }
  Block& operator=(Block&& other) noexcept {
    Block moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~Block();

  std::byte* data() const { return data_; }
  int64_t bytes() const { return bytes_; }

 private:
  friend class MemoryPool;
  Block(std::shared_ptr<MemoryPool> pool, std::byte* data, int64_t bytes)
      : pool_(std::move(pool)), data_(data), bytes_(bytes) {}
  void swap(Block& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }

  std::shared_ptr<MemoryPool> pool_;
  std::byte* data_ = nullptr;
  int64_t bytes_ = 0;  // of the size class
};

class MemoryPool : public std::enable_shared_from_this<MemoryPool> {
 public:
  struct Stats {
    int64_t in_use, idle;  // bytes, in whole size classes
  };

  // Idle blocks are kept up to `idle_limit` bytes, and as long as all of the pool stays below `total_limit`.
  static std::shared_ptr<MemoryPool> create(int64_t idle_limit, int64_t total_limit);
  ~MemoryPool();
  MemoryPool(const MemoryPool&) = delete;
  MemoryPool& operator=(const MemoryPool&) = delete;

  // What a block of `bytes` takes.
  static int64_t block_bytes(int64_t bytes);
  // A block of at least `bytes` (at least one byte's worth), its content undefined; empty when the system has none.
  Block allocate(int64_t bytes);
  // Gives all idle blocks back to the system.
  void trim();
  Stats stats() const;

 private:
  friend class Block;
  struct Piece {
    std::byte* data;
    int64_t bytes;
  };
  static constexpr int kClasses = 512;

  MemoryPool(int64_t idle_limit, int64_t total_limit) : idle_limit_(idle_limit), total_limit_(total_limit) {}
  void release(std::byte* data, int64_t bytes);
  // Takes idle pieces out of the lists until at most `target` bytes are idle; they are freed without the lock.
  void evict_locked(int64_t target, std::vector<Piece>* evicted);

  const int64_t idle_limit_, total_limit_;
  mutable std::mutex mutex_;
  std::array<std::vector<std::byte*>, kClasses> idle_;
  int64_t idle_bytes_ = 0, in_use_ = 0;
};

}  // namespace ndl
