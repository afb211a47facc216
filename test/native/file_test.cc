// Tasks that read and write files: any box, any byte order, and every way it can go wrong.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <numeric>
#include <random>
#include <thread>

#include "io_support.h"

namespace {

using namespace ndl;
using namespace ndl::testing;

std::vector<uint8_t> noise(size_t bytes) {
  std::mt19937_64 random(4);
  std::vector<uint8_t> data(bytes);
  for (uint8_t& byte : data) byte = static_cast<uint8_t>(random());
  return data;
}

// The elements of a box, one after the other in C order: the byte offset in the file, and in the slot.
template <typename Visit>
void walk(const CopyWords& box, Visit visit) {
  std::vector<int64_t> at(box.extents.size(), 0);
  while (true) {
    int64_t in_file = box.file_offset, in_slot = box.slot_offset * box.item;
    for (size_t d = 0; d < at.size(); ++d) {
      in_file += at[d] * box.file_strides[d];
      in_slot += at[d] * box.slot_strides[d] * box.item;
    }
    visit(in_file, in_slot);
    size_t d = at.size();
    while (d > 0 && ++at[d - 1] == box.extents[d - 1]) at[--d] = 0;
    if (d == 0) return;
  }
}

void copy_item(uint8_t* to, const uint8_t* from, int64_t item, int64_t swap) {
  for (int64_t i = 0; i < item; ++i) to[i] = from[swap == 0 ? i : i / swap * swap + swap - 1 - i % swap];
}

// A random box out of an array in a file, in any order of axes, into a part of a slot, also backwards.
struct RandomBox {
  CopyWords box;
  int64_t file_bytes = 0, slot_bytes = 0;

  static RandomBox small(std::mt19937_64& random, int64_t most_elements) {
    while (true) {
      const RandomBox made(random, most_elements);
      if (std::max(made.file_bytes, made.slot_bytes) <= 20 * most_elements + 100'000) return made;
    }
  }

  RandomBox(std::mt19937_64& random, int64_t most_elements) {
    const auto below = [&](int64_t n) { return static_cast<int64_t>(random() % static_cast<uint64_t>(n)); };
    box.item = int64_t{1} << below(5);
    box.swap = below(2) == 0 || box.item == 1 ? 0 : int64_t{2} << below(std::min<int64_t>(3, std::countr_zero(uint64_t(box.item))));
    const auto ndim = static_cast<size_t>(below(5));
    const auto strides = [&](std::vector<int64_t>* out, bool gaps) {
      std::vector<size_t> order(ndim);
      std::iota(order.begin(), order.end(), 0);
      if (below(3) == 0) std::shuffle(order.begin(), order.end(), random);
      out->assign(ndim, 0);
      int64_t stride = 1;
      for (size_t i = ndim; i-- > 0;) {
        if (gaps && below(4) == 0) stride *= 2;
        (*out)[order[i]] = stride;
        stride *= box.extents[order[i]];
        if (gaps && below(2) == 0) stride += below(below(4) == 0 ? 5000 : 5);
      }
      return stride;
    };
    int64_t elements = 1;
    for (size_t d = 0; d < ndim; ++d) {
      box.extents.push_back(1 + below(std::max<int64_t>(1, std::min<int64_t>(most_elements / elements, 1 << below(18)))));
      elements *= box.extents.back();
    }
    box.file_offset = below(200);
    file_bytes = box.file_offset + strides(&box.file_strides, true) * box.item;
    for (int64_t& stride : box.file_strides) stride *= box.item;
    slot_bytes = strides(&box.slot_strides, true) * box.item;
    for (size_t d = 0; d < ndim; ++d) {
      if (below(4) != 0) continue;
      box.slot_offset += box.slot_strides[d] * (box.extents[d] - 1);
      box.slot_strides[d] = -box.slot_strides[d];
    }
    box.file = 1;
    box.slot = 2;
  }
};

TEST(Files, ReadsAnyBox) {
  const TemporaryDirectory directory;
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    const RandomBox made = RandomBox::small(random, round % 20 == 0 ? 2'000'000 : 3000);
    const std::vector<uint8_t> content = noise(static_cast<size_t>(made.file_bytes));
    write_file(directory.file("x"), content);
    const auto engine = make_engine();
    ASSERT_TRUE(engine->import_file(1, directory.file("x"), false).ok());
    Batch batch;
    batch.slot(2, made.slot_bytes, 1, 0, true);
    batch.task(kReadFile, 0, 1, made.box.words());
    const RunEvent event = run_words(*engine, batch.words());
    ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
    std::shared_ptr<Slot> slot;
    const uint8_t* got = bytes_of(*engine, 2, &slot);
    int64_t bytes = 0, wrong = 0;
    walk(made.box, [&](int64_t in_file, int64_t in_slot) {
      uint8_t expected[16];
      copy_item(expected, content.data() + in_file, made.box.item, made.box.swap);
      wrong += std::memcmp(expected, got + in_slot, static_cast<size_t>(made.box.item)) != 0;
      bytes += made.box.item;
    });
    ASSERT_EQ(wrong, 0) << "round " << round;
    EXPECT_EQ(engine->stats().bytes_read, bytes);
  }
}

TEST(Files, WritesAnyBoxAndNothingBeside) {
  const TemporaryDirectory directory;
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    const RandomBox made = RandomBox::small(random, round % 20 == 0 ? 300'000 : 3000);
    std::vector<uint8_t> content = noise(static_cast<size_t>(made.file_bytes));
    write_file(directory.file("x"), content);
    std::vector<uint8_t> source = noise(static_cast<size_t>(made.slot_bytes + 16));
    std::reverse(source.begin(), source.end());
    const auto engine = make_engine();
    ASSERT_TRUE(engine->import_file(1, directory.file("x"), true).ok());
    ASSERT_TRUE(engine->import_slot(2, reinterpret_cast<std::byte*>(source.data()), made.slot_bytes, std::make_shared<int>(0)).ok());
    const std::vector<uint8_t> before = source;
    Batch batch;
    batch.task(kWriteFile, 0, 1, made.box.words());
    const RunEvent event = run_words(*engine, batch.words());
    ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
    walk(made.box, [&](int64_t in_file, int64_t in_slot) {
      copy_item(content.data() + in_file, source.data() + in_slot, made.box.item, made.box.swap);
    });
    ASSERT_EQ(read_file(directory.file("x")), content) << "round " << round;
    ASSERT_EQ(source, before);
  }
}

TEST(Files, ComputesOnWhatItReadsAndWritesWhatItComputed) {
  const TemporaryDirectory directory;
  constexpr int64_t kBlocks = 40, kWidth = 50'000;
  std::vector<double> numbers(kBlocks * kWidth);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  std::vector<uint8_t> content(numbers.size() * 8);
  std::memcpy(content.data(), numbers.data(), content.size());
  write_file(directory.file("x"), content);
  write_file(directory.file("y"), {});
  // y = x + x, a block at a time; with room for all, and for one after the other alone.
  for (const int64_t limit : {int64_t{1} << 30, int64_t{2 * kWidth * 8 + 100'000}}) {
    const auto engine = make_engine(2);
    ASSERT_TRUE(engine->import_file(1, directory.file("x"), false).ok());
    ASSERT_TRUE(engine->import_file(2, directory.file("y"), true).ok());
    Batch batch;
    const int64_t f64 = index_of(DType::kFloat64);
    batch.program(Words().put({1, 0, 0, 1, 1, 0, 2, f64, f64, 0, static_cast<int64_t>(Op::add), f64, 1, 2, 1, 0, 0, 1}));
    for (int64_t i = 0; i < kBlocks; ++i) {
      batch.slot(100 + i, kWidth * 8, 1, 1);
      batch.slot(200 + i, kWidth * 8, 1, 1);
      batch.task(kReadFile, 0, 1, CopyWords{1, 100 + i, {kWidth}, {8}, {1}, i * kWidth * 8}.words());
      batch.task(0, 0, 1, Words().put({0, 0, 1, 1, kWidth, 100 + i, 0, 1, 200 + i, 0, 1}));
      batch.task(kWriteFile, 0, 1, CopyWords{2, 200 + i, {kWidth}, {8}, {1}, i * kWidth * 8}.words());
    }
    const RunEvent event = run_words(*engine, batch.words(), limit);
    ASSERT_EQ(event.state, RunState::kDone) << event.status.message;
    EXPECT_LE(engine->stats().bytes_peak, limit);
    EXPECT_EQ(engine->stats().bytes_in_use, 0);
    const std::vector<uint8_t> written = read_file(directory.file("y"));
    ASSERT_EQ(written.size(), content.size());
    std::vector<double> got(numbers.size());
    std::memcpy(got.data(), written.data(), written.size());
    for (size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], 2 * numbers[i]);
    EXPECT_EQ(engine->stats().bytes_written, kBlocks * kWidth * 8);
  }
}

// A run of one task on the file at `path`, imported as 1; slot 2 has 800 bytes.
RunEvent run_one(const std::string& path, int kind, const CopyWords& box) {
  const auto engine = make_engine();
  EXPECT_TRUE(engine->import_file(1, path, kind == kWriteFile).ok());
  Batch batch;
  batch.slot(2, 800, 1, kind == kWriteFile, kind == kReadFile);
  if (kind == kWriteFile) {
    add_programs(batch);
    batch.task(0, 0, 1, fill_words(2, 100));
  }
  batch.task(kind, 0, 1, box.words());
  const RunEvent event = run_words(*engine, batch.words());
  engine->wait_idle();
  EXPECT_TRUE(event.state == RunState::kDone || engine->stats().bytes_in_use == 0);
  // Others go on.
  Batch other;
  add_programs(other);
  other.slot(5, 800, 1, 1);
  other.slot(6, 8, 1, 0, true);
  other.task(0, 0, 1, fill_words(5, 100));
  other.task(0, 0, 1, sum_words(5, 100, 6));
  EXPECT_EQ(run_words(*engine, other.words()).state, RunState::kDone);
  return event;
}

void expect_storage_error(const RunEvent& event, const std::string& text) {
  EXPECT_EQ(event.state, RunState::kFailed);
  EXPECT_EQ(event.status.code, ErrorCode::kStorage);
  EXPECT_NE(event.status.message.find(text), std::string::npos) << event.status.message;
}

const CopyWords kWhole{1, 2, {100}, {8}, {1}, 80};

TEST(Files, SayWhatCouldNotBeRead) {
  const TemporaryDirectory directory;
  expect_storage_error(run_one(directory.file("x"), kReadFile, kWhole), "cannot open " + directory.file("x") + ": No such file");
  write_file(directory.file("x"), noise(879));
  const RunEvent event = run_one(directory.file("x"), kReadFile, kWhole);
  expect_storage_error(event, "cannot read 800 bytes at byte 80 of " + directory.file("x") + ": it has only 879 bytes");
  EXPECT_EQ(event.task, 0);
  expect_storage_error(run_one(directory.path(), kReadFile, kWhole), "Is a directory");
  ASSERT_EQ(mkfifo(directory.file("pipe").c_str(), 0600), 0);
  expect_storage_error(run_one(directory.file("pipe"), kReadFile, kWhole), "Illegal seek");
  write_file(directory.file("x"), noise(880));
  EXPECT_EQ(run_one(directory.file("x"), kReadFile, kWhole).state, RunState::kDone);
}

TEST(Files, SayWhatCouldNotBeWritten) {
  const TemporaryDirectory directory;
  expect_storage_error(run_one("/dev/full", kWriteFile, kWhole), "cannot write 800 bytes at byte 80 of /dev/full: No space left on device");
  expect_storage_error(run_one(directory.file("none"), kWriteFile, kWhole), "No such file");
  EXPECT_FALSE(std::filesystem::exists(directory.file("none")));
}

TEST(Files, AreFoundTooShortWhenTheyAreCutMeanwhile) {
  const TemporaryDirectory directory;
  write_file(directory.file("x"), noise(880));
  std::filesystem::resize_file(directory.file("x"), 100'000'000);
  std::shared_ptr<File> file = std::make_shared<File>(directory.file("x"), false);
  ASSERT_TRUE(file->open().ok());
  ASSERT_TRUE(file->expect(0, 100'000'000).ok());
  std::filesystem::resize_file(directory.file("x"), 900);
  std::vector<std::byte> data(1000);
  EXPECT_NE(file->read(data.data(), 1000, 0).message.find("it ends at byte 900"), std::string::npos);
}

TEST(Files, AreForgottenWhenReleasedAndTheLastRunHasEnded) {
  const TemporaryDirectory directory;
  write_file(directory.file("x"), noise(880));
  const auto engine = make_engine();
  ASSERT_TRUE(engine->import_file(1, directory.file("x"), false).ok());
  EXPECT_EQ(engine->import_file(1, directory.file("x"), false).code, ErrorCode::kArgument);
  EXPECT_EQ(engine->import_slot(1, nullptr, 0, nullptr).code, ErrorCode::kArgument);
  Batch batch;
  batch.slot(2, 800, 1, 0);
  batch.slot(3, 800, 1, 0, true);
  batch.task(kReadFile, 0, 1, kWhole.words());
  Started started = start_run(*engine);
  started.run->submit(batch.words());
  while (engine->stats().tasks_run == 0) std::this_thread::yield();
  engine->release({1});
  CopyWords again = kWhole;
  again.slot = 3;
  Batch second;
  second.task(kReadFile, 0, 1, again.words());
  started.run->submit(second.words());  // the run has the file still
  started.run->seal();
  EXPECT_EQ(started.outcome->wait().state, RunState::kDone) << started.outcome->wait().status.message;
  engine->release({3});
  const RunEvent gone = run_words(*engine, batch.words());
  EXPECT_NE(gone.status.message.find("file: there is no file 1"), std::string::npos) << gone.status.message;
  engine->close();
  EXPECT_EQ(engine->import_file(1, directory.file("x"), false).code, ErrorCode::kClosed);
}

TEST(Files, RefuseWordsThatAreWrong) {
  const TemporaryDirectory directory;
  write_file(directory.file("x"), noise(2000));
  const auto expect_refusal = [&](CopyWords box, const std::string& text, int kind = kReadFile) {
    const RunEvent event = run_one(directory.file("x"), kind, box);
    EXPECT_EQ(event.status.code, ErrorCode::kPlanInvalid);
    EXPECT_NE(event.status.message.find(text), std::string::npos) << event.status.message;
  };
  CopyWords box = kWhole;
  box.file = 9, expect_refusal(box, "there is no file 9");
  box = kWhole, box.slot = 9, expect_refusal(box, "there is no slot 9");
  box = kWhole, box.swap = 3, expect_refusal(box, "bytes to reverse");
  box = kWhole, box.swap = 8, box.item = 4, expect_refusal(box, "bytes to reverse");
  box = kWhole, box.item = 6, expect_refusal(box, "bytes of an element");
  box = kWhole, box.item = 16, expect_refusal(box, "whole elements");
  box = kWhole, box.extents = {101}, expect_refusal(box, "outside of slot 2");
  box = kWhole, box.extents = {0}, expect_refusal(box, "extent");
  box = kWhole, box.slot_strides = {-1}, expect_refusal(box, "outside of slot 2");
  box = kWhole, box.slot_strides = {0}, expect_refusal(box, "expected non-zero");
  box = kWhole, box.file_strides = {-8}, expect_refusal(box, "stride in the file");
  box = kWhole, box.file_strides = {12}, expect_refusal(box, "whole elements");
  box = kWhole, box.file_strides = {0}, expect_refusal(box, "expected non-zero", kWriteFile);
  box = kWhole, box.file_offset = -1, expect_refusal(box, "offset in the file");
  box = kWhole, box.file_strides = {int64_t{1} << 53}, box.file_offset = int64_t{1} << 53;
  EXPECT_EQ(run_one(directory.file("x"), kReadFile, box).status.code, ErrorCode::kStorage);
  box.extents = {1, 1000}, box.file_strides = {0, int64_t{1} << 53}, box.slot_strides = {0, 1}, box.item = 1;
  box.slot_offset = -200, expect_refusal(box, "outside of slot");
  box.extents = {1, 800}, box.slot_offset = 0, expect_refusal(box, "beyond 2^62 bytes");
}

TEST(Files, AreNotWrittenWhenImportedToBeRead) {
  const TemporaryDirectory directory;
  write_file(directory.file("x"), noise(2000));
  const auto engine = make_engine();
  ASSERT_TRUE(engine->import_file(1, directory.file("x"), false).ok());
  Batch batch;
  batch.slot(2, 800, 1, 1);
  add_programs(batch);
  batch.task(0, 0, 1, fill_words(2, 100));
  batch.task(kWriteFile, 0, 1, kWhole.words());
  EXPECT_NE(run_words(*engine, batch.words()).status.message.find("imported to be read"), std::string::npos);
}

// A first task that takes hours holds up what comes after it; meanwhile files are read ahead, but not for ever.
TEST(Files, AreReadAheadWithinReason) {
  const TemporaryDirectory directory;
  constexpr int64_t kBlock = 1 << 20, kBlocks = 200;
  write_file(directory.file("x"), std::vector<uint8_t>(kBlock));
  for (const int64_t limit : {int64_t{1} << 30, int64_t{20} << 20}) {
    const auto engine = make_engine(1);
    ASSERT_TRUE(engine->import_file(1, directory.file("x"), false).ok());
    Batch batch;
    const int64_t f64 = index_of(DType::kFloat64);
    add_programs(batch);
    batch.program(Words().put({0, 1, 0, 0, 0, 1, 1, f64, static_cast<int64_t>(Generator::kNormal)}).bits(1).bits(0).bits(0)
                      .put({0, 0, 0, 0, static_cast<int64_t>(Reducer::kSum), f64, 0, 1, 0}));
    batch.slot(10, 8, 1, 0, true);
    batch.task(0, 0, 1, Words().put({2, 1, 10, 0, 1, 1, int64_t{1} << 40, 0, 1, 0, 0, 0, 0}));
    for (int64_t i = 0; i < kBlocks; ++i) {
      batch.slot(1000 + i, kBlock, 1, 1);
      batch.slot(2000 + i, 8, 1, 0);
      batch.task(kReadFile, 0, 1, CopyWords{1, 1000 + i, {kBlock / 8}, {8}, {1}}.words());
      batch.task(0, 0, 1, sum_words(1000 + i, kBlock / 8, 2000 + i));
    }
    Started started = start_run(*engine, limit);
    started.run->submit(batch.words());
    const int64_t most = std::min<int64_t>(32 << 20, limit / 2);
    for (int i = 0; i < 5000 && engine->stats().bytes_in_use < most - 2 * kBlock; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_GE(engine->stats().bytes_in_use, most - 2 * kBlock);
    EXPECT_LE(engine->stats().bytes_in_use, most + (1 << 16));
    started.run->cancel();
    EXPECT_EQ(started.outcome->wait().state, RunState::kCancelled);
  }
}

TEST(Files, EndAtAnyMoment) {
  const TemporaryDirectory directory;
  std::mt19937_64 random(3);
  constexpr int64_t kBlock = 10 << 20;
  write_file(directory.file("x"), std::vector<uint8_t>(kBlock));
  write_file(directory.file("y"), {});
  for (int round = 0; round < 100; ++round) {
    const auto engine = make_engine(1 + round % 3);
    ASSERT_TRUE(engine->import_file(1, directory.file("x"), false).ok());
    ASSERT_TRUE(engine->import_file(2, directory.file("y"), true).ok());
    Batch batch;
    for (int64_t i = 0; i < 10; ++i) {
      const int64_t columns = 1 << (round % 20);
      batch.slot(10 + i, kBlock, 1, 1);
      batch.task(kReadFile, 0, 1, CopyWords{1, 10 + i, {columns, kBlock / columns / 8}, {8, columns * 8}, {kBlock / columns / 8, 1}}.words());
      batch.task(kWriteFile, 0, 1, CopyWords{2, 10 + i, {kBlock}, {1}, {1}, 0, 0, 1}.words());
    }
    Started started = start_run(*engine);
    started.run->submit(batch.words());
    started.run->seal();
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    if (round % 3 == 0) {
      engine->close();
    } else {
      started.run->cancel();
    }
    const RunState state = started.outcome->wait().state;
    EXPECT_TRUE(state == RunState::kCancelled || state == RunState::kDone);
    expect_nothing_left(*engine);
  }
}

}  // namespace
