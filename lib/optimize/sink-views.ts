import { isInteger } from "../core/dtype.js";
import { overdue, type Steps } from "../core/steps.js";
import { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { Rows } from "../expr/rows.js";
import { Reshape } from "../expr/view.js";
import { isOrderless } from "./exact.js";
import { isWholeRun, type Part, partOf, partSize, type Run, walkOver, wholeRun, within } from "./part.js";
import { inputsFirst } from "./rewrite.js";
import { repeats, shown, throughView, type Walk, walkKey, walkSize, wholeWalk } from "./walk.js";

/** A node's walks of which each shows less than this share of what they show together are computed apart, for they are not worth storing it. */
const SMALL_SHARE = 1 / 8;
/** And at most so many: an expression must not grow with every node that is looked at from several sides. */
const MOST_APART = 4;
/** Folds that may round otherwise when only a part of them is asked for are cut only when that spares as much. */
const SPARED_SHARE = 1 / 2;

/** What is asked of a node: walks that it lets through to its inputs, and walks over the part of it that is computed at once. */
interface Demand {
  readonly apart: readonly Walk[];
  readonly kept: readonly Walk[];
  /** Set where something is kept. */
  readonly part?: Part;
}

/** All walks over a node, and what they became. */
interface Asked {
  readonly walks: Map<string, Walk>;
  readonly made: Map<string, Expr>;
  demand?: Demand;
}

/**
 * Moves views towards the sources and leaves out what nobody looks at. Readers are asked first what they walk, so that every node knows all that is
 * seen of it. One walk over an element-wise operation becomes walks over its inputs; several that overlap are left above it, for what they share
 * should be computed once, and it is cut to the part that they touch. So is what folds, scans, multiplies, gathers; and what a view repeats is
 * computed before it.
 */
export function* sinkViews(roots: readonly Expr[]): Steps<Expr[]> {
  const order = yield* inputsFirst(roots);
  const asked = new Map<string, Asked>();
  const ask = (x: Expr, walk: Walk): void => {
    let one = asked.get(x.token);
    if (one === undefined) asked.set(x.token, (one = { walks: new Map(), made: new Map() }));
    one.walks.set(walkKey(walk), walk);
  };
  for (const root of roots) ask(root, wholeWalk(root.shape));
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const one = asked.get(node.token);
    if (one !== undefined) {
      one.demand = demandOn(node, [...one.walks.values()]);
      for (const walk of one.demand.apart) for (const [x, inner] of passed(node, walk)) ask(x, inner);
      if (one.demand.kept.length > 0) for (const [x, inner] of inside(node, one.demand.part!)) ask(x, inner);
    }
    if (overdue()) yield;
  }

  const take = (x: Expr, walk: Walk): Expr => asked.get(x.token)!.made.get(walkKey(walk))!;
  for (const node of order) {
    const one = asked.get(node.token);
    if (one !== undefined) {
      const { apart, kept, part } = one.demand!;
      for (const walk of apart) one.made.set(walkKey(walk), apartFrom(node, walk, take));
      if (kept.length > 0) {
        const x = computed(node, part!, take);
        for (const walk of kept) one.made.set(walkKey(walk), shown(x, within(part!, walk)));
      }
    }
    if (overdue()) yield;
  }
  return roots.map((root) => take(root, wholeWalk(root.shape)));
}

function demandOn(node: Node, walks: readonly Walk[]): Demand {
  switch (node.kind) {
    case "buffer":
    case "full":
    case "iota":
    case "random":
      return { apart: [], kept: walks, part: node.shape.map(wholeRun) };
    case "view":
      return { apart: walks, kept: [] };
    case "map":
    case "cast":
    case "concat":
      return split(node, walks);
    default:
      return { apart: [], kept: walks, part: cut(node, partOf(walks, node.ndim)) };
  }
}

function split(node: Node, walks: readonly Walk[]): Demand {
  const others = walks.filter((walk) => !repeats(walk));
  if (others.length === 1 && walks.length === 1) return { apart: walks, kept: [] };
  const part = partOf(walks, node.ndim);
  if (others.length > MOST_APART) return { apart: [], kept: walks, part };
  // Joining costs nothing by itself; and what is looked at in few places is computed there.
  const most = partSize(part);
  const free = node.kind === "concat" || others.reduce((n, walk) => n + walkSize(walk), 0) <= most / 2;
  const apart = free ? others : others.filter((walk) => walkSize(walk) <= most * SMALL_SHARE);
  const kept = walks.filter((walk) => !apart.includes(walk));
  if (kept.length === 0 || (kept.length === 1 && !repeats(kept[0]!))) return { apart: walks, kept: [] };
  return { apart, kept, part: partOf(kept, node.ndim) };
}

/** The part that is computed of a node that can be cut on some axes only. */
function cut(node: Node, part: Part): Part {
  const smaller = cuttable(node, part);
  const spares = exactInParts(node) ? partSize(smaller) < node.size : partSize(smaller) <= node.size * SPARED_SHARE;
  return spares ? smaller : node.shape.map(wholeRun);
}

function cuttable(node: Node, part: Part): Part {
  const axes = (may: (axis: number) => boolean): Part => part.map((run, axis) => (may(axis) ? run : wholeRun(node.shape[axis]!)));
  switch (node.kind) {
    case "reduce":
    case "matmul":
    case "gather":
      return part;
    case "scan":
      return part.map((run, axis) => (axis === node.axis ? wholeRun(run.low + run.step * (run.count - 1) + 1) : run));
    case "rows":
      return axes((axis) => node.kernel === "quantile" || axis < node.ndim - 1);
    case "reshape": {
      const same = sameAxes(node.inputs[0]!.shape, node.shape);
      return axes((axis) => same.has(axis));
    }
    default:
      return axes(() => false);
  }
}

/** Tells whether a part of a node has the bits that it has in the whole. */
function exactInParts(node: Node): boolean {
  if (node.kind === "reduce") return isOrderless(node.reducer, node.inputs[0]!.dtype);
  return (node.kind !== "scan" && node.kind !== "matmul") || isInteger(node.dtype);
}

/** The walks over a node's inputs that a walk over the node makes. */
function passed(node: Node, walk: Walk): [Expr, Walk][] {
  if (node.kind === "view") return [[node.inputs[0]!, throughView(node, walk)]];
  if (node.kind === "concat") return pieces(node, walk);
  return node.inputs.map((x) => [x, walk]);
}

/** What a walk shows of a node that lets it through. */
function apartFrom(node: Node, walk: Walk, take: (x: Expr, walk: Walk) => Expr): Expr {
  const inputs = passed(node, walk).map(([x, inner]) => take(x, inner));
  if (node.kind === "view") return inputs[0]!;
  if (node.kind === "concat") return inputs.length === 1 ? inputs[0]! : new Concat(inputs, walk.axes.findIndex((a) => a.axis === node.axis));
  return same(node, inputs) ? node : node.withInputs(inputs);
}

/** What has to be known of a node's inputs for a part of it. */
function inside(node: Node, part: Part): [Expr, Walk][] {
  const [first, second] = node.inputs as [Expr, Expr];
  const whole = (x: Expr): Run[] => x.shape.map(wholeRun);
  switch (node.kind) {
    case "map":
    case "cast":
    case "scan":
      return node.inputs.map((x) => [x, walkOver(part)]);
    case "concat":
      return pieces(node, walkOver(part));
    case "reduce": {
      let next = 0;
      return [[first, walkOver(first.shape.map((n, axis) => (node.axes.includes(axis) ? wholeRun(n) : part[next++]!)))]];
    }
    case "matmul": {
      const lead = part.slice(0, -2);
      const [rows, columns] = part.slice(-2) as [Run, Run];
      return [[first, walkOver([...lead, rows, whole(first)[node.ndim - 1]!])], [second, walkOver([...lead, whole(second)[node.ndim - 2]!, columns])]];
    }
    case "rows": {
      const outer = node.kernel === "quantile" ? part.slice(1) : part.slice(0, -1);
      return [[first, walkOver([...outer, whole(first)[first.ndim - 1]!])]];
    }
    case "gather":
      return [
        [first, walkOver(part.map((run, axis) => (axis === node.axis ? wholeRun(first.shape[axis]!) : run)))],
        [second, walkOver([part[node.axis]!])],
      ];
    case "reshape": {
      const from = whole(first);
      for (const [axis, source] of sameAxes(first.shape, node.shape)) from[source] = part[axis]!;
      return [[first, walkOver(from)]];
    }
    default:
      return node.inputs.map((x) => [x, wholeWalk(x.shape)]);
  }
}

/** A part of a node. */
function computed(node: Node, part: Part, take: (x: Expr, walk: Walk) => Expr): Expr {
  if (node.inputs.length === 0) return node;
  const inputs = inside(node, part).map(([x, walk]) => take(x, walk));
  if (node.kind === "concat") return inputs.length === 1 ? inputs[0]! : new Concat(inputs, node.axis);
  if (node.kind === "reshape") return new Reshape(inputs[0]!, part.map((run) => run.count));
  if (node.kind === "rows" && node.kernel === "quantile" && !isWholeRun(part[0]!, node.shape[0]!)) {
    const [method, skip, ...wanted] = node.values as [number, number, ...number[]];
    const { low, step, count } = part[0]!;
    return new Rows("quantile", inputs[0]!, [method, skip, ...Array.from({ length: count }, (_, i) => wanted[low + i * step]!)]);
  }
  return same(node, inputs) ? node : node.withInputs(inputs);
}

const same = (node: Node, inputs: readonly Expr[]): boolean => inputs.every((x, i) => x.token === node.inputs[i]!.token);

/** The part of each input of a concatenation that a walk meets, in the order of the walk. */
function pieces(concat: Concat, { shape, axes, start }: Walk): [Expr, Walk][] {
  const out = axes.findIndex((a) => a.axis === concat.axis);
  const from = start[concat.axis]!;
  const step = out < 0 ? 1 : axes[out]!.step;
  const count = out < 0 ? 1 : shape[out]!;
  const found: [Expr, Walk][] = [];
  let low = 0;
  for (const input of concat.inputs) {
    const high = low + input.shape[concat.axis]!;
    // The steps k in [0, count) with low <= from + k * step < high.
    const first = Math.max(0, step > 0 ? Math.ceil((low - from) / step) : Math.floor((from - high) / -step) + 1);
    const last = Math.min(count - 1, step > 0 ? Math.ceil((high - from) / step) - 1 : Math.floor((from - low) / -step));
    if (first <= last) {
      const at = start.slice();
      at[concat.axis] = from + first * step - low;
      found.push([input, { shape: shape.map((n, i) => (i === out ? last - first + 1 : n)), axes, start: at }]);
    }
    low = high;
  }
  return step < 0 ? found.reverse() : found;
}

/** The axes of a reshaped array that are axes of its input: output axis to input axis. */
function sameAxes(from: readonly number[], to: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  let i = 0;
  let j = 0;
  while (i < from.length && j < to.length) {
    const [i0, j0] = [i, j];
    let a = from[i++]!;
    let b = to[j++]!;
    while (a !== b) {
      if (a < b) a *= from[i++]!;
      else b *= to[j++]!;
    }
    if (i === i0 + 1 && j === j0 + 1) found.set(j0, i0);
  }
  return found;
}
