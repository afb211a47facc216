import { config } from "../../config/index.js";
import { type Chunks, sameChunks } from "../../core/chunks.js";
import { type DType, itemsize } from "../../core/dtype.js";
import { planRechunk } from "../../core/rechunk-plan.js";
import type { GraphNode } from "../../graph/graph-node.js";
import * as graph from "../../graph/rechunk.js";

/** What decides the steps of a rechunk; both come from the configuration when not given. */
export interface RechunkPlanOptions {
  readonly threshold?: number;
  readonly blockSizeLimit?: number;
}

/** A graph node cut into other chunks, by Dask's plan; itself when it is cut so already. */
export function rechunkGraph(node: GraphNode, dtype: DType, chunks: Chunks, options: RechunkPlanOptions = {}): GraphNode {
  if (sameChunks(node.chunks, chunks)) return node;
  return graph.rechunk(node, planRechunk(node.chunks, chunks, {
    itemsize: itemsize(dtype),
    threshold: options.threshold ?? config.get("array.rechunk.threshold"),
    blockSizeLimit: options.blockSizeLimit ?? config.get("array.chunk-size"),
  }));
}
