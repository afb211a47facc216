#include "runtime/worker_pool.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_scheduler_observer.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <utility>

#if defined(NDLOOM_SANITIZE_THREAD)
#include <sanitizer/tsan_interface.h>
#endif

namespace ndl {
namespace {

// From the caller to a worker. TBB is not built with the thread sanitizer, nor is this file, which holds all that touches
// TBB; so the sanitizer does not see that what came before this happens before what follows there, and is told.
class HandOver {
#if defined(NDLOOM_SANITIZE_THREAD)
 public:
  HandOver() : token_(new char) { __tsan_release(token_); }
  void arrived() const {
    __tsan_acquire(token_);
    delete token_;
  }

 private:
  char* token_;
#else
 public:
  void arrived() const {}
#endif
};

// Workers at a lower priority keep the event loop responsive while every core computes.
class NiceObserver : public tbb::task_scheduler_observer {
 public:
  NiceObserver(tbb::task_arena& arena, int niceness) : tbb::task_scheduler_observer(arena), niceness_(niceness) {
    observe(true);
  }

  void on_scheduler_entry(bool is_worker) override {
    if (!is_worker) return;
    thread_local int applied = -1;
    if (applied == niceness_) return;
    const auto thread = static_cast<id_t>(syscall(SYS_gettid));
    setpriority(PRIO_PROCESS, thread, base_ + niceness_);  // refused only when lowering without the right: keep it
    applied = niceness_;
  }

 private:
  const int niceness_;
  const int base_ = getpriority(PRIO_PROCESS, 0);
};

}  // namespace

struct WorkerPool::Impl {
  Impl(int threads, int niceness) : arena(threads, 0), observer((arena.initialize(), arena), niceness) {}
  tbb::task_arena arena;
  NiceObserver observer;
};

WorkerPool& WorkerPool::get(int threads, int niceness) {
  struct Registry {
    // Without it TBB gives an arena no more than the machine's number of threads, less the reserved caller's.
    tbb::global_control control{tbb::global_control::max_allowed_parallelism, kMaxThreads + 1};
    std::mutex mutex;
    std::map<std::pair<int, int>, WorkerPool*> pools;
  };
  static Registry& registry = *new Registry;
  const std::lock_guard lock(registry.mutex);
  WorkerPool*& pool = registry.pools[{threads, niceness}];
  if (pool == nullptr) {
    pool = new WorkerPool(new Impl(threads, niceness));
    // Threads begin now, not when the first run is handed over.
    for (int i = 0; i < threads; ++i) pool->enqueue([](void*) {}, nullptr);
  }
  return *pool;
}

void WorkerPool::enqueue(void (*work)(void*), void* context) {
  impl_->arena.enqueue([work, context, hand_over = HandOver()] {
    hand_over.arrived();
    work(context);
  });
}

int current_worker() { return tbb::this_task_arena::current_thread_index(); }

}  // namespace ndl
