// Times what a kernel library offers, entry by entry, over tiles that stay in cache. Nanoseconds for one element.
//   table LIBRARY [FILTER]     FILTER: only lines whose name holds it.   Prints "name<TAB>value<TAB>unit".
#include <dlfcn.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "enumerators.h"  // kGeneratorNames, kReducerNames: written by kernels.ts from table.h
#include "kernels/table.h"
#include "stopwatch.h"

namespace {

using namespace ndl;

constexpr const char* kOpNames[] = {
#define NDL_OP(name, nin, nout, loops) #name,
#include "generated/ops.inc"
#undef NDL_OP
};
constexpr int kInputs[] = {
#define NDL_OP(name, nin, nout, loops) nin,
#include "generated/ops.inc"
#undef NDL_OP
};
constexpr const char* kDTypeNames[] = {"bool",   "int8",   "int16",   "int32",   "int64",   "uint8",     "uint16",
                                       "uint32", "uint64", "float16", "float32", "float64", "complex64", "complex128"};
const char* filter = "";

template <class Work>
void report(const std::string& name, int64_t elements, Work&& work) {
  if (name.find(filter) == std::string::npos) return;
  std::printf("%s\t%.3f\tns/element\n", name.c_str(), bench::best_seconds(work, 5, 2e-3) / static_cast<double>(elements) * 1e9);
  std::fflush(stdout);
}

struct alignas(64) Tile {
  unsigned char bytes[kTileElements * 16];
};

// Values inside every function's domain: reals in (lo, hi), whole numbers 1..100, booleans in no order.
void fill(Tile& tile, DType dtype, double lo, double hi, uint32_t seed) {
  for (int64_t i = 0; i < kTileElements; ++i) {
    uint32_t h = static_cast<uint32_t>(i) * 0x9E3779B1u + seed;
    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    h ^= h >> 16;
    const double real = lo + (hi - lo) * (h / 4294967296.0);
    const int64_t whole = 1 + h % 100;
    const auto put = [&](auto value) { std::memcpy(tile.bytes + i * sizeof value, &value, sizeof value); };
    switch (dtype) {
      case DType::kBool: put(static_cast<uint8_t>(h >> 31)); break;
      case DType::kFloat16: put(static_cast<_Float16>(real)); break;
      case DType::kFloat32: put(static_cast<float>(real)); break;
      case DType::kFloat64: put(real); break;
      case DType::kComplex64: {
        const float z[2] = {static_cast<float>(real), static_cast<float>(hi - real)};
        std::memcpy(tile.bytes + i * 8, z, 8);
        break;
      }
      case DType::kComplex128: {
        const double z[2] = {real, hi - real};
        std::memcpy(tile.bytes + i * 16, z, 16);
        break;
      }
      default: std::memcpy(tile.bytes + i * item_size(dtype), &whole, item_size(dtype));  // little-endian
    }
  }
}

void maps(const KernelTable& table) {
  static Tile in[3], out[2];
  for (int op = 0; op < kOpCount; ++op) {
    for (int d = 0; d < kDTypeCount; ++d) {
      const MapFn map = table.map[op][d];
      if (map == nullptr) continue;
      const std::string name = kOpNames[op];
      const bool unit = name == "arctanh" || name == "arcsin" || name == "arccos";
      for (int j = 0; j < kInputs[op]; ++j) {
        DType dtype = static_cast<DType>(d);
        if (static_cast<Op>(op) == Op::where && j == 0) dtype = DType::kBool;
        if (static_cast<Op>(op) == Op::ldexp && j == 1) dtype = DType::kInt32;
        const double lo = name == "arccosh" ? 1.1 : unit ? -0.9 : name.starts_with("log") || name == "sqrt" || name == "power" ? 0.1 : -3;
        fill(in[j], dtype, lo, unit ? 0.9 : 4, 17 + j);
      }
      void* outs[] = {out[0].bytes, out[1].bytes};
      const void* ins[] = {in[0].bytes, in[1].bytes, in[2].bytes};
      report("map " + name + " " + kDTypeNames[d], kTileElements, [&] { map(outs, ins, kTileElements); });
    }
  }
}

void casts(const KernelTable& table) {
  static Tile in, out;
  for (int from = 0; from < kDTypeCount; ++from) {
    fill(in, static_cast<DType>(from), 0, 100, 3);
    for (int to = 0; to < kDTypeCount; ++to) {
      const MapFn cast = table.cast[from][to];
      if (cast == nullptr || from == to) continue;
      void* outs[] = {out.bytes};
      const void* ins[] = {in.bytes};
      report(std::string("cast ") + kDTypeNames[from] + " to " + kDTypeNames[to], kTileElements, [&] { cast(outs, ins, kTileElements); });
    }
  }
}

void generators(const KernelTable& table) {
  static Tile out;
  for (int g = 0; g < static_cast<int>(Generator::kCount); ++g) {
    const GenerateFn generate = table.generate[g];
    if (generate == nullptr) continue;
    RandomParams params = {0x9E3779B97F4A7C15u, 0, 999, {2.5, 0.3, 40, 0}};
    const auto kind = static_cast<Generator>(g);
    if (kind == Generator::kBinomial) params.p[0] = 50;
    if (kind == Generator::kGeometric || kind == Generator::kLogseries) params.p[0] = 0.3;
    if (kind == Generator::kNegativeBinomial) params.p[0] = 8;
    if (kind == Generator::kHypergeometric) params.p[0] = 60, params.p[1] = 50;
    int64_t first = 0;
    report(std::string("generate ") + kGeneratorNames[g], kTileElements, [&] { generate(out.bytes, first += kTileElements, 1, kTileElements, &params); });
  }
}

struct Layout {
  const char* name;
  int64_t kept, reduced;
  int32_t kept_inner;
};
constexpr Layout kLayouts[] = {
    {"to one", 1, 1024, 0}, {"rows 1x1024", 1024, 1, 1}, {"rows 8x128", 128, 8, 1}, {"columns 8x128", 8, 128, 0}, {"columns 128x8", 128, 8, 0}};

void reducers(const KernelTable& table) {
  static Tile in;
  for (int r = 0; r < static_cast<int>(Reducer::kCount); ++r) {
    for (int d = 0; d < kDTypeCount; ++d) {
      const ReduceFns& fns = table.reduce[r][d];
      if (fns.update == nullptr) continue;
      fill(in, static_cast<DType>(d), 0.9, 1.1, 5);
      for (const Layout& layout : kLayouts) {
        std::vector<unsigned char> state(fns.state_bytes(layout.kept) + 64);
        void* aligned = reinterpret_cast<void*>((reinterpret_cast<uintptr_t>(state.data()) + 63) / 64 * 64);
        fns.init(aligned, layout.kept);
        const void* values[] = {in.bytes};
        ReduceTile tile{};
        tile.state = aligned;
        tile.capacity = layout.kept;
        tile.in = values;
        tile.kept = layout.kept;
        tile.reduced = layout.reduced;
        tile.kept_inner = layout.kept_inner;
        tile.index_kept = 0;
        tile.index_reduced = 1;
        report(std::string("reduce ") + kReducerNames[r] + " " + kDTypeNames[d] + " " + layout.name, kTileElements, [&] {
          fns.update(&tile);
          tile.index0 += kTileElements;
        });
      }
    }
  }
}

void copies(const KernelTable& table) {
  // the source is a 512 x 512 array, in L2 at the larger item sizes; a box of 32 x 32 is taken from it
  static std::vector<unsigned char> source(512 * 512 * 16);
  static Tile out;
  for (int size = 0; size < 5; ++size) {
    const CopyFn copy = table.copy[size];
    if (copy == nullptr) continue;
    const std::string bytes = " of " + std::to_string(1 << size) + " bytes";
    const int64_t box[] = {32, 32}, dense[] = {32, 1}, rows[] = {512, 1}, columns[] = {1, 512}, reversed[] = {512, -1}, repeated[] = {1, 0};
    const auto run = [&](const char* name, const int64_t* strides, int64_t offset) {
      const unsigned char* from = source.data() + offset * (1 << size);
      report(name + bytes, 1024, [&] { copy(out.bytes, dense, from, strides, box, 2); });
    };
    run("copy 32x32 rows", rows, 0);
    run("copy 32x32 transposed", columns, 0);
    run("copy 32x32 reversed", reversed, 31);
    run("copy 32x32 broadcast", repeated, 0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: table LIBRARY [FILTER]\n");
    return 2;
  }
  if (argc > 2) filter = argv[2];
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  const auto entry = reinterpret_cast<const KernelTable* (*)()>(dlsym(library, "ndloom_kernels"));
  if (entry == nullptr) {
    std::fprintf(stderr, "%s exports no ndloom_kernels\n", argv[1]);
    return 1;
  }
  const KernelTable& table = *entry();
  if (table.version != kKernelTableVersion) {
    std::fprintf(stderr, "%s has table version %d, this bench %d\n", argv[1], table.version, kKernelTableVersion);
    return 1;
  }
  maps(table);
  casts(table);
  generators(table);
  reducers(table);
  copies(table);
}
