import { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { normalizeAxis } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { transpose } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Rows } from "../../expr/rows.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { GraphNode } from "../../graph/graph-node.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { drawTree, labelled, type SplitEvery } from "./reduce.js";

export interface TopkOptions {
  /** The axis to look along; the last when not given. */
  readonly axis?: number;
  readonly splitEvery?: SplitEvery;
}

/**
 * The k largest elements along an axis, largest first; for k < 0 the |k| smallest, smallest first. All of them where there are not so many. NaN
 * is the largest. One chunk along the axis.
 *
 * @throws {OptionError} `ERR_OPTION` when k is 0 or no whole number.
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.topk([5, 1, 3, 6], 2).compute()).toNested()); // [6n, 5n]
 * ```
 * @see dask.array.topk
 */
export function topk<D extends DType>(x: ChunkedArray<D>, k: number, options?: TopkOptions): ChunkedArray<D>;
export function topk(x: ArrayLike, k: number, options?: TopkOptions): ChunkedArray;
export function topk(x: ArrayLike, k: number, options: TopkOptions = {}): ChunkedArray {
  const input = toArray("topk", x);
  const axis = checked("topk", input, k, options);
  const expr = rows("topk", input.expr, axis, k);
  return new ChunkedArray(expr, draw("topk", input, input.graph, axis, expr, options));
}

/** The indices of the k largest elements along an axis, as {@link topk} orders them; int64. @see dask.array.argtopk */
export function argtopk(x: ArrayLike, k: number, options: TopkOptions = {}): ChunkedArray<"int64"> {
  const input = toArray("argtopk", x);
  const axis = checked("argtopk", input, k, options);
  const expr = rows("argtopk", input.expr, axis, k);
  return new ChunkedArray(expr, draw("argtopk", input, withIndices(input, axis), axis, expr, options));
}

function checked(operation: string, x: ChunkedArray, k: number, options: TopkOptions): number {
  checkOptions(operation, options, ["axis", "splitEvery"]);
  if (!Number.isSafeInteger(k) || k === 0) {
    throw new OptionError(`${operation}: expected a whole number k that is not 0, got ${String(k)}`, { option: "k", received: k });
  }
  return normalizeAxis(operation, options.axis ?? -1, x.shape);
}

function rows(kernel: "topk" | "argtopk", x: Expr, axis: number, k: number): Expr {
  const order = x.shape.map((_, i) => i);
  const last = [...order.filter((i) => i !== axis), axis];
  return transpose(new Rows(kernel, transpose(x, last), [k]), order.map((i) => last.indexOf(i)));
}

/** A tree whose steps keep up to k elements of the axis. */
function draw(operation: string, x: ChunkedArray, input: GraphNode, axis: number, expr: Expr, { splitEvery }: TopkOptions): GraphNode {
  const labels = labelled(operation, operation, `${operation}_aggregate`);
  const over = new ChunkedArray(x.expr, input);
  const tree = drawTree(operation, over, [axis], true, splitEvery, labels, expr.token);
  const chunks = x.chunks.map((c, i) => (i === axis ? [expr.shape[axis]!] : c));
  return new GraphNode({ label: tree.label, chunks, inputs: tree.inputs, token: expr.token, layers: tree.layers });
}

/** Dask pairs each block with its indices first. */
function withIndices(x: ChunkedArray, axis: number): GraphNode {
  const cut = x.chunks[axis]!;
  const index = source("arange", [cut], ["argtopk", cut]);
  const aligned = x.ndim === 1 ? index
    : blockwise("getitem", x.chunks.map((_, i) => (i === axis ? cut : [1])), [index], "argtopk", [(at) => [[at[axis]!]]]);
  return blockwise("argtopk_preprocess", x.chunks, [x.graph, aligned], "argtopk");
}
