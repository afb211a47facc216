// Writes batches of docs/plan-format.md by hand, and runs them, for the runtime's tests.
#pragma once
#include <gtest/gtest.h>

#include <bit>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/engine.h"
#include "runtime/kernel_library.h"

namespace ndl::testing {

inline const KernelTable* kernels() {
  static const KernelTable* const table = [] {
    const KernelTable* found = nullptr;
    const Status status = open_kernels(NDLOOM_KERNEL_DIRECTORY, "", &found);
    if (!status.ok()) std::fprintf(stderr, "%s\n", status.message.c_str());
    return found;
  }();
  return table;
}

class Words {
 public:
  Words& put(double value) {
    words_.push_back(std::bit_cast<uint64_t>(value));
    return *this;
  }
  Words& put(std::initializer_list<int64_t> values) {
    for (const int64_t value : values) put(static_cast<double>(value));
    return *this;
  }
  Words& put(const std::vector<int64_t>& values) {
    for (const int64_t value : values) put(static_cast<double>(value));
    return *this;
  }
  Words& bits(uint64_t value) {
    words_.push_back(value);
    return *this;
  }
  Words& append(const Words& other) {
    words_.insert(words_.end(), other.words_.begin(), other.words_.end());
    return *this;
  }
  // With its own number of words in front.
  Words counted() const {
    Words result;
    result.put(static_cast<double>(words_.size() + 1));
    return result.append(*this);
  }
  size_t size() const { return words_.size(); }
  std::vector<uint64_t>& raw() { return words_; }
  const std::vector<uint64_t>& raw() const { return words_; }

 private:
  std::vector<uint64_t> words_;
};

// A batch under construction.
struct Batch {
  Words slots, programs, tasks;
  int nslots = 0, nprograms = 0, ntasks = 0;

  void slot(int64_t id, int64_t bytes, int64_t writers, int64_t readers, bool keep = false) {
    slots.put({id, bytes, writers, readers, keep});
    ++nslots;
  }
  void program(const Words& body) {
    programs.append(body.counted());
    ++nprograms;
  }
  void task(int kind, int layer, double weight, const Words& body, const std::vector<std::pair<int64_t, int64_t>>& renames = {}) {
    Words words;
    words.put({kind, layer}).put(weight).put({static_cast<int64_t>(renames.size())});
    for (const auto& [from, to] : renames) words.put({from, to});
    words.append(body);
    tasks.append(words.counted());
    ++ntasks;
  }
  std::vector<uint64_t> words() const {
    Words all;
    all.put({0x6e646c31, 2, nslots, nprograms, ntasks}).append(slots).append(programs).append(tasks);
    return all.raw();
  }
};

inline int64_t index_of(DType dtype) { return static_cast<int64_t>(dtype); }

// The last event of a run, awaited.
struct Outcome {
  void give(RunEvent event) {
    const std::lock_guard lock(mutex);
    if (!event.done.empty()) done = event.done[0];
    if (event.state == RunState::kRunning) return;
    last = std::move(event);
    over = true;
    changed.notify_all();
  }
  const RunEvent& wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return over; });
    return last;
  }
  std::mutex mutex;
  std::condition_variable changed;
  RunEvent last;
  double done = 0;  // of the first layer
  bool over = false;
};

inline std::shared_ptr<Engine> make_engine(int threads = 2, int64_t limit = int64_t{1} << 32) {
  Engine::Options options;
  options.threads = threads;
  options.memory_limit_bytes = limit;
  options.niceness = 0;
  options.table = kernels();
  return Engine::create(options);
}

struct Started {
  std::shared_ptr<Run> run;
  std::shared_ptr<Outcome> outcome = std::make_shared<Outcome>();
};

inline Started start_run(Engine& engine, int64_t limit = int64_t{1} << 32, int layers = 1, double priority = 0,
                         int64_t id = 0) {
  Started started;
  RunOptions options;
  options.id = id;
  options.limit_bytes = limit;
  options.layers = layers;
  options.priority = priority;
  const Status status = engine.create_run(
      options, [outcome = started.outcome](RunEvent event) { outcome->give(std::move(event)); }, &started.run);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message.c_str());
  return started;
}

inline RunEvent run_words(Engine& engine, std::vector<uint64_t> words, int64_t limit = int64_t{1} << 32) {
  Started started = start_run(engine, limit);
  started.run->submit(std::move(words));
  started.run->seal();
  return started.outcome->wait();
}

// Closes an engine, whose runs have been told to end, and expects nothing to be left.
inline void expect_nothing_left(Engine& engine) {
  engine.close();
  engine.wait_idle();
  const Engine::Stats stats = engine.stats();
  EXPECT_EQ(stats.bytes_in_use, 0);
  EXPECT_EQ(stats.bytes_spilled, 0);
  EXPECT_EQ(stats.runs, 0);
  EXPECT_EQ(stats.tasks_running, 0);
}

}  // namespace ndl::testing
