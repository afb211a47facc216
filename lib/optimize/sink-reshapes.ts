import { contiguousStrides } from "../core/shape.js";
import { Buffer } from "../expr/buffer.js";
import { itemsize } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { File } from "../expr/file.js";
import { Full } from "../expr/full.js";
import { Iota } from "../expr/iota.js";
import { Cast, MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { Random } from "../expr/random.js";
import { Reshape, View } from "../expr/view.js";
import { type Pass, rewrite } from "./rewrite.js";

/** How far down a reshape looks for sources; it stays where it is when they are deeper. */
const DEEPEST = 64;

/** Reshapes that need no copy: of sources, of axes of length 1, and through element-wise operations down to such. */
export const sinkReshapes: Pass = (roots) => {
  const done = new Map<string, Expr | undefined>();
  return rewrite(roots, (node) => (node.kind === "reshape" ? (sink(node.inputs[0] as Node, node.shape, 0, done) ?? node) : node));
};

/** The reshaped input without a copy, or undefined. The same reshape of the same node is looked for once. */
function sink(input: Node, shape: readonly number[], depth: number, done: Map<string, Expr | undefined>): Expr | undefined {
  const key = `${input.token}|${shape.join()}`;
  if (!done.has(key)) done.set(key, find(input, shape, depth, done));
  return done.get(key);
}

function find(input: Node, shape: readonly number[], depth: number, done: Map<string, Expr | undefined>): Expr | undefined {
  if (shape.length === input.ndim && shape.every((n, i) => n === input.shape[i])) return input;
  switch (input.kind) {
    case "full":
      return new Full(shape, input.dtype, input.value);
    case "iota":
      return new Iota(shape);
    case "random":
      return new Random(shape, input.generator, input.random, input.dtype);
    case "reshape": {
      const inner = input.inputs[0] as Node;
      return sink(inner, shape, depth, done) ?? new Reshape(inner, shape);
    }
    case "buffer": {
      const strides = reshapedStrides(input.shape, input.strides, shape);
      return strides && new Buffer(shape, input.dtype, input.source, strides, input.offset);
    }
    case "file":
      return new File(shape, input.dtype, input.source, input.byteOffset, input.bigEndian);
    case "view": {
      const run = runOfFile(input);
      if (run !== undefined) return new File(shape, input.dtype, run.file.source, run.byteOffset, run.file.bigEndian);
    }
  }
  const units = reshapeOfUnits(input, shape);
  if (units) return units;
  if ((input.kind === "map" || input.kind === "cast") && depth < DEEPEST) {
    const inputs = input.inputs.map((x) => sink(x as Node, shape, depth + 1, done));
    if (inputs.every((x) => x !== undefined)) {
      return input.kind === "cast" ? new Cast(inputs[0]!, input.dtype) : new MapOp(input.op, input.loop, input.dtype, inputs as Expr[], input.output);
    }
  }
  return input.kind === "view" && input.axes.every((a) => a.axis < 0) && input.inputs[0]!.size === 1
    ? new View(input.inputs[0]!, shape, shape.map(() => ({ axis: -1, step: 0 })), input.start) : undefined;
}

/** The file that a view shows elements of, when they lie side by side there in the view's order. */
function runOfFile(view: View): { file: File; byteOffset: number } | undefined {
  const file = view.inputs[0]!;
  if (!(file instanceof File)) return undefined;
  const own = contiguousStrides(file.shape);
  const strides = view.axes.map((a) => (a.axis < 0 ? 0 : a.step * own[a.axis]!));
  const wanted = contiguousStrides(view.shape);
  if (view.shape.some((n, axis) => n !== 1 && strides[axis] !== wanted[axis])) return undefined;
  return { file, byteOffset: file.byteOffset + itemsize(file.dtype) * view.start.reduce((n, s, axis) => n + s * own[axis]!, 0) };
}

/** Shapes that differ in axes of length 1 only: a view. */
function reshapeOfUnits(input: Node, shape: readonly number[]): Expr | undefined {
  const from = input.shape.flatMap((n, axis) => (n === 1 ? [] : [axis]));
  const to = shape.filter((n) => n !== 1);
  if (from.length !== to.length || !to.every((n, i) => n === input.shape[from[i]!])) return undefined;
  let next = 0;
  const axes = shape.map((n) => (n === 1 ? { axis: -1, step: 0 } : { axis: from[next++]!, step: 1 }));
  return new View(input, shape, axes, input.shape.map(() => 0));
}

/** Strides of the same memory under another shape, or undefined when it would have to be copied (NumPy's rule). */
export function reshapedStrides(from: readonly number[], strides: readonly number[], to: readonly number[]): number[] | undefined {
  const axes = from.map((_, i) => i).filter((i) => from[i] !== 1);
  const out = new Array<number>(to.length).fill(0);
  let i = 0;
  let j = 0;
  while (i < axes.length) {
    // The smallest groups of axes of equal size on both sides.
    let i2 = i;
    let j2 = j;
    let a = from[axes[i2++]!]!;
    let b = to[j2++]!;
    while (a !== b) {
      if (a < b) a *= from[axes[i2++]!]!;
      else b *= to[j2++]!;
    }
    for (let k = i; k + 1 < i2; k++) {
      if (strides[axes[k]!] !== strides[axes[k + 1]!]! * from[axes[k + 1]!]!) return undefined;
    }
    let stride = strides[axes[i2 - 1]!]!;
    for (let k = j2 - 1; k >= j; k--) {
      out[k] = stride;
      stride *= to[k]!;
    }
    i = i2;
    j = j2;
  }
  return axes.length === 0 ? contiguousStrides(to) : out;
}
