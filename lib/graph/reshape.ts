import type { Chunks } from "../core/chunks.js";
import { blockwise } from "./blockwise.js";
import { type GraphNode, indexOf, ordinalOf } from "./graph-node.js";

/** Block k in C order of the result is made of block k of the input, whatever the two grids: reshape, squeeze of a 0-d result. */
export function blockForBlock(label: string, chunks: Chunks, input: GraphNode, token: unknown): GraphNode {
  const grid = chunks.map((c) => c.length);
  return blockwise(label, chunks, [input], token, [(index) => [indexOf(ordinalOf(index, grid), input.numblocks)]]);
}
