#include "addon/engine_object.h"

#include <utility>

#include "addon/arguments.h"
#include "addon/environment.h"
#include "addon/run_object.h"
#include "addon/stop_at_exit.h"
#include "core/check.h"
#include "runtime/kernel_library.h"

namespace ndl::addon {
namespace {

constexpr size_t kTraceRecords = 1 << 16;

constexpr const char* kStateNames[] = {"running", "done", "failed", "cancelled"};

Napi::Float64Array numbers(Napi::Env env, const std::vector<double>& values) {
  auto array = Napi::Float64Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

Napi::Value error_value(Napi::Env env, const RunEvent& event) {
  if (event.state != RunState::kFailed) return env.Null();
  auto error = Napi::Object::New(env);
  error.Set("code", error_name(event.status.code));
  error.Set("message", event.status.message);
  error.Set("layer", static_cast<double>(event.layer));
  error.Set("task", static_cast<double>(event.task));
  return error;
}

}  // namespace

Napi::Function EngineObject::define(Napi::Env env) {
  return DefineClass(env, "Engine",
                     {InstanceMethod<&EngineObject::import_buffer>("importBuffer"),
                      InstanceMethod<&EngineObject::import_file>("importFile"),
                      InstanceMethod<&EngineObject::export_slot>("exportSlot"),
                      InstanceMethod<&EngineObject::share_slot>("shareSlot"),
                      InstanceMethod<&EngineObject::release>("release"),
                      InstanceMethod<&EngineObject::create_run>("createRun"),
                      InstanceMethod<&EngineObject::stats>("stats"),
                      InstanceMethod<&EngineObject::take_trace>("takeTrace"),
                      InstanceMethod<&EngineObject::close>("close"), InstanceAccessor<&EngineObject::isa>("isa")});
}

EngineObject::EngineObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<EngineObject>(info), env_(info.Env()) {
  const Napi::Object given = object_argument(info[0], "options");
  Engine::Options options;
  options.threads = static_cast<int>(whole_argument(given.Get("threads"), "threads", 1, kMaxThreads));
  options.memory_limit_bytes = whole_argument(given.Get("memoryLimitBytes"), "memoryLimitBytes", 1, kMaxExact);
  options.niceness = static_cast<int>(whole_argument(given.Get("niceness"), "niceness", 0, 19));
  options.trace_records = boolean_argument(given.Get("trace"), "trace") ? kTraceRecords : 0;
  const std::string directory = string_argument(given.Get("kernelDirectory"), "kernelDirectory");
  const std::string isa = given.Get("isa").IsUndefined() ? "" : string_argument(given.Get("isa"), "isa");
  throw_if_failed(env_, open_kernels(directory, isa, &options.table));
  engine_ = Engine::create(options);
  stop_at_exit(engine_);
  mailbox_ = Mailbox::create(env_, this);
  napi_add_env_cleanup_hook(env_, &EngineObject::env_ends, this);  // runs before the mailbox's channel is freed
}

EngineObject::~EngineObject() {
  if (engine_ == nullptr || env_ended_) return;
  napi_remove_env_cleanup_hook(env_, &EngineObject::env_ends, this);
  // No run is open, or this object would still be referenced: no worker reads the imported memory any more.
  engine_->close();
  mailbox_->close(false);
}

// The environment goes, and with it the memory that was imported: workers must have let go of it first.
void EngineObject::env_ends(void* self) {
  auto* engine = static_cast<EngineObject*>(self);
  engine->env_ended_ = true;
  engine->mailbox_->close(true);
  engine->engine_->close();
  engine->engine_->wait_idle();
  engine->listeners_.clear();
  engine->imports_.clear();
}

Napi::Value EngineObject::import_buffer(const Napi::CallbackInfo& info) {
  const auto id = static_cast<uint64_t>(whole_argument(info[0], "id", 0, kMaxExact));
  const Memory memory = memory_argument(info[1], "view");
  const int64_t key = next_key_++;
  imports_.emplace(key, Napi::Persistent(memory.buffer.As<Napi::Object>()));
  std::shared_ptr<void> owner(this, [mailbox = mailbox_, key](void*) { mailbox->post_release(key); });
  throw_if_failed(env_, engine_->import_slot(id, memory.data, memory.bytes, std::move(owner)));
  return env_.Undefined();
}

Napi::Value EngineObject::import_file(const Napi::CallbackInfo& info) {
  const auto id = static_cast<uint64_t>(whole_argument(info[0], "id", 0, kMaxExact));
  std::string path = path_argument(info[1], "path");
  const bool writable = boolean_argument(object_argument(info[2], "options").Get("write"), "write");
  throw_if_failed(env_, engine_->import_file(id, std::move(path), writable));
  return env_.Undefined();
}

Napi::Value EngineObject::export_slot(const Napi::CallbackInfo& info) {
  const auto id = static_cast<uint64_t>(whole_argument(info[0], "id", 0, kMaxExact));
  std::shared_ptr<Slot> slot;
  throw_if_failed(env_, engine_->export_slot(id, &slot));
  return buffer_over(std::move(slot));
}

Napi::Value EngineObject::share_slot(const Napi::CallbackInfo& info) {
  const auto id = static_cast<uint64_t>(whole_argument(info[0], "id", 0, kMaxExact));
  std::shared_ptr<Slot> slot;
  throw_if_failed(env_, engine_->share_slot(id, &slot));
  return buffer_over(std::move(slot));
}

Napi::Value EngineObject::buffer_over(std::shared_ptr<Slot> slot) {
  const auto bytes = static_cast<size_t>(slot->bytes);
  if (bytes == 0) return Napi::ArrayBuffer::New(env_, 0);
  void* data = slot->data;
  auto* holder = new std::shared_ptr<Slot>(std::move(slot));
  const auto finalize = [](napi_env, void*, void* hint) { delete static_cast<std::shared_ptr<Slot>*>(hint); };
  napi_value result = nullptr;
  const napi_status status = napi_create_external_arraybuffer(env_, data, bytes, finalize, holder, &result);
  if (status == napi_ok) return Napi::Value(env_, result);
  // Some embedders of V8 refuse memory that is not theirs: they get a copy.
  auto copy = Napi::ArrayBuffer::New(env_, bytes);
  std::copy_n(static_cast<const std::byte*>(data), bytes, static_cast<std::byte*>(copy.Data()));
  delete holder;
  return copy;
}

Napi::Value EngineObject::release(const Napi::CallbackInfo& info) {
  engine_->release(ids_argument(info[0], "ids"));
  return env_.Undefined();
}

Napi::Value EngineObject::create_run(const Napi::CallbackInfo& info) {
  const Napi::Object given = object_argument(info[0], "options");
  RunOptions options;
  options.id = whole_argument(given.Get("id"), "id", 0, kMaxExact);
  options.limit_bytes = whole_argument(given.Get("limitBytes"), "limitBytes", 0, kMaxExact);
  options.priority = finite_argument(given.Get("priority"), "priority");
  options.layers = static_cast<int>(whole_argument(given.Get("layers"), "layers", 1, 1 << 20));
  if (const Napi::Value spill = given.Get("spill"); !spill.IsNull() && !spill.IsUndefined()) {
    const Napi::Object where = object_argument(spill, "spill");
    options.spill_directory = path_argument(where.Get("directory"), "directory");
    options.spill_limit_bytes = whole_argument(where.Get("limitBytes"), "limitBytes", 0, kMaxExact);
  }
  const Napi::Function on_event = function_argument(info[1], "onEvent");
  const int64_t key = next_key_++;
  std::shared_ptr<Run> run;
  throw_if_failed(env_, engine_->create_run(
                            options, [mailbox = mailbox_, key](RunEvent event) { mailbox->post(key, std::move(event)); },
                            &run));
  listeners_.emplace(key, Napi::Persistent(on_event));
  if (listeners_.size() == 1) run_opened(env_);
  return RunObject::create(env_, std::move(run));
}

// While runs are open the process lives on, and this object with it.
void EngineObject::run_opened(Napi::Env env) {
  Ref();
  mailbox_->keep_alive(env, true);
}

void EngineObject::run_closed(Napi::Env env) {
  mailbox_->keep_alive(env, false);
  Unref();
}

void EngineObject::receive(Napi::Env env, Mailbox::Mail mail) {
  const Napi::HandleScope scope(env);
  for (const int64_t key : mail.released) imports_.erase(key);
  for (auto& [key, event] : mail.events) {
    const auto found = listeners_.find(key);
    if (found == listeners_.end()) continue;
    const Napi::Function on_event = found->second.Value();
    if (event.state != RunState::kRunning) {
      listeners_.erase(found);
      if (listeners_.empty()) run_closed(env);
    }
    const napi_value arguments[] = {Napi::String::New(env, kStateNames[static_cast<int>(event.state)]),
                                    numbers(env, event.done), error_value(env, event)};
    napi_value ignored = nullptr;
    if (napi_call_function(env, env.Undefined(), on_event, 3, arguments, &ignored) == napi_pending_exception) {
      // One listener's exception is the process's uncaught exception; the others still get their events.
      napi_value exception = nullptr;
      napi_get_and_clear_last_exception(env, &exception);
      napi_fatal_exception(env, exception);
    }
  }
}

Napi::Value EngineObject::stats(const Napi::CallbackInfo&) {
  const Engine::Stats stats = engine_->stats();
  auto result = Napi::Object::New(env_);
  const auto set = [&](const char* name, int64_t value) { result.Set(name, static_cast<double>(value)); };
  set("bytesInUse", stats.bytes_in_use);
  set("bytesPeak", stats.bytes_peak);
  set("bytesPooled", stats.bytes_pooled);
  set("bytesExported", stats.bytes_exported);
  set("bytesImported", stats.bytes_imported);
  set("bytesSpilled", stats.bytes_spilled);
  set("bytesSpilledTotal", stats.bytes_spilled_total);
  set("bytesRead", stats.bytes_read);
  set("bytesWritten", stats.bytes_written);
  set("slots", stats.slots);
  set("runs", stats.runs);
  set("tasksRun", stats.tasks_run);
  set("tasksReady", stats.tasks_ready);
  set("tasksRunning", stats.tasks_running);
  set("busyNs", stats.busy_ns);
  set("threads", engine_->options().threads);
  result.Set("workerBusyNs", numbers(env_, {stats.worker_busy_ns.begin(), stats.worker_busy_ns.end()}));
  return result;
}

Napi::Value EngineObject::take_trace(const Napi::CallbackInfo&) {
  const std::vector<TraceRecord> records = engine_->take_trace();
  auto result = Napi::Float64Array::New(env_, records.size() * 6);
  double* out = result.Data();
  for (const TraceRecord& record : records) {
    *out++ = record.worker;
    *out++ = static_cast<double>(record.run);
    *out++ = record.layer;
    *out++ = static_cast<double>(record.start_ns);
    *out++ = static_cast<double>(record.end_ns);
    *out++ = static_cast<double>(record.bytes_out);
  }
  return result;
}

Napi::Value EngineObject::close(const Napi::CallbackInfo&) {
  engine_->close();
  return env_.Undefined();
}

Napi::Value EngineObject::isa(const Napi::CallbackInfo&) {
  return Napi::String::New(env_, engine_->options().table->isa);
}

}  // namespace ndl::addon
