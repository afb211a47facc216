import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import type { Chunks } from "../../core/chunks.js";
import { unifyChunks } from "../../core/unify-chunks.js";
import { rechunkGraph } from "./rechunk-graph.js";

/** An array cut into other chunks that are known to fit. */
export function withChunks(x: AnyArray, chunks: Chunks): AnyArray {
  const graph = rechunkGraph(x.graph, x.dtype, chunks);
  return graph === x.graph ? x : new ChunkedArray(x.expr, graph);
}

/** Arrays brought to common chunks along the axes that have the same name. */
export function unifyAxes(
  operation: string, arrays: readonly AnyArray[], axes: readonly (readonly (string | number)[])[],
): AnyArray[] {
  const { inputs } = unifyChunks(operation, arrays.map((x, k) => ({ chunks: x.chunks, axes: axes[k]! })));
  return arrays.map((x, k) => withChunks(x, inputs[k]!));
}

/** Arrays brought to common chunks, aligned at the last axis as in broadcasting. */
export function unifyAligned(operation: string, arrays: readonly AnyArray[]): AnyArray[] {
  return unifyAxes(operation, arrays, arrays.map((x) => x.chunks.map((_: readonly number[], axis: number) => axis - x.ndim)));
}
