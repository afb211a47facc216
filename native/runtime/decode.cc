#include "runtime/decode.h"

#include <bit>
#include <cstring>

#include "core/check.h"
#include "runtime/program.h"
#include "runtime/slot_check.h"

namespace ndl {
namespace {

constexpr double kMagic = 0x6e646c31;
constexpr int64_t kVersion = 2;
constexpr int64_t kMaxBytes = int64_t{1} << 46;  // room to multiply by the size of a state without overflow
constexpr int64_t kMaxIndex = int64_t{1} << 62;
constexpr __int128 kMaxElements = static_cast<__int128>(1) << 53;

std::string number(int64_t value) { return std::to_string(value); }

}  // namespace

Decoder::Decoder(const Options& options, FindExternal find_external, FindFile find_file)
    : options_(options), find_external_(std::move(find_external)), find_file_(std::move(find_file)) {}

Decoder::~Decoder() = default;

Status Decoder::decode(const std::vector<uint64_t>& words, DecodedBatch* batch) {
  failed_task_ = failed_layer_ = -1;
  WordReader in(words.data(), words.size());
  in.set_place("the batch");
  if (in.real("magic number") != kMagic) in.fail("expected the magic number of a batch");
  in.whole(kVersion, kVersion, "version");
  const int64_t nslots = in.count("number of slots", 5);
  const int64_t nprograms = in.count("number of programs", 8);
  const int64_t ntasks = in.count("number of tasks", 4);

  for (int64_t i = 0; i < nslots && in.ok(); ++i) {
    in.set_place("slot declaration", i);
    decode_slot(in, batch);
  }
  for (int64_t i = 0; i < nprograms && in.ok(); ++i) {
    in.set_place("program", static_cast<int64_t>(programs_.size()));
    decode_program(in);
  }
  if (!in.ok()) return in.status();

  auto code = std::make_shared<Code>();
  code->words.reserve(words.size());
  batch->tasks = std::make_unique<Task[]>(static_cast<size_t>(ntasks));
  struct Extent {
    size_t words, slots, reads;
  };
  std::vector<Extent> begins;
  begins.reserve(static_cast<size_t>(ntasks));
  for (int64_t i = 0; i < ntasks && in.ok(); ++i) {
    Task* task = &batch->tasks[static_cast<size_t>(i)];
    task->index = next_task_;
    in.set_place("task", next_task_);
    failed_task_ = next_task_;
    begins.push_back({code->words.size(), code->slots.size(), 0});
    decode_task(in, task, code.get());
    begins.back().reads = task->reads.size();
    ++next_task_;
  }
  if (in.ok()) {
    failed_task_ = failed_layer_ = -1;
    in.set_place("the batch");
    if (!in.at_end()) in.fail("expected the end, got " + number(static_cast<int64_t>(in.left())) + " more words");
  }
  if (!in.ok()) return in.status();
  batch->ntasks = static_cast<size_t>(ntasks);
  for (size_t i = 0; i < batch->ntasks; ++i) {  // the vectors have stopped moving
    Task& task = batch->tasks[i];
    task.code = code;
    task.words = code->words.data() + begins[i].words;
    const size_t end = i + 1 < batch->ntasks ? begins[i + 1].slots : code->slots.size();
    task.reads = {code->slots.data() + begins[i].slots, begins[i].reads};
    task.writes = {code->slots.data() + begins[i].slots + begins[i].reads, end - begins[i].slots - begins[i].reads};
  }
  return {};
}

Status Decoder::finish() const {
  if (unwritten_ == 0) return {};
  for (const auto& [id, slot] : slots_) {
    if (!slot->external && slot->writers_seen != slot->writers) {
      return error(ErrorCode::kPlanInvalid, "slot " + std::to_string(id) + " declares " + number(slot->writers) +
                                                " writers, but " + number(slot->writers_seen) + " tasks write it");
    }
  }
  return {};
}

void Decoder::decode_slot(WordReader& in, DecodedBatch* batch) {
  auto slot = std::make_shared<Slot>();
  slot->id = static_cast<uint64_t>(in.whole(0, kMaxExact, "id"));
  slot->bytes = in.whole(0, kMaxBytes, "bytes");
  slot->taken = MemoryPool::block_bytes(slot->bytes);
  slot->writers = slot->writers_left = in.whole(0, UINT32_MAX, "writers");
  slot->readers = slot->readers_left = in.whole(0, UINT32_MAX, "readers");
  slot->keep = in.whole(0, 1, "flags") == 1;
  if (!in.ok()) return;
  if (slot->writers == 0 && slot->bytes > 0) return in.fail("expected a writer, since the slot has bytes");
  std::shared_ptr<Slot> existing;
  if (find_external_(slot->id, &existing).ok()) return in.fail("id " + std::to_string(slot->id) + " is taken");
  if (!slots_.emplace(slot->id, slot).second) return in.fail("id " + std::to_string(slot->id) + " is taken");
  if (slot->writers == 0) {
    slot->ready = true;
  } else {
    ++unwritten_;
  }
  batch->declared.push_back(std::move(slot));
}

void Decoder::decode_program(WordReader& in) {
  auto program = std::make_unique<Program>();
  decode_program_words(in, *options_.table, program.get());
  if (in.ok()) programs_.push_back(std::move(program));
}

void Decoder::decode_task(WordReader& in, Task* task, Code* code) {
  const size_t begin = in.position();
  const int64_t nwords = in.whole(5, static_cast<int64_t>(in.left()), "number of words");
  const int64_t kind = in.whole(0, kTaskKinds - 1, "kind");
  task->layer = static_cast<uint32_t>(in.whole(0, options_.nlayers - 1, "layer"));
  task->weight = in.real("weight");
  renames_.clear();
  for (int64_t n = in.whole(0, static_cast<int64_t>(in.left()) / 2, "number of renamed slots"); n > 0 && in.ok(); --n) {
    const int64_t from = in.whole(0, kMaxExact, "renamed slot");
    renames_.push_back({from, in.whole(0, kMaxExact, "slot that stands for another")});
  }
  if (!in.ok()) return;
  failed_layer_ = task->layer;
  if (!(task->weight >= 0 && task->weight < 1e300)) return in.fail("weight: expected a finite number >= 0");
  task->kind = static_cast<TaskKind>(kind);
  read_now_.clear();
  written_now_.clear();
  switch (task->kind) {
    case TaskKind::kTiles: decode_tiles(in, task, &code->words); break;
    case TaskKind::kKernel: decode_calls(in, task, &code->words); break;
    case TaskKind::kReadFile:
    case TaskKind::kWriteFile: decode_copy(in, task, &code->words); break;
    case TaskKind::kSpillOut:
    case TaskKind::kSpillIn: decode_spill(in, task, &code->words); break;
  }
  task->spilled = spilled_;
  if (in.ok() && in.position() != begin + static_cast<size_t>(nwords)) {
    in.fail("expected " + number(nwords) + " words, got " + number(static_cast<int64_t>(in.position() - begin)));
  }
  if (in.ok()) link(in, task, code);
}

// Who reads and writes what; the bytes alive were tasks run in order.
void Decoder::link(WordReader& in, Task* task, Code* code) {
  const uint64_t written_mark = next_mark_++, read_mark = next_mark_++;
  std::vector<Slot*>& slots = code->slots;
  for (Slot* slot : written_now_) slot->last_seen = written_mark;
  const size_t reads_begin = slots.size();
  for (Slot* slot : read_now_) {
    if (slot->last_seen == read_mark) continue;
    const bool own = slot->last_seen == written_mark;  // what an earlier call of the task left there
    if (own && task->kind != TaskKind::kKernel) return in.fail("reads slot " + std::to_string(slot->id) + ", which it also writes");
    slot->last_seen = read_mark;
    if (slot->external) continue;
    if (!own && slot->writers_seen != slot->writers) {
      return in.fail("reads slot " + std::to_string(slot->id) + " before all its writers");
    }
    if (++slot->readers_seen > slot->readers) {
      return in.fail("slot " + std::to_string(slot->id) + " has more readers than it declares");
    }
    slots.push_back(slot);
  }
  const size_t writes_begin = slots.size();
  const uint64_t linked_mark = next_mark_++;
  for (Slot* slot : written_now_) {
    if (slot->last_seen == linked_mark) continue;
    slot->last_seen = linked_mark;
    if (++slot->writers_seen > slot->writers) {
      return in.fail("slot " + std::to_string(slot->id) + " has more writers than it declares");
    }
    if (slot->writers_seen == slot->writers) --unwritten_;
    if (slot->writers_seen == 1) {
      slot->first_writer = task->index;
      alive_ += slot->taken;
    }
    slots.push_back(slot);
  }
  const __int128 needed = static_cast<__int128>(alive_) + task->transient;
  if (needed > options_.limit_bytes) {
    const auto text = needed > kMaxBytes ? "more than " + number(kMaxBytes) : number(static_cast<int64_t>(needed));
    return in.fail(ErrorCode::kMemory, "needs " + text + " bytes at once, but the limit is " +
                                           number(options_.limit_bytes) + " bytes");
  }
  task->sequential = alive_ + task->transient;
  for (size_t i = reads_begin; i < writes_begin; ++i) {
    const Slot* slot = slots[i];
    if (slot->readers_seen == slot->readers && !slot->keep) alive_ -= slot->taken;
  }
  for (size_t i = writes_begin; i < slots.size(); ++i) {
    const Slot* slot = slots[i];
    if (slot->writers_seen == slot->writers && slot->readers == 0 && !slot->keep) alive_ -= slot->taken;
  }
  task->reads = {slots.data() + reads_begin, writes_begin - reads_begin};  // only its size counts until the end
}

Slot* Decoder::find_slot(WordReader& in, const char* what, bool written, bool token) {
  int64_t named = in.whole(0, kMaxExact, what);
  if (!in.ok()) return nullptr;
  const auto rename = std::find_if(renames_.begin(), renames_.end(), [named](const auto& r) { return r.first == named; });
  if (rename != renames_.end()) named = rename->second;
  const auto id = static_cast<uint64_t>(named);
  auto found = slots_.find(id);
  if (found == slots_.end()) {
    std::shared_ptr<Slot> external;
    const Status status = find_external_(id, &external);
    if (!status.ok()) {
      in.fail(std::string(what) + ": " + status.message);
      return nullptr;
    }
    found = slots_.emplace(id, std::move(external)).first;
  }
  Slot* slot = found->second.get();
  if ((slot->region != nullptr) != token) {
    in.fail(std::string(what) + ": slot " + std::to_string(id) + (token ? " is no" : " is a") + " token of a spilled slot");
    return nullptr;
  }
  if (written && slot->external) {
    in.fail(std::string(what) + ": slot " + std::to_string(id) + " is not this run's, and cannot be written");
    return nullptr;
  }
  (written ? written_now_ : read_now_).push_back(slot);
  return slot;
}

void Decoder::decode_tiles(WordReader& in, Task* task, std::vector<int64_t>* out) {
  const int64_t which = in.whole(0, static_cast<int64_t>(programs_.size()) - 1, "program");
  if (!in.ok()) return;
  const Program& program = *programs_[static_cast<size_t>(which)];
  task->program = &program;
  int64_t capacities[kMaxFolds] = {};
  if (program.nfolds == 0) in.whole(0, kMaxExact, "capacity");
  for (int f = 0; f < program.nfolds && in.ok(); ++f) {
    out->push_back(capacities[f] = in.whole(1, kMaxExact, "capacity"));
  }
  for (const Program::ReducerUse& reducer : program.reducers) {
    const int64_t capacity = capacities[reducer.fold];
    for (int f = 0; f < reducer.nfields && in.ok(); ++f) {
      Slot* slot = find_slot(in, "reducer field", true);
      const int64_t offset = in.whole(0, kMaxExact, "offset of a reducer field");
      if (!in.ok()) return;
      const int item = item_size(reducer.field_dtypes[f]);
      check_range(in, "reducer field", *slot, {offset, static_cast<__int128>(offset) + capacity - 1}, item);
      out->push_back(word_of(slot));
      out->push_back(offset);
    }
  }
  if (!in.ok()) return;
  __int128 state = 0;
  for (const Program::ReducerUse& reducer : program.reducers) {
    state += reducer.functions->state_bytes(capacities[reducer.fold]) + 64;
  }
  for (size_t i = 0; i < program.scans.size() && in.ok(); ++i) {
    const int64_t lanes = capacities[static_cast<size_t>(program.nfolds) + i] = in.whole(1, kMaxExact, "lanes of a scan");
    const int item = item_size(program.scans[i].dtype);
    const int64_t ends = in.whole(0, 3, "ends of a scan");
    out->push_back(lanes);
    for (const bool written : {false, true}) {
      const char* what = written ? "last sums of a scan" : "first sums of a scan";
      if ((ends & (written ? 2 : 1)) == 0) {
        out->insert(out->end(), {0, 0});
        continue;
      }
      Slot* slot = find_slot(in, what, written);
      const int64_t offset = in.whole(0, kMaxExact, "offset of a scan's sums");
      if (!in.ok()) return;
      check_range(in, what, *slot, {offset, static_cast<__int128>(offset) + lanes - 1}, item);
      out->insert(out->end(), {word_of(slot), offset});
    }
    state += static_cast<__int128>(lanes) * item + 64;
  }
  if (!in.ok()) return;
  if (state < 0 || state > kMaxBytes) return in.fail("capacity: the state of reducers and scans is too large");
  task->transient = static_cast<int64_t>(state);
  const int64_t nsegments = in.count("number of segments", 2);
  out->push_back(nsegments);
  for (int64_t s = 0; s < nsegments && in.ok(); ++s) decode_segment(in, program, capacities, out);
}

void Decoder::decode_segment(WordReader& in, const Program& program, const int64_t* capacities,
                             std::vector<int64_t>* out) {
  const auto ndim = static_cast<int>(in.whole(1, kMaxDims, "ndim"));
  int64_t extents[kMaxDims] = {}, strides[kMaxDims] = {};
  __int128 elements = 1;
  out->push_back(ndim);
  for (int d = 0; d < ndim && in.ok(); ++d) {
    out->push_back(extents[d] = in.whole(1, kMaxExact, "extent"));
    elements *= extents[d];
    if (elements > kMaxElements) in.fail("extent: the segment has more than 2^53 elements");
  }
  const auto read_strides = [&](const char* what) {
    for (int d = 0; d < ndim && in.ok(); ++d) {
      out->push_back(strides[d] = in.whole(-kMaxExact, kMaxExact, what));
    }
  };

  for (int j = 0; j < program.nloads && in.ok(); ++j) {
    const int item = item_size(program.dtypes[static_cast<size_t>(j)]);
    Slot* slot = find_slot(in, "load", false);
    const int64_t offset = in.whole(-kMaxExact, kMaxExact, "offset of a load");
    out->push_back(word_of(slot));
    out->push_back(offset);
    read_strides("stride of a load");
    if (!in.ok()) return;
    if (!program.indexed[static_cast<size_t>(j)]) {
      check_range(in, "load", *slot, affine_range(offset, ndim, extents, strides), item);
      continue;
    }
    Slot* index = find_slot(in, "index of a load", false);
    const int64_t index_offset = in.whole(0, kMaxExact, "offset of an index");
    const auto axis = static_cast<int>(in.whole(0, ndim - 1, "axis of an indexed load"));
    const int64_t limit = in.whole(0, kMaxExact, "limit of an indexed load");
    if (!in.ok()) return;
    check_range(in, "index of a load", *index,
                {index_offset, static_cast<__int128>(index_offset) + extents[axis] - 1}, 8);
    const int64_t extent = extents[axis];
    extents[axis] = std::max<int64_t>(limit, 1);
    // With limit 0 every index is out of bounds, so nothing is ever read.
    if (limit > 0) check_range(in, "indexed load", *slot, affine_range(offset, ndim, extents, strides), item);
    if (!aligned(*slot, item)) in.fail("indexed load: the slot is not aligned for its elements");
    extents[axis] = extent;
    out->push_back(word_of(index));
    out->push_back(index_offset);
    out->push_back(axis);
    out->push_back(limit);
  }
  for (int j = 0; j < program.ngenerators && in.ok(); ++j) {
    const int64_t first = in.whole(0, kMaxExact, "first index of a generator");
    out->push_back(first);
    read_strides("step of a generator");
    if (!in.ok()) return;
    const AffineRange range = affine_range(first, ndim, extents, strides);
    if (range.low < 0 || range.high > kMaxIndex) in.fail("generator: an index is negative or above 2^62");
  }
  for (const int reg : program.stores) {
    if (!in.ok()) return;
    Slot* slot = find_slot(in, "store", true);
    const int64_t offset = in.whole(-kMaxExact, kMaxExact, "offset of a store");
    out->push_back(word_of(slot));
    out->push_back(offset);
    read_strides("stride of a store");
    if (!in.ok()) return;
    for (int d = 0; d < ndim; ++d) {
      if (strides[d] == 0 && extents[d] > 1) return in.fail("stride of a store: expected non-zero");
    }
    check_range(in, "store", *slot, affine_range(offset, ndim, extents, strides),
                item_size(program.dtypes[static_cast<size_t>(reg)]));
  }
  int64_t signs[kMaxDims] = {};  // a fold fills its state upwards: one walk must suit them all
  for (int f = 0; f < program.nfolds && in.ok(); ++f) {
    const int64_t kept0 = in.whole(0, kMaxExact, "first kept element");
    out->push_back(kept0);
    read_strides("stride of kept elements");
    if (!in.ok()) return;
    const AffineRange kept = affine_range(kept0, ndim, extents, strides);
    if (kept.low < 0 || kept.high >= capacities[f]) return in.fail("kept elements lie outside of the capacity");
    for (int d = 0; d < ndim; ++d) {
      const int64_t sign = extents[d] == 1 ? 0 : (strides[d] > 0) - (strides[d] < 0);
      if (sign * signs[d] < 0) return in.fail("stride of kept elements: another fold goes the other way");
      if (sign != 0) signs[d] = sign;
    }
    const int64_t index0 = in.whole(-kMaxExact, kMaxExact, "first index of a reducer");
    out->push_back(index0);
    read_strides("step of a reducer's index");
    if (!in.ok()) return;
    const AffineRange index = affine_range(index0, ndim, extents, strides);
    if (index.low < -kMaxIndex || index.high > kMaxIndex) return in.fail("a reducer's index is above 2^62");
  }
  for (size_t i = 0; i < program.scans.size() && in.ok(); ++i) {
    out->push_back(in.whole(0, 1, "whether a scan begins"));
    const int64_t lane0 = in.whole(0, kMaxExact, "first lane of a scan");
    out->push_back(lane0);
    read_strides("stride of lanes");
    if (!in.ok()) return;
    const AffineRange lanes = affine_range(lane0, ndim, extents, strides);
    if (lanes.high >= capacities[static_cast<size_t>(program.nfolds) + i]) return in.fail("lanes lie outside of the capacity");
    int along = 0;
    for (int d = 0; d < ndim; ++d) {
      if (extents[d] == 1) continue;
      if (strides[d] < 0) return in.fail("stride of lanes: expected none below 0");
      along += strides[d] == 0;
    }
    if (along > 1) return in.fail("stride of lanes: a scan goes along one axis");
  }
}

void Decoder::decode_calls(WordReader& in, Task* task, std::vector<int64_t>* out) {
  const int64_t kernel = in.whole(0, static_cast<int64_t>(BlockKernel::kCount) - 1, "kernel");
  if (!in.ok()) return;
  const BlockFns& functions = options_.table->block[kernel];
  if (functions.run == nullptr) return in.fail("kernel " + number(kernel) + " does not exist");
  const int64_t ncalls = in.count("number of calls", 3);
  out->push_back(kernel);
  out->push_back(ncalls);
  for (int64_t i = 0; i < ncalls && in.ok(); ++i) decode_call(in, functions, task, out);
}

void Decoder::decode_call(WordReader& in, const BlockFns& kernel, Task* task, std::vector<int64_t>* out) {
  const int64_t nin = in.count("number of inputs", 4);
  const int64_t nout = in.count("number of outputs", 4);
  const int64_t nparams = in.count("number of parameters", 1);
  if (!in.ok()) return;
  out->insert(out->end(), {nin, nout, nparams, 0});
  const size_t scratch_word = out->size() - 1;
  const auto noperands = static_cast<size_t>(nin + nout);
  std::vector<BlockOperand> operands(noperands);
  std::vector<int64_t> axes;  // extents and strides of all operands, one after the other
  std::vector<size_t> begins;
  for (size_t i = 0; i < noperands && in.ok(); ++i) {
    const bool written = i >= static_cast<size_t>(nin);
    Slot* slot = find_slot(in, written ? "output" : "input", written);
    const int64_t dtype = in.whole(0, kDTypeCount - 1, "dtype of an operand");
    const auto ndim = static_cast<int>(in.whole(0, kMaxDims, "ndim of an operand"));
    const int64_t offset = in.whole(-kMaxExact, kMaxExact, "offset of an operand");
    if (!in.ok()) return;
    out->insert(out->end(), {word_of(slot), dtype, ndim, offset});
    begins.push_back(axes.size());
    __int128 elements = 1;
    for (int d = 0; d < ndim && in.ok(); ++d) {
      axes.push_back(in.whole(0, kMaxExact, "extent of an operand"));
      if (axes.back() > 0) elements *= axes.back();
      if (elements > kMaxElements) in.fail("extent of an operand: more than 2^53 elements");
    }
    bool empty = false;
    for (int d = 0; d < ndim; ++d) empty = empty || axes[begins.back() + static_cast<size_t>(d)] == 0;
    for (int d = 0; d < ndim && in.ok(); ++d) {
      axes.push_back(in.whole(-kMaxExact, kMaxExact, "stride of an operand"));
      if (written && axes.back() == 0 && axes[begins.back() + static_cast<size_t>(d)] > 1) {
        in.fail("stride of an output: expected non-zero");
      }
    }
    if (!in.ok()) return;
    operands[i].data = nullptr;
    operands[i].dtype = static_cast<DType>(dtype);
    operands[i].ndim = ndim;
    const int item = item_size(operands[i].dtype);
    const int64_t* extents = axes.data() + begins.back();
    if (empty) {
      if (!fits({offset, static_cast<__int128>(offset) - 1}, item, slot->bytes)) in.fail("operand: offset outside");
    } else {
      check_range(in, written ? "output" : "input", *slot, affine_range(offset, ndim, extents, extents + ndim), item);
    }
    out->insert(out->end(), extents, extents + 2 * ndim);
  }
  std::vector<double> params(static_cast<size_t>(nparams));
  for (double& param : params) {
    param = in.real("parameter");
    out->push_back(std::bit_cast<int64_t>(param));
  }
  if (!in.ok()) return;
  for (size_t i = 0; i < noperands; ++i) {
    operands[i].extents = axes.data() + begins[i];
    operands[i].strides = operands[i].extents + operands[i].ndim;
  }
  const BlockArgs args{operands.data(), operands.data() + nin,     static_cast<int32_t>(nin),
                       static_cast<int32_t>(nout), params.data(), static_cast<int32_t>(nparams), nullptr, nullptr};
  if (const char* message = kernel.check(&args)) return in.fail(message);
  const int64_t scratch = kernel.scratch_bytes != nullptr ? kernel.scratch_bytes(&args) : 0;
  if (scratch < 0 || scratch > kMaxBytes) return in.fail("the kernel's scratch memory is too large");
  (*out)[scratch_word] = scratch;
  task->transient = std::max(task->transient, scratch);
}

}  // namespace ndl
