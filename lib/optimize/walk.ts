import { Buffer } from "../expr/buffer.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import { View, type ViewAxis } from "../expr/view.js";

/** A walk over a node: what a view shows of it. */
export interface Walk {
  readonly shape: readonly number[];
  readonly axes: readonly ViewAxis[];
  readonly start: readonly number[];
}

export const wholeWalk = (shape: readonly number[]): Walk =>
  ({ shape, axes: shape.map((_, axis) => ({ axis, step: 1 })), start: shape.map(() => 0) });

const keys = new WeakMap<Walk, string>();
/** Equal walks have equal keys. */
export function walkKey(walk: Walk): string {
  let key = keys.get(walk);
  if (key === undefined) {
    key = `${walk.shape.join()}|${walk.axes.map((a) => `${a.axis},${a.step}`).join(";")}|${walk.start.join()}`;
    keys.set(walk, key);
  }
  return key;
}
export const walkSize = ({ shape }: Walk): number => shape.reduce((a, b) => a * b, 1);
export const repeats = ({ shape, axes }: Walk): boolean => shape.some((n, i) => axes[i]!.axis < 0 && n !== 1);

/** Tells whether a walk shows all of an array of that shape, in order. */
export const isWhole = ({ shape, axes, start }: Walk, of: readonly number[]): boolean =>
  shape.length === of.length && start.every((s) => s === 0) &&
  axes.every((a, i) => a.axis === i && (a.step === 1 || shape[i] === 1) && shape[i] === of[i]);

/** A walk over a view, in coordinates of the view's input. */
export function throughView(view: View, { shape, axes, start }: Walk): Walk {
  const innerStart = view.start.slice();
  view.axes.forEach((a, i) => {
    if (a.axis >= 0) innerStart[a.axis]! += a.step * start[i]!;
  });
  const composed = axes.map((a) => {
    const through = a.axis < 0 ? undefined : view.axes[a.axis]!;
    return through === undefined || through.axis < 0 ? { axis: -1, step: 0 } : { axis: through.axis, step: a.step * through.step };
  });
  return { shape, axes: composed, start: innerStart };
}

/** What a walk shows of an expression: of memory and constants, other strides and another shape. */
export function shown(x: Expr, walk: Walk): Expr {
  if (isWhole(walk, x.shape)) return x;
  const { shape, axes, start } = walk;
  if (x instanceof Full) return new Full(shape, x.dtype, x.value);
  if (!(x instanceof Buffer)) return new View(x, shape, axes, start);
  const strides = axes.map((a) => (a.axis < 0 ? 0 : a.step * x.strides[a.axis]!));
  return new Buffer(shape, x.dtype, x.source, strides, start.reduce((n, s, axis) => n + s * x.strides[axis]!, x.offset));
}
