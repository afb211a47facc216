import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { compute } from "../../array/compute.js";
import { installMethods } from "../../array/methods.js";
import { NDArray } from "../../array/nd-array.js";
import { areChunksKnown, chunkBounds, type Chunks } from "../../core/chunks.js";
import { UnsupportedError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { Concat } from "../../expr/concat.js";
import type { Expr } from "../../expr/expr.js";
import { Reduce } from "../../expr/reduce.js";
import { View } from "../../expr/view.js";
import { GraphNode } from "../../graph/graph-node.js";
import type { ComputeOptions } from "../../runtime/compute.js";
import { source } from "../../graph/blockwise.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** The same array with known lengths, which are computed now. See {@link computeChunkSizes}. */
    computeChunkSizes(options?: ComputeOptions): Promise<ChunkedArray<D, S>>;
  }
}

/** How many elements of each chunk a mask leaves: known to the nodes of the graph that a mask made. */
const counts = new WeakMap<GraphNode, Expr | "unknown">();

/** Notes how a node's unknown chunks are counted: the mask, cut as the chunks are, in their order; without a mask, that nothing tells. */
export function noteCounts(node: GraphNode, mask?: Expr, axisChunks: readonly number[] = []): void {
  if (mask === undefined || axisChunks.some(Number.isNaN)) return void counts.set(node, "unknown");
  const bounds = chunkBounds(axisChunks);
  const ones = build.cast(mask, "int64");
  const sums = axisChunks.map((length, i) => build.expandDims(new Reduce("sum", build.slice(ones, 0, bounds[i]!, 1, length), [0]), [0]));
  counts.set(node, sums.length === 1 ? sums[0]! : new Concat(sums, 0));
}

/**
 * The same array with known lengths, which are computed now: masks are, the elements are not.
 *
 * @throws {UnsupportedError} `ERR_UNSUPPORTED` when an operation in between has changed the chunks since the mask.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(10, { chunks: 4 });
 * const y = await x.get(x.gt(3)).computeChunkSizes();
 * console.log(y.shape, y.chunks); // [ 6 ] [ [ 0, 4, 2 ] ]
 * ```
 * @see dask.array.Array.compute_chunk_sizes
 */
export async function computeChunkSizes(x: AnyArray, options: ComputeOptions = {}): Promise<AnyArray> {
  if (areChunksKnown(x.chunks)) return x;
  const found = x.chunks.map((axis: readonly number[]) => (axis.some(Number.isNaN) ? countsOf(x.graph, axis.length) : undefined));
  const wanted = [...new Set(found.filter((one): one is Expr => one !== undefined))];
  const results = await compute(wanted.map((expr) => new ChunkedArray(expr, source("counts", [[expr.shape[0]!]], expr.token))), options);
  const lengths = new Map(wanted.map((expr, i) => [expr, (results[i] as unknown as NDArray<"int64">).toNested() as unknown as bigint[]]));
  const chunks: Chunks = x.chunks.map((axis: readonly number[], i: number) => (found[i] ? lengths.get(found[i]!)!.map(Number) : axis));
  const shape = chunks.map((axis) => axis.reduce((a, b) => a + b, 0));
  const known = new View(x.expr, shape, shape.map((_, axis) => ({ axis, step: 1 })), shape.map(() => 0));
  const { label, inputs, layers } = x.graph;
  return new ChunkedArray(known, new GraphNode({ label, chunks, inputs, layers, token: ["sizes", x.name] }));
}

/** The counts of the mask behind an axis: operations that keep the number of unknown chunks keep their lengths. */
function countsOf(node: GraphNode, blocks: number): Expr {
  const open = [node];
  const seen = new Set<GraphNode>();
  while (open.length > 0) {
    const next = open.pop()!;
    const expr = counts.get(next);
    if (expr !== undefined && expr !== "unknown" && expr.shape[0] === blocks) return expr;
    if (expr !== undefined || seen.has(next)) continue;
    seen.add(next);
    open.push(...next.inputs.filter((input) => input.chunks.some((axis) => axis.length === blocks && axis.some(Number.isNaN))));
  }
  throw new UnsupportedError(`computeChunkSizes: the lengths of ${blocks} chunks of "${node.label}" follow from no mask`, {
    hint: "call it on what the mask gave, or persist the array",
  });
}

installMethods({ computeChunkSizes });
