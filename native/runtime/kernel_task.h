// Runs a kernel task: its calls one after the other.
#pragma once
#include <atomic>

#include "core/status.h"
#include "runtime/plan.h"
#include "runtime/scratch.h"

namespace ndl {

// The slots' memory is there. Ends early, with kCancelled, soon after `stop` is set.
Status run_kernel_task(const Task& task, const KernelTable& table, Scratch& scratch, const std::atomic<bool>& stop);

}  // namespace ndl
