import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import type { Node } from "../expr/node.js";
import { View } from "../expr/view.js";

/** Worth a stage of its own: so many times fewer elements. */
const FEWER = 4;

/** An operation on inputs that are all repeated along an axis is done once and repeated: what `meshgrid` gives, and constants. */
export function hoistRepeats(node: Node): Expr {
  if (node.kind !== "map" && node.kind !== "cast") return node;
  const repeated = node.shape.map((n, axis) => n !== 1 && node.inputs.every((x) => x instanceof Full || (x instanceof View && x.axes[axis]!.axis < 0)));
  if (!repeated.includes(true)) return node;
  const shape = node.shape.map((n, axis) => (repeated[axis] ? 1 : n));
  if (shape.reduce((a, b) => a * b, 1) * FEWER > node.size) return node;
  const once = (x: Expr): Expr => (x instanceof View ? new View(x.inputs[0]!, shape, x.axes, x.start) : new Full(shape, x.dtype, (x as Full).value));
  const axes = shape.map((_, axis) => (repeated[axis] ? { axis: -1, step: 0 } : { axis, step: 1 }));
  return new View(node.withInputs(node.inputs.map(once)), node.shape, axes, shape.map(() => 0));
}
