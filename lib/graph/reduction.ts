import { treeDepth } from "../core/tree-depth.js";
import { GraphNode, gridLayer, type Layer, ordinalOf, type TaskRef } from "./graph-node.js";
import { product } from "./rechunk.js";

export interface ReductionLabels {
  /** "mean_chunk" */
  readonly chunk: string;
  /** "mean_combine-partial" */
  readonly partial: string;
  /** "mean_agg-aggregate" */
  readonly aggregate: string;
}

/**
 * Dask's tree: a chunk step over all blocks, then runs of `splitEvery` blocks (per axis) combined until an aggregate step makes one.
 * `splitEvery` has an entry for each reduced axis.
 */
export function reduction(
  labels: ReductionLabels, input: GraphNode, axes: readonly number[], keepdims: boolean, splitEvery: ReadonlyMap<number, number>, token: unknown,
): GraphNode {
  let grid = input.numblocks;
  const layers: Layer[] = [gridLayer(labels.chunk, grid, (index) => [input.block(index)])];
  const depth = Math.max(1, ...axes.map((axis) => treeDepth(grid[axis]!, splitEvery.get(axis)!)));
  for (let level = 1; level <= depth; level++) {
    const last = level === depth;
    const below = layers[layers.length - 1]!;
    const belowGrid = grid;
    grid = grid.map((n, axis) => (axes.includes(axis) ? Math.ceil(n / splitEvery.get(axis)!) : n));
    const shown = last && !keepdims ? grid.filter((_, axis) => !axes.includes(axis)) : grid;
    const reads = (index: readonly number[]): TaskRef[] => {
      let next = 0;
      const full = belowGrid.map((_, axis) => (last && !keepdims && axes.includes(axis) ? 0 : index[next++]!));
      const runs = full.map((i, axis) => {
        const k = axes.includes(axis) ? splitEvery.get(axis)! : 1;
        return Array.from({ length: Math.min(k, belowGrid[axis]! - i * k) }, (_, j) => i * k + j);
      });
      return product(runs).map((block) => ({ layer: below, ordinal: ordinalOf(block, belowGrid) }));
    };
    layers.push(gridLayer(last ? labels.aggregate : labels.partial, shown, reads));
  }
  const chunks = input.chunks.flatMap((c, axis) => (!axes.includes(axis) ? [c] : keepdims ? [[1]] : []));
  return new GraphNode({ label: labels.aggregate, chunks, inputs: [input], token: [labels.aggregate, token], layers });
}
