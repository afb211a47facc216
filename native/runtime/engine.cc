#include "runtime/engine.h"

#include <algorithm>
#include <chrono>

#include "runtime/io_task.h"
#include "runtime/kernel_task.h"
#include "runtime/tile_task.h"

namespace ndl {
namespace {

constexpr int64_t kEventIntervalNs = 4'000'000;
constexpr size_t kCommitTasks = 256;              // entered into the engine under one lock
constexpr int64_t kScratchKept = int64_t{4} << 20;  // larger scratch is given back after the task
constexpr int kIoThreads = 4;
constexpr int64_t kReadAhead = int64_t{32} << 20;  // enough when blocks are small

int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Run::submit(std::vector<uint64_t> words) { engine_->submit(*this, std::move(words)); }
void Run::seal() { engine_->seal(*this); }
void Run::cancel() { engine_->cancel(*this); }
void Run::set_priority(double priority) { engine_->set_priority(*this, priority); }

std::shared_ptr<Engine> Engine::create(const Options& options) {
  return std::shared_ptr<Engine>(new Engine(options));
}

Engine::Engine(const Options& options)
    : options_(options),
      pool_(MemoryPool::create(options.memory_limit_bytes / 4, options.memory_limit_bytes)),
      workers_(WorkerPool::get(options.threads, options.niceness)),
      io_threads_(kIoThreads, options.niceness),
      trace_(options.trace_records),
      crews_{{{options.threads}, {kIoThreads}}},
      worker_busy_ns_(options.threads) {}

// ---- slots and files ----

Status Engine::import_slot(uint64_t id, std::byte* data, int64_t bytes, std::shared_ptr<void> owner) {
  const std::lock_guard lock(mutex_);
  if (closed_) return error(ErrorCode::kClosed, "the engine is closed");
  auto slot = std::make_shared<Slot>();
  slot->id = id;
  slot->bytes = bytes;
  slot->data = data;
  slot->owner = std::move(owner);
  slot->keep = slot->external = slot->ready = true;
  if (files_.contains(id) || !slots_.emplace(id, std::move(slot)).second) {
    return error(ErrorCode::kArgument, "slot " + std::to_string(id) + " exists already");
  }
  imported_ += bytes;
  return {};
}

Status Engine::import_file(uint64_t id, std::string path, bool writable) {
  const std::lock_guard lock(mutex_);
  if (closed_) return error(ErrorCode::kClosed, "the engine is closed");
  if (slots_.contains(id) || !files_.emplace(id, std::make_shared<File>(std::move(path), writable)).second) {
    return error(ErrorCode::kArgument, "file " + std::to_string(id) + " exists already");
  }
  return {};
}

Status Engine::export_slot(uint64_t id, std::shared_ptr<Slot>* result) {
  const std::lock_guard lock(mutex_);
  if (closed_) return error(ErrorCode::kClosed, "the engine is closed");
  const auto found = slots_.find(id);
  if (found == slots_.end()) return error(ErrorCode::kArgument, "there is no slot " + std::to_string(id));
  const std::shared_ptr<Slot>& slot = found->second;
  if (!slot->ready) return error(ErrorCode::kArgument, "slot " + std::to_string(id) + " is not ready");
  if (slot->owner != nullptr) return error(ErrorCode::kArgument, "slot " + std::to_string(id) + " was imported");
  if (slot->external) kept_ -= slot->block.bytes();  // until its run ends the run counts it
  exported_->fetch_add(slot->bytes);
  // The counter goes down when the holder drops the slot, not when the run does.
  Slot* raw = slot.get();
  *result = std::shared_ptr<Slot>(raw, [slot, counter = exported_](Slot*) { counter->fetch_sub(slot->bytes); });
  slots_.erase(found);
  return {};
}

Status Engine::share_slot(uint64_t id, std::shared_ptr<Slot>* result) const {
  if (Status status = find_external(id, result); !status.ok()) return error(ErrorCode::kArgument, status.message);
  if ((*result)->owner != nullptr) return error(ErrorCode::kArgument, "slot " + std::to_string(id) + " was imported");
  return {};
}

void Engine::release(const std::vector<uint64_t>& ids) {
  std::vector<std::shared_ptr<void>> dropped;  // freed without the lock
  const std::lock_guard lock(mutex_);
  for (const uint64_t id : ids) {
    if (const auto file = files_.find(id); file != files_.end()) {
      dropped.push_back(std::move(file->second));
      files_.erase(file);
    }
    const auto found = slots_.find(id);
    if (found == slots_.end()) continue;
    const Slot& slot = *found->second;
    if (slot.owner != nullptr) {
      imported_ -= slot.bytes;
    } else if (slot.external) {
      kept_ -= slot.block.bytes();
    }
    dropped.push_back(std::move(found->second));
    slots_.erase(found);
  }
  memory_changed();
}

Status Engine::find_external(uint64_t id, std::shared_ptr<Slot>* slot) const {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(id);
  if (found == slots_.end()) return error(ErrorCode::kPlanInvalid, "there is no slot " + std::to_string(id));
  *slot = found->second;
  if (!found->second->external) {
    return error(ErrorCode::kPlanInvalid, "slot " + std::to_string(id) + " belongs to a run that has not ended");
  }
  return {};
}

Status Engine::find_file(uint64_t id, std::shared_ptr<File>* file) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(id);
  if (found == files_.end()) return error(ErrorCode::kPlanInvalid, "there is no file " + std::to_string(id));
  *file = found->second;
  return {};
}

// ---- runs ----

Status Engine::create_run(const RunOptions& options, std::function<void(RunEvent)> listener,
                          std::shared_ptr<Run>* result) {
  auto run = std::make_shared<Run>();
  run->engine_ = shared_from_this();
  run->options_ = options;
  run->listener_ = std::move(listener);
  run->done_.assign(static_cast<size_t>(options.layers), 0);
  run->decoder_ = std::make_unique<Decoder>(
      Decoder::Options{options_.table, options.limit_bytes, options.layers, !options.spill_directory.empty()},
      [this](uint64_t id, std::shared_ptr<Slot>* slot) { return find_external(id, slot); },
      [this](uint64_t id, std::shared_ptr<File>* file) { return find_file(id, file); });
  const std::lock_guard lock(mutex_);
  if (closed_) return error(ErrorCode::kClosed, "the engine is closed");
  if (!runs_.empty()) {  // a newcomer shares from now on, and does not catch up
    run->used_ns_.fill(INT64_MAX);
    for (const auto& other : runs_) {
      for (size_t lane = 0; lane < kLanes; ++lane) {
        run->used_ns_[lane] = std::min(run->used_ns_[lane], other->used_ns_[lane]);
      }
    }
  }
  runs_.push_back(run);
  *result = std::move(run);
  return {};
}

void Engine::submit(Run& run, std::vector<uint64_t> words) {
  Aftermath aftermath;
  {
    const Lock lock(mutex_);
    if (run.over_ || run.stop_ || run.sealed_) return;
    run.batches_.push_back(std::move(words));
    memory_changed();  // what waits for memory need not be what comes now
    plan_wake(&aftermath);
  }
  settle(&aftermath);
}

void Engine::seal(Run& run) {
  Aftermath aftermath;
  {
    const Lock lock(mutex_);
    if (run.over_) return;
    run.sealed_ = true;
    finish_if_over(run, &aftermath);
  }
  settle(&aftermath);
}

void Engine::cancel(Run& run) {
  Aftermath aftermath;
  {
    const Lock lock(mutex_);
    fail(run, error(ErrorCode::kCancelled, "cancelled"), -1, -1, &aftermath);
  }
  settle(&aftermath);
}

void Engine::set_priority(Run& run, double priority) {
  const Lock lock(mutex_);
  run.options_.priority = priority;
}

void Engine::close() {
  Aftermath aftermath;
  decltype(slots_) dropped;
  decltype(files_) files;
  {
    const Lock lock(mutex_);
    closed_ = true;
    const auto runs = runs_;
    for (const auto& run : runs) fail(*run, error(ErrorCode::kCancelled, "the engine was closed"), -1, -1, &aftermath);
    dropped.swap(slots_);
    files.swap(files_);
    kept_ = imported_ = 0;
  }
  settle(&aftermath);
  io_threads_.retire();
  dropped.clear();
  pool_->trim();
}

void Engine::wait_idle() {
  Lock lock(mutex_);
  idle_.wait(lock, [this] { 
    return leaving_ == 0 && std::all_of(crews_.begin(), crews_.end(), [](const Crew& crew) { return crew.active == 0; });
  });
}

Engine::Stats Engine::stats() const {
  const MemoryPool::Stats pool = pool_->stats();
  const std::lock_guard lock(mutex_);
  Stats stats{};
  stats.bytes_in_use = live_ + kept_;
  stats.bytes_peak = peak_;
  stats.bytes_pooled = pool.idle;
  stats.bytes_exported = exported_->load();
  stats.bytes_imported = imported_;
  stats.bytes_spilled = spilled_;
  stats.bytes_spilled_total = spilled_total_;
  stats.bytes_read = read_;
  stats.bytes_written = written_;
  stats.slots = static_cast<int64_t>(slots_.size());
  stats.runs = static_cast<int64_t>(runs_.size());
  stats.tasks_run = tasks_run_;
  for (const auto& run : runs_) {
    for (const auto& queue : run->ready_) stats.tasks_ready += static_cast<int64_t>(queue.size());
  }
  stats.tasks_running = in_flight_;
  stats.busy_ns = busy_ns_;
  stats.worker_busy_ns = worker_busy_ns_;
  return stats;
}

std::vector<TraceRecord> Engine::take_trace() {
  const std::lock_guard lock(mutex_);
  return trace_.take();
}

// ---- workers ----

void Engine::worker_entry(void* context) {
  const std::unique_ptr<std::shared_ptr<Engine>> engine(static_cast<std::shared_ptr<Engine>*>(context));
  (*engine)->work(Lane::kCompute, current_worker());
}

// Asks for as many threads as there is work for.
void Engine::plan_wake(Aftermath* aftermath) {
  for (size_t lane = 0; lane < kLanes; ++lane) {
    Crew& crew = crews_[lane];
    if (crew.active >= crew.threads || crew.starved) continue;
    int64_t pieces = 0;
    for (const auto& run : runs_) {
      if (static_cast<Lane>(lane) == Lane::kCompute) {
        pieces += static_cast<int64_t>(run->ready_[Run::kCompute].size()) + (!run->batches_.empty() && !run->decoding_);
      } else {
        pieces += static_cast<int64_t>(run->ready_[Run::kRead].size() + run->ready_[Run::kWrite].size());
      }
    }
    const int wake = static_cast<int>(std::clamp<int64_t>(pieces, 0, crew.threads - crew.active));
    crew.active += wake;
    aftermath->wake[lane] += wake;
  }
}

// What waits for memory may try again.
void Engine::memory_changed() {
  for (Crew& crew : crews_) crew.starved = false;
}

void Engine::settle(Aftermath* aftermath) {
  auto& [workers, io] = aftermath->wake;
  for (; workers > 0; --workers) {
    workers_.enqueue(&Engine::worker_entry, new std::shared_ptr<Engine>(shared_from_this()));
  }
  for (; io > 0; --io) {
    if (!io_threads_.enqueue([self = shared_from_this()](int thread) { self->work(Lane::kIo, thread); })) no_threads();
  }
  aftermath->blocks.clear();
  for (auto& [file, region] : aftermath->regions) file->drop(region);
  aftermath->regions.clear();
  for (auto& [run, event] : aftermath->events) run->listener_(std::move(event));
  aftermath->events.clear();
  for (auto& [file, last] : aftermath->ends) end_spilling(std::move(file), std::move(last.first), std::move(last.second));
  aftermath->ends.clear();
  aftermath->objects.clear();
}

// Closing a large file takes its time: not on the caller's, which may be the event loop.
void Engine::end_spilling(std::shared_ptr<SpillFile> file, std::shared_ptr<Run> run, RunEvent event) {
  std::function<void(int)> end = [self = shared_from_this(), file = std::move(file), run = std::move(run),
                                  event = std::move(event)](int) mutable {
    file->close();
    run->listener_(std::move(event));
    const Lock lock(self->mutex_);
    if (--self->leaving_ == 0) self->idle_.notify_all();
  };
  if (!io_threads_.enqueue(std::move(end))) end(0);
}

// The system gives no thread: runs that need one cannot go on.
void Engine::no_threads() {
  Aftermath aftermath;
  {
    const Lock lock(mutex_);
    --crews_[static_cast<size_t>(Lane::kIo)].active;
    const auto runs = runs_;
    for (const auto& run : runs) {
      if (run->ready_[Run::kRead].empty() && run->ready_[Run::kWrite].empty()) continue;
      fail(*run, error(ErrorCode::kStorage, "the system has no thread left to read and write files"), -1, -1, &aftermath);
    }
    idle_.notify_all();
  }
  settle(&aftermath);
}

void Engine::work(Lane lane, int thread) {
  const bool computes = lane == Lane::kCompute;
  std::unique_ptr<Scratch> scratch;
  Aftermath aftermath;
  int64_t start_ns = now();
  Lock lock(mutex_);
  if (scratches_.empty()) {
    scratch = std::make_unique<Scratch>();
  } else {
    scratch = std::move(scratches_.back());
    scratches_.pop_back();
  }
  while (true) {
    Job job;
    if (!next_job(lane, &job, &aftermath)) break;
    lock.unlock();
    settle(&aftermath);
    if (job.task == nullptr) {
      decode(job);
      job.run.reset();
      start_ns = now();
      lock.lock();
      continue;
    }
    Task& task = *job.task;
    Status status = run_task(*job.run, task, *scratch);
    for (AlignedBuffer* buffer : {&scratch->state, &scratch->registers}) {
      if (buffer->bytes() > kScratchKept) buffer->release();
    }
    const int64_t end_ns = now();
    lock.lock();
    if (options_.trace_records > 0) {
      int64_t bytes_out = 0;
      for (const Slot* slot : task.writes) bytes_out += slot->bytes / std::max<int64_t>(1, slot->writers);
      trace_.add({computes ? thread : options_.threads + thread, job.run->options_.id,
                  static_cast<int32_t>(task.layer), start_ns, end_ns, bytes_out});
    }
    job.run->used_ns_[static_cast<size_t>(lane)] += end_ns - start_ns;
    if (computes) {
      busy_ns_ += end_ns - start_ns;
      worker_busy_ns_[std::clamp(thread, 0, options_.threads - 1)] += end_ns - start_ns;
    }
    start_ns = end_ns;
    end_task(*job.run, task, std::move(status), end_ns, &aftermath);
    aftermath.objects.push_back(std::move(job.run));
  }
  scratches_.push_back(std::move(scratch));
  plan_wake(&aftermath);  // of the other lane: a task that has ended may be what its next one waited for
  --crews_[static_cast<size_t>(lane)].active;  // in the section that found no work: what comes later wakes another thread
  ++leaving_;
  lock.unlock();
  settle(&aftermath);
  lock.lock();
  if (--leaving_ == 0) idle_.notify_all();
}

Status Engine::run_task(Run& run, const Task& task, Scratch& scratch) {
  SpillFile* spill = nullptr;
  switch (task.kind) {
    case TaskKind::kTiles: return run_tile_task(task, *options_.table, scratch, run.stop_);
    case TaskKind::kKernel: return run_kernel_task(task, *options_.table, scratch, run.stop_);
    case TaskKind::kReadFile:
    case TaskKind::kWriteFile: break;
    case TaskKind::kSpillOut:
    case TaskKind::kSpillIn: {
      const std::lock_guard lock(run.spill_mutex_);
      if (run.spill_ == nullptr) {
        const Status status = SpillFile::create(run.options_.spill_directory, &run.spill_);
        if (!status.ok()) return status;
      }
      spill = run.spill_.get();
    }
  }
  return run_io_task(task, *options_.table, spill, scratch, run.stop_);
}

// The next piece of work: a batch to decode before all, else the best task that may start.
bool Engine::next_job(Lane lane, Job* job, Aftermath* aftermath) {
  for (const auto& run : runs_) {
    if (lane != Lane::kCompute || run->batches_.empty() || run->decoding_ || run->stop_) continue;
    run->decoding_ = true;
    job->run = run;
    job->words = std::move(run->batches_.front());
    run->batches_.pop_front();
    plan_wake(aftermath);
    return true;
  }
  while (true) {
    const Choice choice = choose(lane);
    if (choice.task == nullptr) return false;
    Run& run = *choice.run;
    if (choice.admission != Admission::kStart) {
      const Lane other = lane == Lane::kCompute ? Lane::kIo : Lane::kCompute;
      if (in_flight_ > 0 || choose(other).admission == Admission::kStart) {
        crews_[static_cast<size_t>(lane)].starved = true;
        return false;
      }
      fail(run, out_of_memory(run, *choice.task, choice.admission), choice.task->layer, choice.task->index, aftermath);
      continue;
    }
    run.ready_[choice.queue].pop();
    if (!start(run, *choice.task, aftermath)) continue;
    job->run = run.shared_from_this();
    job->task = choice.task;
    plan_wake(aftermath);
    return true;
  }
}

// Among runs whose next task may start: the highest priority, then the one that has used the least time. When none
// may, a run that waits for memory, and why.
Engine::Choice Engine::choose(Lane lane) const {
  Choice best;
  const auto better = [&](const Choice& its) {
    const bool starts = its.admission == Admission::kStart, best_starts = best.admission == Admission::kStart;
    if (best.task == nullptr || starts != best_starts) return best.task == nullptr || starts;
    if (its.run == best.run) return its.task->index < best.task->index;
    if (its.run->options_.priority != best.run->options_.priority) {
      return its.run->options_.priority > best.run->options_.priority;
    }
    return its.run->used_ns_[static_cast<size_t>(lane)] < best.run->used_ns_[static_cast<size_t>(lane)];
  };
  const auto [first, last] = lane == Lane::kCompute ? std::pair(Run::kCompute, Run::kCompute)
                                                    : std::pair(Run::kRead, Run::kWrite);
  for (const auto& run : runs_) {
    for (size_t queue = first; queue <= last; ++queue) {
      if (run->ready_[queue].empty()) continue;
      Task* task = run->tasks_[run->ready_[queue].top()];
      const Choice its{run.get(), queue, task, admit(*run, *task)};
      if (better(its)) best = its;
    }
  }
  return best;
}

void Engine::make_ready(Run& run, const Task& task) {
  const auto queue = task.lane() == Lane::kCompute ? Run::kCompute : task.reads_disk() ? Run::kRead : Run::kWrite;
  run.ready_[queue].push(task.index);
}

// ---- memory ----

// Bytes that starting the task allocates; the part that running in order would not have allocated yet.
int64_t Engine::missing_bytes(const Run& run, const Task& task, int64_t* early) const {
  int64_t missing = task.transient;
  *early = task.index > run.frontier_ ? task.transient : 0;
  for (const Slot* slot : task.writes) {
    if (slot->data != nullptr) continue;
    missing += slot->taken;
    if (slot->first_writer > run.frontier_) *early += slot->taken;
  }
  return missing;
}

Engine::Admission Engine::admit(Run& run, const Task& task) const {
  // Room in the spill file is promised to all tasks up to this one; the frontier's has none before it to wait for.
  if (over_spill_limit(run, task) && task.index != run.frontier_) return Admission::kWaitForRun;
  int64_t early = 0;
  const int64_t missing = missing_bytes(run, task, &early);
  if (run.live_ + missing > run.options_.limit_bytes) return Admission::kWaitForRun;
  if (live_ + kept_ + missing > options_.memory_limit_bytes) return Admission::kWaitForEngine;
  if (task.index == run.frontier_ || early == 0) return Admission::kStart;
  // All tasks up to this one must still fit in order, beside what is early.
  const auto extend = [&run](size_t end) {
    for (; run.window_end_ < end; ++run.window_end_) {
      run.window_peak_ = std::max(run.window_peak_, run.tasks_[run.window_end_]->sequential);
    }
  };
  const size_t end = std::max<size_t>(run.window_end_, task.index + size_t{1});
  extend(end);
  // What is read ahead must not starve what computes ahead of memory, nor wait for so long that it is in no cache any more.
  const auto fits = [&] {
    const int64_t room = run.options_.limit_bytes - run.window_peak_;
    if (run.early_ + early > room) return false;
    const int64_t enough = std::max(kReadAhead, (options_.threads + 2) * early);
    return !task.reads_disk() || run.ahead_ + early <= std::min(room / 2, enough);
  };
  if (!fits() && run.window_begin_ < run.frontier_) {
    run.window_begin_ = run.window_end_ = run.frontier_;  // forget the tasks that have ended
    run.window_peak_ = 0;
    extend(end);
  }
  return fits() ? Admission::kStart : Admission::kWaitForRun;
}

bool Engine::over_spill_limit(const Run& run, const Task& task) const {
  return task.kind == TaskKind::kSpillOut && task.spilled - run.spill_freed_ > run.options_.spill_limit_bytes;
}

Status Engine::out_of_memory(const Run& run, const Task& task, Admission why) const {
  int64_t early = 0;
  const std::string needs = "task " + std::to_string(task.index) + ": needs " +
                            std::to_string(missing_bytes(run, task, &early)) + " more bytes, but ";
  if (why == Admission::kWaitForRun) {
    return error(ErrorCode::kMemory, needs + "the run holds " + std::to_string(run.live_) + " of its " +
                                         std::to_string(run.options_.limit_bytes) + " bytes");
  }
  return error(ErrorCode::kMemory, needs + std::to_string(live_ + kept_) + " of the engine's " +
                                       std::to_string(options_.memory_limit_bytes) + " bytes are in use");
}

bool Engine::start(Run& run, Task& task, Aftermath* aftermath) {
  if (over_spill_limit(run, task)) {
    fail(run,
         error(ErrorCode::kSpillLimit, "cannot spill " + bytes_text(task.moved) + " more: " + bytes_text(run.spilled_) +
                                           " of the " + bytes_text(run.options_.spill_limit_bytes) + " allowed are in use"),
         task.layer, task.index, aftermath);
    return false;
  }
  for (Slot* slot : task.writes) {
    if (slot->data != nullptr) continue;
    slot->block = pool_->allocate(slot->bytes);
    slot->data = slot->block.data();
    if (slot->data == nullptr) {
      fail(run, error(ErrorCode::kMemory, "the system has no " + std::to_string(slot->taken) + " bytes left"),
           task.layer, task.index, aftermath);
      return false;
    }
    run.live_ += slot->taken;
    live_ += slot->taken;
    slot->early = slot->first_writer > run.frontier_;
    slot->ahead = slot->early && task.reads_disk();
    if (slot->early) run.early_ += slot->taken;
    if (slot->ahead) run.ahead_ += slot->taken;
  }
  run.live_ += task.transient;
  live_ += task.transient;
  task.early = task.index > run.frontier_;
  if (task.early) run.early_ += task.transient;
  peak_ = std::max(peak_, live_ + kept_);
  if (task.kind == TaskKind::kSpillOut) {
    run.spilled_ += task.moved;
    spilled_ += task.moved;
  }
  ++run.in_flight_;
  ++in_flight_;
  return true;
}

void Engine::free_slot(Run& run, Slot& slot, Aftermath* aftermath) {
  if (slot.data == nullptr) return;
  run.live_ -= slot.taken;
  live_ -= slot.taken;
  no_longer_early(run, slot);
  slot.data = nullptr;
  aftermath->blocks.push_back(std::move(slot.block));
  if (slot.region != nullptr && slot.region->written && run.spill_->can_drop()) {
    const int64_t bytes = spilled_bytes(slot.region->bytes);
    run.spill_freed_ += bytes;
    run.spilled_ -= bytes;
    spilled_ -= bytes;
    aftermath->regions.emplace_back(run.spill_, *slot.region);
  }
}

void Engine::no_longer_early(Run& run, Slot& slot) {
  if (slot.early) run.early_ -= slot.taken;
  if (slot.ahead) run.ahead_ -= slot.taken;
  slot.early = slot.ahead = false;
}

// What the tasks up to the new frontier allocated is no longer early: running in order has it too.
void Engine::advance_frontier(Run& run) {
  while (run.frontier_ < run.tasks_.size() && run.tasks_[run.frontier_]->ended) {
    if (++run.frontier_ == run.tasks_.size()) return;
    Task& task = *run.tasks_[run.frontier_];
    if (task.early) run.early_ -= task.transient;
    task.early = false;
    for (Slot* slot : task.writes) {
      if (slot->first_writer == task.index) no_longer_early(run, *slot);
    }
  }
}

// ---- the life of a task ----

void Engine::decode(const Job& job) {
  Run& run = *job.run;
  DecodedBatch batch;
  Status status = run.decoder_->decode(job.words, &batch);
  if (status.ok()) status = commit(run, batch);
  Aftermath aftermath;
  {
    const Lock lock(mutex_);
    run.decoding_ = false;
    if (!status.ok()) {
      fail(run, std::move(status), run.decoder_->failed_layer(), run.decoder_->failed_task(), &aftermath);
    }
    finish_if_over(run, &aftermath);
  }
  settle(&aftermath);
}

// Enters the tasks of a batch, a few under each lock so that nobody waits long for it.
Status Engine::commit(Run& run, DecodedBatch& batch) {
  {
    const Lock lock(mutex_);
    run.storage_.push_back(std::move(batch.tasks));
    for (const auto& slot : batch.declared) {
      if (!slot->keep || run.stop_) continue;
      if (!slots_.emplace(slot->id, slot).second) {
        return error(ErrorCode::kPlanInvalid, "slot " + std::to_string(slot->id) + " exists already");
      }
      run.kept_.push_back(slot);
    }
  }
  Task* const tasks = run.storage_.back().get();
  for (size_t begin = 0; begin < batch.ntasks; begin += kCommitTasks) {
    Aftermath aftermath;
    {
      const Lock lock(mutex_);
      if (run.stop_) return {};
      for (size_t i = begin; i < std::min(begin + kCommitTasks, batch.ntasks); ++i) {
        Task& task = tasks[i];
        for (Slot* slot : task.reads) {
          if (slot->ready) continue;
          if (std::find(task.writes.begin(), task.writes.end(), slot) != task.writes.end()) continue;  // its own
          slot->waiting.push_back(&task);
          ++task.unready;
        }
        run.tasks_.push_back(&task);
        if (task.unready == 0) make_ready(run, task);
      }
      memory_changed();
      plan_wake(&aftermath);
    }
    settle(&aftermath);
  }
  return {};
}

void Engine::end_task(Run& run, Task& task, Status status, int64_t now_ns, Aftermath* aftermath) {
  --run.in_flight_;
  --in_flight_;
  ++tasks_run_;
  memory_changed();
  run.live_ -= task.transient;
  live_ -= task.transient;
  if (task.early) run.early_ -= task.transient;
  task.early = false;
  task.ended = true;
  ++run.ended_;
  switch (status.ok() ? task.kind : TaskKind::kTiles) {
    case TaskKind::kReadFile: read_ += task.moved; break;
    case TaskKind::kWriteFile: written_ += task.moved; break;
    case TaskKind::kSpillOut: spilled_total_ += task.moved; break;
    default: break;
  }
  for (Slot* slot : task.writes) {
    if (--slot->writers_left > 0) continue;
    slot->ready = true;
    for (Task* reader : slot->waiting) {
      if (--reader->unready == 0 && !run.stop_) make_ready(run, *reader);
    }
    slot->waiting = {};
    if (slot->readers == 0 && !slot->keep) free_slot(run, *slot, aftermath);
  }
  for (Slot* slot : task.reads) {
    if (--slot->readers_left == 0 && !slot->keep && slot->ready) free_slot(run, *slot, aftermath);
  }
  advance_frontier(run);
  if (!status.ok()) {
    fail(run, std::move(status), task.layer, task.index, aftermath);
    return;
  }
  run.done_[task.layer] += task.weight;
  finish_if_over(run, aftermath);
  if (!run.over_ && !run.stop_ && now_ns - run.last_event_ns_ >= kEventIntervalNs) {
    run.last_event_ns_ = now_ns;
    aftermath->events.emplace_back(run.shared_from_this(), event_of(run, RunState::kRunning));
  }
}

// ---- the end of a run ----

void Engine::fail(Run& run, Status status, int64_t layer, int64_t task, Aftermath* aftermath) {
  if (run.over_) return;
  if (!run.stop_) {
    run.stop_ = true;
    run.outcome_ = status.code == ErrorCode::kCancelled ? RunState::kCancelled : RunState::kFailed;
    run.status_ = std::move(status);
    run.failed_layer_ = layer;
    run.failed_task_ = task;
    run.ready_ = {};
    run.batches_.clear();
  }
  finish_if_over(run, aftermath);
}

void Engine::finish_if_over(Run& run, Aftermath* aftermath) {
  if (run.over_ || run.in_flight_ > 0 || run.decoding_) return;
  if (!run.stop_) {
    if (!run.sealed_ || !run.batches_.empty() || run.ended_ < run.tasks_.size()) return;
    if (Status status = run.decoder_->finish(); !status.ok()) {
      return fail(run, std::move(status), -1, -1, aftermath);
    }
    run.outcome_ = RunState::kDone;
  }
  run.over_ = true;
  for (const auto& slot : run.kept_) {
    const auto found = slots_.find(slot->id);
    if (found == slots_.end() || found->second != slot) continue;  // released or exported meanwhile
    if (run.outcome_ == RunState::kDone) {
      slot->external = true;
      kept_ += slot->block.bytes();
    } else {
      slots_.erase(found);
    }
  }
  live_ -= run.live_;
  run.live_ = 0;
  spilled_ -= run.spilled_;
  run.spilled_ = 0;
  memory_changed();
  if (run.spill_ == nullptr) {
    aftermath->events.emplace_back(run.shared_from_this(), event_of(run, run.outcome_));
  } else {
    ++leaving_;
    aftermath->ends.push_back({std::move(run.spill_), {run.shared_from_this(), event_of(run, run.outcome_)}});
  }
  // Tasks and slots are many: they are freed without the lock.
  aftermath->objects.push_back(std::move(run.decoder_));
  aftermath->objects.push_back(std::make_shared<decltype(run.storage_)>(std::move(run.storage_)));
  aftermath->objects.push_back(std::make_shared<decltype(run.tasks_)>(std::move(run.tasks_)));
  aftermath->objects.push_back(std::make_shared<decltype(run.kept_)>(std::move(run.kept_)));
  run.tasks_.clear();
  const auto self = std::find_if(runs_.begin(), runs_.end(), [&run](const auto& other) { return other.get() == &run; });
  runs_.erase(self);
  plan_wake(aftermath);
}

RunEvent Engine::event_of(Run& run, RunState state) {
  RunEvent event;
  event.sequence = ++run.sequence_;
  event.state = state;
  event.done = run.done_;
  event.status = run.status_;
  event.layer = run.failed_layer_;
  event.task = run.failed_task_;
  return event;
}

}  // namespace ndl
