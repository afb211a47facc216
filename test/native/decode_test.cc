// The decoder: what it refuses, with what words, and that no batch however broken does harm.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "io_support.h"

namespace {

using namespace ndl;
using namespace ndl::testing;

const int64_t kF64 = index_of(DType::kFloat64);

// A plan that uses everything: loads (also indexed and strided), a generator, constants, two outputs, stores,
// reducers of both kinds, merging, and a kernel. Slots 1 and 2 are imported.
Batch rich_batch() {
  Batch batch;
  batch.slot(10, 100 * 8, 1, 1);      // stored
  batch.slot(11, 10 * 8, 1, 1);       // sums
  batch.slot(12, 10 * 8, 1, 0);       // extremes
  batch.slot(13, 10 * 8, 1, 0);       // their indices
  batch.slot(14, 8, 1, 0, true);      // the sum of sums
  batch.slot(15, 100 * 8, 1, 0, true);  // scanned
  batch.program(Words()
                    .put({2, 1, 1, 3, 1, 2, 7})
                    .put({kF64, kF64, kF64, kF64, kF64, kF64, kF64})
                    .put({0, 1})
                    .put({static_cast<int64_t>(Generator::kNormal)}).bits(7).bits(0).bits(0).put({0, 0, 0, 0})
                    .bits(std::bit_cast<uint64_t>(2.5)).bits(0)
                    .put({static_cast<int64_t>(Op::add), kF64, 1, 2, 4, 0, 1})
                    .put({static_cast<int64_t>(Op::multiply), kF64, 1, 2, 5, 4, 3})
                    .put({static_cast<int64_t>(Op::add), kF64, 1, 2, 6, 5, 2})
                    .put({6})
                    .put({static_cast<int64_t>(Reducer::kSum), kF64, 0, 1, 6})
                    .put({static_cast<int64_t>(Reducer::kArgmax), kF64, 0, 1, 4}));
  batch.program(Words().put({1, 0, 0, 0, 0, 1, 1, kF64, 0}).put({static_cast<int64_t>(Reducer::kSum), kF64, 1, 1, 0}));
  batch.task(0, 0, 1,
             Words()
                 .put({0, 10, 11, 0, 12, 0, 13, 0, 1, 2, 10, 10})
                 .put({1, 99, -10, -1})
                 .put({1, 0, 10, 1, 2, 0, 1, 10})
                 .put({5, 10, 1})
                 .put({10, 0, 1, 10})
                 .put({0, 1, 0, 0, 10, 1}));
  batch.task(0, 1, 1, Words().put({1, 1, 14, 0, 1, 1, 10, 11, 0, 1, 0, 0, 0, 0}));
  batch.task(1, 1, 2,
             Words()
                 .put({static_cast<int64_t>(BlockKernel::kScanSum), 1, 1, 1, 1})
                 .put({10, kF64, 2, 0, 10, 10, 10, 1})
                 .put({15, kF64, 2, 0, 10, 10, 10, 1})
                 .put({1}));
  return batch;
}

// One that reads a file, puts what it read aside, reads it back and writes it. Files 3 and 4 are imported.
Batch moving_batch() {
  Batch batch;
  batch.slot(10, 6 * 800, 1, 2);
  batch.slot(11, 16, 1, 1);
  batch.slot(12, 6 * 800, 1, 1);
  batch.slot(13, 800, 1, 0, true);
  batch.task(kReadFile, 0, 1, CopyWords{3, 10, {6, 100}, {808, 8}, {100, -1}, 16, 99, 8, 4}.words());
  batch.task(kReadFile, 1, 1, CopyWords{3, 13, {10, 10}, {8, 80}, {10, 1}, 0}.words());
  batch.task(kSpillOut, 0, 1, Words().put({10, 8192, 11}));
  batch.task(kWriteFile, 1, 1, CopyWords{4, 10, {100, 6}, {8, 900}, {1, 100}, 20, 0, 4}.words());
  batch.task(kSpillIn, 0, 1, Words().put({11, 8192, 12}));
  batch.task(kWriteFile, 1, 1, CopyWords{4, 12, {4800}, {1}, {1}, 20, 0, 1}.words());
  return batch;
}

struct Imports {
  std::vector<double> values = std::vector<double>(100, 1.5);
  std::vector<int64_t> index = {0, 9, 3, 3, 1, 2, 8, 7, 6, 5};
  const TemporaryDirectory& directory = files();
  static const TemporaryDirectory& files() {
    static const TemporaryDirectory directory;
    [[maybe_unused]] static const bool written = [] {
      write_file(directory.file("read"), std::vector<uint8_t>(10'000, 7));
      write_file(directory.file("written"), {});
      return true;
    }();
    return directory;
  }
  void into(Engine& engine) {
    const auto add = [&](uint64_t id, void* data, int64_t bytes) {
      EXPECT_TRUE(engine.import_slot(id, static_cast<std::byte*>(data), bytes, std::make_shared<int>(0)).ok());
    };
    add(1, values.data(), 800);
    add(2, index.data(), 80);
    EXPECT_TRUE(engine.import_file(3, directory.file("read"), false).ok());
    EXPECT_TRUE(engine.import_file(4, directory.file("written"), true).ok());
  }
};

RunEvent run_batch(std::vector<uint64_t> words, int64_t limit = int64_t{1} << 30, int layers = 2) {
  Imports imports;
  const auto engine = make_engine(1);
  imports.into(*engine);
  Started started;
  RunOptions options;
  options.limit_bytes = limit;
  options.layers = layers;
  options.spill_directory = imports.directory.path();
  options.spill_limit_bytes = 1 << 20;
  const auto listener = [outcome = started.outcome](RunEvent event) { outcome->give(std::move(event)); };
  EXPECT_TRUE(engine->create_run(options, listener, &started.run).ok());
  started.run->submit(std::move(words));
  started.run->seal();
  const RunEvent event = started.outcome->wait();
  engine->wait_idle();
  EXPECT_TRUE(event.state == RunState::kDone || engine->stats().bytes_in_use == 0);
  return event;
}

TEST(Decoder, RunsAPlanThatUsesEverything) {
  const RunEvent event = run_batch(rich_batch().words());
  EXPECT_EQ(event.state, RunState::kDone) << event.status.message;
  EXPECT_EQ(event.done, (std::vector<double>{1, 3}));
}

TEST(Decoder, RunsAPlanThatMovesBytes) {
  const RunEvent event = run_batch(moving_batch().words());
  EXPECT_EQ(event.state, RunState::kDone) << event.status.message;
  EXPECT_EQ(event.done, (std::vector<double>{3, 3}));
}

void mutate(const Batch& batch, int rounds) {
  const std::vector<uint64_t> good = batch.words();
  std::mt19937_64 random(11);
  int ran = 0, refused = 0;
  const double numbers[] = {0, 1, 2, 3, 5, 10, 11, 13, 100, 101, -1, -2, 0.5, NAN, INFINITY, -INFINITY, 1e300, 4096,
                            9007199254740992.0, -9007199254740992.0, 9007199254740994.0, 1e18, 4294967296.0};
  for (int round = 0; round < rounds; ++round) {
    std::vector<uint64_t> words = good;
    const int changes = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < changes; ++i) {
      const size_t where = random() % words.size();
      switch (random() % 6) {
        case 0: words[where] = random(); break;
        case 1: words.resize(where); break;
        case 2: words.insert(words.begin() + static_cast<std::ptrdiff_t>(where), std::bit_cast<uint64_t>(1.0)); break;
        case 3: words[where] = words[random() % words.size()]; break;
        default: words[where] = std::bit_cast<uint64_t>(numbers[random() % std::size(numbers)]);
      }
      if (words.empty()) words.push_back(0);
    }
    const RunEvent event = run_batch(std::move(words), 1 << 20);
    if (event.state == RunState::kDone) {
      ++ran;
      continue;
    }
    ++refused;
    ASSERT_EQ(event.state, RunState::kFailed);
    ASSERT_FALSE(event.status.message.empty());
    ASSERT_TRUE(event.status.code == ErrorCode::kPlanInvalid || event.status.code == ErrorCode::kMemory ||
                event.status.code == ErrorCode::kIndex || event.status.code == ErrorCode::kStorage)
        << error_name(event.status.code) << ": " << event.status.message;
  }
  EXPECT_GT(ran, rounds / 200);
  EXPECT_GT(refused, rounds / 2);
}

TEST(Decoder, NoMutationOfABatchDoesHarm) { mutate(rich_batch(), 20000); }
TEST(Decoder, NoMutationOfABatchThatMovesBytesDoesHarm) { mutate(moving_batch(), 5000); }

// One number of the batch changed, and the words that must be in the message.
void expect_refusal(size_t word, double value, const std::string& text) {
  std::vector<uint64_t> words = rich_batch().words();
  words.at(word) = std::bit_cast<uint64_t>(value);
  const RunEvent event = run_batch(std::move(words));
  EXPECT_EQ(event.state, RunState::kFailed) << text;
  EXPECT_EQ(event.status.code, ErrorCode::kPlanInvalid);
  EXPECT_NE(event.status.message.find(text), std::string::npos) << event.status.message;
}

TEST(Decoder, SaysWhatIsWrong) {
  expect_refusal(0, 7, "magic number");
  expect_refusal(1, 1, "version");
  expect_refusal(2, 1e9, "number of slots");
  expect_refusal(5, 1, "id 1 is taken");
  expect_refusal(5, 11, "id 11 is taken");
  expect_refusal(6, 0.5, "bytes: expected a whole number");
  expect_refusal(6, 792, "outside of slot 10 of 792 bytes");
  expect_refusal(7, 0, "expected a writer");
  expect_refusal(7, 2, "before all its writers");
  expect_refusal(8, 0, "more readers than it declares");
}

TEST(Decoder, TellsWhichTaskAndLayer) {
  Batch batch = rich_batch();
  std::vector<uint64_t> words = batch.words();
  const size_t first_task = 5 + batch.slots.size() + batch.programs.size();
  const auto first_words = static_cast<size_t>(std::bit_cast<double>(words[first_task]));
  words[first_task + first_words + 7] = std::bit_cast<uint64_t>(99.0);
  const RunEvent event = run_batch(words);
  EXPECT_EQ(event.state, RunState::kFailed);
  EXPECT_EQ(event.task, 1);
  EXPECT_EQ(event.layer, 1);
  EXPECT_NE(event.status.message.find("task 1: reducer field: there is no slot 99"), std::string::npos)
      << event.status.message;
}

TEST(Decoder, RefusesAPlanThatCannotFit) {
  const RunEvent event = run_batch(rich_batch().words(), 1000);
  EXPECT_EQ(event.status.code, ErrorCode::kMemory);
  EXPECT_NE(event.status.message.find("but the limit is 1000 bytes"), std::string::npos) << event.status.message;
}

TEST(Decoder, RefusesWritersThatNeverCome) {
  Batch batch = rich_batch();
  batch.slot(30, 8, 2, 0, true);
  const RunEvent event = run_batch(batch.words());
  EXPECT_EQ(event.status.code, ErrorCode::kPlanInvalid);
  EXPECT_NE(event.status.message.find("slot 30 declares 2 writers, but 0 tasks write it"), std::string::npos);
}

TEST(Decoder, RefusesWritingWhatIsImported) {
  Batch batch;
  batch.program(Words().put({0, 0, 1, 0, 1, 0, 1, kF64}).bits(0).bits(0).put({0}));
  batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 100}).put({1, 0, 1}));
  const RunEvent event = run_batch(batch.words());
  EXPECT_EQ(event.status.code, ErrorCode::kPlanInvalid);
  EXPECT_NE(event.status.message.find("is not this run's"), std::string::npos) << event.status.message;
}

TEST(Decoder, RefusesElementsThatAreNotAligned) {
  alignas(8) static std::byte bytes[81];
  const auto engine = make_engine(1);
  ASSERT_TRUE(engine->import_slot(1, bytes + 1, 80, std::make_shared<int>(0)).ok());
  Batch batch;
  batch.slot(2, 80, 1, 0, true);
  batch.program(Words().put({1, 0, 0, 0, 1, 0, 1, kF64, 0, 0}));
  batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 10}).put({1, 0, 1}).put({2, 0, 1}));
  const RunEvent event = run_words(*engine, batch.words());
  EXPECT_NE(event.status.message.find("is not aligned"), std::string::npos) << event.status.message;
}

TEST(Decoder, TakesBatchesThatShareProgramsAndSlots) {
  const auto engine = make_engine();
  Started started = start_run(*engine);
  Batch first, second;
  first.slot(1, 800, 1, 1);
  first.program(Words().put({0, 0, 1, 0, 1, 0, 1, kF64}).bits(std::bit_cast<uint64_t>(2.0)).bits(0).put({0}));
  first.program(Words().put({1, 0, 0, 0, 0, 1, 1, kF64, 0}).put({static_cast<int64_t>(Reducer::kSum), kF64, 0, 1, 0}));
  first.task(0, 0, 1, Words().put({0, 0, 1, 1, 100}).put({1, 0, 1}));
  second.slot(2, 8, 1, 0, true);
  second.task(0, 0, 1, Words().put({1, 1, 2, 0, 1, 1, 100, 1, 0, 1, 0, 0, 0, 0}));
  started.run->submit(first.words());
  started.run->submit(second.words());
  started.run->seal();
  const RunEvent event = started.outcome->wait();
  ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
  std::shared_ptr<Slot> slot;
  ASSERT_TRUE(engine->export_slot(2, &slot).ok());
  EXPECT_EQ(*reinterpret_cast<const double*>(slot->data), 200.0);
}

}  // namespace
