import { Buffer } from "../expr/buffer.js";
import { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import { Cast, MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { Reduce } from "../expr/reduce.js";
import { View, type ViewAxis } from "../expr/view.js";

/**
 * Moves views towards the sources, so that a slice computes only what it shows and a transpose costs a stride.
 * A view that repeats elements stays above anything that computes: what is repeated is computed once.
 */
export function sinkViews(node: Node): Expr {
  return node.kind === "view" ? sink(node.inputs[0] as Node, node.shape, node.axes, node.start) : node;
}

function sink(input: Node, shape: readonly number[], axes: readonly ViewAxis[], start: readonly number[]): Expr {
  if (isIdentity(input, shape, axes, start)) return input;
  const repeats = shape.some((n, i) => axes[i]!.axis < 0 && n !== 1);
  switch (input.kind) {
    case "full":
      return new Full(shape, input.dtype, input.value);
    case "view": {
      // The same walk, in coordinates of the inner view's input.
      const innerStart = input.start.slice();
      input.axes.forEach((a, i) => {
        if (a.axis >= 0) innerStart[a.axis]! += a.step * start[i]!;
      });
      const composed = axes.map((a) => {
        const through = a.axis < 0 ? undefined : input.axes[a.axis]!;
        return through === undefined || through.axis < 0 ? { axis: -1, step: 0 } : { axis: through.axis, step: a.step * through.step };
      });
      return sink(input.inputs[0] as Node, shape, composed, innerStart);
    }
    case "buffer": {
      const strides = axes.map((a) => (a.axis < 0 ? 0 : a.step * input.strides[a.axis]!));
      const offset = start.reduce((n, s, axis) => n + s * input.strides[axis]!, input.offset);
      return new Buffer(shape, input.dtype, input.source, strides, offset);
    }
    case "cast":
      return repeats ? view(input, shape, axes, start) : new Cast(sink(input.inputs[0] as Node, shape, axes, start), input.dtype);
    case "map":
      return repeats ? view(input, shape, axes, start)
        : new MapOp(input.op, input.loop, input.dtype, input.inputs.map((x) => sink(x as Node, shape, axes, start)), input.output);
    case "concat":
      return repeats ? view(input, shape, axes, start) : sinkIntoConcat(input, shape, axes, start);
    case "reduce": {
      // Worth it when it spares folding; otherwise keep one Reduce for all who read it.
      const size = shape.reduce((a, b) => a * b, 1);
      if (repeats || !(size * 2 <= input.size)) return view(input, shape, axes, start);
      const from = input.inputs[0]!;
      const kept = from.shape.map((_, axis) => axis).filter((axis) => !input.axes.includes(axis));
      const fromStart = from.shape.map(() => 0);
      kept.forEach((axis, i) => (fromStart[axis] = start[i]!));
      const fromAxes = [
        ...axes.map((a) => (a.axis < 0 ? a : { axis: kept[a.axis]!, step: a.step })),
        ...input.axes.map((axis) => ({ axis, step: 1 })),
      ];
      const fromShape = [...shape, ...input.axes.map((axis) => from.shape[axis]!)];
      return new Reduce(input.reducer, sink(from as Node, fromShape, fromAxes, fromStart), input.axes.map((_, i) => shape.length + i), input.field);
    }
    default:
      return view(input, shape, axes, start);
  }
}

const view = (input: Expr, shape: readonly number[], axes: readonly ViewAxis[], start: readonly number[]): Expr => new View(input, shape, axes, start);

function isIdentity(input: Expr, shape: readonly number[], axes: readonly ViewAxis[], start: readonly number[]): boolean {
  return shape.length === input.ndim && start.every((s) => s === 0) &&
    axes.every((a, i) => a.axis === i && (a.step === 1 || shape[i] === 1) && (shape[i] === input.shape[i] || Number.isNaN(input.shape[i])));
}

/** Each input is cut to the part that the view walks; a walk backwards meets the inputs backwards. */
function sinkIntoConcat(concat: Concat, shape: readonly number[], axes: readonly ViewAxis[], start: readonly number[]): Expr {
  const out = axes.findIndex((a) => a.axis === concat.axis);
  const from = start[concat.axis]!;
  const step = out < 0 ? 1 : axes[out]!.step;
  const count = out < 0 ? 1 : shape[out]!;
  const parts: Expr[] = [];
  let low = 0;
  for (const input of concat.inputs) {
    const high = low + input.shape[concat.axis]!;
    // The steps k in [0, count) with low <= from + k * step < high.
    const first = Math.max(0, step > 0 ? Math.ceil((low - from) / step) : Math.floor((from - high) / -step) + 1);
    const last = Math.min(count - 1, step > 0 ? Math.ceil((high - from) / step) - 1 : Math.floor((from - low) / -step));
    if (first <= last) {
      const partStart = start.slice();
      partStart[concat.axis] = from + first * step - low;
      parts.push(sink(input as Node, shape.map((n, i) => (i === out ? last - first + 1 : n)), axes, partStart));
    }
    low = high;
  }
  if (step < 0) parts.reverse();
  return parts.length === 1 ? parts[0]! : new Concat(parts, out);
}
