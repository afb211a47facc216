// The engine: random graphs against running them in order, memory limits, cancelling, sharing, and closing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include "plan_builder.h"

namespace {

using namespace ndl;
using namespace ndl::testing;
using Clock = std::chrono::steady_clock;

const int64_t kF64 = index_of(DType::kFloat64);

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// A graph whose tasks are x = value, or x = a + b + ... over slots of earlier tasks, `width` elements each.
struct Graph {
  int64_t width;
  std::vector<std::vector<int>> inputs;  // by task, at most two
  std::vector<bool> keep;

  std::vector<double> sequential() const {
    std::vector<double> values;
    for (size_t i = 0; i < inputs.size(); ++i) {
      double value = static_cast<double>(i % 97);
      if (!inputs[i].empty()) value = 0;
      for (const int j : inputs[i]) value = std::fmod(value + values[static_cast<size_t>(j)], 1000003);
      values.push_back(value);
    }
    return values;
  }
  int64_t bytes() const { return width * 8; }
  int64_t taken() const { return MemoryPool::block_bytes(bytes()); }
  // Bytes alive at once when the tasks run in order.
  int64_t peak() const {
    std::vector<int> readers(inputs.size(), 0);
    for (const auto& in : inputs) {
      for (const int j : in) ++readers[static_cast<size_t>(j)];
    }
    int64_t alive = 0, peak = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      peak = std::max(peak, ++alive);
      if (readers[i] == 0 && !keep[i]) --alive;
      for (const int j : inputs[i]) {
        if (--readers[static_cast<size_t>(j)] == 0 && !keep[static_cast<size_t>(j)]) --alive;
      }
    }
    return peak * taken();
  }
  // Tasks [begin, end); slots are 1000 + task.
  Batch batch(size_t begin, size_t end) const {
    Batch batch;
    std::vector<int> readers(inputs.size(), 0);
    for (const auto& in : inputs) {
      for (const int j : in) ++readers[static_cast<size_t>(j)];
    }
    if (begin == 0) {
      for (int value = 0; value < 97; ++value) {  // programs 0..96: constants
        batch.program(Words().put({0, 0, 1, 0, 1, 0, 1, kF64}).bits(std::bit_cast<uint64_t>(double(value))).bits(0).put({0}));
      }
      const auto fmod_op = static_cast<int64_t>(Op::fmod), add = static_cast<int64_t>(Op::add);
      const uint64_t modulus = std::bit_cast<uint64_t>(1000003.0);
      batch.program(Words().put({1, 0, 1, 1, 1, 0, 3, kF64, kF64, kF64, 0}).bits(modulus).bits(0)
                        .put({fmod_op, kF64, 1, 2, 2, 0, 1, 2}));
      batch.program(Words().put({2, 0, 1, 2, 1, 0, 5, kF64, kF64, kF64, kF64, kF64, 0, 0}).bits(modulus).bits(0)
                        .put({add, kF64, 1, 2, 3, 0, 1, fmod_op, kF64, 1, 2, 4, 3, 2, 4}));
    }
    for (size_t i = begin; i < end; ++i) {
      const auto slot = static_cast<int64_t>(1000 + i);
      batch.slot(slot, bytes(), 1, readers[i], keep[i]);
      const auto n = static_cast<int64_t>(inputs[i].size());
      Words task;
      task.put({n == 0 ? static_cast<int64_t>(i % 97) : 96 + n, 0, 1, 1, width});
      for (const int j : inputs[i]) task.put({1000 + j, 0, 1});
      task.put({slot, 0, 1});
      batch.task(0, static_cast<int>(i % 3), 1, task);
    }
    return batch;
  }
};

Graph random_graph(std::mt19937_64& random, size_t ntasks, int64_t width) {
  Graph graph{width, {}, {}};
  for (size_t i = 0; i < ntasks; ++i) {
    std::vector<int> in;
    if (i > 2 && random() % 4 != 0) {
      in.push_back(static_cast<int>(random() % 3 == 0 ? random() % i : i - 1 - random() % 3));
      if (random() % 2 == 0) {
        const int other = static_cast<int>(random() % i);
        if (other != in[0]) in.push_back(other);
      }
    }
    graph.inputs.push_back(in);
    graph.keep.push_back(random() % 10 == 0 || i + 1 == ntasks);
  }
  return graph;
}

TEST(Executor, RunsRandomGraphsAsInOrderWithinTheirMemory) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 60; ++round) {
    const Graph graph = random_graph(random, 50 + random() % 300, round % 2 == 0 ? 8 : 3000);
    const auto engine = make_engine(1 + static_cast<int>(random() % 4));
    const int64_t limit = graph.peak();  // what running in order needs, and not a byte more
    Started started = start_run(*engine, limit, 3);
    for (size_t begin = 0; begin < graph.inputs.size();) {
      const size_t end = std::min(graph.inputs.size(), begin + 1 + random() % 100);
      started.run->submit(graph.batch(begin, end).words());
      begin = end;
    }
    started.run->seal();
    const RunEvent& event = started.outcome->wait();
    ASSERT_EQ(event.state, RunState::kDone) << "round " << round << ": " << event.status.message;
    EXPECT_EQ(event.done[0] + event.done[1] + event.done[2], static_cast<double>(graph.inputs.size()));
    EXPECT_LE(engine->stats().bytes_peak, limit);
    const std::vector<double> expected = graph.sequential();
    int64_t kept = 0;
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      if (!graph.keep[i]) continue;
      std::shared_ptr<Slot> slot;
      ASSERT_TRUE(engine->export_slot(1000 + i, &slot).ok());
      const auto* values = reinterpret_cast<const double*>(slot->data);
      ASSERT_EQ(values[0], expected[i]);
      ASSERT_EQ(values[graph.width - 1], expected[i]);
      ++kept;
    }
    EXPECT_GT(kept, 0);
    EXPECT_EQ(engine->stats().bytes_in_use, 0);
    EXPECT_EQ(engine->stats().bytes_exported, 0);
  }
}

TEST(Executor, RefusesWhatRunningInOrderCannotFit) {
  std::mt19937_64 random(6);
  const Graph graph = random_graph(random, 200, 100);
  const auto engine = make_engine();
  Started started = start_run(*engine, graph.peak() - 1, 3);
  started.run->submit(graph.batch(0, 200).words());
  started.run->seal();
  const RunEvent& event = started.outcome->wait();
  EXPECT_EQ(event.state, RunState::kFailed);
  EXPECT_EQ(event.status.code, ErrorCode::kMemory);
  engine->wait_idle();
  EXPECT_EQ(engine->stats().bytes_in_use, 0);
  EXPECT_EQ(engine->stats().slots, 0);
}

TEST(Executor, TheEnginesLimitHoldsOverRuns) {
  const auto engine = make_engine(2, 10'000'000);
  Graph graph{1'000'000, {{}}, {true}};  // one slot of 8 MB, kept; whole huge pages are taken
  Started first = start_run(*engine, INT64_MAX, 3);
  first.run->submit(graph.batch(0, 1).words());
  first.run->seal();
  EXPECT_EQ(first.outcome->wait().state, RunState::kDone);
  EXPECT_EQ(engine->stats().bytes_in_use, 8 << 20);
  const auto again = [&] {
    Started second = start_run(*engine, INT64_MAX, 3);
    Batch batch;
    batch.slot(1, 8'000'000, 1, 0, true);
    batch.program(Words().put({0, 0, 1, 0, 1, 0, 1, kF64}).bits(0).bits(0).put({0}));
    batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 1'000'000, 1, 0, 1}));
    second.run->submit(batch.words());
    second.run->seal();
    return second.outcome->wait();
  };
  const RunEvent refused = again();
  EXPECT_EQ(refused.status.code, ErrorCode::kMemory);
  EXPECT_NE(refused.status.message.find("8388608 of the engine's 10000000 bytes are in use"), std::string::npos)
      << refused.status.message;
  engine->release({1000});
  EXPECT_EQ(again().state, RunState::kDone);
}

// About a second of work on one thread, in one task.
Batch long_batch(int64_t id, int64_t elements = int64_t{1} << 30) {
  Batch batch;
  batch.slot(id, 8, 1, 0, true);
  batch.program(Words()
                    .put({0, 1, 0, 0, 0, 1, 1, kF64, static_cast<int64_t>(Generator::kNormal)})
                    .bits(1).bits(0).bits(0).put({0, 0, 0, 0})
                    .put({static_cast<int64_t>(Reducer::kSum), kF64, 0, 1, 0}));
  batch.task(0, 0, 1, Words().put({0, 1, id, 0, 1, 1, elements, 0, 1, 0, 0, 0, 0}));
  return batch;
}

TEST(Executor, ACancelEndsARunningTaskSoon) {
  const auto engine = make_engine();
  Started started = start_run(*engine);
  started.run->submit(long_batch(1, int64_t{1} << 40).words());
  started.run->seal();
  while (engine->stats().tasks_running == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto start = Clock::now();
  started.run->cancel();
  EXPECT_EQ(started.outcome->wait().state, RunState::kCancelled);
  EXPECT_LT(milliseconds_since(start), 100);
  started.run->cancel();  // again does nothing
  engine->wait_idle();
  EXPECT_EQ(engine->stats().bytes_in_use, 0);
  EXPECT_EQ(engine->stats().slots, 0);
}

TEST(Executor, CancelsARunAtAnyMoment) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 200; ++round) {
    const auto engine = make_engine(1 + round % 3);
    const Graph graph = random_graph(random, 200, 500);
    Started started = start_run(*engine, INT64_MAX, 3);
    started.run->submit(graph.batch(0, 100).words());
    started.run->submit(graph.batch(100, 200).words());
    if (round % 2 == 0) started.run->seal();
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
    started.run->cancel();
    const RunState state = started.outcome->wait().state;
    EXPECT_TRUE(state == RunState::kCancelled || (round % 2 == 0 && state == RunState::kDone));
    expect_nothing_left(*engine);
  }
}

// Keeps a worker busy until others have been handed over.
struct Blocker {
  static constexpr int64_t kId = 9;
  explicit Blocker(Engine& engine) : started(start_run(engine, INT64_MAX, 1, 9, kId)) {
    started.run->submit(long_batch(900, int64_t{1} << 40).words());
    started.run->seal();
  }
  void end() { started.run->cancel(); }
  Started started;
};

// One worker, by its own record: whenever it takes a task, the run that it takes it from has had no more time than the other.
TEST(Executor, RunsShareTheEngine) {
  constexpr size_t kTasks = 200;
  Engine::Options engine_options;
  engine_options.threads = 1;
  engine_options.memory_limit_bytes = 1 << 30;
  engine_options.trace_records = 2 * kTasks + 1;
  engine_options.table = kernels();
  const auto engine = Engine::create(engine_options);
  Blocker blocker(*engine);
  std::vector<Started> runs;
  for (int64_t i = 0; i < 2; ++i) {
    runs.push_back(start_run(*engine, INT64_MAX, 1, 0, i));
    Batch batch;
    batch.program(Words()
                      .put({0, 1, 0, 0, 0, 1, 1, kF64, static_cast<int64_t>(Generator::kNormal)})
                      .bits(1).bits(0).bits(0).put({0, 0, 0, 0})
                      .put({static_cast<int64_t>(Reducer::kSum), kF64, 0, 1, 0}));
    for (int64_t t = 0; t < static_cast<int64_t>(kTasks); ++t) {
      batch.slot(1000 * (i + 1) + t, 8, 1, 0);
      batch.task(0, 0, 1, Words().put({0, 1, 1000 * (i + 1) + t, 0, 1, 1, 100'000, 0, 1, 0, 0, 0, 0}));
    }
    runs.back().run->submit(batch.words());
    runs.back().run->seal();
  }
  blocker.end();
  for (const Started& run : runs) EXPECT_EQ(run.outcome->wait().state, RunState::kDone);
  std::array<int64_t, 2> used{};
  std::array<size_t, 2> tasks{};
  size_t turns = 0;
  for (const TraceRecord& record : engine->take_trace()) {
    if (record.run == Blocker::kId) continue;
    const size_t run = static_cast<size_t>(record.run), other = 1 - run;
    if (tasks[run] > 0 && tasks[other] > 0 && tasks[other] < kTasks) {
      EXPECT_LE(used[run], used[other]);
      ++turns;
    }
    used[run] += record.end_ns - record.start_ns;
    ++tasks[run];
  }
  EXPECT_EQ(tasks, (std::array<size_t, 2>{kTasks, kTasks}));
  EXPECT_GT(turns, 0u);
}

// Fifty tasks of a million elements each; slots from `first` on.
std::vector<uint64_t> many_long_tasks(int64_t first) {
  Batch batch = long_batch(first, 1'000'000);
  for (int64_t t = 1; t < 50; ++t) {
    batch.slot(first + t, 8, 1, 0);
    batch.task(0, 0, 1, Words().put({0, 1, first + t, 0, 1, 1, 1'000'000, 0, 1, 0, 0, 0, 0}));
  }
  return batch.words();
}

TEST(Executor, TheHigherPriorityGoesFirst) {
  const auto engine = make_engine(1);
  Blocker blocker(*engine);
  Started low = start_run(*engine, INT64_MAX, 1, 0), high = start_run(*engine, INT64_MAX, 1, 1);
  low.run->submit(many_long_tasks(1000));
  low.run->seal();
  high.run->submit(many_long_tasks(2000));
  high.run->seal();
  blocker.end();
  high.outcome->wait();
  const std::lock_guard lock(low.outcome->mutex);
  EXPECT_FALSE(low.outcome->over);
}

TEST(Executor, ARunsPriorityCanBeRaised) {
  const auto engine = make_engine(1);
  Blocker blocker(*engine);
  Started raised = start_run(*engine, INT64_MAX, 1, 0), other = start_run(*engine, INT64_MAX, 1, 1);
  raised.run->submit(many_long_tasks(1000));
  raised.run->seal();
  other.run->submit(many_long_tasks(2000));
  other.run->seal();
  raised.run->set_priority(2);
  blocker.end();
  raised.outcome->wait();
  const std::lock_guard lock(other.outcome->mutex);
  EXPECT_FALSE(other.outcome->over);
  raised.run->set_priority(3);  // nothing is left to go first
}

TEST(Executor, AFailedTaskFailsItsRunOnly) {
  const auto engine = make_engine(2);
  std::vector<double> data(10, 1.0);
  std::vector<int64_t> index = {100};
  ASSERT_TRUE(engine->import_slot(1, reinterpret_cast<std::byte*>(data.data()), 80, std::make_shared<int>(0)).ok());
  ASSERT_TRUE(engine->import_slot(2, reinterpret_cast<std::byte*>(index.data()), 8, std::make_shared<int>(0)).ok());
  Started good = start_run(*engine);
  good.run->submit(long_batch(3, 20'000'000).words());
  good.run->seal();
  Batch batch;
  batch.slot(4, 8, 1, 1);
  batch.slot(5, 8, 1, 0, true);
  batch.program(Words().put({1, 0, 0, 0, 1, 0, 1, kF64, 1, 0}));
  batch.program(Words().put({1, 0, 0, 0, 1, 0, 1, kF64, 0, 0}));
  batch.task(0, 0, 1, Words().put({0, 0, 1, 1, 1, 1, 0, 1, 2, 0, 0, 10, 4, 0, 1}));
  batch.task(0, 0, 1, Words().put({1, 0, 1, 1, 1, 4, 0, 1, 5, 0, 1}));
  const RunEvent failed = run_words(*engine, batch.words());
  EXPECT_EQ(failed.state, RunState::kFailed);
  EXPECT_EQ(failed.status.message, "index 100 is out of bounds for an axis of size 10");
  EXPECT_EQ(good.outcome->wait().state, RunState::kDone);
}

TEST(Executor, ClosesWithRunsInFlight) {
  for (int round = 0; round < 50; ++round) {
    auto engine = make_engine(2);
    auto owner = std::make_shared<int>(0);
    static double data[8] = {};
    ASSERT_TRUE(engine->import_slot(99, reinterpret_cast<std::byte*>(data), 64, owner).ok());
    Started started = start_run(*engine);
    started.run->submit(long_batch(1, int64_t{1} << 40).words());
    if (round % 2) std::this_thread::sleep_for(std::chrono::microseconds(50 * round));
    engine->close();
    EXPECT_EQ(started.outcome->wait().state, RunState::kCancelled);
    engine->wait_idle();
    EXPECT_EQ(owner.use_count(), 1);
    std::shared_ptr<ndl::Run> run;
    EXPECT_EQ(engine->create_run({}, [](RunEvent) {}, &run).code, ErrorCode::kClosed);
    EXPECT_EQ(engine->import_slot(98, nullptr, 0, nullptr).code, ErrorCode::kClosed);
    started.run->submit({});
    started.run->seal();
  }
}

TEST(Executor, ReadsWhatAnEarlierRunKept) {
  const auto engine = make_engine();
  Graph graph{100, {{}, {0}, {1, 0}}, {true, false, true}};
  Started first = start_run(*engine, INT64_MAX, 3);
  first.run->submit(graph.batch(0, 3).words());
  // Before the run has ended its slots are nobody else's.
  Batch batch;
  batch.slot(1, 8, 1, 0, true);
  batch.program(Words().put({1, 0, 0, 0, 0, 1, 1, kF64, 0, static_cast<int64_t>(Reducer::kSum), kF64, 0, 1, 0}));
  batch.task(0, 0, 1, Words().put({0, 1, 1, 0, 1, 1, 100, 1000, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(run_words(*engine, batch.words()).status.code, ErrorCode::kPlanInvalid);
  first.run->seal();
  EXPECT_EQ(first.outcome->wait().state, RunState::kDone);
  EXPECT_EQ(engine->stats().slots, 2);
  EXPECT_EQ(run_words(*engine, batch.words()).state, RunState::kDone);
  engine->release({1, 1000, 1002, 5555});
  EXPECT_EQ(engine->stats().slots, 0);
  EXPECT_EQ(engine->stats().bytes_in_use, 0);
}

TEST(Executor, RecordsWhatItRan) {
  Engine::Options options;
  options.threads = 2;
  options.memory_limit_bytes = 1 << 30;
  options.trace_records = 100;
  options.table = kernels();
  const auto engine = Engine::create(options);
  std::mt19937_64 random(3);
  const Graph graph = random_graph(random, 150, 10);
  Started started = start_run(*engine, INT64_MAX, 3);
  started.run->submit(graph.batch(0, 150).words());
  started.run->seal();
  ASSERT_EQ(started.outcome->wait().state, RunState::kDone);
  const auto records = engine->take_trace();
  ASSERT_EQ(records.size(), 100u);
  for (const TraceRecord& record : records) {
    EXPECT_LE(record.start_ns, record.end_ns);
    EXPECT_EQ(record.bytes_out, 80);
    EXPECT_GE(record.layer, 0);
    EXPECT_LT(record.layer, 3);
  }
  EXPECT_TRUE(engine->take_trace().empty());
}

}  // namespace
