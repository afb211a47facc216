// Threads that wait for disks, a few for each engine, so that no worker ever does. Thread-safe.
#pragma once
#include <functional>
#include <memory>

namespace ndl {

class IoThreads {
 public:
  // At most `threads`, started when there is work; `niceness` is added to the process's own.
  IoThreads(int threads, int niceness);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  // Runs work(number of the thread) once, soon. False, and `work` is untouched, when the system has no thread to give.
  bool enqueue(std::function<void(int)>&& work);
  // Threads end as soon as there is nothing to do, rather than wait for more.
  void retire();

 private:
  struct State;
  const std::shared_ptr<State> state_;  // outlives the last thread
};

}  // namespace ndl
