import type { Chunks } from "../core/chunks.js";
import { blockwise } from "./blockwise.js";
import type { GraphNode } from "./graph-node.js";

/** Which blocks of an input axis the blocks of an output axis come from; `fixed` for an axis that an integer index drops. */
export type AxisBlocks = { readonly input: number; readonly blocks: readonly number[] } | { readonly input: -1 };

/**
 * Basic indexing: each block of the result is a piece of one block. `axes` follows the result's axes (input -1: a new axis);
 * `fixed` gives the block of each dropped input axis.
 */
export function getitem(label: string, chunks: Chunks, input: GraphNode, axes: readonly AxisBlocks[], fixed: ReadonlyMap<number, number>, token: unknown): GraphNode {
  return blockwise(label, chunks, [input], token, [
    (index) => {
      const block = input.chunks.map((_, axis) => fixed.get(axis) ?? 0);
      axes.forEach((a, i) => {
        if (a.input >= 0) block[a.input] = (a as { blocks: readonly number[] }).blocks[index[i]!]!;
      });
      return [block];
    },
  ]);
}
