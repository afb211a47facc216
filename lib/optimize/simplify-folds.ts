import { isInteger } from "../core/dtype.js";
import { cast, dropAxes, map } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { Reduce, type ReducerKind } from "../expr/reduce.js";
import { View } from "../expr/view.js";
import { constant, wrapped } from "./constant.js";
import { isLossless, isOrderless } from "./exact.js";

const EXTREMES = new Set<ReducerKind>(["min", "max", "fmin", "fmax"]);
const PLACES = new Set<ReducerKind>(["argmin", "argmax", "nanargmin", "nanargmax"]);

/** Folds whose result does not hang on what is folded first: fewer of them, over fewer elements. */
export function simplifyFolds(node: Node): Expr {
  if (node.kind !== "reduce") return node;
  const input = node.inputs[0] as Node;
  if (input.kind === "cast" && keepsOrder(input.inputs[0]!, input)) {
    const [x] = input.inputs as [Expr];
    const reducer = isInteger(x.dtype) && node.reducer.startsWith("nanarg") ? (node.reducer.slice(3) as ReducerKind) : node.reducer;
    const inner = new Reduce(reducer, x, node.axes, node.field);
    if (EXTREMES.has(node.reducer) || (PLACES.has(node.reducer) && node.field === 0)) return cast(inner, node.dtype);
    if (PLACES.has(node.reducer)) return inner;
  }
  if (PLACES.has(node.reducer) || !isOrderless(node.reducer, input.dtype)) return node;
  // An extreme of one element is that element; but of floats, a fold makes one NaN of all.
  if (node.axes.every((axis) => input.shape[axis] === 1) && !node.dtype.startsWith("float") && !node.dtype.startsWith("complex")) return dropAxes(input, node.axes);
  if (input.kind === "reduce" && input.reducer === node.reducer) return ofFold(node, input);
  return input.kind === "view" ? (ofRepeated(node, input) ?? ofTurned(node, input) ?? node) : node;
}

/** A cast that tells as many values apart, in the same order. Of float16 the fold orders the zeros, which others do not. */
const keepsOrder = (x: Expr, as: Expr): boolean => x.dtype !== "bool" && x.dtype !== "float16" && !x.dtype.startsWith("complex") && isLossless(x.dtype, as.dtype);

function ofFold(outer: Reduce, inner: Reduce): Expr {
  const x = inner.inputs[0]!;
  const left = x.shape.map((_, axis) => axis).filter((axis) => !inner.axes.includes(axis));
  return new Reduce(outer.reducer, x, [...inner.axes, ...outer.axes.map((axis) => left[axis]!)].sort((a, b) => a - b));
}

/** Over what a view repeats: an extreme needs it once, a sum of whole numbers so many times. */
function ofRepeated(node: Reduce, view: View): Expr | undefined {
  const repeated = node.axes.filter((axis) => view.axes[axis]!.axis < 0 && view.shape[axis] !== 1);
  if (repeated.length === 0 || node.reducer === "prod") return undefined;
  const once = new View(view.inputs[0]!, view.shape.map((n, axis) => (repeated.includes(axis) ? 1 : n)), view.axes, view.start);
  const fold = new Reduce(node.reducer, once, node.axes);
  if (node.reducer !== "sum") return fold;
  const times = repeated.reduce((n, axis) => n * view.shape[axis]!, 1);
  return isInteger(node.dtype) ? map("multiply", node.dtype, node.dtype, [fold, constant([], node.dtype, wrapped(node.dtype, BigInt(times)))], fold.shape) : undefined;
}

/** Over all of an array turned round: other axes of it as it was. */
function ofTurned(node: Reduce, view: View): Expr | undefined {
  const x = view.inputs[0]!;
  const turned = view.ndim === x.ndim && view.axes.every((a, i) => a.axis >= 0 && Math.abs(a.step) === 1 && view.shape[i] === x.shape[a.axis]);
  if (!turned) return undefined;
  const axes = node.axes.map((axis) => view.axes[axis]!.axis).sort((a, b) => a - b);
  const fold = new Reduce(node.reducer, x, axes);
  const place = new Map(x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)).map((axis, i) => [axis, i]));
  const kept = view.axes.filter((_, i) => !node.axes.includes(i));
  const start = fold.shape.map(() => 0);
  kept.forEach((a) => (start[place.get(a.axis)!] = view.start[a.axis]!));
  const inOrder = kept.every((a, i) => place.get(a.axis) === i && a.step === 1);
  return inOrder ? fold : new View(fold, node.shape, kept.map((a) => ({ axis: place.get(a.axis)!, step: a.step })), start);
}
