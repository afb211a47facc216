// Runs a tile task: segments box by box through the registers of its program. See docs/plan-format.md.
#pragma once
#include <atomic>

#include "core/status.h"
#include "runtime/plan.h"
#include "runtime/scratch.h"

namespace ndl {

// The slots' memory is there. Ends early, with kCancelled, soon after `stop` is set.
Status run_tile_task(const Task& task, const KernelTable& table, Scratch& scratch, const std::atomic<bool>& stop);

}  // namespace ndl
