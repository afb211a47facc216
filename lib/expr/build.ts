import { type DType, isComplex, realOf } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";
import { Full, type Scalar } from "./full.js";
import type { NativeOp } from "./generated/native-ops.js";
import { Cast, MapOp } from "./map.js";
import { Reshape, View } from "./view.js";

/** A scalar, broadcast to `shape`. */
export const full = (shape: Shape, dtype: DType, value: Scalar): Expr => new Full(shape, dtype, value);

/** `x` as `dtype`; itself when it is one already. */
export function cast(x: Expr, dtype: DType): Expr {
  return x.dtype === dtype ? x : new Cast(x, dtype);
}

/** `x` seen with `shape`, aligned at the last axis as NumPy broadcasts; the shapes must be compatible. */
export function broadcastTo(x: Expr, shape: Shape): Expr {
  const lead = shape.length - x.ndim;
  if (lead === 0 && shape.every((n, i) => Object.is(n, x.shape[i]))) return x;
  if (x instanceof Full) return new Full(shape, x.dtype, x.value);
  const axes = shape.map((n, i) => {
    const axis = i - lead;
    return axis < 0 || (x.shape[axis] === 1 && n !== 1) ? { axis: -1, step: 0 } : { axis, step: 1 };
  });
  return new View(x, shape, axes, x.shape.map(() => 0));
}

/** Output axis i is input axis `order[i]`. */
export function transpose(x: Expr, order: readonly number[]): Expr {
  if (order.every((axis, i) => axis === i)) return x;
  return new View(x, order.map((axis) => x.shape[axis]!), order.map((axis) => ({ axis, step: 1 })), x.shape.map(() => 0));
}

/** New axes of length 1 at these positions of the result. */
export function expandDims(x: Expr, positions: readonly number[]): Expr {
  if (positions.length === 0) return x;
  let next = 0;
  const axes = Array.from({ length: x.ndim + positions.length }, (_, i) =>
    positions.includes(i) ? { axis: -1, step: 0 } : { axis: next++, step: 1 });
  return new View(x, axes.map((a) => (a.axis < 0 ? 1 : x.shape[a.axis]!)), axes, x.shape.map(() => 0));
}

/** Drops axes, standing at index 0 of each. */
export function dropAxes(x: Expr, dropped: readonly number[]): Expr {
  if (dropped.length === 0) return x;
  const axes = x.shape.map((_, axis) => ({ axis, step: 1 })).filter((a) => !dropped.includes(a.axis));
  return new View(x, axes.map((a) => x.shape[a.axis]!), axes, x.shape.map(() => 0));
}

/** One axis cut to `count` elements from `start`, `step` apart (either sign). */
export function slice(x: Expr, axis: number, start: number, step: number, count: number): Expr {
  if (start === 0 && step === 1 && count === x.shape[axis]) return x;
  return new View(
    x,
    x.shape.map((n, i) => (i === axis ? count : n)),
    x.shape.map((_, i) => ({ axis: i, step: i === axis ? step : 1 })),
    x.shape.map((_, i) => (i === axis && count > 0 ? start : 0)),
  );
}

/** C-order reshape; sizes must agree. */
export function reshape(x: Expr, shape: Shape): Expr {
  return shape.length === x.ndim && shape.every((n, i) => n === x.shape[i]) ? x : new Reshape(x, shape);
}

/** Applies a native op in loop `loop`: broadcasts the inputs to `shape` and casts each to the dtype the loop takes. */
export function map(op: NativeOp, loop: DType, out: DType, inputs: readonly Expr[], shape: Shape, output = 0): Expr {
  return new MapOp(op, loop, out, inputs.map((x, i) => broadcastTo(cast(x, inputDType(op, loop, i)), shape)), output);
}

/** What input `i` of an op's loop is: the loop's dtype but for two exceptions (native/kernels/table.h, MapFn). */
export function inputDType(op: NativeOp, loop: DType, i: number): DType {
  if (op === "where" && i === 0) return "bool";
  if (op === "ldexp" && i === 1) return "int32";
  return loop;
}

const TO_BOOL = new Set<NativeOp>([
  "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "signbit", "logical_not", "logical_and", "logical_or", "logical_xor",
  "isnan", "isinf", "isfinite",
]);
const TO_PART = new Set<NativeOp>(["absolute", "angle", "imag", "real"]);

/** What output `output` of an op's loop is (native/kernels/table.h, map_output). */
export function outputDType(op: NativeOp, loop: DType, output = 0): DType {
  if (op === "frexp" && output === 1) return "int32";
  if (TO_BOOL.has(op)) return "bool";
  return isComplex(loop) && TO_PART.has(op) ? realOf(loop) : loop;
}
