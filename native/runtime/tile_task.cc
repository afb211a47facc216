#include "runtime/tile_task.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "runtime/box_walk.h"

namespace ndl {
namespace {

using Kind = Streams::Kind;

constexpr int64_t kCacheLine = 64;
constexpr int64_t kHeldBytes = 256 << 10;  // what was read so few bytes ago is in L2
constexpr int64_t kGathered = 32;  // elements that are picked between two looks ahead
constexpr int kBusyProgram = 3;  // instructions from which computing hides loading, however much is loaded

int log2_item(DType dtype) { return std::countr_zero(static_cast<unsigned>(item_size(dtype))); }

struct Index {  // of an indexed load: element c of its axis is at values[base + step * c]
  const int64_t* values;
  int64_t limit;
  int64_t low, high;  // of what the segment reads of it
};

// A load or a store within the segment.
struct Operand {
  std::byte* data;  // of the slot
  int log2;         // of the item size
  int64_t row, column;  // strides along the box
  bool fixed;           // the same one element everywhere
  bool follows;         // reads what another load has just read
  bool apart;           // its rows are read where they lie
  int64_t ahead;        // bytes to the next box, for who reads this one to ask for; 0: nothing to ask for
  // The box that the register holds already.
  int64_t held_offset, held_rows, held_columns;
};

// An instruction with the places of its operands in the strip at hand, and what leads to the next strip.
struct Call {
  MapFn run;
  int scan;  // which one it is, or -1
  void* out[kMaxOutputs];
  const void* in[kMaxInputs];
  int64_t out_step[kMaxOutputs], in_step[kMaxInputs];
};

// A scan within the segment.
struct Scan {
  std::byte* state;
  bool begins;  // no sums before the segment
  int axis;     // it goes along; past the last where the segment has one element of each lane
};
constexpr int kScanWords = 5;  // of a task, for each scan: lanes, slot and offset of the first sums, slot and offset of the last; no slot is 0

// A reducer within the segment, and its tile of the box at hand.
struct Fold {
  void (*run)(const ReduceTile*);
  ReduceTile tile;
  int kept, index;  // streams
  int64_t kept_row, kept_column, index_row, index_column;
};

// What will be read soon: `rounds` of runs of `length` bytes. Run k is at base + stride * (index ? index[index_step * k] : k).
struct Ahead {
  const std::byte *base, *line, *end;  // of the round at hand; the next cache line and the end of the run at hand
  int64_t length, stride, runs, run, rounds, round_stride;
  const int64_t* index;
  int64_t index_step;
  bool picks;  // single elements: a line each

  const std::byte* begin() const { return base + stride * (index == nullptr ? run : index[index_step * run]); }
  void begin_run() {
    line = begin();
    end = picks ? line : line + length;
    line -= reinterpret_cast<uintptr_t>(line) % kCacheLine;
  }
};

template <typename T>
void gather_row(T* out, const T* in, int64_t stride, const int64_t* index, int64_t index_step, int64_t n) {
  if (stride == 1 && index_step == 1) {
    for (int64_t i = 0; i < n; ++i) out[i] = in[index[i]];
    return;
  }
  for (int64_t i = 0; i < n; ++i) out[i] = in[index[i * index_step] * stride];
}

struct Item16 {
  uint64_t low, high;
};

// Hands out pieces of a vector that lives as long as the worker.
class Bump {
 public:
  explicit Bump(std::vector<std::byte>& memory, size_t bytes) : memory_(memory) {
    if (memory_.size() < bytes + 64) memory_.resize(bytes + 64);
  }
  template <typename T>
  T* take(int n) {
    const size_t begin = (used_ + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);
    used_ = begin + sizeof(T) * static_cast<size_t>(n);
    return reinterpret_cast<T*>(memory_.data() + begin);
  }

 private:
  std::vector<std::byte>& memory_;
  size_t used_ = 0;
};

class TileRun {
 public:
  TileRun(const Task& task, const KernelTable& table, Scratch& scratch, const std::atomic<bool>& stop)
      : program_(*task.program), table_(table), scratch_(scratch), stop_(stop), words_(task.words) {}

  Status run() {
    registers_ = scratch_.registers.reserve(program_.scratch_bytes);
    if (registers_ == nullptr && program_.scratch_bytes > 0) return error(ErrorCode::kMemory, "no memory for registers");
    arrange();
    capacities_ = words_;
    words_ += program_.nfolds;
    const int64_t* fields = words_;
    for (const Program::ReducerUse& use : program_.reducers) words_ += 2 * use.nfields;
    const int64_t* scans = words_;
    words_ += kScanWords * nscans();
    if (Status status = begin_states(scans); !status.ok()) return status;
    for (int64_t nsegments = *words_++; nsegments > 0; --nsegments) {
      if (Status status = run_segment(); !status.ok()) return status;
    }
    end_reducers(fields);
    end_scans(scans);
    return {};
  }

 private:
  int nloads() const { return program_.nloads; }
  int nstores() const { return static_cast<int>(program_.stores.size()); }
  int nscans() const { return static_cast<int>(program_.scans.size()); }
  std::byte* scratch_of(int reg) const { return registers_ + program_.scratch_offsets[static_cast<size_t>(reg)]; }
  int64_t scan_item(int i) const { return item_size(program_.scans[static_cast<size_t>(i)].dtype); }
  int64_t step(int reg) const { return program_.steps[static_cast<size_t>(reg)]; }
  DType dtype(int reg) const { return program_.dtypes[static_cast<size_t>(reg)]; }

  void arrange() {
    const int nstreams = nloads() + program_.ngenerators + nstores() + 2 * program_.nfolds + nscans();
    const size_t bytes = static_cast<size_t>(nstreams) * (sizeof(Kind) + 1 + 8 * (kMaxDims + 5)) +
                         static_cast<size_t>(nloads() + nstores()) * (sizeof(Operand) + sizeof(Index) + sizeof(Ahead) + 16) +
                         static_cast<size_t>(program_.nregisters + nstores() + 1) * 16 +
                         program_.instructions.size() * sizeof(Call) + program_.reducers.size() * (sizeof(Fold) + 8) + program_.scans.size() * (sizeof(Scan) + 8) + 16 * 32;
    Bump bump(scratch_.operands, bytes);
    kinds_ = bump.take<Kind>(nstreams);
    index_axes_ = bump.take<int8_t>(nstreams);
    bases_ = bump.take<int64_t>(nstreams);
    strides_ = bump.take<int64_t>(nstreams * kMaxDims);
    index_bases_ = bump.take<int64_t>(nstreams);
    index_steps_ = bump.take<int64_t>(nstreams);
    loads_ = bump.take<Operand>(nloads());
    indices_ = bump.take<Index>(nloads());
    ahead_ = bump.take<Ahead>(nloads());
    stores_ = bump.take<Operand>(nstores());
    calls_ = bump.take<Call>(static_cast<int>(program_.instructions.size()));
    values_ = bump.take<void*>(program_.nregisters);
    direct_ = bump.take<void*>(nstores() + 1);
    states_ = bump.take<std::byte*>(static_cast<int>(program_.reducers.size()));
    scans_ = bump.take<Scan>(nscans());
    folds_ = bump.take<Fold>(static_cast<int>(program_.reducers.size()));
    for (int r = 0; r < program_.nregisters; ++r) values_[r] = scratch_of(r);
    Call* call = calls_;
    for (const Program::Instruction& ins : program_.instructions) {
      *call = {ins.run, ins.scan, {}, {}, {}, {}};
      for (int i = 0; i < ins.nout; ++i) call->out_step[i] = program_.strip * step(ins.out[i]);
      for (int i = 0; i < ins.nin; ++i) call->in_step[i] = program_.strip * step(ins.in[i]);
      ++call;
    }
  }

  // Reducers begin with nothing, scans with the sums before this task, if there are any.
  Status begin_states(const int64_t* scans) {
    if (program_.reducers.empty() && program_.scans.empty()) return {};
    int64_t bytes = 0;
    for (const Program::ReducerUse& use : program_.reducers) {
      bytes += (use.functions->state_bytes(capacities_[use.fold]) + 63) / 64 * 64;
    }
    for (int i = 0; i < nscans(); ++i) bytes += (scans[kScanWords * i] * scan_item(i) + 63) / 64 * 64;
    std::byte* state = scratch_.state.reserve(bytes);
    if (state == nullptr) return error(ErrorCode::kMemory, "no memory for the state of a reduction or a scan");
    for (size_t i = 0; i < program_.reducers.size(); ++i) {
      const ReduceFns& functions = *program_.reducers[i].functions;
      const int64_t capacity = capacities_[program_.reducers[i].fold];
      states_[i] = state;
      functions.init(state, capacity);
      state += (functions.state_bytes(capacity) + 63) / 64 * 64;
    }
    for (int i = 0; i < nscans(); ++i, scans += kScanWords) {
      const int64_t size = scans[0] * scan_item(i);
      scans_[i] = {state, false, -1};
      if (const Slot* first = slot_of(scans[1])) std::memcpy(state, first->data + scans[2] * scan_item(i), static_cast<size_t>(size));
      state += (size + 63) / 64 * 64;
    }
    return {};
  }

  void end_scans(const int64_t* scans) {
    for (int i = 0; i < nscans(); ++i, scans += kScanWords) {
      const Slot* last = slot_of(scans[3]);
      if (last != nullptr) std::memcpy(last->data + scans[4] * scan_item(i), scans_[i].state, static_cast<size_t>(scans[0] * scan_item(i)));
    }
  }

  void end_reducers(const int64_t* fields) {
    for (size_t i = 0; i < program_.reducers.size(); ++i) {
      const Program::ReducerUse& use = program_.reducers[i];
      void* out[kMaxFields];
      for (int f = 0; f < use.nfields; ++f, fields += 2) {
        out[f] = slot_of(fields[0])->data + fields[1] * item_size(use.field_dtypes[f]);
      }
      use.functions->finish(states_[i], capacities_[use.fold], out);
    }
  }

  void add_stream(Kind kind, int64_t base, int ndim) {
    kinds_[streams_.n] = kind;
    bases_[streams_.n] = base;
    index_axes_[streams_.n] = -1;
    std::copy(words_, words_ + ndim, streams_.of(streams_.n));
    words_ += ndim;
    ++streams_.n;
  }

  // Words to streams and operands; streams are in the order loads, generators, stores, and for each fold kept, index.
  Status run_segment() {
    streams_ = Streams{0, kinds_, bases_, strides_, index_axes_, index_bases_, index_steps_, program_.nfolds + nscans(), program_.nfolds, {}, {}};
    const auto ndim = static_cast<int>(*words_++);
    const int64_t* extents = words_;
    words_ += ndim;
    for (int j = 0; j < nloads(); ++j) {
      loads_[j] = operand(j);
      const int64_t base = *words_++;
      add_stream(Kind::kLoad, base, ndim);
      if (!program_.indexed[static_cast<size_t>(j)]) continue;
      indices_[j] = {reinterpret_cast<const int64_t*>(slot_of(words_[0])->data), words_[3], 0, 0};
      index_bases_[j] = words_[1];
      index_steps_[j] = 1;
      index_axes_[j] = static_cast<int8_t>(words_[2]);
      words_ += 4;
    }
    for (int j = 0; j < program_.ngenerators; ++j) {
      const int64_t first = *words_++;
      add_stream(Kind::kGenerator, first, ndim);
    }
    for (int j = 0; j < nstores(); ++j) {
      stores_[j] = operand(program_.stores[static_cast<size_t>(j)]);
      const int64_t base = *words_++;
      add_stream(Kind::kStore, base, ndim);
    }
    for (int f = 0; f < program_.nfolds; ++f) {
      streams_.kept[f] = streams_.n;
      const int64_t kept0 = *words_++;
      add_stream(Kind::kKept, kept0, ndim);
      streams_.index[f] = -1;
      if (program_.any_indexed_reducer) {
        streams_.index[f] = streams_.n;
        const int64_t index0 = *words_++;
        add_stream(Kind::kIndex, index0, ndim);
      } else {
        words_ += 1 + ndim;
      }
    }
    for (int i = 0; i < nscans(); ++i) {
      scans_[i].begins = *words_++ == 1;
      streams_.kept[program_.nfolds + i] = streams_.n;
      streams_.index[program_.nfolds + i] = -1;
      const int64_t lane0 = *words_++;
      add_stream(Kind::kKept, lane0, ndim);
    }
    walk_ = plan_walk(ndim, extents, streams_, program_.any_indexed_reducer || nscans() > 0);
    for (int i = 0; i < nscans(); ++i) {
      const int64_t* lanes = streams_.of(streams_.kept[program_.nfolds + i]);
      scans_[i].axis = static_cast<int>(std::find(lanes, lanes + walk_.ndim, 0) - lanes);
    }
    for (int j = 0; j < nloads(); ++j) {
      if (index_axes_[j] >= 0 && !check_index(j)) return failure_;
    }
    return walk();
  }

  Operand operand(int reg) {
    Operand result{};
    result.data = slot_of(*words_++)->data;
    result.log2 = log2_item(dtype(reg));
    return result;
  }

  int64_t row_stride(int stream) const { return walk_.outer < 0 ? 0 : streams_.of(stream)[walk_.outer]; }
  int64_t column_stride(int stream) const { return streams_.of(stream)[walk_.inner]; }

  Status walk() {
    const int64_t full = walk_.rows * walk_.columns;
    prepare(full);
    std::fill_n(coordinates_, walk_.ndim, 0);
    if (only_folds_) return fold_boxes();
    while (true) {
      int64_t r = 0, c = 0;
      while (r < nrows_ && c < ncolumns_) {
        const auto [next_r, next_c] = after(r, c);
        nahead_ = 0;
        if (next_r < nrows_ && next_c < ncolumns_) look_ahead(r, c, next_r, next_c);
        if (!box(r, c, height_at(r), width_at(c))) return failure_;
        r = next_r;
        c = next_c;
      }
      if (!next_position()) return {};
    }
  }

  // Whether boxes are folded from where they lie, and nothing else happens.
  bool only_folds() const {
    if (walk_.columns == 1 || !program_.instructions.empty() || program_.ngenerators > 0 || nstores() > 0) return false;
    for (int j = 0; j < nloads(); ++j) {
      const bool lies = walk_.rows > 1 ? loads_[j].apart : loads_[j].column == 1 && index_axes_[j] < 0;
      if (!program_.folded[static_cast<size_t>(j)] || !lies) return false;
    }
    return std::all_of(program_.reducers.begin(), program_.reducers.end(), [&](const Program::ReducerUse& use) { return use.inputs[0] < nloads(); });
  }

  // Nothing is decided here but where the next box lies (see update in driver.h).
  Status fold_boxes() {
    do {
      for (int64_t r = 0, c = 0; r < nrows_ && c < ncolumns_;) {
        if (stop_.load(std::memory_order_relaxed)) return error(ErrorCode::kCancelled, "cancelled");
        const int64_t rows = height_at(r), columns = width_at(c);
        const auto [next_r, next_c] = after(r, c);
        const bool asks = next_r < nrows_ && next_c < ncolumns_ && height_at(next_r) == rows && next_c + columns <= ncolumns_;
        for (int j = 0; j < nloads(); ++j) {
          const int64_t step = wide_ && next_r == r ? walk_.columns : asks ? (next_r - r) * loads_[j].row + (next_c - c) : 0;
          loads_[j].ahead = step << loads_[j].log2;
        }
        for (size_t i = 0; i < program_.reducers.size(); ++i) {
          const int j = program_.reducers[i].inputs[0];
          const Operand& load = loads_[j];
          const void* in = load.data + ((bases_[j] + r * load.row + c) << load.log2);
          Fold& fold = folds_[i];
          place(fold, r, c, rows, columns);
          fold.tile.in = &in;
          fold.tile.pitch = rows > 1 ? load.row : 0;
          fold.tile.ahead = take_ahead(j);
          fold.run(&fold.tile);
        }
        r = next_r;
        c = next_c;
      }
    } while (next_position());
    return {};
  }

  Fold fold_of(size_t i) const {
    const Program::ReducerUse& use = program_.reducers[i];
    Fold fold{};
    fold.run = use.merge ? use.functions->merge : use.functions->update;
    fold.kept = streams_.kept[use.fold];
    fold.kept_row = row_stride(fold.kept);
    fold.kept_column = column_stride(fold.kept);
    fold.index = streams_.index[use.fold];
    if (fold.index >= 0) {
      fold.index_row = row_stride(fold.index);
      fold.index_column = column_stride(fold.index);
    }
    fold.tile.state = states_[i];
    fold.tile.capacity = capacities_[use.fold];
    fold.tile.kept_inner = fold.kept_column != 0;
    return fold;
  }

  // How the box stands in the reducer's state.
  void place(Fold& fold, int64_t row, int64_t column, int64_t rows, int64_t columns) const {
    ReduceTile& tile = fold.tile;
    const bool rows_kept = fold.kept_row != 0, columns_kept = fold.kept_column != 0;
    tile.kept0 = bases_[fold.kept] + row * fold.kept_row + column * fold.kept_column;
    tile.kept = (rows_kept ? rows : 1) * (columns_kept ? columns : 1);
    tile.reduced = (rows_kept ? 1 : rows) * (columns_kept ? 1 : columns);
    if (fold.index < 0) return;
    tile.index0 = bases_[fold.index] + row * fold.index_row + column * fold.index_column;
    if (rows_kept == columns_kept) {
      (rows_kept ? tile.index_kept : tile.index_reduced) = columns == 1 ? fold.index_row : fold.index_column;
    } else {
      tile.index_kept = rows_kept ? fold.index_row : fold.index_column;
      tile.index_reduced = rows_kept ? fold.index_column : fold.index_row;
    }
  }

  // Where the box after that at (r, c) begins; outside at the end.
  std::pair<int64_t, int64_t> after(int64_t r, int64_t c) const {
    if (walk_.columns_outermost) {
      return r + walk_.rows < nrows_ ? std::pair{r + walk_.rows, c} : std::pair{int64_t{0}, c + width_at(c)};
    }
    const int64_t next = c + width_at(c);
    return next < ncolumns_ ? std::pair{r, next} : std::pair{r + walk_.rows, int64_t{0}};
  }

  // Steps the axes that the box does not span; false at the end.
  bool next_position() {
    for (int d = walk_.ndim - 1; d >= 0; --d) {
      if (d == walk_.inner || d == walk_.outer) continue;
      const bool wraps = ++coordinates_[d] == walk_.extents[d];
      const int64_t steps = wraps ? 1 - walk_.extents[d] : 1;
      if (wraps) coordinates_[d] = 0;
      for (int s = 0; s < streams_.n; ++s) {
        if (index_axes_[s] != d) bases_[s] += steps * streams_.of(s)[d];
      }
      if (!wraps) return true;
    }
    return false;
  }

  // Extents of the box that begins there. A few columns that are left over join the box before them where no buffer has to hold it. Wide boxes leave
  // a narrow one at the end of their rows, which asks for the next rows.
  int64_t height_at(int64_t row) const { return std::min(walk_.rows, nrows_ - row); }
  int64_t width_at(int64_t column) const {
    const int64_t left = ncolumns_ - column;
    if (only_folds_ && walk_.rows > 1 && left * 2 <= walk_.columns * 3) return left;
    return wide_ ? std::min(kTileElements, left - walk_.columns) : std::min(walk_.columns, left);
  }

  void prepare(int64_t full) {
    nrows_ = walk_.outer < 0 ? 1 : walk_.extents[walk_.outer];
    ncolumns_ = walk_.extents[walk_.inner];
    for (int j = 0; j < nloads(); ++j) {
      Operand& load = loads_[j];
      load.row = row_stride(j);
      load.column = column_stride(j);
      load.held_offset = INT64_MIN;
      load.fixed = index_axes_[j] < 0;
      for (int d = 0; d < walk_.ndim; ++d) load.fixed = load.fixed && streams_.of(j)[d] == 0;
      if (load.fixed && !program_.copied[static_cast<size_t>(j)]) {
        values_[j] = scratch_of(j);
        fill(values_[j], load.data + (bases_[j] << load.log2), load.log2, full);
      }
    }
    for (int j = 0; j < nloads(); ++j) {
      loads_[j].follows = false;
      for (int k = 0; k < nloads() && !loads_[j].follows; ++k) loads_[j].follows = k != j && is_ahead(k, j);
    }
    int moving = 0;
    for (int j = 0; j < nloads(); ++j) moving += !loads_[j].fixed && !loads_[j].follows;
    asks_ = moving == 1 || static_cast<int>(program_.instructions.size()) >= std::min(moving, kBusyProgram);
    for (int j = 0; j < nloads(); ++j) {
      loads_[j].apart = may_lie_apart(j);
      loads_[j].ahead = 0;
    }
    only_folds_ = only_folds();
    for (size_t i = 0; i < program_.reducers.size(); ++i) folds_[i] = fold_of(i);
    wide_ = only_folds_ && walk_.rows > 1 && program_.reducers.size() == 1 && folds_[0].kept_column != 0;
    for (int j = 0; j < nstores(); ++j) {
      const int s = nloads() + program_.ngenerators + j;
      stores_[j].row = row_stride(s);
      stores_[j].column = column_stride(s);
    }
    if (program_.nconstants == 0) {
      scratch_.constants_program = 0;  // its registers lie where another program's constants were
      return;
    }
    if (scratch_.constants_program != program_.serial || scratch_.constants_filled < full ||
        scratch_.constants_generation != scratch_.registers.generation()) {
      for (int j = 0; j < program_.nconstants; ++j) {
        const int reg = program_.first_constant() + j;
        const int64_t n = step(reg) > 0 ? full : std::min(full, program_.strip);
        fill(scratch_of(reg), program_.constants[static_cast<size_t>(j)].data(), log2_item(dtype(reg)), n);
      }
      scratch_.constants_program = program_.serial;
      scratch_.constants_generation = scratch_.registers.generation();
      scratch_.constants_filled = full;
    }
  }

  // Whether rows are read where they lie: memory is then kept busy along all of them at once, and nothing is copied.
  bool may_lie_apart(int j) const {
    if (!program_.folded[static_cast<size_t>(j)] || index_axes_[j] >= 0 || loads_[j].column != 1 || loads_[j].row == 0) return false;
    const auto one_way = [&](int kept) { return (row_stride(kept) == 0) != (column_stride(kept) == 0); };  // folded or scanned
    for (const Program::ReducerUse& use : program_.reducers) {
      if (use.inputs[0] == j && !one_way(streams_.kept[use.fold])) return false;
    }
    for (const Program::Instruction& ins : program_.instructions) {
      if (ins.scan >= 0 && ins.in[0] == j && !one_way(streams_.kept[program_.nfolds + ins.scan])) return false;
    }
    return true;
  }
  // From row to row of what lies apart, 0 where there are no gaps.
  int64_t pitch(int reg, int64_t rows, int64_t columns) const {
    return reg < nloads() && loads_[reg].apart && rows > 1 && columns > 1 ? loads_[reg].row : 0;
  }

  // The first who reads a box asks for the next one.
  int64_t take_ahead(int reg) { return reg < nloads() ? std::exchange(loads_[reg].ahead, 0) : 0; }

  // Whether load k walks as load j does, a little ahead of it: the operands of a stencil.
  bool is_ahead(int k, int j) const {
    if (loads_[k].data != loads_[j].data || loads_[k].log2 != loads_[j].log2 || index_axes_[k] >= 0 || index_axes_[j] >= 0) return false;
    for (int d = 0; d < walk_.ndim; ++d) {
      if (streams_.of(k)[d] != streams_.of(j)[d]) return false;
    }
    const int64_t ahead = (bases_[k] - bases_[j]) << loads_[j].log2;
    return ahead == 0 ? k < j : ahead > 0 && ahead <= kHeldBytes;
  }

  void fill(void* out, const void* element, int log2, int64_t n) {
    const int64_t to = 1, from = 0;
    table_.copy[log2](out, &to, element, &from, &n, 1);
  }

  static bool contiguous(int64_t row, int64_t column, int64_t rows, int64_t columns) {
    if (columns == 1) return rows == 1 || row == 1;
    return column == 1 && (rows == 1 || row == columns);
  }

  void copy_box(int log2, void* out, int64_t out_row, int64_t out_column, const void* in, int64_t in_row,
                int64_t in_column, int64_t rows, int64_t columns) {
    const int64_t to[2] = {out_row, out_column}, from[2] = {in_row, in_column}, extents[2] = {rows, columns};
    if (rows == 1) {
      table_.copy[log2](out, to + 1, in, from + 1, extents + 1, 1);
    } else {
      table_.copy[log2](out, to, in, from, extents, 2);
    }
  }

  // What the next box loads is asked for piece by piece while this one is computed. The processor finds the next line of a run by itself,
  // but not the next run; and it does not look far enough over what is computed between two boxes.
  void look_ahead(int64_t row, int64_t column, int64_t next_row, int64_t next_column) {
    const int64_t rows = height_at(next_row), columns = width_at(next_column), rows_now = height_at(row), columns_now = width_at(column);
    int64_t lines = 0;
    for (int j = 0; j < nloads(); ++j) {
      Operand& load = loads_[j];
      if (load.fixed || load.follows) continue;
      if (index_axes_[j] >= 0 && index_axes_[j] == walk_.inner) {
        lines += look_along_index(j, row, column, next_row, next_column, rows, columns);
        continue;
      }
      const bool picked = index_axes_[j] >= 0 && index_axes_[j] == walk_.outer;  // each row by itself
      const int64_t offset = first_of(j, row, column), next = first_of(j, next_row, next_column);
      const bool across = load.column != 1;  // runs go along the rows
      if (next == offset || (across && (picked || load.row != 1))) continue;
      const bool one_run = picked ? rows == 1 : contiguous(load.row, load.column, rows, columns);
      if (program_.folded[static_cast<size_t>(j)] && rows == rows_now && columns >= columns_now && (one_run || pitch(j, rows, columns) != 0)) {
        load.ahead = (next - offset) << load.log2;
        continue;
      }
      // Several runs, and little else to do, keep the memory busy by themselves; asking twice would only be in the way.
      if (!asks_ && one_run && next == offset + walk_.rows * walk_.columns) continue;
      Ahead ahead{};
      ahead.base = load.data + (next << load.log2);
      ahead.length = (one_run ? rows * columns : across ? rows : columns) << load.log2;
      ahead.stride = (across ? load.column : load.row) << load.log2;
      ahead.runs = one_run || ahead.stride == 0 ? 1 : across ? columns : rows;
      if (picked && rows > 1) {
        ahead.base = load.data + ((bases_[j] + next_column) << load.log2);
        ahead.index = index_of(j, next_row);
        ahead.index_step = index_steps_[j];
      }
      lines += ask_for(ahead);
    }
    // Until then there are so many places to ask at.
    int64_t picking = 0;
    for (int j = 0; j < nloads(); ++j) picking += index_axes_[j] == walk_.inner;
    const int64_t strips = (rows_now * columns_now + program_.strip - 1) / program_.strip;
    const int64_t steps = std::max<int64_t>(static_cast<int64_t>(program_.instructions.size()) * strips, 1) +
                          static_cast<int64_t>(program_.reducers.size()) + picking * rows_now * ((columns_now + kGathered - 1) / kGathered);
    share_ = lines / steps + 1;
  }

  int64_t ask_for(Ahead ahead) {
    ahead.rounds = std::max<int64_t>(ahead.rounds, 1);
    ahead.begin_run();
    ahead_[nahead_++] = ahead;
    return ahead.rounds * ahead.runs * (ahead.length / kCacheLine + 1);
  }

  // The same for a load that picks its columns. Where every line of a row is wanted, the next rows are asked for in the order of memory, each box
  // for its share of them: what a box picks is all over the row.
  int64_t look_along_index(int j, int64_t row, int64_t column, int64_t next_row, int64_t next_column, int64_t rows, int64_t columns) {
    const Operand& load = loads_[j];
    const Index& index = indices_[j];
    const int64_t bytes = load.column << load.log2, span = (index.high - index.low + 1) * std::abs(bytes);
    Ahead ahead{};
    ahead.stride = load.row << load.log2;
    if (span <= ncolumns_ * kCacheLine && !walk_.columns_outermost) {
      const int64_t below = row + walk_.rows;
      if (below >= nrows_ || load.row == 0) return 0;
      const int64_t begin = span * column / ncolumns_, end = span * std::min(column + walk_.columns, ncolumns_) / ncolumns_;
      ahead.base = load.data + ((bases_[j] + below * load.row) << load.log2) + std::min(index.low * bytes, index.high * bytes) + begin;
      ahead.length = end - begin;
      ahead.runs = std::min(walk_.rows, nrows_ - below);
    } else {
      ahead.base = load.data + ((bases_[j] + next_row * load.row) << load.log2);
      ahead.index = index_of(j, next_column);
      ahead.index_step = index_steps_[j];
      ahead.picks = true;
      ahead.round_stride = ahead.stride;
      ahead.stride = bytes;
      ahead.runs = columns;
      ahead.rounds = rows;
    }
    return ask_for(ahead);
  }

  // Asks for some more cache lines of the next box.
  void fetch() {
    if (nahead_ == 0) return;
    Ahead& ahead = ahead_[nahead_ - 1];
    const std::byte* to = ahead.line + share_ * kCacheLine;
    if (to > ahead.end) return fetch_on();
    for (; ahead.line < to; ahead.line += kCacheLine) __builtin_prefetch(ahead.line);
  }
  // The same past the end of a run.
  __attribute__((noinline)) void fetch_on() {
    for (int64_t left = share_; left > 0 && nahead_ > 0;) {
      Ahead& ahead = ahead_[nahead_ - 1];
      if (ahead.picks) {
        const int64_t end = std::min(ahead.run + left, ahead.runs);
        left -= end - ahead.run;
        for (; ahead.run < end; ++ahead.run) __builtin_prefetch(ahead.begin());
      } else {
        for (; left > 0 && ahead.line < ahead.end; --left, ahead.line += kCacheLine) __builtin_prefetch(ahead.line);
        if (ahead.line < ahead.end) continue;
        ++ahead.run;
      }
      if (ahead.run == ahead.runs) {
        if (--ahead.rounds == 0) {
          --nahead_;
          continue;
        }
        ahead.run = 0;
        ahead.base += ahead.round_stride;
      }
      ahead.begin_run();
    }
  }

  bool box(int64_t row, int64_t column, int64_t rows, int64_t columns) {
    if (stop_.load(std::memory_order_relaxed)) {
      failure_ = error(ErrorCode::kCancelled, "cancelled");
      return false;
    }
    for (int j = 0; j < nloads(); ++j) {
      Operand& load = loads_[j];
      if (program_.copied[static_cast<size_t>(j)] || load.fixed) continue;
      if (index_axes_[j] >= 0) {
        load_indexed(j, row, column, rows, columns);
        continue;
      }
      const int64_t offset = bases_[j] + row * load.row + column * load.column;
      if (contiguous(load.row, load.column, rows, columns) || pitch(j, rows, columns) != 0) {
        values_[j] = load.data + (offset << load.log2);
        continue;
      }
      values_[j] = scratch_of(j);
      if (load.held_offset != offset || load.held_rows != rows || load.held_columns != columns) {
        copy_box(load.log2, values_[j], columns, 1, load.data + (offset << load.log2), load.row, load.column, rows,
                 columns);
        load.held_offset = offset;
        load.held_rows = rows;
        load.held_columns = columns;
      }
    }
    for (int j = 0; j < nstores(); ++j) {
      const Operand& store = stores_[j];
      direct_[j] = contiguous(store.row, store.column, rows, columns) ? store_address(j, row, column) : nullptr;
    }
    for (int j = 0; j < program_.ngenerators; ++j) generate(j, row, column, rows, columns);
    if (program_.instructions.empty()) fetch();
    compute(row, column, rows, columns);
    // What an instruction or a generator wrote in place is there already; all else is copied.
    for (int j = 0; j < nstores(); ++j) store(j, row, column, rows, columns);
    reduce(row, column, rows, columns);
    return true;
  }

  void compute(int64_t row, int64_t column, int64_t rows, int64_t columns) {
    const int64_t n = rows * columns;
    Call* end = calls_;
    for (const Program::Instruction& ins : program_.instructions) {
      for (int i = 0; i < ins.nout; ++i) {
        const int store = ins.direct_store[i];
        end->out[i] = store >= 0 && direct_[store] != nullptr ? direct_[store] : values_[ins.out[i]];
      }
      for (int i = 0; i < ins.nin; ++i) end->in[i] = values_[ins.in[i]];
      ++end;
    }
    for (int64_t begin = 0; begin < n; begin += program_.strip) {
      const int64_t length = std::min(program_.strip, n - begin);
      for (Call* call = calls_; call != end; ++call) {
        fetch();
        if (call->scan < 0) call->run(call->out, call->in, length);
        else scan(*call, row, column, rows, columns);
        for (int i = 0; i < kMaxOutputs; ++i) call->out[i] = static_cast<std::byte*>(call->out[i]) + call->out_step[i];
        for (int i = 0; i < kMaxInputs; ++i) call->in[i] = static_cast<const std::byte*>(call->in[i]) + call->in_step[i];
      }
    }
  }

  // The box is the whole strip.
  void scan(const Call& call, int64_t row, int64_t column, int64_t rows, int64_t columns) {
    const Scan& its = scans_[call.scan];
    const int lanes = streams_.kept[program_.nfolds + call.scan];
    const int64_t lane_row = row_stride(lanes), lane_column = column_stride(lanes);
    const int64_t at = its.axis == walk_.outer ? row : its.axis == walk_.inner ? column : its.axis < walk_.ndim ? coordinates_[its.axis] : 0;
    ScanTile tile{};
    tile.state = its.state + (bases_[lanes] + row * lane_row + column * lane_column) * scan_item(call.scan);
    tile.in = call.in[0];
    tile.out = call.out[0];
    tile.lanes = (lane_row != 0 ? rows : 1) * (lane_column != 0 ? columns : 1);
    tile.length = rows * columns / tile.lanes;
    tile.lanes_inner = lane_column != 0;
    tile.begins = its.begins && at == 0;
    const int in = program_.instructions[static_cast<size_t>(&call - calls_)].in[0];
    tile.pitch = pitch(in, rows, columns);
    tile.ahead = take_ahead(in);
    program_.scans[static_cast<size_t>(call.scan)].run(&tile);
  }

  void* store_address(int j, int64_t row, int64_t column) const {
    const Operand& store = stores_[j];
    const int64_t offset = bases_[nloads() + program_.ngenerators + j] + row * store.row + column * store.column;
    return store.data + (offset << store.log2);
  }

  void generate(int j, int64_t row, int64_t column, int64_t rows, int64_t columns) {
    const Program::GeneratorUse& use = program_.generators[static_cast<size_t>(j)];
    const int s = nloads() + j;
    const int64_t row_step = row_stride(s), column_step = column_stride(s);
    const int64_t first = bases_[s] + row * row_step + column * column_step;
    std::byte* out = scratch_of(s);
    if (use.direct_store >= 0 && direct_[use.direct_store] != nullptr) {
      out = static_cast<std::byte*>(direct_[use.direct_store]);
    }
    if (columns == 1) {
      use.run(out, first, row_step, rows, &use.params);
    } else if (rows == 1 || row_step == column_step * columns) {
      use.run(out, first, column_step, rows * columns, &use.params);
    } else {
      const int64_t bytes = columns * item_size(dtype(s));
      for (int64_t r = 0; r < rows; ++r, out += bytes) {
        use.run(out, first + r * row_step, column_step, columns, &use.params);
      }
    }
  }

  bool written_in_place(int j) const {
    if (direct_[j] == nullptr) return false;
    const int reg = program_.stores[static_cast<size_t>(j)];
    if (reg >= nloads() && reg < program_.first_constant()) {
      return program_.generators[static_cast<size_t>(reg - nloads())].direct_store == j;
    }
    return program_.direct[static_cast<size_t>(j)];
  }

  void store(int j, int64_t row, int64_t column, int64_t rows, int64_t columns) {
    if (written_in_place(j)) return;
    const int reg = program_.stores[static_cast<size_t>(j)];
    const Operand& store = stores_[j];
    void* out = store_address(j, row, column);
    if (reg < nloads() && program_.copied[static_cast<size_t>(reg)]) {
      const Operand& load = loads_[reg];
      const int64_t offset = bases_[reg] + row * load.row + column * load.column;
      copy_box(load.log2, out, store.row, store.column, load.data + (offset << load.log2), load.row, load.column, rows,
               columns);
    } else {
      copy_box(store.log2, out, store.row, store.column, values_[reg], columns, 1, rows, columns);
    }
  }

  const int64_t* index_of(int j, int64_t coordinate) const { return indices_[j].values + index_bases_[j] + index_steps_[j] * coordinate; }
  int64_t index_at(int j, int64_t coordinate) const { return *index_of(j, coordinate); }

  // Where a box starts in the slot of a load that does not pick its columns.
  int64_t first_of(int j, int64_t row, int64_t column) const {
    const int axis = index_axes_[j];
    const bool picked = axis >= 0 && axis == walk_.outer;
    const int64_t offset = bases_[j] + (picked ? index_at(j, row) : row) * loads_[j].row + column * loads_[j].column;
    return axis < 0 || picked ? offset : offset + index_at(j, coordinates_[axis]) * streams_.of(j)[axis];
  }

  // All that the segment reads of an index, so that no box has to look.
  bool check_index(int j) {
    const int64_t n = walk_.extents[index_axes_[j]];
    uint64_t largest = 0, smallest = UINT64_MAX;  // as unsigned ones negative numbers are the largest
    for (int64_t i = 0; i < n; ++i) {
      largest = std::max(largest, static_cast<uint64_t>(index_at(j, i)));
      smallest = std::min(smallest, static_cast<uint64_t>(index_at(j, i)));
    }
    indices_[j].low = static_cast<int64_t>(smallest);
    indices_[j].high = static_cast<int64_t>(largest);
    const auto limit = static_cast<uint64_t>(indices_[j].limit);
    if (largest < limit) return true;
    int64_t first = 0;
    while (static_cast<uint64_t>(index_at(j, first)) < limit) ++first;
    failure_ = error(ErrorCode::kIndex, "index " + std::to_string(index_at(j, first)) + " is out of bounds for an axis of size " +
                                            std::to_string(limit));
    return false;
  }

  void load_indexed(int j, int64_t row, int64_t column, int64_t rows, int64_t columns) {
    const Operand& load = loads_[j];
    const int axis = index_axes_[j];
    std::byte* out = scratch_of(j);
    values_[j] = out;
    if (axis == walk_.inner) {
      for (int64_t r = 0; r < rows; ++r) {
        const std::byte* in = load.data + ((bases_[j] + (row + r) * load.row) << load.log2);
        for (int64_t c = 0; c < columns; c += kGathered) {
          const int64_t n = std::min(kGathered, columns - c);
          fetch();
          gather(load.log2, out, in, load.column, index_of(j, column + c), index_steps_[j], n);
          out += n << load.log2;
        }
      }
      return;
    }
    if (axis == walk_.outer && rows > 1) {
      for (int64_t r = 0; r < rows; ++r) {
        const std::byte* in = load.data + (first_of(j, row + r, column) << load.log2);
        copy_box(load.log2, out + ((r * columns) << load.log2), columns, 1, in, 0, load.column, 1, columns);
      }
      return;
    }
    const std::byte* in = load.data + (first_of(j, row, column) << load.log2);
    if (contiguous(load.row, load.column, rows, columns)) {
      values_[j] = const_cast<std::byte*>(in);
    } else {
      copy_box(load.log2, out, columns, 1, in, load.row, load.column, rows, columns);
    }
  }

  static void gather(int log2, void* out, const void* in, int64_t stride, const int64_t* index, int64_t step,
                     int64_t n) {
    const auto as = [&]<typename T>(T) {
      gather_row(static_cast<T*>(out), static_cast<const T*>(in), stride, index, step, n);
    };
    switch (log2) {
      case 0: return as(uint8_t{});
      case 1: return as(uint16_t{});
      case 2: return as(uint32_t{});
      case 3: return as(uint64_t{});
      default: return as(Item16{});
    }
  }

  // Folds the box into the states of the reducers.
  void reduce(int64_t row, int64_t column, int64_t rows, int64_t columns) {
    for (size_t i = 0; i < program_.reducers.size(); ++i) {
      const Program::ReducerUse& use = program_.reducers[i];
      fetch();
      const void* in[kMaxFields];
      for (int k = 0; k < use.ninputs; ++k) in[k] = values_[use.inputs[k]];
      Fold& fold = folds_[i];
      place(fold, row, column, rows, columns);
      fold.tile.in = in;
      fold.tile.pitch = pitch(use.inputs[0], rows, columns);
      fold.tile.ahead = take_ahead(use.inputs[0]);
      fold.run(&fold.tile);
    }
  }

  const Program& program_;
  const KernelTable& table_;
  Scratch& scratch_;
  const std::atomic<bool>& stop_;
  const int64_t* words_;
  const int64_t* capacities_ = nullptr;  // kept elements, by fold
  std::byte* registers_ = nullptr;

  Kind* kinds_ = nullptr;
  int8_t* index_axes_ = nullptr;
  int64_t *bases_ = nullptr, *strides_ = nullptr, *index_bases_ = nullptr, *index_steps_ = nullptr;
  Operand *loads_ = nullptr, *stores_ = nullptr;
  Index* indices_ = nullptr;
  Call* calls_ = nullptr;
  Ahead* ahead_ = nullptr;
  int nahead_ = 0;
  int64_t share_ = 0;
  int64_t nrows_ = 0, ncolumns_ = 0;
  bool only_folds_ = false;
  bool wide_ = false;  // boxes are: nobody reads what is in them again, so they need not be in cache as a whole
  bool asks_ = false;  // also for what a run goes on with
  void** values_ = nullptr;  // by register: where its tile is
  void** direct_ = nullptr;  // by store: where the box goes when it is contiguous there, else null
  std::byte** states_ = nullptr;
  Scan* scans_ = nullptr;
  Fold* folds_ = nullptr;
  Streams streams_;
  BoxWalk walk_;
  int64_t coordinates_[kMaxDims];
  Status failure_;
};

}  // namespace

Status run_tile_task(const Task& task, const KernelTable& table, Scratch& scratch, const std::atomic<bool>& stop) {
  return TileRun(task, table, scratch, stop).run();
}

}  // namespace ndl
