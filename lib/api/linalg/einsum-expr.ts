import type { DType } from "../../core/dtype.js";
import { sizeOf } from "../../core/shape.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Matmul } from "../../expr/matmul.js";
import { Reduce } from "../../expr/reduce.js";
import type { Subscripts } from "./einsum-subscripts.js";

/** An expression with a letter for each axis. */
interface Labelled {
  readonly expr: Expr;
  readonly letters: readonly string[];
}

/** The value of an einsum: operands contracted from left to right. */
export function einsumExpr(operands: readonly Expr[], { inputs, output, lengths }: Subscripts, dtype: DType): Expr {
  const labelled = operands.map((x, k) => diagonals({ expr: build.cast(x, dtype), letters: inputs[k]! }));
  const needed = (from: number): Set<string> => new Set([...output, ...labelled.slice(from).flatMap((x) => x.letters)]);
  const result = labelled.slice(1).reduce((left, right, k) => contract(left, right, needed(k + 2)), labelled[0]!);
  const summed = sumOver(result, result.letters.filter((letter) => !output.includes(letter)));
  const ordered = build.transpose(summed.expr, output.map((letter) => summed.letters.indexOf(letter)));
  return build.broadcastTo(ordered, output.map((letter) => lengths.get(letter)!));
}

/** An axis for each letter: where one stands twice, the diagonal of its two axes. */
function diagonals(x: Labelled): Labelled {
  const twice = x.letters.find((letter, axis) => x.letters.indexOf(letter) !== axis);
  if (twice === undefined) return x;
  const [first, second] = x.letters.flatMap((letter, axis) => (letter === twice ? [axis] : [])) as [number, number];
  const others = x.letters.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const n = Math.max(x.expr.shape[first]!, x.expr.shape[second]!);
  const shape = others.map((axis) => x.expr.shape[axis]!);
  // The two axes as one, of which every (n + 1)-th element is on the diagonal.
  const square = build.broadcastTo(build.transpose(x.expr, [...others, first, second]), [...shape, n, n]);
  const flat = build.reshape(square, [...shape, n * n]);
  return diagonals({ expr: build.slice(flat, shape.length, 0, n + 1, n), letters: [...others.map((axis) => x.letters[axis]!), twice] });
}

/** Products of two operands, summed over the letters that nothing needs any more. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const only = (x: Labelled, other: Labelled): string[] => x.letters.filter((letter) => !needed.has(letter) && !other.letters.includes(letter));
  const [left, right] = [sumOver(a, only(a, b)), sumOver(b, only(b, a))];
  const shared = left.letters.filter((letter) => right.letters.includes(letter));
  const lengthOf = (x: Labelled, letter: string): number => x.expr.shape[x.letters.indexOf(letter)]!;
  const inner = shared.filter((letter) => !needed.has(letter));
  const even = shared.every((letter) => lengthOf(left, letter) === lengthOf(right, letter));
  return inner.length > 0 && even ? multiplyMatrices(left, right, shared, inner) : sumOver(multiply(left, right), inner);
}

function multiplyMatrices(a: Labelled, b: Labelled, shared: readonly string[], inner: readonly string[]): Labelled {
  const batch = shared.filter((letter) => !inner.includes(letter));
  const rows = a.letters.filter((letter) => !shared.includes(letter));
  const columns = b.letters.filter((letter) => !shared.includes(letter));
  const arranged = (x: Labelled, groups: readonly (readonly string[])[]): Expr => {
    const order = [...batch, ...groups.flat()].map((letter) => x.letters.indexOf(letter));
    const size = (letters: readonly string[]): number => sizeOf(letters.map((letter) => x.expr.shape[x.letters.indexOf(letter)]!));
    return build.reshape(build.transpose(x.expr, order), [...batch.map((letter) => size([letter])), ...groups.map(size)]);
  };
  const product = new Matmul(arranged(a, [rows, inner]), arranged(b, [inner, columns]));
  const letters = [...batch, ...rows, ...columns];
  const length = (letter: string): number => {
    const owner = a.letters.includes(letter) ? a : b;
    return owner.expr.shape[owner.letters.indexOf(letter)]!;
  };
  return { expr: build.reshape(product, letters.map(length)), letters };
}

function multiply(a: Labelled, b: Labelled): Labelled {
  const letters = [...a.letters, ...b.letters.filter((letter) => !a.letters.includes(letter))];
  const spread = (x: Labelled): Expr => {
    const present = letters.filter((letter) => x.letters.includes(letter));
    const ordered = build.transpose(x.expr, present.map((letter) => x.letters.indexOf(letter)));
    return build.expandDims(ordered, letters.flatMap((letter, i) => (x.letters.includes(letter) ? [] : [i])));
  };
  const [left, right] = [spread(a), spread(b)];
  const shape = letters.map((_, i) => (left.shape[i] === 1 ? right.shape[i]! : left.shape[i]!));
  return { expr: build.map("multiply", a.expr.dtype, a.expr.dtype, [left, right], shape), letters };
}

function sumOver(x: Labelled, letters: readonly string[]): Labelled {
  if (letters.length === 0) return x;
  const axes = letters.map((letter) => x.letters.indexOf(letter)).sort((a, b) => a - b);
  // A sum of bools is whether any is true.
  const expr = new Reduce(x.expr.dtype === "bool" ? "max" : "sum", x.expr, axes);
  return { expr, letters: x.letters.filter((_, axis) => !axes.includes(axis)) };
}
