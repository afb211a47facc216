// The public surface: explicit exports, no logic.
export type { AnyArray, Result } from "./array/chunked-array.js";
export { ChunkedArray } from "./array/chunked-array.js";
export type { Block, BlocksOptions } from "./array/blocks.js";
export { compute, type Results } from "./array/compute.js";
export { explain, type ExplainedStage, type ExplainOptions, type Explanation } from "./array/explain.js";
export { type Nested, NDArray } from "./array/nd-array.js";
export { type Bytes, config, formatBytes, parseBytes } from "./config/index.js";
export type { ChunkDim, Chunks, ChunksSpec } from "./core/chunks.js";
export { type Complex, type DType, type DTypeLike, type ScalarOf, type TypedArray, type TypedArrayOf } from "./core/dtype.js";
export { finfo, type FloatInfo, iinfo, type IntegerInfo } from "./core/type-info.js";
export { canCast, type Casting, promoteTypes } from "./core/promotion.js";
export type { Scalar } from "./core/scalar.js";
export type { Shape } from "./core/shape.js";
export {
  AxisError, CancelledError, ChunkError, ClosedError, DisposedError, DTypeError, type ErrorDetails, IndexError, isNdloomError, KernelError, MemoryPlanError,
  NativeError, NdloomError, OptionError, ShapeError, StorageError, TaskError, UnsupportedError,
} from "./errors/index.js";
export type { ComputeOptions } from "./runtime/compute.js";

// Constants
export {
  bool, complex128, complex64, e, eulerGamma, float16, float32, float64, inf, int16, int32, int64, int8, nan, newaxis, pi, uint16, uint32, uint64, uint8,
} from "./api/constants.js";
export { type DTypeKind, isdtype } from "./api/isdtype.js";
export type { ArrayLike } from "./api/operand.js";

// Creation
export { arange } from "./api/creation/arange.js";
export { array, asanyarray, asarray, type AsArrayOptions } from "./api/creation/asarray.js";
export { diag, diagonal, type DiagonalOptions, trace } from "./api/creation/diagonal.js";
export { eye, type EyeOptions } from "./api/creation/eye.js";
export { fromArray, type FromArrayOptions } from "./api/creation/from-array.js";
export { type CreateOptions, empty, emptyLike, full, fullLike, type LikeOptions, ones, onesLike, zeros, zerosLike } from "./api/creation/full.js";
export { fromDelayed, fromfunction } from "./api/creation/unsupported.js";
export { indices } from "./api/creation/indices.js";
export { linspace, type LinspaceOptions } from "./api/creation/linspace.js";
export { meshgrid, type MeshgridOptions } from "./api/creation/meshgrid.js";
export { tri, type TriangleIndicesOptions, type TriangleOptions, tril, trilIndices, trilIndicesFrom, triu, triuIndices, triuIndicesFrom } from "./api/creation/triangle.js";

// Element by element
export {
  abs, absolute, add, divide, fabs, floorDivide, fmax, fmin, fmod, maximum, minimum, mod, multiply, negative, positive, reciprocal, remainder, sign,
  square, subtract, trueDivide,
} from "./api/ufuncs/arithmetic.js";
export { clip } from "./api/ufuncs/clip.js";
export { allclose, type ClosenessOptions, isclose } from "./api/ufuncs/closeness.js";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./api/ufuncs/comparison.js";
export { angle, conj, conjugate, imag, iscomplex, isreal, real } from "./api/ufuncs/complex.js";
export { cbrt, exp, exp2, expm1, i0, log, log10, log1p, log2, logaddexp, logaddexp2, sqrt } from "./api/ufuncs/exponential.js";
export { copysign, isfinite, isinf, isnan, ldexp, nextafter, signbit, spacing } from "./api/ufuncs/floating.js";
export { isneginf, isposinf } from "./api/ufuncs/infinities.js";
export {
  bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, invert, leftShift, logicalAnd, logicalNot, logicalOr, logicalXor, rightShift,
} from "./api/ufuncs/logical.js";
import "./api/ufuncs/methods.js";
import "./api/reductions/methods.js";
export { frompyfunc, isnull, notnull } from "./api/ufuncs/missing.js";
export { nanToNum, type NanToNumOptions } from "./api/ufuncs/nan-to-num.js";
export { floatPower, power } from "./api/ufuncs/power.js";
export { around, round } from "./api/ufuncs/round.js";
export { ceil, fix, floor, rint, trunc } from "./api/ufuncs/rounding.js";
export {
  arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, cos, cosh, deg2rad, degrees, hypot, rad2deg, radians, sin, sinc, sinh, tan, tanh,
} from "./api/ufuncs/trigonometric.js";
export { divmod, frexp, modf } from "./api/ufuncs/two-results.js";
export {
  arccos as acos, arccosh as acosh, arcsin as asin, arcsinh as asinh, arctan as atan, arctan2 as atan2, arctanh as atanh,
} from "./api/ufuncs/trigonometric.js";
export { invert as bitwiseInvert, leftShift as bitwiseLeftShift, rightShift as bitwiseRightShift } from "./api/ufuncs/logical.js";
export { power as pow } from "./api/ufuncs/power.js";
export type { BinaryUfunc, UfuncOptions, UnaryUfunc } from "./api/ufuncs/ufunc.js";
export { where } from "./api/where.js";

// Reductions, running sums, statistics
export { argmax, argmin, type ArgOptions, max, max as amax, min, min as amin, nanargmax, nanargmin, nanmax, nanmin, ptp } from "./api/reductions/extremes.js";
export { all, any, countNonzero } from "./api/reductions/logical.js";
export { mean, nanmean } from "./api/reductions/mean.js";
export { moment, type MomentOptions, nanstd, nanvar, std, variance, variance as var } from "./api/reductions/moments.js";
export type { AccumulateOptions, ReduceOptions, SplitEvery } from "./api/reductions/reduce.js";
export { nanprod, nansum, prod, sum } from "./api/reductions/sums.js";
export { argtopk, topk, type TopkOptions } from "./api/reductions/topk.js";
export { cumprod, cumprod as cumulativeProd, cumsum, cumsum as cumulativeSum, nancumprod, nancumsum, type ScanOptions } from "./api/scans/cumulative.js";
export { average, type AverageOptions } from "./api/statistics/average.js";
export { corrcoef, cov, type CovarianceOptions } from "./api/statistics/covariance.js";
export { type BinRange, type Bins, histogram, histogram2d, type Histogram2dOptions, histogramdd, type HistogramddOptions, type HistogramOptions } from "./api/statistics/histogram.js";
export {
  median, type MedianOptions, nanmedian, nanpercentile, nanquantile, percentile, type PercentileOptions, quantile, type QuantileMethod, type QuantileOptions, type Quantiles,
} from "./api/statistics/quantile.js";

// Indexing
export { blockAt } from "./api/indexing/blocks.js";
export { computeChunkSizes } from "./api/indexing/chunk-sizes.js";
export { type OrderOptions, ravelMultiIndex, type RavelMultiIndexOptions, unravelIndex } from "./api/indexing/multi-index.js";
export { argwhere, flatnonzero, nonzero } from "./api/indexing/nonzero.js";
export { shuffle } from "./api/indexing/shuffle.js";
export { type AlongOptions, compress, extract, take } from "./api/indexing/take.js";
export { vindex } from "./api/indexing/vindex.js";
export { withValue } from "./api/indexing/with.js";
export { get } from "./api/indexing/get.js";
export type { Index, IndexList } from "./api/indexing/index-forms.js";
export { Slice, slice } from "./core/slice.js";

// Files
export { fromNpy, type FromNpyOptions, toNpy } from "./api/io/npy.js";

// Manipulation
export { astype, type AstypeOptions } from "./api/manipulation/astype.js";
export { block, type BlockOptions, type Blocks } from "./api/manipulation/block.js";
export { broadcastArrays, broadcastTo } from "./api/manipulation/broadcast.js";
export { choose, type Piece, piecewise, select, type SelectOptions } from "./api/manipulation/choose.js";
export { concat, concatenate, type ConcatenateOptions } from "./api/manipulation/concatenate.js";
export { ndim, resultType, shape } from "./api/manipulation/describe.js";
export { diff, type DiffOptions } from "./api/manipulation/diff.js";
export { append, deleteAt, deleteAt as delete, insert, type Positions } from "./api/manipulation/edit.js";
export { atleast1d, atleast2d, atleast3d, expandDims, squeeze, type SqueezeOptions } from "./api/manipulation/expand.js";
export { flip, fliplr, flipud, roll, type RollOptions, rot90, type Rot90Options } from "./api/manipulation/flip.js";
export { pad, type PadMode, type PadOptions, type PerSide } from "./api/manipulation/pad.js";
export { repeat, type RepeatOptions, tile } from "./api/manipulation/repeat.js";
export { ravel, reshape, type ReshapeOptions } from "./api/manipulation/reshape.js";
export { dstack, hstack, stack, type StackedOptions, type StackOptions, vstack } from "./api/manipulation/stack.js";
export { matrixTranspose, moveaxis, permuteDims, rollaxis, swapaxes, transpose, type TransposeOptions } from "./api/manipulation/transpose.js";
export { type Boundary, mapOverlap, type MapOverlapOptions, type PerAxis, type Stencil } from "./api/overlap/map-overlap.js";
export { rechunk, type RechunkOptions } from "./api/rechunk/rechunk.js";
export { unifyChunks, type UnifiedArrays } from "./api/rechunk/unify-chunks.js";

// Linear algebra
export { einsum, type EinsumOptions } from "./api/linalg/einsum.js";
export { matmul } from "./api/linalg/matmul.js";
export { outer } from "./api/linalg/outer.js";
export { dot, tensordot, type TensordotOptions, vdot } from "./api/linalg/tensordot.js";

// Random numbers
export {
  type ChoiceOptions, type DrawOptions, type Draws, type OlderDraws, type Parameter, random, type RandomChunkOptions, type RandomModule, type Seed, type SeedOption, type Size,
} from "./api/random/index.js";

// Display
import "./display/methods.js";
export type { GraphColor } from "./display/graph/colors.js";
export type { CytoscapeElements, CytoscapeNode } from "./display/graph/graph-text.js";
export { type GraphEngine, type GraphFormat, Visualization } from "./display/graph/visualization.js";
export { visualize, type VisualizeOptions } from "./display/visualize.js";

// Client
export { Client, type Persisted } from "./client/client.js";
export type { ClientOptions, DashboardOptions, ShutdownOptions, SpillOptions } from "./client/client-options.js";
export type { Health } from "./client/monitor.js";
export type { SchedulerInfo, WorkerInfo } from "./client/panel.js";
