import type { ChunkedArray } from "../array/chunked-array.js";
import type { Chunks } from "../core/chunks.js";
import { unifyBroadcast } from "../core/unify-chunks.js";
import type { GraphNode } from "../graph/graph-node.js";
import { rechunkGraph } from "./rechunk/rechunk-graph.js";

/** The graphs of arrays that are walked together, cut alike where they are not, and the chunks of what they broadcast to. */
export function unifyGraphs(operation: string, arrays: readonly ChunkedArray[]): { readonly graphs: GraphNode[]; readonly chunks: Chunks } {
  if (arrays.length === 1) return { graphs: [arrays[0]!.graph], chunks: arrays[0]!.chunks };
  const { inputs, chunks, growth } = unifyBroadcast(operation, arrays.map((x) => x.chunks));
  if (growth >= 10) {
    process.emitWarning(`${operation}: the number of chunks grows by a factor of ${Math.round(growth)}; rechunk the inputs alike first`, "PerformanceWarning");
  }
  return { graphs: arrays.map((x, i) => rechunkGraph(x.graph, x.dtype, inputs[i]!)), chunks };
}
