import { ChunkedArray } from "../../array/chunked-array.js";
import type { Chunks } from "../../core/chunks.js";
import { type DType, isComplex, kindOf } from "../../core/dtype.js";
import { formatShape, sameShape } from "../../core/shape.js";
import { DTypeError, OptionError, ShapeError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Histogram } from "../../expr/histogram.js";
import { blockwise } from "../../graph/blockwise.js";
import { type GraphNode, indexOf } from "../../graph/graph-node.js";
import { product } from "../../graph/rechunk.js";
import { diff } from "../manipulation/diff.js";
import { astype } from "../manipulation/astype.js";
import { reshape } from "../manipulation/reshape.js";
import { get } from "../indexing/get.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { drawTree, labelled } from "../reductions/reduce.js";
import { sum } from "../reductions/sums.js";
import { operators } from "../ufuncs/operators.js";
import { type BinRange, type Bins, comparedEdges, edgesOf } from "./histogram-bins.js";

export type { BinRange, Bins } from "./histogram-bins.js";

/** What all histograms take. */
interface CountOptions {
  /** How much each element counts; 1 when not given. Of the elements' shape. */
  readonly weights?: ArrayLike;
  /** Whether to give the density, whose integral is 1, in place of the counts. */
  readonly density?: boolean;
}

export interface HistogramOptions extends CountOptions {
  /** How many bins of equal width, 10 when not given; or their edges, one more than there are bins. */
  readonly bins?: Bins;
  /** Where the first bin begins and the last one ends; from the smallest element to the largest when not given. */
  readonly range?: BinRange;
}

/**
 * Counts the elements of an array, whatever its shape, by bins. Each bin holds its lower edge, the last one its upper edge too; NaN and what lies
 * outside are not counted. One chunk. The counts are int64, sums of weights have the dtype that `sum` gives them, densities are float64.
 *
 * Without a range the smallest and the largest element are found first, in a pass over the array of its own.
 *
 * @returns the counts and the edges.
 * @throws {OptionError} `ERR_OPTION` when the number of bins, their edges or the range make no sense.
 * @throws {ShapeError} `ERR_SHAPE` when the weights have another shape.
 * @throws {DTypeError} `ERR_DTYPE` for complex numbers.
 * @throws {TaskError} when edges that are computed, or found in the elements, do not increase.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const [counts, edges] = nd.histogram([1, 2, 1, 4], { bins: 2, range: [0, 4] });
 * console.log((await counts.compute()).toNested()); // [2n, 2n]
 * console.log((await edges.compute()).toNested()); // [0, 2, 4]
 * ```
 * @see numpy.histogram
 */
export function histogram(x: ArrayLike, options: HistogramOptions = {}): [counts: ChunkedArray, edges: ChunkedArray] {
  checkOptions("histogram", options, ["bins", "range", "weights", "density"]);
  const input = toArray("histogram", x);
  const edges = edgesOf("histogram", input, options.bins ?? 10, options.range);
  const counts = count("histogram", [input], [edges], options.weights, (e, weights) => {
    // As `sum` of the weights would be.
    const kind = weights && kindOf(weights.dtype);
    const dtype: DType = weights === undefined ? "int64" : kind === "float" ? weights.dtype : kind === "uint" ? "uint64" : "int64";
    return cast(e, dtype);
  });
  if (!options.density) return [counts, edges];
  const widths = astype(diff(edges), "float64") as ChunkedArray;
  return [operators.div(operators.div(counts, widths), sum(counts) as ArrayLike), edges];
}

export interface HistogramddOptions extends CountOptions {
  /** How many bins of equal width, for all dimensions or for each; or the edges for each. */
  readonly bins?: number | readonly Bins[];
  /** Where the first bin of each dimension begins and the last one ends; from the smallest element to the largest when not given. */
  readonly range?: readonly BinRange[];
}

/**
 * Counts points by bins of each of their coordinates: `[n, d]`, a point a row, or a list of `d` arrays of one shape, a coordinate each. Bins as
 * in {@link histogram}; float64.
 *
 * @returns the counts, an axis a dimension, and the edges of each dimension.
 * @throws {ShapeError} `ERR_SHAPE` when the coordinates, or the weights, do not have one shape.
 * @throws {OptionError} `ERR_OPTION` when there are not as many bins or ranges as dimensions, or they make no sense.
 * @see numpy.histogramdd
 */
export function histogramdd(sample: ArrayLike | readonly ArrayLike[], options: HistogramddOptions = {}): [counts: ChunkedArray, edges: ChunkedArray[]] {
  checkOptions("histogramdd", options, ["bins", "range", "weights", "density"]);
  // A list of lists could be points or coordinates; coordinates they are, as in NumPy.
  if (Array.isArray(sample)) return countPoints("histogramdd", sample.map((x: ArrayLike) => toArray("histogramdd", x)), options);
  const points = toArray("histogramdd", sample as ArrayLike);
  if (points.ndim !== 2) throw new ShapeError(`histogramdd: expected points [n, d] or a list of coordinates, got shape ${formatShape(points.shape)}`, { shapes: [points.shape] });
  const coordinates = Array.from({ length: points.shape[1]! }, (_, d) => get(points, ":", d) as ChunkedArray);
  return countPoints("histogramdd", coordinates, options, [points]);
}

export interface Histogram2dOptions extends CountOptions {
  /** How many bins of equal width, 10 when not given, for both or for each; or the edges for each. */
  readonly bins?: number | readonly [Bins, Bins];
  readonly range?: readonly [BinRange, BinRange];
}

/**
 * Counts points of the plane by bins of `x` and of `y`, which have one shape. See {@link histogramdd}.
 *
 * @returns the counts `[bins of x, bins of y]`, and the edges of both.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const [counts] = nd.histogram2d([2, 4, 2, 4], [2, 2, 4, 4], { bins: 2, range: [[0, 6], [0, 6]] });
 * console.log((await counts.compute()).toNested()); // [[1, 1], [1, 1]]
 * ```
 * @see numpy.histogram2d
 */
export function histogram2d(x: ArrayLike, y: ArrayLike, options: Histogram2dOptions = {}): [counts: ChunkedArray, xEdges: ChunkedArray, yEdges: ChunkedArray] {
  checkOptions("histogram2d", options, ["bins", "range", "weights", "density"]);
  const [counts, [xEdges, yEdges]] = countPoints("histogram2d", [toArray("histogram2d", x), toArray("histogram2d", y)], options);
  return [counts, xEdges!, yEdges!];
}

function countPoints(operation: string, x: readonly ChunkedArray[], options: HistogramddOptions, drawn = x): [ChunkedArray, ChunkedArray[]] {
  const { bins = 10, range } = options;
  if (x.length === 0) throw new ShapeError(`${operation}: expected at least one coordinate`, { shapes: [] });
  for (const [name, list] of [["bins", bins], ["range", range]] as const) {
    if (list !== undefined && typeof list !== "number" && list.length !== x.length) {
      throw new OptionError(`${operation}: expected ${name} for each of ${x.length} dimensions, got ${list.length}`, { option: name, received: list });
    }
  }
  const edges = x.map((c, d) => edgesOf(operation, c, typeof bins === "number" ? bins : bins[d]!, range?.[d]));
  const counts = count(operation, x, edges, options.weights, (e) => cast(e, "float64"), drawn);
  if (!options.density) return [counts, edges];
  const scaled = edges.reduce((h, e, d) => {
    const widths = astype(diff(e), "float64") as ChunkedArray;
    return operators.div(h, reshape(widths, edges.map((_, axis) => (axis === d ? widths.shape[0]! : 1))) as ArrayLike);
  }, counts);
  return [operators.div(scaled, sum(counts) as ArrayLike), edges];
}

function count(
  operation: string, x: readonly ChunkedArray[], edges: readonly ChunkedArray[], given: ArrayLike | undefined,
  finish: (e: Expr, weights: ChunkedArray | undefined) => Expr, drawn: readonly ChunkedArray[] = x,
): ChunkedArray {
  const [first] = x as [ChunkedArray];
  for (const c of x) {
    if (!sameShape(c.shape, first.shape)) {
      throw new ShapeError(`${operation}: expected coordinates of one shape, got ${formatShape(first.shape)} and ${formatShape(c.shape)}`, { shapes: [first.shape, c.shape] });
    }
  }
  const weights = given === undefined ? undefined : toArray(operation, given);
  if (weights && !sameShape(weights.shape, first.shape)) {
    throw new ShapeError(`${operation}: expected weights of shape ${formatShape(first.shape)}, got ${formatShape(weights.shape)}`, { shapes: [first.shape, weights.shape] });
  }
  if (weights && isComplex(weights.dtype)) {
    throw new DTypeError(`${operation}: expected real weights, got ${weights.dtype}`, { dtypes: [weights.dtype], hint: "take the histograms of their real and imaginary parts" });
  }
  const inputs = [...x.flatMap((c, d) => [c.expr, comparedEdges(c, edges[d]!)]), ...(weights ? [weights.expr] : [])];
  const expr = finish(new Histogram(x.length, inputs), weights);
  return new ChunkedArray(expr, draw(operation, first.numblocks, [...drawn, ...(weights ? [weights] : [])], expr));
}

/** Dask counts each block of the elements, and adds the counts of all. What is cut otherwise is read as a whole. */
function draw(operation: string, grid: readonly number[], inputs: readonly ChunkedArray[], expr: Expr): GraphNode {
  const reads = inputs.map(({ numblocks }) => {
    const like = numblocks.slice(0, grid.length).join() === grid.join();
    const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
    return ([ordinal]: readonly number[]): number[][] => {
      const index = like ? indexOf(ordinal!, grid) : [];
      return product(numblocks.map((n, axis) => (axis < index.length ? [index[axis]!] : all(n))));
    };
  });
  const blocks = new Array<number>(grid.reduce((a, b) => a * b, 1)).fill(1);
  const chunks: Chunks = [blocks, ...expr.shape.map((n) => [n])];
  const counted = blockwise(operation === "histogram" ? "histogram-sum" : "histogramdd-sum", chunks, inputs.map((x) => x.graph), expr.token, reads);
  return drawTree(operation, new ChunkedArray(expr, counted), [0], false, undefined, labelled("sum"), expr.token);
}
