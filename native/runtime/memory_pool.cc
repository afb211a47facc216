#include "runtime/memory_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace ndl {
namespace {

// An idle block is nobody's: AddressSanitizer is told, and reports who still uses it.
void mark_idle([[maybe_unused]] std::byte* data, [[maybe_unused]] int64_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  ASAN_POISON_MEMORY_REGION(data, static_cast<size_t>(bytes));
#endif
}

void mark_used([[maybe_unused]] std::byte* data, [[maybe_unused]] int64_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  ASAN_UNPOISON_MEMORY_REGION(data, static_cast<size_t>(bytes));
#endif
}

constexpr int64_t kHugePage = int64_t{2} << 20;
constexpr int64_t kPage = 4096;

struct SizeClass {
  int index;
  int64_t bytes;
};

// Eight classes per doubling, so at most an eighth is wasted; whole huge pages from 2 MiB on.
SizeClass size_class(int64_t bytes) {
  bytes = std::max<int64_t>(bytes, 64);
  const auto step_of = [](int exponent) {
    const int64_t step = std::max<int64_t>((int64_t{1} << exponent) / 8, 64);
    return exponent >= std::countr_zero(static_cast<uint64_t>(kHugePage)) ? std::max(step, kHugePage) : step;
  };
  int exponent = 63 - std::countl_zero(static_cast<uint64_t>(bytes));
  const int64_t step = step_of(exponent);
  const int64_t rounded = (bytes + step - 1) / step * step;
  exponent = 63 - std::countl_zero(static_cast<uint64_t>(rounded));
  return {exponent * 8 + static_cast<int>((rounded - (int64_t{1} << exponent)) / step_of(exponent)), rounded};
}

std::byte* map_pages(int64_t bytes) {
  const size_t padded = static_cast<size_t>(bytes + kHugePage);
  void* mapped = mmap(nullptr, padded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  const auto begin = reinterpret_cast<uintptr_t>(mapped);
  const uintptr_t aligned = (begin + kHugePage - 1) / kHugePage * kHugePage;
  if (aligned > begin) munmap(mapped, aligned - begin);
  const uintptr_t end = aligned + static_cast<uintptr_t>(bytes);
  if (begin + padded > end) munmap(reinterpret_cast<void*>(end), begin + padded - end);
  auto* data = reinterpret_cast<std::byte*>(aligned);
  madvise(data, static_cast<size_t>(bytes), MADV_HUGEPAGE);  // advice only: without it the pages are small
  return data;
}

std::byte* obtain(int64_t bytes) {
  if (bytes >= kHugePage) return map_pages(bytes);
  const int64_t alignment = bytes >= 16 * kPage ? kPage : 64;
  const int64_t rounded = (bytes + alignment - 1) / alignment * alignment;
  return static_cast<std::byte*>(std::aligned_alloc(static_cast<size_t>(alignment), static_cast<size_t>(rounded)));
}

void give_back(std::byte* data, int64_t bytes) {
  mark_used(data, bytes);
  if (bytes >= kHugePage) {
    munmap(data, static_cast<size_t>(bytes));
  } else {
    std::free(data);
  }
}

}  // namespace

Block::~Block() {
  if (data_ != nullptr) pool_->release(data_, bytes_);
}

std::shared_ptr<MemoryPool> MemoryPool::create(int64_t idle_limit, int64_t total_limit) {
  return std::shared_ptr<MemoryPool>(new MemoryPool(idle_limit, total_limit));
}

MemoryPool::~MemoryPool() { trim(); }

int64_t MemoryPool::block_bytes(int64_t bytes) { return size_class(bytes).bytes; }

Block MemoryPool::allocate(int64_t bytes) {
  if (bytes > (int64_t{1} << 53)) return {};
  const SizeClass wanted = size_class(bytes);
  std::vector<Piece> evicted;
  std::byte* data = nullptr;
  {
    const std::lock_guard lock(mutex_);
    auto& list = idle_[static_cast<size_t>(wanted.index)];
    if (!list.empty()) {
      data = list.back();
      list.pop_back();
      idle_bytes_ -= wanted.bytes;
    } else if (idle_bytes_ > 0 && in_use_ + idle_bytes_ + wanted.bytes > total_limit_) {
      evict_locked(std::max<int64_t>(0, total_limit_ - in_use_ - wanted.bytes), &evicted);
    }
    in_use_ += wanted.bytes;
  }
  for (const Piece& piece : evicted) give_back(piece.data, piece.bytes);
  if (data != nullptr) mark_used(data, wanted.bytes);
  if (data == nullptr) data = obtain(wanted.bytes);
  if (data == nullptr) {
    trim();
    data = obtain(wanted.bytes);
  }
  if (data == nullptr) {
    const std::lock_guard lock(mutex_);
    in_use_ -= wanted.bytes;
    return {};
  }
  return Block(shared_from_this(), data, wanted.bytes);
}

void MemoryPool::release(std::byte* data, int64_t bytes) {
  mark_idle(data, bytes);
  std::vector<Piece> evicted;
  {
    const std::lock_guard lock(mutex_);
    in_use_ -= bytes;
    idle_[static_cast<size_t>(size_class(bytes).index)].push_back(data);
    idle_bytes_ += bytes;
    const int64_t allowed = std::min(idle_limit_, std::max<int64_t>(0, total_limit_ - in_use_));
    if (idle_bytes_ > allowed) evict_locked(allowed, &evicted);
  }
  for (const Piece& piece : evicted) give_back(piece.data, piece.bytes);
}

void MemoryPool::evict_locked(int64_t target, std::vector<Piece>* evicted) {
  // The largest first: they bring most, and small ones are what the next plan most likely wants again.
  for (int index = kClasses - 1; index >= 0 && idle_bytes_ > target; --index) {
    auto& list = idle_[static_cast<size_t>(index)];
    if (list.empty()) continue;
    const int exponent = index / 8;
    const int64_t power = int64_t{1} << exponent;
    int64_t step = std::max<int64_t>(power / 8, 64);
    if (power >= kHugePage) step = std::max(step, kHugePage);
    const int64_t bytes = power + (index % 8) * step;
    while (!list.empty() && idle_bytes_ > target) {
      evicted->push_back({list.back(), bytes});
      list.pop_back();
      idle_bytes_ -= bytes;
    }
  }
}

void MemoryPool::trim() {
  std::vector<Piece> evicted;
  {
    const std::lock_guard lock(mutex_);
    evict_locked(0, &evicted);
  }
  for (const Piece& piece : evicted) give_back(piece.data, piece.bytes);
}

MemoryPool::Stats MemoryPool::stats() const {
  const std::lock_guard lock(mutex_);
  return {in_use_, idle_bytes_};
}

}  // namespace ndl
