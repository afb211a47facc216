// What the addon keeps for one JavaScript environment (the main thread, or a worker_thread).
#pragma once
#include <napi.h>

#include <memory>

namespace ndl {
class Run;
}

namespace ndl::addon {

struct Environment {
  Napi::FunctionReference run_constructor;
  std::shared_ptr<Run> new_run;  // the one that `new Run` is about to wrap
};

}  // namespace ndl::addon
