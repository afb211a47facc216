import type { Chunks } from "../core/chunks.js";
import { GraphNode, gridLayer } from "./graph-node.js";

/** Blocks of the inputs one after the other along an axis; each block of the result is one of theirs. */
export function concatenate(inputs: readonly GraphNode[], axis: number, token: unknown): GraphNode {
  const chunks: Chunks = inputs[0]!.chunks.map((c, i) => (i === axis ? inputs.flatMap((x) => x.chunks[axis]!) : c));
  const owner = inputs.flatMap((x, k) => x.chunks[axis]!.map((_, block) => ({ k, block })));
  const layer = gridLayer("concatenate", chunks.map((c) => c.length), (index) => {
    const { k, block } = owner[index[axis]!]!;
    return [inputs[k]!.block(index.map((i, a) => (a === axis ? block : i)))];
  });
  return new GraphNode({ label: "concatenate", chunks, inputs, token: ["concatenate", axis, token], layers: [layer] });
}

/** A new axis with a chunk of 1 for each input. */
export function stack(inputs: readonly GraphNode[], axis: number, token: unknown): GraphNode {
  const chunks: Chunks = [...inputs[0]!.chunks.slice(0, axis), inputs.map(() => 1), ...inputs[0]!.chunks.slice(axis)];
  const layer = gridLayer("stack", chunks.map((c) => c.length), (index) => [
    inputs[index[axis]!]!.block(index.filter((_, a) => a !== axis)),
  ]);
  return new GraphNode({ label: "stack", chunks, inputs, token: ["stack", axis, token], layers: [layer] });
}
