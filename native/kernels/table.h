// What an ISA library offers: one table of plain functions. It is the only thing the runtime knows of the
// kernels, and the only symbol a library exports; no C++ type crosses it but a lock-free flag.
//
// Rules for every function here: no allocation, lock, exception or thread; no global mutable state. A result
// depends on the element alone, never on its place in the tile or on n, so that chunking cannot change a bit.
#pragma once
#include <atomic>
#include <cstdint>

#include "core/dtype.h"

namespace ndl {

// Elements in a full tile. A fixed number, because the order of additions hangs on it.
inline constexpr int64_t kTileElements = 1024;
// Runs of a tile that is folded where it lies: they may be of any length.
inline constexpr int64_t kMostRuns = 64;

enum class Op : uint16_t {
#define NDL_OP(name, nin, nout, loops) name,
#include "generated/ops.inc"
#undef NDL_OP
  kCount
};
inline constexpr int kOpCount = static_cast<int>(Op::kCount);

// Element-wise over one contiguous tile: out[j][i] = f(in[0][i], in[1][i], ...), n elements. Inputs have the loop
// dtype, except: where's in[0] is bool, ldexp's in[1] is int32. Outputs have the loop dtype, except: comparisons,
// logical_*, is* and signbit give bool; absolute, angle, imag and real of complex give its float; frexp's out[1]
// is int32. An output may be the very buffer of an input of the same or a larger item size, never a part of it.
using MapFn = void (*)(void* const* out, const void* const* in, int64_t n);

// Copies a box; strides in elements, any sign, 0 allowed on the source side. The innermost axis is the last.
// The two boxes do not overlap. One function per item size 1, 2, 4, 8, 16 (index log2).
using CopyFn = void (*)(void* dst, const int64_t* dst_strides, const void* src, const int64_t* src_strides,
                        const int64_t* extents, int32_t ndim);

// Sources computed from an element's flat index: out[i] = g(first + i * step), i < n. params: see Generator.
using GenerateFn = void (*)(void* out, int64_t first, int64_t step, int64_t n, const void* params);
enum class Generator : uint8_t {
  kIota,             // int64: the index itself; no params
  kRandomBits,       // uint64: 64 random bits                 params: RandomParams
  kRandom,           // float64 in [0, 1), 53 bits
  kRandomFloat32,    // float32 in [0, 1), 24 bits
  kNormal,           // float64, mean 0, variance 1
  kNormalFloat32,
  kExponential,      // float64, rate 1
  kExponentialFloat32,
  kIntegers,         // int64 or uint64 bits: low + uniform in [0, range]; range is inclusive, ~0 means all
  kGamma,            // float64, shape p0 >= 0, scale 1
  kPoisson,          // int64, mean p0 >= 0
  kBinomial,         // int64, n = p0, p = p1
  kGeometric,        // int64, p = p0
  kHypergeometric,   // int64, ngood p0, nbad p1, nsample p2
  kLogseries,        // int64, p = p0
  kZipf,             // int64, a = p0
  kVonmises,         // float64, mu 0, kappa p0
  kBeta,             // float64, a = p0, b = p1, both > 0
  kNegativeBinomial,     // int64, n = p0, p = p1
  kNoncentralChisquare,  // float64, df = p0 > 0, noncentrality p1 >= 0
  kPermutation,          // int64: a permutation of [0, range], by position
  kCount
};
struct RandomParams {
  uint64_t key;       // of the counter-based generator: a stream of its own
  uint64_t low, range;
  double p[4];
};

// Reductions. One state per kept element, as a structure of arrays: `state` holds `capacity` kept elements.
struct ReduceTile {
  void* state;
  int64_t capacity;
  int64_t kept0;             // this tile updates kept elements [kept0, kept0 + kept)
  const void* const* in;     // contiguous tiles: the values, or when merging one tile for each field
  int64_t kept, reduced;     // extents; the tile holds kept * reduced elements
  int32_t kept_inner;        // 1: laid out [reduced][kept], 0: [kept][reduced]
  int64_t index0, index_kept, index_reduced;  // arg-reductions: index of element (k, r) = index0 + k*… + r*…
  int64_t pitch;             // elements from row to row where there are gaps between them, else 0; both extents are > 1 then. Not when merging
  int64_t ahead;             // bytes from an element to what the next tile has in its place, for the kernel to ask for; 0: nothing to ask for
  // capacity >= 1, kept >= 1, reduced >= 1; tiles of one state come in a fixed order
};
struct ReduceFns {           // all null where the reducer has no such dtype
  int64_t (*state_bytes)(int64_t capacity);
  void (*init)(void* state, int64_t capacity);
  void (*update)(const ReduceTile*);                  // fold values in
  void (*merge)(const ReduceTile*);                   // fold finished fields of other states in, in tile order
  void (*finish)(const void* state, int64_t capacity, void* const* fields);  // contiguous, `capacity` each
};
enum class Reducer : uint8_t {
  kSum,        // fields: sum (loop dtype). bool has none: the planner casts first
  kProd,       // fields: product
  kMin, kMax,  // fields: extreme; NaN wins; complex in lexicographic order; no element: NaN, or the far end of the type
  kFmin, kFmax,          // NaN loses, unless all are
  kArgmin, kArgmax,      // fields: value (loop dtype), index (int64); the first wins; NaN counts as the extreme
  kNanargmin, kNanargmax,  // NaN never wins; index -1 when there is no other
  kMoments2,   // float64; fields: count (int64), mean, M2 = sum of (x - mean)^2   (Chan/Pebay merging)
  kMoments4,   // float64; fields: count (int64), mean, M2, M3, M4; after an infinity all but the count are NaN
  kNanMoments2, kNanMoments4,  // skip NaN
  kCount
};

// Running sums and products along an axis of a box, lane by lane from first to last.
struct ScanTile {
  void* state;             // by lane: its last value before the box, and then after it
  const void* in;          // a tile
  void* out;               // another, contiguous, or the same
  int64_t lanes, length;   // >= 1; the tile holds lanes * length elements
  int32_t lanes_inner;     // 1: laid out [length][lanes], 0: [lanes][length]
  int32_t begins;          // 1: lanes begin here, and the state has no value yet
  int64_t pitch;           // elements from row to row of `in` where there are gaps between them, else 0
  int64_t ahead;           // as in ReduceTile
};
using ScanFn = void (*)(const ScanTile*);
enum class ScanOp : uint8_t { kSum, kProd, kCount };

// Kernels over whole blocks. Operands are strided; strides in elements.
struct BlockOperand {
  void* data;
  DType dtype;
  int32_t ndim;
  const int64_t* extents;
  const int64_t* strides;
};
// Tells a long call that nobody wants its result. One byte, read without a lock: the same for all libraries.
using StopFlag = std::atomic<bool>;
static_assert(StopFlag::is_always_lock_free && sizeof(StopFlag) == 1);

struct BlockArgs {
  const BlockOperand* in;
  const BlockOperand* out;
  int32_t nin, nout;
  const double* params;   // whole numbers are exact below 2^53
  int32_t nparams;
  void* scratch;          // scratch_bytes(args) of it
  const StopFlag* stop;   // or null; looked at every millisecond or so
};
enum class BlockKernel : uint8_t {
  kScanSum, kScanProd,    // in: x, carry (x without the axis)?; out: y like x, total (x without the axis)?; params: [axis]
                          // the carry comes before the first element; the total is the last of y, or the carry
  kMatmul,                // in: a [m, k], b [k, n], d [m, n]?; out: c [m, n] = a b + d; params: [1 to add to c, 0 to overwrite]
  kCompressFlat,          // in: x, mask bool of x's shape; out: 1-d of x's size, the kept ones first, in C order; int64 [1], their count
  kNonzero,               // in: mask bool; out: int64 [size of mask, ndim]; int64 [1], the count; params: [origin of the block, per axis]
  kTopk,                  // in: x [rows, n]; out: [rows, min(|k|, n)]; params: [k], k > 0 largest first, k < 0 smallest first
  kArgtopk,               // in: x [rows, n], int64 [rows, n] the indices of its columns?; out: int64 [rows, min(|k|, n)], their values?;
                          // params: [k, index of the first column where no indices are given]
  kQuantile,              // in: x [rows, n] float32/64; out: [q, rows] of its dtype or float64; params: [method, 1 to skip NaN, q...]
  // Quantiles of one long row: brackets from a sample, then candidates cell by cell, then a selection for each quantile.
  kQuantileBrackets,      // in: sample [n]; out: [q, 2] of its dtype, int64 [q] zeros; params: [q...], at most 6
  kQuantileCandidates,    // in: x [n], the brackets; out: int64 [1 + 3q] counts, [q, m] room for candidates, int64 [q] how many there are, of the
                          // whole row. Calls for cells of a row may run at the same time with the same room.
  kQuantileSelect,        // in: int64 [cells, 1 + 3q], the brackets, [q, m], int64 [q]; out: [1] as of kQuantile;
                          // params: [method, 1 to skip NaN, length of the row, which bracket, q]
  kHistogram,             // in: x and its edges (float64, int64 or uint64) for each dimension, weights of x's shape?;
                          // out: [product of bins] int64, float64 with weights; params: [dimensions]
  kCount
};
// Methods of kQuantile, by numpy.quantile's names: 0 inverted_cdf, 1 averaged_inverted_cdf, 2 closest_observation,
// 3 interpolated_inverted_cdf, 4 hazen, 5 weibull, 6 linear, 7 median_unbiased, 8 normal_unbiased, 9 lower, 10 higher,
// 11 midpoint, 12 nearest; and 13, lower and higher in turns.
// A check that the operands fit together, made on the JS thread before anything runs; null when they do,
// else a static message. Extents against the memory behind them have been checked already.
using BlockCheckFn = const char* (*)(const BlockArgs*);
using BlockScratchFn = int64_t (*)(const BlockArgs*);
// 0, or the number of a message in kBlockErrors that the runtime reports. After kBlockStopped, what is in out has no meaning.
using BlockRunFn = int32_t (*)(const BlockArgs*);
struct BlockFns {
  BlockCheckFn check;
  BlockScratchFn scratch_bytes;
  BlockRunFn run;
};
inline constexpr int32_t kBlockIndex = 1, kBlockBins = 3, kBlockSample = 4, kBlockStopped = 5;
inline constexpr const char* kBlockErrors[] = {nullptr, "index out of bounds", "out of scratch memory", "bins do not increase monotonically",
                                               "a sample missed the quantiles of its row", "stopped"};

struct KernelTable {
  int32_t version;
  const char* isa;
  MapFn map[kOpCount][kDTypeCount];             // null: no such loop
  // The same where the first input, or every other one, is one element for the whole tile; null: only the loop over tiles.
  MapFn map_first_repeated[kOpCount][kDTypeCount], map_others_repeated[kOpCount][kDTypeCount];
  MapFn cast[kDTypeCount][kDTypeCount];         // [from][to], C semantics as NumPy's astype(casting="unsafe")
  CopyFn copy[5];
  GenerateFn generate[static_cast<int>(Generator::kCount)];
  ReduceFns reduce[static_cast<int>(Reducer::kCount)][kDTypeCount];
  ScanFn scan[static_cast<int>(ScanOp::kCount)][kDTypeCount];  // null for bool
  BlockFns block[static_cast<int>(BlockKernel::kCount)];
};
// A table of other enums has another size: a library built beside another version is then refused.
inline constexpr int32_t kKernelTableVersion = static_cast<int32_t>(sizeof(KernelTable));

// Output dtype j of `op` with loop dtype `loop`.
constexpr DType map_output(Op op, DType loop, int j) {
  const auto below = [](Op o, Op a, Op b, Op c, Op d) { return o == a || o == b || o == c || o == d; };
  const bool is_complex = loop == DType::kComplex64 || loop == DType::kComplex128;
  if (op == Op::frexp && j == 1) return DType::kInt32;
  if (below(op, Op::equal, Op::not_equal, Op::less, Op::less_equal) ||
      below(op, Op::greater, Op::greater_equal, Op::signbit, Op::logical_not) ||
      below(op, Op::logical_and, Op::logical_or, Op::logical_xor, Op::isnan) ||
      below(op, Op::isinf, Op::isfinite, Op::isfinite, Op::isfinite))
    return DType::kBool;
  if (is_complex && below(op, Op::absolute, Op::angle, Op::imag, Op::real))
    return loop == DType::kComplex64 ? DType::kFloat32 : DType::kFloat64;
  return loop;
}

}  // namespace ndl

extern "C" __attribute__((visibility("default"))) const ndl::KernelTable* ndloom_kernels();
