// A block of the plan: named by a number, written by some tasks, read by others, freed after the last of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/memory_pool.h"
#include "runtime/spill_file.h"

namespace ndl {

struct Task;

struct Slot {
  uint64_t id = 0;
  int64_t bytes = 0;
  int64_t taken = 0;  // what a block for them takes of the run's memory; 0 when it is imported

  // Set when declared, then constant.
  int64_t writers = 0, readers = 0;
  bool keep = false;
  bool external = false;     // imported, or kept by an earlier run: ready, and read only
  uint32_t first_writer = 0;  // the first task in plan order that writes it
  std::unique_ptr<SpillRegion> region;  // of a token: what its task has put aside, and where

  // The decoder's counts, in plan order (only the one decode of the run at a time touches them).
  int64_t writers_seen = 0, readers_seen = 0;
  uint64_t last_seen = 0;  // marks the task that named it last

  // Guarded by the engine. `data` may be read without it by a task that the engine has started.
  std::byte* data = nullptr;
  Block block;
  std::shared_ptr<void> owner;  // of imported memory
  int64_t writers_left = 0, readers_left = 0;
  bool ready = false;
  bool early = false;  // allocated although tasks before its first writer have not ended
  bool ahead = false;  // and that by a task that reads ahead
  std::vector<Task*> waiting;
};

}  // namespace ndl
