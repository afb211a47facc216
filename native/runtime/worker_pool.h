// Threads. All engines of the process share TBB's workers through arenas that are never freed: an arena must
// outlive work that is just ending, also while the process exits. Thread-safe.
#pragma once

namespace ndl {

inline constexpr int kMaxThreads = 256;

class WorkerPool {
 public:
  // The pool of `threads` workers (1..kMaxThreads), at `niceness` (0..19) added to the process's own.
  static WorkerPool& get(int threads, int niceness);

  // Runs work(context) once on a worker, soon. Never blocks, never runs it on the caller.
  void enqueue(void (*work)(void*), void* context);

 private:
  struct Impl;
  explicit WorkerPool(Impl* impl) : impl_(impl) {}
  Impl* impl_;
};

// Number of the calling worker within its pool, for the trace.
int current_worker();

}  // namespace ndl
