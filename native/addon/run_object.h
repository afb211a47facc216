// The class Run as JavaScript sees it: a plan on its way. JS thread only. Made by Engine.createRun alone.
#pragma once
#include <napi.h>

#include <memory>

#include "runtime/engine.h"

namespace ndl::addon {

class RunObject : public Napi::ObjectWrap<RunObject> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Run> run);
  explicit RunObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value submit(const Napi::CallbackInfo& info);  // (batch: ArrayBuffer)
  Napi::Value seal(const Napi::CallbackInfo& info);
  Napi::Value cancel(const Napi::CallbackInfo& info);
  Napi::Value set_priority(const Napi::CallbackInfo& info);  // (priority: number)

  std::shared_ptr<Run> run_;
  bool sealed_ = false;
};

}  // namespace ndl::addon
