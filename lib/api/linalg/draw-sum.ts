import { config } from "../../config/index.js";
import type { GraphNode } from "../../graph/graph-node.js";
import { reduction } from "../../graph/reduction.js";

/** The tree of sums with which Dask ends a contraction over these axes. */
export function drawSum(products: GraphNode, axes: readonly number[], token: unknown): GraphNode {
  // Dask shares split-every among the axes: its root, at least 2. The small addend guards roots such as 64 ** (1 / 3) = 3.99….
  const each = Math.max(2, Math.floor(config.get("split-every") ** (1 / Math.max(1, axes.length)) + 1e-9));
  return reduction(
    { chunk: "sum", partial: "sum-partial", aggregate: "sum-aggregate" }, products, axes, false, new Map(axes.map((axis) => [axis, each])), token,
  );
}
