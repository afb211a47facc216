// The addon's exports: Engine, libm, isas.
#include <napi.h>

#include <cmath>

#include "addon/arguments.h"
#include "addon/engine_object.h"
#include "addon/environment.h"
#include "addon/run_object.h"
#include "runtime/kernel_library.h"

namespace ndl::addon {
namespace {

// The C library's functions: V8's own differ from them in the last bit.
Napi::Value libm(const Napi::CallbackInfo& info) {
  const std::string op = string_argument(info[0], "op");
  const auto number = [&](size_t i, const char* name) {
    if (!info[i].IsNumber()) throw_type_error(info.Env(), std::string(name) + ": expected a number");
    return info[i].As<Napi::Number>().DoubleValue();
  };
  const double x = number(1, "x");
  if (op == "log") return Napi::Number::New(info.Env(), std::log(x));
  if (op == "exp") return Napi::Number::New(info.Env(), std::exp(x));
  if (op == "pow") return Napi::Number::New(info.Env(), std::pow(x, number(2, "y")));
  throw_type_error(info.Env(), "op: expected pow, log or exp, got " + op);
}

Napi::Value isas(const Napi::CallbackInfo& info) {
  const auto names = available_isas(string_argument(info[0], "kernelDirectory"));
  auto result = Napi::Array::New(info.Env(), names.size());
  for (uint32_t i = 0; i < names.size(); ++i) result.Set(i, names[i]);
  return result;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment;  // freed with the JavaScript environment
  environment->run_constructor = Napi::Persistent(RunObject::define(env));
  env.SetInstanceData(environment);
  exports.Set("Engine", EngineObject::define(env));
  exports.Set("libm", Napi::Function::New<libm>(env, "libm"));
  exports.Set("isas", Napi::Function::New<isas>(env, "isas"));
  return exports;
}

NODE_API_MODULE(ndloom, init)

}  // namespace
}  // namespace ndl::addon
