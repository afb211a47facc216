import { Buffer } from "../expr/buffer.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import type { Node } from "../expr/node.js";
import { elementOf } from "./constant.js";
import { shown, wholeWalk } from "./walk.js";

/** Places `start + step * i`. */
interface Run {
  readonly start: number;
  readonly step: number;
}
/** How far down an index is looked into, and how many elements of one in memory are read. */
const DEEPEST = 16;
const LONGEST = 1 << 14;

/** Taking places that are evenly apart is a slice. */
export function takeSlices(node: Node): Expr {
  if (node.kind !== "gather") return node;
  const [x, index] = node.inputs as [Expr, Expr];
  const count = index.shape[0]!;
  const run = runOf(index as Node, DEEPEST);
  if (run === undefined || count === 0) return node;
  const last = run.start + run.step * (count - 1);
  if (Math.min(run.start, last) < 0 || Math.max(run.start, last) >= x.shape[node.axis]!) return node; // an error when it runs
  const { axes, start } = wholeWalk(x.shape);
  const repeated = run.step === 0 && count > 1;
  return shown(x, {
    shape: node.shape,
    axes: axes.map((a, axis) => (axis !== node.axis ? a : repeated ? { axis: -1, step: 0 } : { axis, step: run.step || 1 })),
    start: start.map((s, axis) => (axis === node.axis ? run.start : s)),
  });
}

function runOf(index: Node, depth: number): Run | undefined {
  if (depth === 0 || index.dtype !== "int64") return undefined;
  switch (index.kind) {
    case "iota":
      return index.ndim === 1 ? { start: 0, step: 1 } : undefined;
    case "full":
      return { start: Number(elementOf("int64", index.value)), step: 0 };
    case "buffer":
      return inMemory(index);
    case "view": {
      if (index.inputs[0]!.ndim !== 1 || index.ndim !== 1) return undefined;
      const run = runOf(index.inputs[0] as Node, depth - 1);
      return run && { start: run.start + run.step * index.start[0]!, step: index.axes[0]!.axis < 0 ? 0 : run.step * index.axes[0]!.step };
    }
    case "map":
      return computed(index, depth);
    default:
      return undefined;
  }
}

function computed(node: Node & { kind: "map" }, depth: number): Run | undefined {
  const of = (i: number): Run | undefined => runOf(node.inputs[i] as Node, depth - 1);
  if (node.op === "where") {
    const taken = decided(node.inputs[0] as Node, depth);
    return taken === undefined ? undefined : of(taken ? 1 : 2);
  }
  if (node.op !== "add" && node.op !== "subtract" && node.op !== "multiply") return undefined;
  const [a, b] = [of(0), of(1)];
  if (a === undefined || b === undefined) return undefined;
  if (node.op === "add") return exact({ start: a.start + b.start, step: a.step + b.step }, node.shape[0]!);
  if (node.op === "subtract") return exact({ start: a.start - b.start, step: a.step - b.step }, node.shape[0]!);
  if (a.step !== 0 && b.step !== 0) return undefined;
  return exact(a.step === 0 ? { start: a.start * b.start, step: a.start * b.step } : { start: a.start * b.start, step: a.step * b.start }, node.shape[0]!);
}

/** A comparison that comes out the same everywhere: of an index with 0, which is how negative places are told. */
function decided(mask: Node, depth: number): boolean | undefined {
  if (mask.kind !== "map" || mask.op !== "less" || !(mask.inputs[1] instanceof Full)) return undefined;
  const run = runOf(mask.inputs[0] as Node, depth - 1);
  if (run === undefined) return undefined;
  const border = Number(elementOf("int64", mask.inputs[1].value));
  const [a, b] = [run.start, run.start + run.step * (mask.size - 1)];
  return Math.max(a, b) < border ? true : Math.min(a, b) >= border ? false : undefined;
}

/** No more than numbers can tell apart, so that nothing wraps around. */
const exact = (run: Run, count: number): Run | undefined => (Math.abs(run.start) + Math.abs(run.step) * count < 2 ** 52 ? run : undefined);

function inMemory({ source, strides, offset, shape }: Buffer): Run | undefined {
  const { data } = source;
  const count = shape[0]!;
  if (!(data instanceof BigInt64Array) || shape.length !== 1 || count === 0 || count > LONGEST) return undefined;
  const start = Number(data[offset]);
  const step = count === 1 ? 0 : Number(data[offset + strides[0]!]) - start;
  for (let i = 2; i < count; i++) if (Number(data[offset + i * strides[0]!]) !== start + step * i) return undefined;
  return exact({ start, step }, count);
}
