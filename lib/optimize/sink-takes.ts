import { Buffer } from "../expr/buffer.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import { Gather } from "../expr/gather.js";
import type { Node } from "../expr/node.js";
import { View } from "../expr/view.js";

/** How far down a `take` goes. */
const DEEPEST = 32;
/** Operations on more than memory are computed for what is taken only when that is at most this share. */
const FEW = 1 / 4;

/** What is taken of an operation's results is the operation on what is taken of its inputs; a `take` of a `take` is one, of a shorter index. */
export function sinkTakes(node: Node): Expr {
  return node.kind === "gather" ? (sink(node, DEEPEST) ?? node) : node;
}

function sink(node: Gather, depth: number): Expr | undefined {
  const [x, index] = node.inputs as [Node, Expr];
  const { axis, complaint } = node;
  if (x.kind === "gather" && x.axis === axis) return new Gather(x.inputs[0]!, new Gather(x.inputs[1]!, index, 0, complaint), axis, x.complaint);
  if ((x.kind !== "map" && x.kind !== "cast") || depth === 0) return undefined;
  const ofMemory = x.inputs.every((y) => y instanceof Buffer || y instanceof Full);
  if (node.size > x.size * (ofMemory ? 1 : FEW)) return undefined;
  const take = (y: Expr): Expr => {
    if (y instanceof Full) return new Full(node.shape, y.dtype, y.value);
    if (y instanceof View && y.axes[axis]!.axis < 0) return new View(y.inputs[0]!, node.shape, y.axes, y.start);
    const taken = new Gather(y, index, axis, complaint);
    return sink(taken, depth - 1) ?? taken;
  };
  // Somebody has to look whether the places are there.
  const looks = x.inputs.some((y) => !(y instanceof Full) && !(y instanceof View && y.axes[axis]!.axis < 0));
  return looks ? x.withInputs(x.inputs.map(take)) : undefined;
}
