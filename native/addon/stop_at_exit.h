// Libraries that workers call take down their memory when the process ends (OpenBLAS its buffers): workers stop first.
#pragma once
#include <memory>

#include "runtime/engine.h"

namespace ndl::addon {

// The engine is closed, and its workers are waited for, before the process ends. From any thread.
void stop_at_exit(const std::shared_ptr<Engine>& engine);

}  // namespace ndl::addon
