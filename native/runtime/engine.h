// Runs plans. Tasks wait for the slots they read; among those that are ready the first in plan order starts, as soon
// as its outputs fit the run's memory. Workers pull work, so no thread ever blocks on another; tasks that move bytes to
// and from files have threads of their own, so that disks and workers never wait for each other. Thread-safe.
//
// Memory never deadlocks: a task may start before an earlier one has ended only if all tasks between could still run
// in order beside what was allocated early.
#pragma once
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <unordered_map>
#include <vector>

#include "core/status.h"
#include "runtime/decode.h"
#include "runtime/file.h"
#include "runtime/io_threads.h"
#include "runtime/memory_pool.h"
#include "runtime/plan.h"
#include "runtime/scratch.h"
#include "runtime/spill_file.h"
#include "runtime/trace.h"
#include "runtime/worker_pool.h"

namespace ndl {

class Engine;

enum class RunState : uint8_t { kRunning, kDone, kFailed, kCancelled };

struct RunEvent {
  uint64_t sequence = 0;  // of one run: a greater one is newer
  RunState state = RunState::kRunning;
  std::vector<double> done;  // weight of the ended tasks, by layer
  Status status;             // why it failed
  int64_t layer = -1, task = -1;  // where it failed, or -1
};

struct RunOptions {
  int64_t id = 0;
  int64_t limit_bytes = 0;
  double priority = 0;  // runs of higher priority go first; equal ones share the time
  int layers = 1;
  std::string spill_directory;    // empty: nothing may be spilled
  int64_t spill_limit_bytes = 0;  // that may be in the spill file at once
};

// One plan on its way. Lives until its last event has been given and its holder has dropped it.
class Run : public std::enable_shared_from_this<Run> {
 public:
  void submit(std::vector<uint64_t> words);  // takes a batch; ignored once the run is over
  void seal();                               // no batch will follow
  void cancel();
  void set_priority(double priority);  // from the next choice of a task on

 private:
  friend class Engine;
  // Called without a lock, from any thread, at most every 4 ms and once at the end.
  using Listener = std::function<void(RunEvent)>;
  using Ready = std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>>;

  std::shared_ptr<Engine> engine_;
  RunOptions options_;  // the priority is guarded by the engine's lock
  Listener listener_;
  std::atomic<bool> stop_{false};
  std::unique_ptr<Decoder> decoder_;

  // Guarded by the engine's lock.
  std::deque<std::vector<uint64_t>> batches_;
  std::vector<std::unique_ptr<Task[]>> storage_;
  std::vector<Task*> tasks_;  // in plan order
  std::vector<std::shared_ptr<Slot>> kept_;
  // Tasks that could start but for memory. Those that write to files have a queue of their own: they need none, so they
  // must not wait behind one that does.
  enum Queue { kCompute, kRead, kWrite, kQueues };
  std::array<Ready, kQueues> ready_;
  std::mutex spill_mutex_;            // while the file is created
  std::shared_ptr<SpillFile> spill_;  // from the first task on that spills
  bool sealed_ = false, decoding_ = false, over_ = false;
  size_t ended_ = 0, frontier_ = 0;  // the frontier is the first that has not ended
  int in_flight_ = 0;
  int64_t live_ = 0;   // bytes of allocated slots and of running tasks' own memory
  int64_t early_ = 0;  // the part of it that running in order would not have allocated yet
  int64_t ahead_ = 0;  // the part of that for reading ahead
  int64_t spilled_ = 0, spill_freed_ = 0;  // bytes in the spill file; bytes that were and are no more
  size_t window_begin_ = 0, window_end_ = 0;
  int64_t window_peak_ = 0;  // of Task::sequential over [window_begin_, window_end_)
  std::array<int64_t, kLanes> used_ns_{};
  std::vector<double> done_;
  int64_t last_event_ns_ = 0;
  uint64_t sequence_ = 0;
  Status status_;
  int64_t failed_layer_ = -1, failed_task_ = -1;
  RunState outcome_ = RunState::kRunning;
};

class Engine : public std::enable_shared_from_this<Engine> {
 public:
  struct Options {
    int threads = 1;
    int64_t memory_limit_bytes = 0;
    int niceness = 5;
    size_t trace_records = 0;
    const KernelTable* table = nullptr;
  };
  struct Stats {
    int64_t bytes_in_use, bytes_peak, bytes_pooled, bytes_exported, bytes_imported;
    int64_t bytes_spilled, bytes_spilled_total, bytes_read, bytes_written;
    int64_t slots, runs, tasks_run, tasks_ready, tasks_running, busy_ns;
    std::vector<int64_t> worker_busy_ns;
  };

  static std::shared_ptr<Engine> create(const Options& options);

  // `owner` keeps `data` alive; it is dropped, on any thread, when nothing reads the slot any more.
  Status import_slot(uint64_t id, std::byte* data, int64_t bytes, std::shared_ptr<void> owner);
  // Lets plans read the file, and write it when `writable`; it is opened by the first task that does.
  Status import_file(uint64_t id, std::string path, bool writable);
  // Takes a kept slot out of the engine; its memory lives as long as the result.
  Status export_slot(uint64_t id, std::shared_ptr<Slot>* slot);
  // A kept slot, which stays in the engine: it must not be written.
  Status share_slot(uint64_t id, std::shared_ptr<Slot>* slot) const;
  // Forgets slots and files; ids that are unknown are skipped, since a failed run has freed its own.
  void release(const std::vector<uint64_t>& ids);

  Status create_run(const RunOptions& options, std::function<void(RunEvent)> listener, std::shared_ptr<Run>* run);
  Stats stats() const;
  std::vector<TraceRecord> take_trace();
  const Options& options() const { return options_; }

  // Cancels all runs and frees all slots; what follows fails with kClosed.
  void close();
  // Waits until no worker touches the engine.
  void wait_idle();

 private:
  friend class Run;
  // What must happen after the lock has been given back.
  struct Aftermath {
    std::vector<Block> blocks;
    std::vector<std::shared_ptr<void>> objects;
    std::vector<std::pair<std::shared_ptr<Run>, RunEvent>> events;
    std::vector<std::pair<std::shared_ptr<SpillFile>, SpillRegion>> regions;  // that nothing reads any more
    // The last event of a run that spilled is told when its file has gone.
    std::vector<std::pair<std::shared_ptr<SpillFile>, std::pair<std::shared_ptr<Run>, RunEvent>>> ends;
    std::array<int, kLanes> wake{};
  };
  // The threads that run tasks of one kind.
  struct Crew {
    int threads = 1;
    int active = 0;        // on their way or at work
    bool starved = false;  // ready tasks wait for memory, and none has been freed since
  };
  struct Job {
    std::shared_ptr<Run> run;
    Task* task = nullptr;  // null: decode a batch
    std::vector<uint64_t> words;
  };
  enum class Admission : uint8_t { kStart, kWaitForRun, kWaitForEngine };
  using Lock = std::unique_lock<std::mutex>;

  explicit Engine(const Options& options);
  static void worker_entry(void* context);
  void work(Lane lane, int thread);
  void settle(Aftermath* aftermath);
  void end_spilling(std::shared_ptr<SpillFile> file, std::shared_ptr<Run> run, RunEvent event);

  bool next_job(Lane lane, Job* job, Aftermath* aftermath);
  struct Choice {
    Run* run = nullptr;
    size_t queue = 0;
    Task* task = nullptr;
    Admission admission = Admission::kWaitForEngine;
  };
  Choice choose(Lane lane) const;
  Admission admit(Run& run, const Task& task) const;
  int64_t missing_bytes(const Run& run, const Task& task, int64_t* early) const;
  Status out_of_memory(const Run& run, const Task& task, Admission why) const;
  bool start(Run& run, Task& task, Aftermath* aftermath);
  Status run_task(Run& run, const Task& task, Scratch& scratch);
  void make_ready(Run& run, const Task& task);
  void decode(const Job& job);
  Status commit(Run& run, DecodedBatch& batch);
  void end_task(Run& run, Task& task, Status status, int64_t now_ns, Aftermath* aftermath);
  bool over_spill_limit(const Run& run, const Task& task) const;
  void no_longer_early(Run& run, Slot& slot);
  void free_slot(Run& run, Slot& slot, Aftermath* aftermath);
  void advance_frontier(Run& run);
  void fail(Run& run, Status status, int64_t layer, int64_t task, Aftermath* aftermath);
  void finish_if_over(Run& run, Aftermath* aftermath);
  RunEvent event_of(Run& run, RunState state);
  void plan_wake(Aftermath* aftermath);
  void no_threads();
  void memory_changed();
  Status find_external(uint64_t id, std::shared_ptr<Slot>* slot) const;
  Status find_file(uint64_t id, std::shared_ptr<File>* file) const;

  void submit(Run& run, std::vector<uint64_t> words);
  void seal(Run& run);
  void cancel(Run& run);
  void set_priority(Run& run, double priority);

  const Options options_;
  const std::shared_ptr<MemoryPool> pool_;
  WorkerPool& workers_;
  IoThreads io_threads_;

  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::vector<std::shared_ptr<Run>> runs_;
  std::unordered_map<uint64_t, std::shared_ptr<Slot>> slots_;  // imported and kept
  std::unordered_map<uint64_t, std::shared_ptr<File>> files_;
  std::vector<std::unique_ptr<Scratch>> scratches_;
  Trace trace_;
  std::array<Crew, kLanes> crews_;
  int leaving_ = 0;  // threads that found nothing to do and are tidying up
  int in_flight_ = 0;
  bool closed_ = false;
  int64_t live_ = 0, kept_ = 0, imported_ = 0, peak_ = 0;
  int64_t spilled_ = 0, spilled_total_ = 0, read_ = 0, written_ = 0;
  int64_t tasks_run_ = 0, busy_ns_ = 0;
  std::vector<int64_t> worker_busy_ns_;
  // Outlives the engine in exported slots' deleters.
  const std::shared_ptr<std::atomic<int64_t>> exported_ = std::make_shared<std::atomic<int64_t>>(0);
};

}  // namespace ndl
