import { Buffer } from "../expr/buffer.js";
import { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import { Cast, MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { Reduce } from "../expr/reduce.js";
import { View, type ViewAxis } from "../expr/view.js";
import { type Pass, rewrite } from "./rewrite.js";

/** A walk over a node: a view that is on its way down. */
interface Walk {
  readonly shape: readonly number[];
  readonly axes: readonly ViewAxis[];
  readonly start: readonly number[];
}

/**
 * Moves views towards the sources, so that a slice computes only what it shows and a transpose costs a stride.
 * A view that repeats elements stays above anything that computes: what is repeated is computed once.
 */
export const sinkViews: Pass = (roots) => {
  // The same view of the same node is one node again, or a lattice of operations would unfold into a tree.
  const done = new Map<string, Expr>();
  return rewrite(roots, (node) => (node.kind === "view" ? sink(node.inputs[0] as Node, node, done) : node));
};

/** Carries a walk down through element-wise operations, on a stack of its own, as chains can be long. */
function sink(root: Node, rootWalk: Walk, done: Map<string, Expr>): Expr {
  const stack: { node: Node; walk: Walk; key: string }[] = [];
  const enter = (node: Node, walk: Walk): Expr | undefined => {
    while (node.kind === "view") {
      walk = throughView(node, walk);
      node = node.inputs[0] as Node;
    }
    const key = `${node.token}|${walk.shape.join()}|${walk.axes.map((a) => `${a.axis},${a.step}`).join(";")}|${walk.start.join()}`;
    const found = done.get(key);
    if (found === undefined) stack.push({ node, walk, key });
    return found;
  };
  let result = enter(root, rootWalk);
  while (stack.length > 0) {
    const { node, walk, key } = stack[stack.length - 1]!;
    const depth = stack.length;
    if (!done.has(key)) {
      if ((node.kind === "map" || node.kind === "cast") && !repeats(walk) && !isIdentity(node, walk)) {
        const inputs = node.inputs.map((x) => enter(x as Node, walk));
        if (stack.length > depth) continue; // inputs first
        done.set(key, node.kind === "cast" ? new Cast(inputs[0]!, node.dtype) : new MapOp(node.op, node.loop, node.dtype, inputs as Expr[], node.output));
      } else done.set(key, land(node, walk, done));
    }
    stack.pop();
    result = done.get(key);
  }
  return result!;
}

/** A walk where it ends, or takes another form. */
function land(node: Node, walk: Walk, done: Map<string, Expr>): Expr {
  const { shape, axes, start } = walk;
  if (isIdentity(node, walk)) return node;
  switch (node.kind) {
    case "full":
      return new Full(shape, node.dtype, node.value);
    case "buffer": {
      const strides = axes.map((a) => (a.axis < 0 ? 0 : a.step * node.strides[a.axis]!));
      const offset = start.reduce((n, s, axis) => n + s * node.strides[axis]!, node.offset);
      return new Buffer(shape, node.dtype, node.source, strides, offset);
    }
    case "concat":
      return repeats(walk) ? view(node, walk) : sinkIntoConcat(node, walk, done);
    case "reduce": {
      // Worth it when it spares folding; otherwise keep one Reduce for all who read it.
      const size = shape.reduce((a, b) => a * b, 1);
      if (repeats(walk) || !(size * 2 <= node.size)) return view(node, walk);
      const from = node.inputs[0]!;
      const kept = from.shape.map((_, axis) => axis).filter((axis) => !node.axes.includes(axis));
      const fromStart = from.shape.map(() => 0);
      kept.forEach((axis, i) => (fromStart[axis] = start[i]!));
      const fromAxes = [
        ...axes.map((a) => (a.axis < 0 ? a : { axis: kept[a.axis]!, step: a.step })),
        ...node.axes.map((axis) => ({ axis, step: 1 })),
      ];
      const fromShape = [...shape, ...node.axes.map((axis) => from.shape[axis]!)];
      const sunk = sink(from as Node, { shape: fromShape, axes: fromAxes, start: fromStart }, done);
      return new Reduce(node.reducer, sunk, node.axes.map((_, i) => shape.length + i), node.field);
    }
    default:
      return view(node, walk);
  }
}

/** The same walk, in coordinates of the view's input. */
function throughView(inner: View, { shape, axes, start }: Walk): Walk {
  const innerStart = inner.start.slice();
  inner.axes.forEach((a, i) => {
    if (a.axis >= 0) innerStart[a.axis]! += a.step * start[i]!;
  });
  const composed = axes.map((a) => {
    const through = a.axis < 0 ? undefined : inner.axes[a.axis]!;
    return through === undefined || through.axis < 0 ? { axis: -1, step: 0 } : { axis: through.axis, step: a.step * through.step };
  });
  return { shape, axes: composed, start: innerStart };
}

const repeats = ({ shape, axes }: Walk): boolean => shape.some((n, i) => axes[i]!.axis < 0 && n !== 1);
const view = (input: Expr, { shape, axes, start }: Walk): Expr => new View(input, shape, axes, start);

function isIdentity(input: Expr, { shape, axes, start }: Walk): boolean {
  return shape.length === input.ndim && start.every((s) => s === 0) &&
    axes.every((a, i) => a.axis === i && (a.step === 1 || shape[i] === 1) && (shape[i] === input.shape[i] || Number.isNaN(input.shape[i])));
}

/** Each input is cut to the part that the view walks; a walk backwards meets the inputs backwards. */
function sinkIntoConcat(concat: Concat, { shape, axes, start }: Walk, done: Map<string, Expr>): Expr {
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
      parts.push(sink(input as Node, { shape: shape.map((n, i) => (i === out ? last - first + 1 : n)), axes, start: partStart }, done));
    }
    low = high;
  }
  if (step < 0) parts.reverse();
  return parts.length === 1 ? parts[0]! : new Concat(parts, out);
}
