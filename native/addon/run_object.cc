#include "addon/run_object.h"

#include <cstring>
#include <utility>

#include "addon/arguments.h"
#include "addon/environment.h"

namespace ndl::addon {

Napi::Function RunObject::define(Napi::Env env) {
  return DefineClass(env, "Run",
                     {InstanceMethod<&RunObject::submit>("submit"), InstanceMethod<&RunObject::seal>("seal"),
                      InstanceMethod<&RunObject::cancel>("cancel"), InstanceMethod<&RunObject::set_priority>("setPriority")});
}

Napi::Object RunObject::create(Napi::Env env, std::shared_ptr<Run> run) {
  auto* environment = env.GetInstanceData<Environment>();
  environment->new_run = std::move(run);
  return environment->run_constructor.New({});
}

RunObject::RunObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RunObject>(info) {
  run_ = std::exchange(info.Env().GetInstanceData<Environment>()->new_run, nullptr);
  if (run_ == nullptr) throw_type_error(info.Env(), "Run: made by Engine.createRun, not by new");
}

Napi::Value RunObject::submit(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) throw_type_error(info.Env(), "batch: expected an ArrayBuffer");
  if (sealed_) throw_type_error(info.Env(), "submit: the run is sealed");
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  if (buffer.ByteLength() % 8 != 0) throw_type_error(info.Env(), "batch: expected whole words of 8 bytes");
  std::vector<uint64_t> words(buffer.ByteLength() / 8);
  if (!words.empty()) std::memcpy(words.data(), buffer.Data(), buffer.ByteLength());
  run_->submit(std::move(words));
  return info.Env().Undefined();
}

Napi::Value RunObject::seal(const Napi::CallbackInfo& info) {
  sealed_ = true;
  run_->seal();
  return info.Env().Undefined();
}

Napi::Value RunObject::cancel(const Napi::CallbackInfo& info) {
  run_->cancel();
  return info.Env().Undefined();
}

Napi::Value RunObject::set_priority(const Napi::CallbackInfo& info) {
  run_->set_priority(finite_argument(info[0], "priority"));
  return info.Env().Undefined();
}

}  // namespace ndl::addon
