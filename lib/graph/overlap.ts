import type { Chunks } from "../core/chunks.js";
import { GraphNode, gridLayer, indexOf, type Layer, ordinalOf, type TaskRef } from "./graph-node.js";

/** Elements that a block takes from its neighbours, before and after, on each axis. */
export type Depths = readonly (readonly [number, number])[];

/**
 * Blocks that also hold some elements of their neighbours: a task for each, then the pieces that they are made of (whole blocks, ends and
 * beginnings, and all combinations of them), in one layer.
 */
export function overlap(input: GraphNode, depths: Depths): GraphNode {
  const grid = input.numblocks;
  const shared = grid.map((n, axis) => n > 1 && depths[axis]!.some((d) => d > 0));
  const chunks: Chunks = input.chunks.map((axis, a) =>
    shared[a] ? axis.map((n, i) => n + (i > 0 ? depths[a]![0] : 0) + (i < axis.length - 1 ? depths[a]![1] : 0)) : axis);
  const pieceGrid = grid.map((n, axis) => (shared[axis] ? 3 * n - 2 : n));
  const blocks = grid.reduce((a, b) => a * b, 1);
  // The pieces of an axis in order: block 0, its end, the beginning of block 1, block 1, its end, and so on.
  const around = (axis: number, i: number): number[] =>
    shared[axis] ? [3 * i - 2, 3 * i, 3 * i + 2].filter((p) => p >= 0 && p < pieceGrid[axis]!) : [i];
  const blockOf = (axis: number, piece: number): number => (shared[axis] ? Math.floor((piece + 1) / 3) : piece);
  const layer: Layer = {
    label: "overlap",
    count: blocks + pieceGrid.reduce((a, b) => a * b, 1),
    index: (ordinal) => (ordinal < blocks ? indexOf(ordinal, grid) : indexOf(ordinal - blocks, pieceGrid)),
    reads(ordinal): TaskRef[] {
      if (ordinal >= blocks) return [input.block(indexOf(ordinal - blocks, pieceGrid).map((p, axis) => blockOf(axis, p)))];
      return indexOf(ordinal, grid)
        .reduce<number[][]>((found, i, axis) => found.flatMap((start) => around(axis, i).map((p) => [...start, p])), [[]])
        .map((piece) => ({ layer, ordinal: blocks + ordinalOf(piece, pieceGrid) }));
    },
  };
  return new GraphNode({ label: "overlap", chunks, inputs: [input], token: ["overlap", depths], layers: [layer] });
}

/** The blocks without the first and the last of some axes, cut to `chunks`. */
export function innerBlocks(input: GraphNode, inner: readonly boolean[], chunks: Chunks): GraphNode {
  const layer = gridLayer("getitem", chunks.map((c) => c.length), (index) => [input.block(index.map((i, axis) => (inner[axis] ? i + 1 : i)))]);
  return new GraphNode({ label: "getitem", chunks, inputs: [input], token: ["inner", inner], layers: [layer] });
}
