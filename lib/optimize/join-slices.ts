import { Buffer } from "../expr/buffer.js";
import { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import type { Node } from "../expr/node.js";
import { View } from "../expr/view.js";
import { shown } from "./walk.js";

/** Neighbours in a concatenation that are neighbours in one array are one slice of it; concatenations along one axis are one. */
export function joinSlices(node: Node): Expr {
  if (node.kind !== "concat") return node;
  const { axis } = node;
  const parts = node.inputs.flatMap((x) => (x instanceof Concat && x.axis === axis ? x.inputs : [x]));
  const joined: Expr[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    const both = last && join(last, part, axis);
    if (both === undefined) joined.push(part);
    else joined[joined.length - 1] = both;
  }
  if (joined.length === 1) return joined[0]!;
  return joined.length === node.inputs.length && joined.every((x, i) => x === node.inputs[i]) ? node : new Concat(joined, axis);
}

function join(a: Expr, b: Expr, axis: number): Expr | undefined {
  const shape = a.shape.map((n, i) => (i === axis ? n + b.shape[i]! : n));
  if (a instanceof Full && b instanceof Full) return Object.is(a.value, b.value) ? new Full(shape, a.dtype, a.value) : undefined;
  if (a instanceof Buffer && b instanceof Buffer) {
    if (a.source.id !== b.source.id) return undefined;
    const step = follows(a.shape[axis]!, b.shape[axis]!, a.strides[axis]!, b.strides[axis]!, b.offset - a.offset);
    const alike = a.strides.every((s, i) => i === axis || s === b.strides[i] || shape[i] === 1);
    return step !== undefined && alike ? new Buffer(shape, a.dtype, a.source, a.strides.map((s, i) => (i === axis ? step : s)), a.offset) : undefined;
  }
  if (a instanceof View && b instanceof View) {
    const from = a.axes[axis]!.axis;
    if (a.inputs[0]!.token !== b.inputs[0]!.token || from < 0) return undefined;
    const alike = a.axes.every((x, i) => x.axis === b.axes[i]!.axis && (i === axis || x.step === b.axes[i]!.step || shape[i] === 1)) &&
      a.start.every((s, i) => i === from || s === b.start[i]);
    const step = alike ? follows(a.shape[axis]!, b.shape[axis]!, a.axes[axis]!.step, b.axes[axis]!.step, b.start[from]! - a.start[from]!) : undefined;
    return step === undefined ? undefined : shown(a.inputs[0]!, { shape, axes: a.axes.map((x, i) => (i === axis ? { axis: from, step } : x)), start: a.start });
  }
  return undefined;
}

/** The step of a run of both, when the second starts `apart` from the first's start and goes on from its end. */
function follows(count: number, countAfter: number, step: number, stepAfter: number, apart: number): number | undefined {
  if (count === 1) step = countAfter === 1 ? apart : stepAfter;
  return apart === step * count && (countAfter === 1 || stepAfter === step) && step !== 0 ? step : undefined;
}
