import { ChunkedArray } from "../../array/chunked-array.js";
import { NDArray } from "../../array/nd-array.js";
import type { Chunks } from "../../core/chunks.js";
import { type DType, dtypeOfTypedArray, isBool, isComplex, isFloating, isInteger, type TypedArray } from "../../core/dtype.js";
import { normalizeAxes, type Shape } from "../../core/shape.js";
import { DTypeError, OptionError, ShapeError } from "../../errors/index.js";
import { cast, dropAxes, expandDims, full, map, slice } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { ALTERNATING, Rows } from "../../expr/rows.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { GraphNode, type Layer } from "../../graph/graph-node.js";
import { product } from "../../graph/rechunk.js";
import { blockForBlock } from "../../graph/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { countFolded } from "../reductions/reduce.js";
import { rowsOf } from "./rows-of.js";
import { wholeAxes } from "./whole-axes.js";

/** How to find what lies between two elements, in the order that the kernel numbers them. @see numpy.quantile */
const METHODS = [
  "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull", "linear",
  "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
] as const;
export type QuantileMethod = (typeof METHODS)[number];
/** Methods that give elements of the array and nothing between. */
const PICKING: readonly QuantileMethod[] = ["inverted_cdf", "closest_observation", "lower", "higher", "nearest"];

export interface MedianOptions {
  /** The axis or axes to look along; all when not given. */
  readonly axis?: number | readonly number[] | null;
  /** Whether these axes stay, with length 1. */
  readonly keepdims?: boolean;
}

export interface QuantileOptions extends MedianOptions {
  /** How to find what lies between two elements; `"linear"` when not given. */
  readonly method?: QuantileMethod;
}

/** One quantile, or a list of them, which makes a first axis. */
export type Quantiles = number | readonly number[] | TypedArray | NDArray<"float64">;

/**
 * The median over axes: the middle element in order, or the mean of the two in the middle. Integers give float64; NaN where there is a NaN.
 *
 * The axes are made one chunk each in the graph view.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @throws {DTypeError} `ERR_DTYPE` for complex numbers.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.median([7, 1, 3, 4]).compute()); // 3.5
 * ```
 * @see numpy.median
 */
export function median(x: ArrayLike, options: MedianOptions = {}): ChunkedArray {
  return middle("median", x, options, false);
}

/** The median of the elements that are not NaN; NaN where there are none. See {@link median}. @see numpy.nanmedian */
export function nanmedian(x: ArrayLike, options: MedianOptions = {}): ChunkedArray {
  return middle("nanmedian", x, options, true);
}

function middle(operation: string, x: ArrayLike, options: MedianOptions, skipNan: boolean): ChunkedArray {
  return overRows(operation, operation, x, [], options, (e, axes) => {
    if (isComplex(e.dtype)) throw noQuantile(operation, e.dtype);
    const result: DType = isFloating(e.dtype) ? e.dtype : "float64";
    const loop = result === "float16" ? "float32" : result;
    const rows = rowsOf(cast(e, loop), axes);
    const middle = new Rows("quantile", rows, [ALTERNATING, skipNan ? 1 : 0, 0.5, 0.5]);
    const [low, high] = [dropAxes(slice(middle, 0, 0, 1, 1), [0]), dropAxes(slice(middle, 0, 1, 1, 1), [0])];
    const both = map("add", loop, loop, [low, high], low.shape);
    const half = map("divide", loop, loop, [both, full([], loop, 2)], low.shape);
    const same = map("equal", loop, "bool", [low, high], low.shape);
    return cast(map("where", loop, loop, [same, low, half], low.shape), result);
  });
}

/**
 * Quantiles over axes, in [0, 1]. A list of them makes a first axis. Integers give float64; NaN where there is a NaN.
 *
 * The axes are made one chunk each in the graph view. int64 elements count as float64: beyond 2⁵³ they are rounded.
 *
 * @throws {OptionError} `ERR_OPTION` when a quantile lies outside [0, 1] or the method has no such name.
 * @throws {DTypeError} `ERR_DTYPE` for bool and complex numbers.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.quantile([0, 1, 2, 3, 4], [0.25, 0.5]).compute()).toNested()); // [1, 2]
 * ```
 * @see numpy.quantile
 */
export function quantile(x: ArrayLike, q: Quantiles, options: QuantileOptions = {}): ChunkedArray {
  return quantiles("quantile", "quantile", x, toQuantiles("quantile", q, 1), options, false);
}

/** Quantiles of the elements that are not NaN. See {@link quantile}. @see numpy.nanquantile */
export function nanquantile(x: ArrayLike, q: Quantiles, options: QuantileOptions = {}): ChunkedArray {
  return quantiles("nanquantile", "_custom_nanquantile", x, toQuantiles("nanquantile", q, 1), options, true);
}

export interface PercentileOptions extends QuantileOptions {
  /** Which approximation Dask would use. It changes nothing: percentiles are exact here. */
  readonly internalMethod?: "default" | "dask" | "tdigest";
}

/**
 * Percentiles over axes, in [0, 100]: quantiles by another scale. Exact, also where Dask's are not. See {@link quantile}.
 *
 * @see numpy.percentile
 */
export function percentile(x: ArrayLike, q: Quantiles, { internalMethod = "default", ...options }: PercentileOptions = {}): ChunkedArray {
  if (!["default", "dask", "tdigest"].includes(internalMethod)) {
    throw new OptionError(`percentile: expected "default", "dask" or "tdigest", got ${String(internalMethod)}`, { option: "internalMethod", received: internalMethod });
  }
  const input = toArray("percentile", x);
  const wanted = toQuantiles("percentile", q, 100);
  const result = quantiles("percentile", "quantile", input, wanted, options, false);
  return input.ndim === 1 && !options.keepdims ? new ChunkedArray(result.expr, drawPercentile(input, wanted, result.expr)) : result;
}

/** Percentiles of the elements that are not NaN. See {@link percentile}. @see numpy.nanpercentile */
export function nanpercentile(x: ArrayLike, q: Quantiles, options: QuantileOptions = {}): ChunkedArray {
  return quantiles("nanpercentile", "_custom_nanquantile", x, toQuantiles("nanpercentile", q, 100), options, true);
}

interface WantedQuantiles {
  readonly values: readonly number[];
  /** The axes that a list makes; none for a bare number. */
  readonly shape: Shape;
}

function toQuantiles(operation: string, q: Quantiles, scale: 1 | 100): WantedQuantiles {
  const list: number[] = typeof q === "number" ? [q] : Array.from((q instanceof NDArray ? q.data : q) as readonly number[]);
  const bad = list.find((v) => typeof v !== "number" || !(v >= 0 && v <= scale));
  if (bad !== undefined || (typeof q === "object" && q !== null && !Array.isArray(q) && !(q instanceof NDArray) && dtypeOfTypedArray(q) === undefined)) {
    throw new OptionError(`${operation}: expected numbers from 0 to ${scale}, got ${String(bad ?? q)}`, { option: "q", received: q });
  }
  const shape = typeof q === "number" ? [] : q instanceof NDArray ? q.shape : [list.length];
  if (shape.length > 1) throw new ShapeError(`${operation}: expected a number or a list of them, got ${shape.length} axes`, { shapes: [shape] });
  return { values: list.map((v) => v / scale), shape };
}

const noQuantile = (operation: string, dtype: DType): DTypeError =>
  new DTypeError(`${operation}: expected real numbers, got ${dtype}`, {
    dtypes: [dtype], hint: isBool(dtype) ? "cast to an integer dtype first" : "use real, imag or absolute first",
  });

function quantiles(operation: string, label: string, x: ArrayLike, wanted: WantedQuantiles, options: QuantileOptions, skipNan: boolean): ChunkedArray {
  const method = options.method ?? "linear";
  const number = METHODS.indexOf(method);
  if (number < 0) throw new OptionError(`${operation}: expected one of ${METHODS.join(", ")}, got ${String(method)}`, { option: "method", received: method });
  return overRows(operation, label, x, wanted.shape, options, (e, axes) => {
    if (isBool(e.dtype) || isComplex(e.dtype)) throw noQuantile(operation, e.dtype);
    const picks = PICKING.includes(method);
    // A bare number is as precise as a float array; a list is float64 and lifts the array to it.
    const result: DType = isInteger(e.dtype) ? (picks ? e.dtype : "float64") : wanted.shape.length === 0 || picks ? e.dtype : "float64";
    const loop = result === "float16" || result === "float32" ? "float32" : "float64";
    const found = new Rows("quantile", rowsOf(cast(e, loop), axes), [number, skipNan ? 1 : 0, ...wanted.values]);
    return cast(wanted.shape.length === 0 ? dropAxes(found, [0]) : found, result);
  });
}

/** Whole rows of the axes in each task, and the quantiles in front. */
function overRows(
  operation: string, label: string, x: ArrayLike, lead: Shape, options: MedianOptions, find: (x: Expr, axes: readonly number[]) => Expr,
): ChunkedArray {
  checkOptions(operation, options, operation.endsWith("median") ? ["axis", "keepdims"] : ["axis", "keepdims", "method"]);
  const { axis, keepdims = false } = options;
  const input = toArray(operation, x);
  const axes = normalizeAxes(operation, axis, input.shape);
  if (countFolded(input.shape, axes) === 0) {
    throw new ShapeError(`${operation}: expected at least one element along the axes`, { code: "ERR_EMPTY", shapes: [input.shape] });
  }
  const found = find(input.expr, axes);
  const expr = keepdims ? expandDims(found, axes.map((a) => a + lead.length)) : found;
  const whole = wholeAxes(input, axes);
  const rest: Chunks = whole.chunks.flatMap((c, a) => (!axes.includes(a) ? [c] : keepdims ? [[1]] : []));
  const chunks: Chunks = [...lead.map((n) => [n]), ...rest];
  const inputs = label === "median" || label === "nanmedian" ? [whole.graph] : [whole.graph, source("array", lead.map((n) => [n]), expr.token)];
  // Axes of unknown lengths stay cut, and a task reads all of their blocks.
  const reads = (index: readonly number[]): number[][] => {
    let next = lead.length;
    return product(whole.chunks.map((c, a) => {
      if (!axes.includes(a)) return [index[next++]!];
      if (keepdims) next++;
      return c.map((_, block) => block);
    }));
  };
  return new ChunkedArray(expr, blockwise(label, chunks, inputs, expr.token, [reads, () => [lead.map(() => 0)]]));
}

/** Dask's 1-d percentile, one layer: a task merges what the others find in each block. */
function drawPercentile(x: ChunkedArray, wanted: WantedQuantiles, expr: Expr): GraphNode {
  const layer: Layer = {
    label: "percentile",
    count: 1 + x.npartitions,
    index: (ordinal) => [Math.max(0, ordinal - 1)],
    reads: (ordinal) => (ordinal > 0 ? [x.graph.block([ordinal - 1])] : x.chunks[0]!.map((_, block) => ({ layer, ordinal: block + 1 }))),
  };
  const node = new GraphNode({ label: "percentile", chunks: [[wanted.values.length]], inputs: [x.graph], token: expr.token, layers: [layer] });
  return wanted.shape.length === 0 ? blockForBlock("reshape", [], node, expr.token) : node;
}
