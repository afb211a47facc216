import type { Chunks } from "../core/chunks.js";
import { GraphNode, gridLayer, type TaskRef } from "./graph-node.js";

/** A source: a task a block, reading nothing. */
export function source(label: string, chunks: Chunks, token: unknown): GraphNode {
  return new GraphNode({ label, chunks, inputs: [], token, layers: [gridLayer(label, chunks.map((c) => c.length), () => [])] });
}

/** Which block of an input (or which several) a block of the result reads. */
export type BlockMap = (index: readonly number[]) => readonly (readonly number[])[];

/** One layer with a task a block. `maps` says what each reads of each input; without it, blocks align at the last axis as in broadcasting. */
export function blockwise(label: string, chunks: Chunks, inputs: readonly GraphNode[], token: unknown, maps?: readonly BlockMap[]): GraphNode {
  const grids = inputs.map((x) => x.numblocks);
  const reads = (index: readonly number[]): TaskRef[] =>
    inputs.flatMap((input, k) => {
      const blocks = maps ? maps[k]!(index) : [alignRight(index, grids[k]!)];
      return blocks.map((block) => input.block(block));
    });
  return new GraphNode({ label, chunks, inputs, token, layers: [gridLayer(label, chunks.map((c) => c.length), reads)] });
}

const alignRight = (index: readonly number[], grid: readonly number[]): number[] =>
  grid.map((n, axis) => (n === 1 ? 0 : index[index.length - grid.length + axis]!));
