// The class Engine as JavaScript sees it. JS thread only.
#pragma once
#include <napi.h>

#include <memory>
#include <unordered_map>

#include "addon/mailbox.h"
#include "runtime/engine.h"

namespace ndl::addon {

class EngineObject : public Napi::ObjectWrap<EngineObject>, private Mailbox::Receiver {
 public:
  static Napi::Function define(Napi::Env env);
  explicit EngineObject(const Napi::CallbackInfo& info);  // ({threads, memoryLimitBytes, ...})
  ~EngineObject() override;

 private:
  Napi::Value import_buffer(const Napi::CallbackInfo& info);  // (id, view)
  Napi::Value import_file(const Napi::CallbackInfo& info);    // (id, path, {write})
  Napi::Value export_slot(const Napi::CallbackInfo& info);    // (id): ArrayBuffer
  Napi::Value share_slot(const Napi::CallbackInfo& info);     // (id): ArrayBuffer
  Napi::Value buffer_over(std::shared_ptr<Slot> slot);
  Napi::Value release(const Napi::CallbackInfo& info);        // (ids: Float64Array)
  Napi::Value create_run(const Napi::CallbackInfo& info);     // ({id, limitBytes, priority, layers, spill?}, onEvent): Run
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value take_trace(const Napi::CallbackInfo& info);     // Float64Array, six numbers a record
  Napi::Value close(const Napi::CallbackInfo& info);
  Napi::Value isa(const Napi::CallbackInfo& info);

  void receive(Napi::Env env, Mailbox::Mail mail) override;
  void run_opened(Napi::Env env);
  void run_closed(Napi::Env env);
  static void env_ends(void* self);

  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Mailbox> mailbox_;
  std::unordered_map<int64_t, Napi::FunctionReference> listeners_;     // of the runs that are open
  std::unordered_map<int64_t, Napi::ObjectReference> imports_;         // buffers that slots read
  int64_t next_key_ = 1;
  Napi::Env env_;
  bool env_ended_ = false;
};

}  // namespace ndl::addon
