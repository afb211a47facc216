// A decoded, checked plan: what docs/plan-format.md describes, with names resolved to functions and slots.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/table.h"
#include "runtime/slot.h"

namespace ndl {

inline constexpr int kMaxDims = 32;
inline constexpr int kMaxInputs = 3, kMaxOutputs = 2, kMaxFields = 5;
inline constexpr int kMaxFolds = 8;  // ways in which the reducers and scans of a program fold its domain

struct Program {
  struct GeneratorUse {
    GenerateFn run;
    RandomParams params;
    int direct_store;  // the only use of its register, or -1: it is then generated in place
  };
  struct Instruction {
    MapFn run;
    int nin, nout;
    int in[kMaxInputs];
    int out[kMaxOutputs];
    int direct_store[kMaxOutputs];  // the store that is the output's only use, or -1
    int scan = -1;                  // which scan it is, if it is one
  };
  struct ScanUse {
    ScanFn run;
    DType dtype;
  };
  struct ReducerUse {
    const ReduceFns* functions;
    bool merge, indexed;  // indexed: an arg-reduction
    int fold;             // which kept elements it has
    int nfields;
    int inputs[kMaxFields];
    int ninputs;
    DType field_dtypes[kMaxFields];
  };

  uint64_t serial = 0;  // unique in the process
  int nloads = 0, ngenerators = 0, nconstants = 0, nregisters = 0;
  std::vector<DType> dtypes;     // by register
  std::vector<uint8_t> indexed;  // by load
  std::vector<uint8_t> copied;   // by load: 1 when nothing but stores use it, so that it goes from source to store
  std::vector<uint8_t> folded;   // by load: 1 when folds and scans read it and nothing else: they take rows that lie apart, and ask for the next ones
  std::vector<GeneratorUse> generators;
  std::vector<std::array<uint64_t, 2>> constants;
  std::vector<Instruction> instructions;
  std::vector<ScanUse> scans;
  std::vector<int> stores;      // registers
  std::vector<uint8_t> direct;  // by store: 1 when an instruction can write it in place
  std::vector<ReducerUse> reducers;
  int nfolds = 0;
  bool any_indexed_reducer = false;

  std::vector<int64_t> scratch_offsets;  // by register, bytes into the thread's scratch
  std::vector<int64_t> steps;            // by register, bytes from element to element; 0 when it holds no more than a strip
  int64_t scratch_bytes = 0;
  int64_t strip = kTileElements;         // elements that instructions take at a time

  int first_generator() const { return nloads; }
  int first_constant() const { return nloads + ngenerators; }
  int first_result() const { return nloads + ngenerators + nconstants; }
};

// The words of a batch's tasks after the check: whole numbers as int64, slots as pointers, reals as their bits.
struct Code {
  std::vector<int64_t> words;
  std::vector<Slot*> slots;  // what tasks read and write, each task's together
};

class File;

inline File* file_of(int64_t word) { return reinterpret_cast<File*>(static_cast<intptr_t>(word)); }
inline int64_t word_of(File* file) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(file)); }
inline Slot* slot_of(int64_t word) { return reinterpret_cast<Slot*>(static_cast<intptr_t>(word)); }
inline int64_t word_of(Slot* slot) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(slot)); }

enum class TaskKind : uint8_t { kTiles, kKernel, kReadFile, kWriteFile, kSpillOut, kSpillIn };
inline constexpr int kTaskKinds = 6;

// Who runs tasks: workers those that compute, I/O threads those that move bytes to and from files.
enum class Lane : uint8_t { kCompute, kIo };
inline constexpr int kLanes = 2;

struct Task {
  uint32_t index = 0;
  uint32_t layer = 0;
  uint32_t unready = 0;      // slots it still waits for (engine's lock)
  TaskKind kind = TaskKind::kTiles;
  bool ended = false;        // engine's lock
  bool early = false;        // started although an earlier one has not ended (engine's lock)
  bool ahead = false;        // and that to read ahead
  double weight = 0;
  int64_t transient = 0;     // bytes it needs while it runs
  int64_t sequential = 0;    // bytes alive while it runs, were all tasks run in order
  int64_t moved = 0;         // bytes between memory and disk; of a spill region, whole pages
  int64_t spilled = 0;       // bytes that it and all tasks before it in plan order spill
  const Program* program = nullptr;
  std::shared_ptr<const Code> code;
  const int64_t* words = nullptr;   // its own, into code
  std::span<Slot*> reads, writes;    // into code, without doubles; reads leaves external slots out

  bool reads_disk() const { return kind == TaskKind::kReadFile || kind == TaskKind::kSpillIn; }
  Lane lane() const { return kind <= TaskKind::kKernel ? Lane::kCompute : Lane::kIo; }
};

}  // namespace ndl
