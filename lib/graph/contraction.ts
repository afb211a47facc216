import type { Chunks } from "../core/chunks.js";
import { blockwise } from "./blockwise.js";
import type { GraphNode } from "./graph-node.js";

/**
 * Dask's blockwise over letters: each input names its axes, the result names its own; a block of the result reads the block of each input
 * that stands at the same place along the letters they share. An axis of one chunk is read as block 0 (broadcasting).
 */
export function contraction(
  label: string, letters: readonly string[], chunks: Chunks, inputs: readonly GraphNode[], inputLetters: readonly (readonly string[])[],
  token: unknown,
): GraphNode {
  const maps = inputs.map((input, k) => {
    const place = inputLetters[k]!.map((letter) => letters.indexOf(letter));
    const grid = input.numblocks;
    return (index: readonly number[]): readonly (readonly number[])[] => [place.map((at, axis) => (grid[axis] === 1 ? 0 : index[at]!))];
  });
  return blockwise(label, chunks, inputs, [label, letters, inputLetters, token], maps);
}
