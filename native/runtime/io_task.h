// Runs a task that moves bytes between a slot and a file.
#pragma once
#include <atomic>

#include "core/status.h"
#include "runtime/plan.h"
#include "runtime/scratch.h"
#include "runtime/spill_file.h"

namespace ndl {

// The slots' memory is there; `spill` is the run's file, for tasks that spill. Ends early, with kCancelled, when
// `stop` is set.
Status run_io_task(const Task& task, const KernelTable& table, SpillFile* spill, Scratch& scratch,
                   const std::atomic<bool>& stop);

}  // namespace ndl
