#include "runtime/io_threads.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace ndl {

struct IoThreads::State {
  State(int most, int niceness) : niceness(getpriority(PRIO_PROCESS, 0) + niceness), numbers(static_cast<size_t>(most)) {}

  const int niceness;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void(int)>> queue;
  std::vector<bool> numbers;  // which are taken
  size_t running = 0, idle = 0;
  bool retired = false;

  void run(size_t number) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), niceness);
    std::unique_lock lock(mutex);
    while (true) {
      ++idle;
      changed.wait(lock, [this] { return retired || !queue.empty(); });
      --idle;
      if (queue.empty()) break;
      {
        const auto work = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        work(static_cast<int>(number));
      }  // what it held may end with it, and the engine with that
      lock.lock();
    }
    numbers[number] = false;
    --running;
  }
};

namespace {

// Signals are for the process's other threads; one that goes beyond a file's size limit would end it.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

IoThreads::IoThreads(int threads, int niceness) : state_(std::make_shared<State>(threads, niceness)) {}

IoThreads::~IoThreads() { retire(); }

bool IoThreads::enqueue(std::function<void(int)>&& work) {
  const std::lock_guard lock(state_->mutex);
  if (state_->idle <= state_->queue.size() && state_->running < state_->numbers.size()) {
    size_t number = 0;
    while (state_->numbers[number]) ++number;
    try {
      const AllSignalsBlocked blocked;  // the thread inherits it
      std::thread([state = state_, number] { state->run(number); }).detach();
      state_->numbers[number] = true;
      ++state_->running;
    } catch (const std::system_error&) {
      if (state_->running == 0) return false;
    }
  }
  state_->queue.push_back(std::move(work));
  state_->changed.notify_one();
  return true;
}

void IoThreads::retire() {
  const std::lock_guard lock(state_->mutex);
  state_->retired = true;
  state_->changed.notify_all();
}

}  // namespace ndl
