// Turns batches of docs/plan-format.md into tasks, and checks every number on the way: after it the executor reads
// and writes only memory that belongs to the plan. Runs on worker threads; one decoder serves one run and is used
// by one thread at a time.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/status.h"
#include "runtime/file.h"
#include "runtime/plan.h"
#include "runtime/word_reader.h"

namespace ndl {

struct DecodedBatch {
  std::vector<std::shared_ptr<Slot>> declared;
  std::unique_ptr<Task[]> tasks;
  size_t ntasks = 0;
};

class Decoder {
 public:
  // Finds a ready slot that was imported or kept by an earlier run; a message when there is none.
  using FindExternal = std::function<Status(uint64_t id, std::shared_ptr<Slot>* slot)>;

  // Finds a file that was imported.
  using FindFile = std::function<Status(uint64_t id, std::shared_ptr<File>* file)>;

  struct Options {
    const KernelTable* table;
    int64_t limit_bytes;
    int nlayers;
    bool may_spill;
  };
  Decoder(const Options& options, FindExternal find_external, FindFile find_file);
  ~Decoder();

  // On failure the run is over; failed_task() tells where it was.
  Status decode(const std::vector<uint64_t>& words, DecodedBatch* batch);
  // No batch will follow: every declared writer must have come.
  Status finish() const;

  int64_t failed_task() const { return failed_task_; }  // in plan order, or -1
  int64_t failed_layer() const { return failed_layer_; }

 private:
  void decode_slot(WordReader& in, DecodedBatch* batch);
  void decode_program(WordReader& in);
  void decode_task(WordReader& in, Task* task, Code* code);
  void decode_tiles(WordReader& in, Task* task, std::vector<int64_t>* out);
  void decode_segment(WordReader& in, const Program& program, const int64_t* capacities, std::vector<int64_t>* out);
  void decode_calls(WordReader& in, Task* task, std::vector<int64_t>* out);
  void decode_call(WordReader& in, const BlockFns& kernel, Task* task, std::vector<int64_t>* out);
  void decode_copy(WordReader& in, Task* task, std::vector<int64_t>* out);
  void decode_spill(WordReader& in, Task* task, std::vector<int64_t>* out);
  Slot* find_slot(WordReader& in, const char* what, bool written, bool token = false);
  File* find_file(WordReader& in, bool written);
  void link(WordReader& in, Task* task, Code* code);

  const Options options_;
  const FindExternal find_external_;
  const FindFile find_file_;
  std::unordered_map<uint64_t, std::shared_ptr<Slot>> slots_;
  std::unordered_map<uint64_t, std::shared_ptr<File>> files_;
  std::vector<std::unique_ptr<Program>> programs_;
  std::vector<Slot*> read_now_, written_now_;  // by the task being decoded
  std::vector<std::pair<int64_t, int64_t>> renames_;  // of the task: what its words name, what is meant
  uint32_t next_task_ = 0;
  uint64_t next_mark_ = 1;
  int64_t unwritten_ = 0;  // slots whose writers have not all come
  int64_t alive_ = 0;  // bytes alive at this point, were all tasks run in order
  int64_t spilled_ = 0;  // bytes that tasks up to this point spill
  int64_t failed_task_ = -1, failed_layer_ = -1;
};

}  // namespace ndl
