import { blockwise } from "./blockwise.js";
import type { GraphNode } from "./graph-node.js";

/** Blocks with their axes in another order: axis i of the result is axis `order[i]` of the input. */
export function transpose(label: string, input: GraphNode, order: readonly number[]): GraphNode {
  const chunks = order.map((axis) => input.chunks[axis]!);
  return blockwise(label, chunks, [input], [label, order], [
    (index) => {
      const block = new Array<number>(order.length);
      order.forEach((axis, i) => (block[axis] = index[i]!));
      return [block];
    },
  ]);
}
