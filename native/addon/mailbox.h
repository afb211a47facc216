// Carries events of runs, and imported memory that is no longer read, from workers to the JS thread. Events of a run
// are coalesced: JavaScript sees the newest only.
#pragma once
#include <napi.h>

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/engine.h"

namespace ndl::addon {

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  struct Mail {
    std::unordered_map<int64_t, RunEvent> events;  // by the key of the run
    std::vector<int64_t> released;                 // keys of imports
  };
  // Gets the mail, on the JS thread.
  class Receiver {
   public:
    virtual void receive(Napi::Env env, Mail mail) = 0;

   protected:
    ~Receiver() = default;
  };

  // JS thread only. `receiver` must call close() before it goes.
  static std::shared_ptr<Mailbox> create(Napi::Env env, Receiver* receiver);
  // A process with nothing else to do lives on while this is true. JS thread only.
  void keep_alive(Napi::Env env, bool alive);
  // Nothing is delivered any more. JS thread only; `env_ends`: the environment frees the channel itself.
  void close(bool env_ends);

  // From any thread.
  void post(int64_t run, RunEvent event);
  void post_release(int64_t import);

 private:
  static void deliver(napi_env env, napi_value, void* context, void*);
  template <typename Add>
  void add(Add add);

  std::mutex mutex_;
  Mail mail_;
  bool scheduled_ = false;
  napi_threadsafe_function channel_ = nullptr;  // null: closed
  Receiver* receiver_ = nullptr;                // JS thread only
};

}  // namespace ndl::addon
