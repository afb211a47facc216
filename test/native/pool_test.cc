// The memory pool: alignment, reuse, and what it keeps.
#include <gtest/gtest.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "runtime/memory_pool.h"

namespace {

using namespace ndl;

TEST(MemoryPool, BlocksAreLargeEnoughAlignedAndApart) {
  const auto pool = MemoryPool::create(int64_t{1} << 30, int64_t{1} << 32);
  std::mt19937_64 random(1);
  std::vector<std::pair<Block, int64_t>> blocks;
  for (int i = 0; i < 300; ++i) {
    const int64_t bytes = 1 + static_cast<int64_t>(random() >> 40) % (int64_t{1} << (1 + random() % 23));
    Block block = pool->allocate(bytes);
    ASSERT_NE(block.data(), nullptr);
    ASSERT_GE(block.bytes(), bytes);
    ASSERT_LE(block.bytes(), bytes < 1024 ? bytes + 128 : bytes < (1 << 21) ? bytes + bytes / 7 : bytes + (1 << 21) + bytes / 7);
    ASSERT_EQ(reinterpret_cast<uintptr_t>(block.data()) % (bytes >= 65536 ? 4096 : 64), 0u);
    std::memset(block.data(), i, static_cast<size_t>(bytes));
    blocks.emplace_back(std::move(block), bytes);
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    const auto* data = reinterpret_cast<const unsigned char*>(blocks[i].first.data());
    ASSERT_EQ(data[0], static_cast<unsigned char>(i));
    ASSERT_EQ(data[blocks[i].second - 1], static_cast<unsigned char>(i));
  }
}

TEST(MemoryPool, CountsWhatIsInUseAndKeepsFreedBlocksWarm) {
  const auto pool = MemoryPool::create(int64_t{1} << 30, int64_t{1} << 32);
  std::byte* first = nullptr;
  {
    const Block block = pool->allocate(5'000'000);
    first = block.data();
    EXPECT_EQ(pool->stats().in_use, block.bytes());
    EXPECT_EQ(pool->stats().idle, 0);
  }
  EXPECT_EQ(pool->stats().in_use, 0);
  EXPECT_GE(pool->stats().idle, 5'000'000);
  const Block again = pool->allocate(5'000'000);
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(pool->stats().idle, 0);
  pool->trim();
  EXPECT_EQ(pool->stats().in_use, again.bytes());
}

#if defined(__SANITIZE_ADDRESS__)
TEST(MemoryPool, TellsTheSanitizerWhichBlocksAreIdle) {
  const auto pool = MemoryPool::create(1 << 20, 1 << 24);
  const std::byte* data;
  {
    const Block block = pool->allocate(5000);
    data = block.data();
    EXPECT_EQ(__asan_region_is_poisoned(block.data(), 5000), nullptr);
  }
  EXPECT_TRUE(__asan_address_is_poisoned(data));
  EXPECT_EQ(pool->allocate(5000).data(), data);
}
#endif

TEST(MemoryPool, KeepsNoMoreThanItsLimits) {
  const auto pool = MemoryPool::create(8 << 20, 64 << 20);
  {
    std::vector<Block> blocks;
    for (int i = 0; i < 15; ++i) blocks.push_back(pool->allocate(4 << 20));
  }
  EXPECT_LE(pool->stats().idle, 8 << 20);
  EXPECT_GT(pool->stats().idle, 0);
  const Block most = pool->allocate(62 << 20);  // what is idle makes room
  EXPECT_LE(pool->stats().in_use + pool->stats().idle, 66 << 20);
}

TEST(MemoryPool, SaysWhenTheSystemHasNone) {
  const auto pool = MemoryPool::create(0, INT64_MAX);
  EXPECT_EQ(pool->allocate(int64_t{1} << 50).data(), nullptr);
  EXPECT_EQ(pool->allocate(INT64_MAX).data(), nullptr);
  EXPECT_EQ(pool->stats().in_use, 0);
}

TEST(MemoryPool, ServesThreads) {
  const auto pool = MemoryPool::create(1 << 20, 1 << 28);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pool, t] {
      std::mt19937_64 random(static_cast<uint64_t>(t));
      std::vector<Block> blocks(20);
      for (int i = 0; i < 5000; ++i) {
        Block& block = blocks[random() % blocks.size()];
        block = pool->allocate(static_cast<int64_t>(1 + random() % 20000));
        std::memset(block.data(), t, 16);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool->stats().in_use, 0);
}

TEST(MemoryPool, ABlockMayOutliveIt) {
  auto pool = MemoryPool::create(1 << 20, 1 << 28);
  const Block block = pool->allocate(100);
  pool.reset();
  std::memset(block.data(), 1, 100);
}

}  // namespace
