#include "runtime/program.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace ndl {
namespace {

constexpr int64_t kMaxRegisters = 4096;
constexpr int64_t kStripBytes = 2048;
constexpr int64_t kFirstScan = -2;  // the op of a running sum; below it the other scans
constexpr int64_t kScanOps = static_cast<int64_t>(ScanOp::kCount);

struct OpArity {
  const char* name;
  int nin, nout;
};
constexpr OpArity kOps[] = {
#define NDL_OP(name, nin, nout, loops) {#name, nin, nout},
#include "generated/ops.inc"
#undef NDL_OP
};
static_assert(std::size(kOps) == kOpCount);
static_assert(std::all_of(std::begin(kOps), std::end(kOps), [](const OpArity& op) {
  return op.nin >= 1 && op.nin <= kMaxInputs && op.nout >= 1 && op.nout <= kMaxOutputs;
}));

DType map_input(Op op, DType loop, int j) {
  if (op == Op::where && j == 0) return DType::kBool;
  if (op == Op::ldexp && j == 1) return DType::kInt32;
  return loop;
}

// What a generator's parameters must be for its algorithm to end; null when they are.
const char* check_generator(Generator kind, const RandomParams& params) {
  const double* p = params.p;
  const auto whole = [](double v) { return v >= 0 && v <= static_cast<double>(kMaxExact) && v == std::trunc(v); };
  switch (kind) {
    case Generator::kGamma:
    case Generator::kPoisson:
    case Generator::kVonmises:
      return p[0] >= 0 && std::isfinite(p[0]) ? nullptr : "expected a finite parameter >= 0";
    case Generator::kBinomial:
      return whole(p[0]) && p[1] >= 0 && p[1] <= 1 ? nullptr : "expected a whole n >= 0 and p in [0, 1]";
    case Generator::kGeometric: return p[0] > 0 && p[0] <= 1 ? nullptr : "expected p in (0, 1]";
    case Generator::kHypergeometric:
      return whole(p[0]) && whole(p[1]) && whole(p[2]) && p[2] <= p[0] + p[1]
                 ? nullptr
                 : "expected whole numbers >= 0, and nsample <= ngood + nbad";
    case Generator::kLogseries: return p[0] >= 0 && p[0] < 1 ? nullptr : "expected p in [0, 1)";
    case Generator::kZipf: return p[0] > 1 && std::isfinite(p[0]) ? nullptr : "expected a finite a > 1";
    case Generator::kBeta:
      return p[0] > 0 && p[1] > 0 && std::isfinite(p[0] + p[1]) ? nullptr : "expected finite parameters > 0";
    case Generator::kNegativeBinomial:
      return p[0] > 0 && std::isfinite(p[0]) && p[1] > 0 && p[1] <= 1 ? nullptr : "expected a finite n > 0 and p in (0, 1]";
    case Generator::kNoncentralChisquare:
      return p[0] > 0 && p[1] >= 0 && std::isfinite(p[0] + p[1]) ? nullptr : "expected a finite df > 0 and nonc >= 0";
    case Generator::kPermutation:
      return params.range <= static_cast<uint64_t>(kMaxExact) ? nullptr : "expected at most 2^53 elements";
    default: return nullptr;
  }
}

bool generates(Generator kind, DType dtype) {
  switch (kind) {
    case Generator::kIota: return dtype == DType::kInt64;
    case Generator::kRandomBits: return dtype == DType::kUInt64;
    case Generator::kIntegers: return dtype == DType::kInt64 || dtype == DType::kUInt64;
    case Generator::kRandomFloat32:
    case Generator::kNormalFloat32:
    case Generator::kExponentialFloat32: return dtype == DType::kFloat32;
    case Generator::kPoisson:
    case Generator::kBinomial:
    case Generator::kGeometric:
    case Generator::kHypergeometric:
    case Generator::kLogseries:
    case Generator::kZipf:
    case Generator::kNegativeBinomial:
    case Generator::kPermutation: return dtype == DType::kInt64;
    default: return dtype == DType::kFloat64;
  }
}

// Fields of a finished reducer, by dtype.
int reducer_fields(Reducer kind, DType dtype, DType* fields) {
  switch (kind) {
    case Reducer::kArgmin:
    case Reducer::kArgmax:
    case Reducer::kNanargmin:
    case Reducer::kNanargmax:
      fields[0] = dtype;
      fields[1] = DType::kInt64;
      return 2;
    case Reducer::kMoments2:
    case Reducer::kMoments4:
    case Reducer::kNanMoments2:
    case Reducer::kNanMoments4: {
      const int n = kind == Reducer::kMoments2 || kind == Reducer::kNanMoments2 ? 3 : 5;
      fields[0] = DType::kInt64;
      std::fill(fields + 1, fields + n, dtype);
      return n;
    }
    default: fields[0] = dtype; return 1;
  }
}

bool gives_index(Reducer kind) {
  return kind == Reducer::kArgmin || kind == Reducer::kArgmax || kind == Reducer::kNanargmin ||
         kind == Reducer::kNanargmax;
}

class ProgramDecoder {
 public:
  ProgramDecoder(WordReader& in, const KernelTable& table, Program* program)
      : in_(in), table_(table), program_(*program) {}

  void decode() {
    const size_t begin = in_.position();
    const int64_t nwords = in_.whole(8, static_cast<int64_t>(in_.left()), "number of words");
    program_.nloads = static_cast<int>(in_.whole(0, kMaxRegisters, "number of loads"));
    program_.ngenerators = static_cast<int>(in_.whole(0, kMaxRegisters, "number of generators"));
    program_.nconstants = static_cast<int>(in_.whole(0, kMaxRegisters, "number of constants"));
    const int64_t ninstructions = in_.count("number of instructions", 5);
    const int64_t nstores = in_.count("number of stores", 1);
    const int64_t nreducers = in_.whole(0, kMaxRegisters, "number of reducers");
    program_.nregisters = static_cast<int>(in_.whole(0, kMaxRegisters, "number of registers"));
    if (!in_.ok()) return;
    if (program_.first_result() > program_.nregisters) return in_.fail("more sources than registers");
    for (int r = 0; r < program_.nregisters; ++r) {
      program_.dtypes.push_back(static_cast<DType>(in_.whole(0, kDTypeCount - 1, "dtype of a register")));
    }
    for (int j = 0; j < program_.nloads; ++j) {
      program_.indexed.push_back(static_cast<uint8_t>(in_.whole(0, 1, "kind of a load")));
    }
    for (int j = 0; j < program_.ngenerators && in_.ok(); ++j) generator(j);
    for (int j = 0; j < program_.nconstants && in_.ok(); ++j) {
      const uint64_t low = in_.bits("constant"), high = in_.bits("constant");
      program_.constants.push_back({low, high});
    }
    defined_.assign(static_cast<size_t>(program_.nregisters), 0);
    std::fill_n(defined_.begin(), program_.first_result(), 1);
    for (int64_t j = 0; j < ninstructions && in_.ok(); ++j) instruction();
    for (int64_t j = 0; j < nstores && in_.ok(); ++j) program_.stores.push_back(source("register of a store"));
    for (int64_t j = 0; j < nreducers && in_.ok(); ++j) reducer();
    if (in_.ok() && program_.nfolds + program_.scans.size() > kMaxFolds) in_.fail("more scans than folds are left for");
    if (in_.ok() && in_.position() != begin + static_cast<size_t>(nwords)) {
      in_.fail("expected " + std::to_string(nwords) + " words, got " + std::to_string(in_.position() - begin));
    }
    if (!in_.ok()) return;
    place_registers();
    static std::atomic<uint64_t> serials{1};
    program_.serial = serials.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  DType dtype(int reg) const { return program_.dtypes[static_cast<size_t>(reg)]; }

  int source(const char* what) {
    const auto reg = static_cast<int>(in_.whole(0, program_.nregisters - 1, what));
    if (in_.ok() && !defined_[static_cast<size_t>(reg)]) {
      in_.fail(std::string(what) + ": register " + std::to_string(reg) + " has no value yet");
    }
    return reg;
  }

  void generator(int j) {
    const int64_t kind = in_.whole(0, static_cast<int64_t>(Generator::kCount) - 1, "kind of a generator");
    RandomParams params{};
    params.key = in_.bits("key");
    params.low = in_.bits("low");
    params.range = in_.bits("range");
    for (double& p : params.p) p = in_.real("parameter of a generator");
    if (!in_.ok()) return;
    const auto generator = static_cast<Generator>(kind);
    const GenerateFn run = table_.generate[kind];
    if (run == nullptr) return in_.fail("generator " + std::to_string(kind) + " does not exist");
    if (!generates(generator, dtype(program_.first_generator() + j))) {
      return in_.fail("generator " + std::to_string(kind) + ": its register has another dtype");
    }
    if (const char* message = check_generator(generator, params)) {
      return in_.fail("generator " + std::to_string(kind) + ": " + message);
    }
    program_.generators.push_back({run, params, -1});
  }

  // Inputs that are constants need not be read as tiles.
  MapFn map_of(int64_t op, DType loop, const Program::Instruction& ins) const {
    const auto constant = [&](int reg) { return reg >= program_.first_constant() && reg < program_.first_result(); };
    const int d = static_cast<int>(loop);
    MapFn found = nullptr;
    if (ins.nin > 1) {
      if (std::all_of(ins.in + 1, ins.in + ins.nin, constant)) found = table_.map_others_repeated[op][d];
      else if (constant(ins.in[0]) && std::none_of(ins.in + 1, ins.in + ins.nin, constant)) found = table_.map_first_repeated[op][d];
    }
    return found != nullptr ? found : table_.map[op][d];
  }

  void instruction() {
    const int64_t op = in_.whole(kFirstScan - kScanOps + 1, kOpCount - 1, "op");
    const auto loop = static_cast<DType>(in_.whole(0, kDTypeCount - 1, "loop"));
    Program::Instruction ins{};
    ins.nout = static_cast<int>(in_.whole(1, kMaxOutputs, "number of outputs"));
    ins.nin = static_cast<int>(in_.whole(1, kMaxInputs, "number of inputs"));
    for (int j = 0; j < ins.nout; ++j) {
      ins.out[j] = static_cast<int>(in_.whole(0, program_.nregisters - 1, "output register"));
    }
    for (int j = 0; j < ins.nin; ++j) ins.in[j] = source("input register");
    std::fill(std::begin(ins.direct_store), std::end(ins.direct_store), -1);
    if (!in_.ok()) return;
    const bool scans = op <= kFirstScan;
    const char* name = scans ? "scan" : op < 0 ? "cast" : kOps[op].name;
    const auto wrong = [&](const char* what) { in_.fail(std::string(name) + ": " + what); };
    if (ins.nin != (op < 0 ? 1 : kOps[op].nin) || ins.nout != (op < 0 ? 1 : kOps[op].nout)) {
      return wrong("wrong number of operands");
    }
    if (scans) {
      ins.scan = static_cast<int>(program_.scans.size());
      program_.scans.push_back({table_.scan[kFirstScan - op][static_cast<int>(loop)], loop});
      if (program_.scans.back().run == nullptr) return wrong("no loop of this dtype");
      if (dtype(ins.out[0]) != loop) return wrong("the output register has another dtype");
    } else {
      ins.run = op < 0 ? table_.cast[static_cast<int>(loop)][static_cast<int>(dtype(ins.out[0]))] : map_of(op, loop, ins);
      if (ins.run == nullptr) return wrong("no loop of this dtype");
    }
    for (int j = 0; j < ins.nin; ++j) {
      if (dtype(ins.in[j]) != (op < 0 ? loop : map_input(static_cast<Op>(op), loop, j))) {
        return wrong("an input register has another dtype");
      }
    }
    for (int j = 0; j < ins.nout; ++j) {
      if (op >= 0 && dtype(ins.out[j]) != map_output(static_cast<Op>(op), loop, j)) {
        return wrong("an output register has another dtype");
      }
      if (ins.out[j] < program_.first_result()) return wrong("writes a load, generator or constant");
      if (j > 0 && ins.out[j] == ins.out[0]) return wrong("two outputs in one register");
      defined_[static_cast<size_t>(ins.out[j])] = 1;
    }
    program_.instructions.push_back(ins);
  }

  void reducer() {
    const int64_t kind = in_.whole(0, static_cast<int64_t>(Reducer::kCount) - 1, "kind of a reducer");
    const auto loop = static_cast<DType>(in_.whole(0, kDTypeCount - 1, "dtype of a reducer"));
    Program::ReducerUse use{};
    const int64_t flags = in_.whole(0, 2 * std::min(program_.nfolds, kMaxFolds - 1) + 1, "flags of a reducer");
    use.merge = flags % 2 == 1;
    use.fold = static_cast<int>(flags / 2);
    const int64_t nregisters = in_.whole(1, kMaxFields, "number of a reducer's registers");
    for (int64_t j = 0; j < nregisters && in_.ok(); ++j) use.inputs[j] = source("register of a reducer");
    if (!in_.ok()) return;
    use.ninputs = static_cast<int>(nregisters);
    use.functions = &table_.reduce[kind][static_cast<int>(loop)];
    use.indexed = gives_index(static_cast<Reducer>(kind));
    use.nfields = reducer_fields(static_cast<Reducer>(kind), loop, use.field_dtypes);
    const std::string name = "reducer " + std::to_string(kind);
    if (use.functions->update == nullptr || use.functions->merge == nullptr) {
      return in_.fail(name + ": no such dtype");
    }
    if (use.ninputs != (use.merge ? use.nfields : 1)) return in_.fail(name + ": wrong number of registers");
    for (int j = 0; j < use.ninputs; ++j) {
      if (dtype(use.inputs[j]) != (use.merge ? use.field_dtypes[j] : loop)) {
        return in_.fail(name + ": a register has another dtype");
      }
    }
    program_.nfolds = std::max(program_.nfolds, use.fold + 1);
    program_.any_indexed_reducer = program_.any_indexed_reducer || (use.indexed && !use.merge);
    program_.reducers.push_back(use);
  }

  // Results share buffers once they are dead. Sources keep theirs, because what has not changed is not read again.
  void place_registers() {
    const auto nregisters = static_cast<size_t>(program_.nregisters);
    const auto ninstructions = static_cast<int>(program_.instructions.size());
    std::vector<int> last_use(nregisters, -1), last_write(nregisters, -1), nstores(nregisters, 0);
    std::vector<uint8_t> computed_with(nregisters, 0), reduced(nregisters, 0);
    int64_t item = 1;
    for (int k = 0; k < ninstructions; ++k) {
      const Program::Instruction& ins = program_.instructions[static_cast<size_t>(k)];
      for (int j = 0; j < ins.nin; ++j) {
        last_use[static_cast<size_t>(ins.in[j])] = k;
        computed_with[static_cast<size_t>(ins.in[j])] = 1;
      }
      for (int j = 0; j < ins.nout; ++j) {
        last_write[static_cast<size_t>(ins.out[j])] = k;
        item = std::max<int64_t>(item, item_size(dtype(ins.out[j])));
      }
    }
    for (const int reg : program_.stores) ++nstores[static_cast<size_t>(reg)];
    for (const Program::ReducerUse& use : program_.reducers) {
      for (int j = 0; j < use.ninputs; ++j) reduced[static_cast<size_t>(use.inputs[j])] = 1;
    }

    program_.direct.assign(program_.stores.size(), 0);
    for (size_t s = 0; s < program_.stores.size(); ++s) {
      const int reg = program_.stores[s];
      const auto r = static_cast<size_t>(reg);
      if (nstores[r] != 1 || reduced[r]) continue;
      if (reg >= program_.first_result()) {
        if (last_use[r] > last_write[r]) continue;
        Program::Instruction& ins = program_.instructions[static_cast<size_t>(last_write[r])];
        for (int j = 0; j < ins.nout; ++j) {
          if (ins.out[j] == reg) ins.direct_store[j] = static_cast<int>(s);
        }
        program_.direct[s] = 1;
      } else if (reg >= program_.first_generator() && reg < program_.first_constant() && !computed_with[r]) {
        program_.generators[static_cast<size_t>(reg - program_.nloads)].direct_store = static_cast<int>(s);
      }
    }
    for (int j = 0; j < program_.nloads; ++j) {
      const auto r = static_cast<size_t>(j);
      program_.copied.push_back(!program_.indexed[r] && !computed_with[r] && !reduced[r]);
    }

    program_.folded.assign(nregisters, 1);
    const auto not_folded = [&](int reg) { program_.folded[static_cast<size_t>(reg)] = 0; };
    for (const int reg : program_.stores) not_folded(reg);
    for (const Program::Instruction& ins : program_.instructions) {
      for (int j = 0; j < ins.nin && ins.scan < 0; ++j) not_folded(ins.in[j]);
    }
    for (const Program::ReducerUse& use : program_.reducers) {
      for (int j = 0; j < use.ninputs && use.merge; ++j) not_folded(use.inputs[j]);
    }

    std::vector<uint8_t> placed(nregisters, 0), pinned(nregisters, 0);
    for (size_t r = 0; r < nregisters; ++r) pinned[r] = nstores[r] > 0 || reduced[r];
    // What one instruction leaves to the next stays in the first cache when they take a strip at a time.
    // A scan takes the box as it is.
    if (ninstructions > 1 && program_.scans.empty()) program_.strip = std::min(kTileElements, kStripBytes / item);
    program_.scratch_offsets.assign(nregisters, 0);
    program_.steps.assign(nregisters, 0);
    int64_t top = 0;
    const auto buffer = [&top](int64_t bytes) {
      const int64_t offset = top;
      // The odd step keeps tiles from sharing their low address bits, which stalls loads behind stores.
      top += bytes + 832;
      return offset;
    };
    const auto place_tile = [&](size_t r) {
      program_.steps[r] = item_size(program_.dtypes[r]);
      program_.scratch_offsets[r] = buffer(kTileElements * program_.steps[r]);
    };
    for (size_t r = 0; r < static_cast<size_t>(program_.first_result()); ++r) {
      if (r < program_.copied.size() && program_.copied[r]) continue;
      if (r < static_cast<size_t>(program_.first_constant()) || pinned[r]) place_tile(r);
      else program_.scratch_offsets[r] = buffer(program_.strip * item_size(program_.dtypes[r]));
    }
    std::vector<int64_t> free_buffers;
    const auto dies = [&](int reg, int k) {
      const auto r = static_cast<size_t>(reg);
      return placed[r] && !pinned[r] && std::max(last_use[r], last_write[r]) == k;
    };
    for (int k = 0; k < ninstructions; ++k) {
      const Program::Instruction& ins = program_.instructions[static_cast<size_t>(k)];
      std::vector<int> dead;
      for (int j = 0; j < ins.nin; ++j) {
        if (dies(ins.in[j], k) && std::find(dead.begin(), dead.end(), ins.in[j]) == dead.end()) {
          dead.push_back(ins.in[j]);
        }
      }
      const auto place = [&](int reg) {
        const auto r = static_cast<size_t>(reg);
        if (placed[r]) return;
        placed[r] = 1;
        if (pinned[r]) return place_tile(r);
        if (ins.nout == 1) {  // over a dying input, when its elements are no smaller
          for (auto it = dead.begin(); it != dead.end(); ++it) {
            if (*it == reg || item_size(dtype(*it)) < item_size(dtype(reg))) continue;
            program_.scratch_offsets[r] = program_.scratch_offsets[static_cast<size_t>(*it)];
            dead.erase(it);
            return;
          }
        }
        if (free_buffers.empty()) free_buffers.push_back(buffer(program_.strip * item));
        program_.scratch_offsets[r] = free_buffers.back();
        free_buffers.pop_back();
      };
      for (int j = 0; j < ins.nout; ++j) place(ins.out[j]);
      for (const int reg : dead) free_buffers.push_back(program_.scratch_offsets[static_cast<size_t>(reg)]);
      for (int j = 0; j < ins.nout; ++j) {
        if (dies(ins.out[j], k) && std::find(dead.begin(), dead.end(), ins.out[j]) == dead.end()) {
          free_buffers.push_back(program_.scratch_offsets[static_cast<size_t>(ins.out[j])]);
        }
      }
    }
    program_.scratch_bytes = top;
  }

  WordReader& in_;
  const KernelTable& table_;
  Program& program_;
  std::vector<uint8_t> defined_;
};

}  // namespace

void decode_program_words(WordReader& in, const KernelTable& table, Program* program) {
  ProgramDecoder(in, table, program).decode();
}

}  // namespace ndl
