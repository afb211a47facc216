// Tasks that put blocks aside in a file and read them back: what comes back, what it may take, and every way it can go wrong.
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <random>
#include <thread>
#include <unordered_map>

#include "io_support.h"

namespace {

using namespace ndl;
using namespace ndl::testing;

struct Spilling {
  std::string directory;
  int64_t limit = int64_t{1} << 40;
};

Started start_spilling(Engine& engine, const Spilling& spilling, int64_t memory = int64_t{1} << 32) {
  Started started;
  RunOptions options;
  options.limit_bytes = memory;
  options.spill_directory = spilling.directory;
  options.spill_limit_bytes = spilling.limit;
  EXPECT_TRUE(engine.create_run(options, [outcome = started.outcome](RunEvent event) { outcome->give(std::move(event)); },
                                &started.run).ok());
  return started;
}

RunEvent run_spilling(Engine& engine, const Spilling& spilling, const Batch& batch, int64_t memory = int64_t{1} << 32) {
  Started started = start_spilling(engine, spilling, memory);
  started.run->submit(batch.words());
  started.run->seal();
  return started.outcome->wait();
}

int64_t pages(int64_t bytes) { return (bytes + 4095) / 4096 * 4096; }

// `blocks` blocks of `n` numbers are made, put aside, read back twice in another order, and their sums kept as slots 4000...
Batch round_trip(int64_t blocks, int64_t n) {
  Batch batch;
  for (int64_t i = 0; i < blocks; ++i) add_programs(batch, static_cast<double>(i + 1));
  const auto program = [](int64_t which, Words words) {
    words.raw()[0] = std::bit_cast<uint64_t>(static_cast<double>(which));
    return words;
  };
  for (int64_t i = 0; i < blocks; ++i) {
    batch.slot(1000 + i, n * 8, 1, 1);
    batch.slot(2000 + i, 16, 1, 2);
    batch.slot(3000 + 2 * i, n * 8, 1, 1);
    batch.slot(3001 + 2 * i, n * 8, 1, 1);
    batch.slot(4000 + 2 * i, 8, 1, 0, true);
    batch.slot(4001 + 2 * i, 8, 1, 0, true);
    batch.task(0, 0, 1, program(2 * i, fill_words(1000 + i, n)));
    batch.task(kSpillOut, 0, 1, Words().put({1000 + i, i * pages(n * 8), 2000 + i}));
  }
  for (int64_t back = 0; back < 2; ++back) {
    for (int64_t k = 0; k < blocks; ++k) {
      const int64_t i = blocks - 1 - k, to = 2 * i + back;
      batch.task(kSpillIn, 0, 1, Words().put({2000 + i, i * pages(n * 8), 3000 + to}));
      batch.task(0, 0, 1, sum_words(3000 + to, n, 4000 + to));
    }
  }
  return batch;
}

TEST(Spill, BringsBackWhatItPutAside) {
  const TemporaryDirectory directory;
  for (const auto& [blocks, n] : std::vector<std::pair<int64_t, int64_t>>{{30, 100'000}, {50, 1000}, {20, 1}, {3, 2'000'003}}) {
    for (const std::string& where : {directory.path(), std::string("/dev/shm")}) {
      for (const int64_t memory : {int64_t{1} << 32, 2 * n * 8 + n + (1 << 22)}) {
        const auto engine = make_engine(2);
        const RunEvent event = run_spilling(*engine, {where, blocks * pages(n * 8)}, round_trip(blocks, n), memory);
        ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
        for (int64_t i = 0; i < 2 * blocks; ++i) {
          std::shared_ptr<Slot> slot;
          double sum = 0;
          std::memcpy(&sum, bytes_of(*engine, static_cast<uint64_t>(4000 + i), &slot), 8);
          ASSERT_EQ(sum, static_cast<double>((i / 2 + 1) * n)) << i;
        }
        const Engine::Stats stats = engine->stats();
        EXPECT_EQ(stats.bytes_spilled, 0);
        EXPECT_EQ(stats.bytes_spilled_total, blocks * pages(n * 8));
        EXPECT_EQ(stats.bytes_in_use, 0);
        EXPECT_EQ(stats.bytes_read, 0);
        EXPECT_LE(stats.bytes_peak, memory);
      }
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Spill, ATaskReadsWhatStandsForWhatItNames) {
  const auto engine = make_engine(2);
  const TemporaryDirectory directory;
  Batch batch;
  add_programs(batch, 3);
  batch.slot(1, 8 * 1000, 1, 1);
  batch.slot(2, 16, 1, 1);
  batch.slot(3, 8 * 1000, 1, 1);
  batch.slot(4, 8, 1, 0, true);
  batch.task(0, 0, 1, fill_words(1, 1000));
  batch.task(kSpillOut, 0, 1, Words().put({1, 0, 2}));
  batch.task(kSpillIn, 0, 1, Words().put({2, 0, 3}));
  batch.task(0, 0, 1, sum_words(1, 1000, 4), {{9, 1}, {1, 3}});
  EXPECT_EQ(run_spilling(*engine, {directory.path()}, batch).state, RunState::kDone);
  std::shared_ptr<Slot> slot;
  double sum = 0;
  std::memcpy(&sum, bytes_of(*engine, 4, &slot), 8);
  EXPECT_EQ(sum, 3000);
}

TEST(Spill, SpillsSlotsThatAreNotOurs) {
  const TemporaryDirectory directory;
  const auto engine = make_engine();
  std::vector<double> data(300'001, 2.0);
  ASSERT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data() + 1), 300'000 * 8, std::make_shared<int>(0)).ok());
  Batch batch;
  add_programs(batch);
  batch.slot(2, 16, 1, 1);
  batch.slot(3, 300'000 * 8, 1, 1);
  batch.slot(4, 8, 1, 0, true);
  batch.task(kSpillOut, 0, 1, Words().put({1, 8192, 2}));
  batch.task(kSpillIn, 0, 1, Words().put({2, 8192, 3}));
  batch.task(0, 0, 1, sum_words(3, 300'000, 4));
  const RunEvent event = run_spilling(*engine, {directory.path()}, batch);
  ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
  std::shared_ptr<Slot> slot;
  EXPECT_EQ(*reinterpret_cast<const double*>(bytes_of(*engine, 4, &slot)), 600'000.0);
}

// The descriptors of the process's spill files.
std::vector<int> spill_descriptors() {
  std::vector<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone);
    if (target.find("/ndloom-spill-") != std::string::npos) found.push_back(std::stoi(entry.path().filename()));
  }
  return found;
}

Words spill_words(int64_t slot, int64_t at, int64_t token) { return Words().put({slot, at, token}); }

// One block is put aside; the run then waits for more.
struct Aside {
  std::shared_ptr<Engine> engine = make_engine(2);
  Started started;

  explicit Aside(const Spilling& spilling, int64_t n = 100'000) {
    started = start_spilling(*engine, spilling);
    Batch batch;
    add_programs(batch);
    batch.slot(1, n * 8, 1, 1);
    batch.slot(2, 16, 1, 1);
    batch.task(0, 0, 1, fill_words(1, n));
    batch.task(kSpillOut, 0, 1, spill_words(1, 0, 2));
    started.run->submit(batch.words());
    while (engine->stats().tasks_run < 2) std::this_thread::yield();
  }
  const RunEvent& bring_back(int64_t n = 100'000) {
    Batch batch;
    batch.slot(3, n * 8, 1, 0, true);
    batch.task(kSpillIn, 0, 1, Words().put({2, 0, 3}));
    started.run->submit(batch.words());
    started.run->seal();
    return started.outcome->wait();
  }
};

TEST(Spill, HasAFileWithoutANameThatEndsWithTheRun) {
  const TemporaryDirectory directory;
  Aside aside({directory.path()});
  EXPECT_EQ(spill_descriptors().size(), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  EXPECT_EQ(aside.engine->stats().bytes_spilled, pages(800'000));
  EXPECT_EQ(aside.bring_back().state, RunState::kDone);
  EXPECT_EQ(spill_descriptors().size(), 0u);
  EXPECT_EQ(aside.engine->stats().bytes_spilled, 0);
}

TEST(Spill, GivesRoomBackAfterTheLastReader) {
  const TemporaryDirectory directory;
  Aside aside({directory.path()});
  const auto blocks = [] {
    struct stat info {};
    fstat(spill_descriptors().at(0), &info);
    return info.st_blocks * 512;
  };
  EXPECT_GE(blocks(), 800'000);
  Batch batch;
  batch.slot(3, 800'000, 1, 0);
  batch.task(kSpillIn, 0, 1, Words().put({2, 0, 3}));
  aside.started.run->submit(batch.words());
  while (aside.engine->stats().bytes_spilled > 0) std::this_thread::yield();
  for (int i = 0; i < 1000 && blocks() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(blocks(), 0);
  aside.started.run->seal();
  EXPECT_EQ(aside.started.outcome->wait().state, RunState::kDone);
}

TEST(Spill, NoticesThatTheDiskHasChangedTheData) {
  const TemporaryDirectory directory;
  Aside aside({directory.path()});
  const int spilled = spill_descriptors().at(0);
  const int fd = open(("/proc/self/fd/" + std::to_string(spilled)).c_str(), O_RDWR);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(pwrite(fd, "x", 1, 500'000), 1);
  close(fd);
  const RunEvent& event = aside.bring_back();
  EXPECT_EQ(event.state, RunState::kFailed);
  EXPECT_EQ(event.status.code, ErrorCode::kStorage);
  EXPECT_NE(event.status.message.find("cannot read 800000 bytes at byte 0 of the spill file in " + directory.path() + ": the checksum differs"),
            std::string::npos) << event.status.message;
}

TEST(Spill, NoticesThatTheFileWasCut) {
  const TemporaryDirectory directory;
  Aside aside({directory.path()});
  ASSERT_EQ(ftruncate(spill_descriptors().at(0), 4096), 0);
  const RunEvent& event = aside.bring_back();
  EXPECT_EQ(event.status.code, ErrorCode::kStorage);
  EXPECT_NE(event.status.message.find("it ends at byte 4096"), std::string::npos) << event.status.message;
  EXPECT_EQ(event.task, 2);
}

TEST(Spill, IsRefusedWithoutADirectory) {
  const TemporaryDirectory directory;
  const auto engine = make_engine();
  const RunEvent event = run_spilling(*engine, {""}, round_trip(1, 100));
  EXPECT_EQ(event.status.code, ErrorCode::kPlanInvalid);
  EXPECT_NE(event.status.message.find("no directory to spill to"), std::string::npos);
  const RunEvent none = run_spilling(*engine, {directory.file("none")}, round_trip(1, 100));
  EXPECT_EQ(none.status.code, ErrorCode::kStorage);
  EXPECT_EQ(none.status.message, "cannot create a spill file in " + directory.file("none") + ": No such file or directory");
}

TEST(Spill, KeepsItsLimit) {
  const TemporaryDirectory directory;
  const auto engine = make_engine();
  Batch batch;  // nothing of what it puts aside is read
  add_programs(batch);
  batch.slot(1, 8000, 1, 10);
  for (int64_t i = 0; i < 10; ++i) batch.slot(2 + i, 16, 1, 1);
  batch.task(0, 0, 1, fill_words(1, 1000));
  for (int64_t i = 0; i < 10; ++i) batch.task(kSpillOut, 0, 1, spill_words(1, i * 8192, 2 + i));
  const RunEvent event = run_spilling(*engine, {directory.path(), 10 * 8192 - 1}, batch);
  EXPECT_EQ(event.state, RunState::kFailed);
  EXPECT_EQ(event.status.code, ErrorCode::kSpillLimit);
  EXPECT_EQ(event.status.message, "cannot spill 8 KiB more: 72 KiB of the 81919 bytes allowed are in use");
  EXPECT_EQ(engine->stats().bytes_spilled, 0);
  EXPECT_EQ(run_spilling(*engine, {directory.path(), 10 * 8192}, round_trip(10, 1000)).state, RunState::kDone);
}

// Run in order, one block is aside at a time; run ahead, all would be.
TEST(Spill, WaitsForRoomThatEarlierTasksGiveBack) {
  const TemporaryDirectory directory;
  const auto engine = make_engine(3);
  Batch batch;
  add_programs(batch);
  constexpr int64_t kBlocks = 100, kN = 20'000;
  for (int64_t i = 0; i < kBlocks; ++i) {
    batch.slot(1000 + i, kN * 8, 1, 1);
    batch.slot(2000 + i, 16, 1, 1);
    batch.slot(3000 + i, kN * 8, 1, 1);
    batch.slot(4000 + i, 8, 1, 0);
    batch.task(0, 0, 1, fill_words(1000 + i, kN));
    batch.task(kSpillOut, 0, 1, spill_words(1000 + i, i * pages(kN * 8), 2000 + i));
    batch.task(kSpillIn, 0, 1, Words().put({2000 + i, i * pages(kN * 8), 3000 + i}));
    batch.task(0, 0, 1, sum_words(3000 + i, kN, 4000 + i));
  }
  for (int64_t blocks : {1, 2, 7}) {
    const RunEvent event = run_spilling(*engine, {directory.path(), blocks * pages(kN * 8)}, batch);
    ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
  }
}

// A disk of 8 MiB, where the system lets tests mount one; else a limit on the size of files.
TEST(Spill, AFullDiskEndsTheRunAndNothingElse) {
  const TemporaryDirectory directory;
  const bool mounted = mount("tmpfs", directory.path().c_str(), "tmpfs", 0, "size=8m") == 0;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  if (!mounted) {
    const rlimit small{8 << 20, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  {
    const auto engine = make_engine();
    const int64_t one_block = 3 << 19;  // room for no second one: nothing is read back before all is on the disk
    const RunEvent event = run_spilling(*engine, {directory.path()}, round_trip(12, 131072), one_block);
    EXPECT_EQ(event.state, RunState::kFailed);
    EXPECT_EQ(event.status.code, ErrorCode::kStorage);
    EXPECT_NE(event.status.message.find("cannot write 1 MiB at byte"), std::string::npos) << event.status.message;
    EXPECT_NE(event.status.message.find(mounted ? "No space left on device" : "File too large"), std::string::npos);
    EXPECT_EQ(run_spilling(*engine, {directory.path()}, round_trip(6, 131072)).state, RunState::kDone);
    EXPECT_EQ(engine->stats().bytes_spilled, 0);
  }
  setrlimit(RLIMIT_FSIZE, &before);
  if (mounted) {
    EXPECT_EQ(umount(directory.path().c_str()), 0) << "all files on it are closed";
  }
}

// Random graphs, some of whose blocks are put aside before they are read: with the memory that running in order needs, and
// not a byte more, they end, and with the right numbers.
TEST(Spill, RunsRandomGraphsWithinTheirMemory) {
  const TemporaryDirectory directory;
  std::mt19937_64 random(8);
  const int64_t f64 = index_of(DType::kFloat64);
  for (int round = 0; round < 12; ++round) {
    const int64_t width = round % 2 == 0 ? 8 : 20'000;
    struct Block {
      int64_t slot, token = -1, readers = 0, back = 0;
      double value;
    };
    std::vector<Block> blocks;
    Words tasks;
    Batch batch;
    int64_t next = 1;
    std::vector<std::array<int64_t, 2>> declared;  // slot, bytes
    std::unordered_map<int64_t, int64_t> readers;
    const auto declare = [&](int64_t bytes) {
      declared.push_back({next, bytes});
      return next++;
    };
    batch.program(Words().put({0, 0, 1, 0, 1, 0, 1, f64}).bits(std::bit_cast<uint64_t>(1.0)).bits(0).put({0}));
    batch.program(Words().put({2, 0, 0, 1, 1, 0, 3, f64, f64, f64, 0, 0, static_cast<int64_t>(Op::add), f64, 1, 2, 2, 0, 1, 2}));
    for (int64_t i = 0; i < 100; ++i) {
      Block block;
      Words words;
      if (i < 3 || random() % 5 == 0) {
        block.slot = declare(width * 8);
        block.value = 1;
        words = fill_words(block.slot, width);
      } else {
        int64_t in[2];
        block.value = 0;
        for (int64_t& slot : in) {
          Block& from = blocks[random() % 3 == 0 ? random() % blocks.size() : blocks.size() - 1 - random() % 3];
          if (from.token < 0 && random() % 4 == 0) {
            from.token = declare(16);
            batch.task(kSpillOut, 0, 1, spill_words(from.slot, from.token * 262144, from.token));
            ++readers[from.slot];
          }
          slot = from.slot;
          if (from.token >= 0) {
            slot = declare(width * 8);
            batch.task(kSpillIn, 0, 1, Words().put({from.token, from.token * 262144, slot}));
            ++readers[from.token];
          }
          block.value += from.value;
        }
        ++readers[in[0]];
        if (in[1] != in[0]) ++readers[in[1]];
        block.slot = declare(width * 8);
        words = Words().put({1, 0, 1, 1, width, in[0], 0, 1, in[1], 0, 1, block.slot, 0, 1});
      }
      batch.task(0, 0, 1, words);
      blocks.push_back(block);
    }
    for (const auto& [slot, bytes] : declared) batch.slot(slot, bytes, 1, readers[slot], slot == blocks.back().slot);
    const auto run = [&](int64_t memory) {
      const auto engine = make_engine(1 + round % 4);
      const RunEvent event = run_spilling(*engine, {directory.path()}, batch, memory);
      if (event.state == RunState::kDone) {
        std::shared_ptr<Slot> slot;
        const auto* values = reinterpret_cast<const double*>(bytes_of(*engine, static_cast<uint64_t>(blocks.back().slot), &slot));
        EXPECT_EQ(values[0], blocks.back().value);
        EXPECT_EQ(values[width - 1], blocks.back().value);
        EXPECT_LE(engine->stats().bytes_peak, memory);
      } else {
        EXPECT_NE(event.status.message.find("but the limit is"), std::string::npos) << event.status.message;
      }
      return event.state == RunState::kDone;
    };
    int64_t low = 0, high = 128 << 20;
    while (high - low > 64) {
      const int64_t middle = (low + high) / 2;
      (run(middle) ? high : low) = middle;
    }
    EXPECT_TRUE(run(high)) << "round " << round;
  }
}

TEST(Spill, RefusesWordsThatAreWrong) {
  const TemporaryDirectory directory;
  const auto engine = make_engine();
  const auto expect_refusal = [&](const std::string& text, auto change) {
    Batch batch;
    add_programs(batch);
    change(batch);
    const RunEvent event = run_spilling(*engine, {directory.path()}, batch);
    EXPECT_EQ(event.status.code, ErrorCode::kPlanInvalid) << text;
    EXPECT_NE(event.status.message.find(text), std::string::npos) << event.status.message;
  };
  const auto declare = [](Batch& batch, int64_t token_writers = 1, bool keep = false, int64_t back = 800) {
    batch.slot(1, 800, 1, 2);
    batch.slot(2, 16, token_writers, 1, keep);
    batch.slot(3, back, 1, 0);
    batch.task(0, 0, 1, fill_words(1, 100));
  };
  expect_refusal("multiple of 4096", [&](Batch& b) { declare(b); b.task(kSpillOut, 0, 1, spill_words(1, 100, 2)); });
  expect_refusal("offset in the spill file", [&](Batch& b) { declare(b); b.task(kSpillOut, 0, 1, spill_words(1, -4096, 2)); });
  expect_refusal("no slot 77", [&](Batch& b) { declare(b); b.task(kSpillOut, 0, 1, spill_words(77, 0, 2)); });
  expect_refusal("no slot 77", [&](Batch& b) { declare(b); b.task(kSpillOut, 0, 1, spill_words(1, 0, 77)); });
  expect_refusal("with one writer", [&](Batch& b) { declare(b, 2); b.task(kSpillOut, 0, 1, spill_words(1, 0, 2)); });
  expect_refusal("with one writer", [&](Batch& b) { declare(b, 1, true); b.task(kSpillOut, 0, 1, spill_words(1, 0, 2)); });
  expect_refusal("with one writer", [&](Batch& b) { declare(b); b.task(kSpillOut, 0, 1, spill_words(1, 0, 1)); });
  expect_refusal("is a token", [&](Batch& b) {
    declare(b);
    b.task(kSpillOut, 0, 1, spill_words(1, 0, 2));
    b.task(kSpillOut, 0, 1, spill_words(1, 4096, 2));
  });
  expect_refusal("is a token", [&](Batch& b) {
    declare(b);
    b.task(kSpillOut, 0, 1, spill_words(1, 0, 2));
    b.task(0, 0, 1, sum_words(2, 2, 3));
  });
  expect_refusal("is no token", [&](Batch& b) { declare(b); b.task(kSpillIn, 0, 1, Words().put({1, 0, 3})); });
  expect_refusal("stands for 800 bytes at byte 0", [&](Batch& b) {
    declare(b, 1, false, 808);
    b.task(kSpillOut, 0, 1, spill_words(1, 0, 2));
    b.task(kSpillIn, 0, 1, Words().put({2, 0, 3}));
  });
  expect_refusal("stands for 800 bytes at byte 0", [&](Batch& b) {
    declare(b);
    b.task(kSpillOut, 0, 1, spill_words(1, 0, 2));
    b.task(kSpillIn, 0, 1, Words().put({2, 4096, 3}));
  });
  engine->wait_idle();
  EXPECT_EQ(engine->stats().bytes_in_use, 0);
}

TEST(Spill, EndsAtAnyMoment) {
  const TemporaryDirectory directory;
  std::mt19937_64 random(3);
  const Batch batch = round_trip(20, 200'000);
  for (int round = 0; round < 100; ++round) {
    const auto engine = make_engine(1 + round % 3);
    Started started = start_spilling(*engine, {directory.path()}, 20'000'000);
    started.run->submit(batch.words());
    if (round % 2 == 0) started.run->seal();
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000));
    if (round % 3 == 0) {
      engine->close();
    } else {
      started.run->cancel();
    }
    const RunState state = started.outcome->wait().state;
    EXPECT_TRUE(state == RunState::kCancelled || (round % 2 == 0 && state == RunState::kDone));
    expect_nothing_left(*engine);
    EXPECT_TRUE(spill_descriptors().empty());
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(Spill, ThreadsEndWithTheEngine) {
  const auto threads = [] {
    int64_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) n += !entry.path().empty();
    return n;
  };
  const TemporaryDirectory directory;
  std::vector<std::shared_ptr<Engine>> engines;
  const int64_t before = threads();
  for (int i = 0; i < 5; ++i) {
    engines.push_back(make_engine(1));
    ASSERT_EQ(run_spilling(*engines.back(), {directory.path()}, round_trip(10, 10'000)).state, RunState::kDone);
  }
  EXPECT_GT(threads(), before);
  for (size_t i = 0; i < engines.size(); ++i) {
    if (i % 2 == 0) engines[i]->close();
  }
  engines.clear();
  for (int i = 0; i < 2000 && threads() > before + 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_LE(threads(), before + 1) << "one is TBB's";
}

}  // namespace
