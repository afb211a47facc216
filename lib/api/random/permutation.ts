import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { type Shape, sizeOf } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { reshape } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Gather } from "../../expr/gather.js";
import { Iota } from "../../expr/iota.js";
import { Random } from "../../expr/random.js";
import { Rows } from "../../expr/rows.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { type ArrayLike, toArray } from "../operand.js";
import { readArguments } from "./arguments.js";
import type { KeySource } from "./keys.js";
import { seedOf } from "./draw.js";

/** Up to here orders are drawn by sorting random numbers, which makes all of them equally likely. */
const SORTED = 65536;

/**
 * `shape` different numbers below `n`, in random order. Many are places in a permutation that is a function of the place (nothing is held or
 * sorted); of the permutations of more than 65,536 elements there are more than keys anyhow.
 */
export function distinctBelow(n: number, shape: Shape, key: bigint): Expr {
  if (n > SORTED) return new Random(shape, "permutation", { key, range: BigInt(n - 1) });
  return reshape(smallest(new Random([n], "random", { key }), sizeOf(shape)), shape);
}

/** The places of the `count` smallest numbers, smallest first. */
export const smallest = (numbers: Expr, count: number): Expr => new Rows("argtopk", numbers, [-count]);

/** `permutation`, as called. */
export function drawPermutation(keys: KeySource, args: readonly unknown[]): AnyArray {
  const { positional: [x], options } = readArguments("permutation", args, ["x"], keys.takesSeed ? ["seed"] : []);
  const array = typeof x === "number" || typeof x === "bigint" ? countTo(x) : toArray("permutation", x as ArrayLike);
  if (array.ndim === 0) throw new OptionError("permutation: expected a whole number ≥ 0 or an array with axes, got a scalar", { option: "x", received: x });
  const n = array.shape[0];
  if (Number.isNaN(n)) {
    throw new ShapeError("permutation: the length of axis 0 is not known yet", { shapes: [array.shape], hint: "compute it first, with computeChunkSizes()" });
  }
  if (n === 0) return array;
  const order = distinctBelow(n, [n], keys.next(seedOf(options)));
  const expr = array.expr.kind === "iota" ? order : new Gather(array.expr, order, 0);
  // A block holds elements of all blocks along the axis.
  const along = array.chunks[0].map((_: number, i: number) => i);
  const graph = blockwise("getitem", array.chunks, [array.graph], expr.token, [(index) => along.map((i: number) => [i, ...index.slice(1)])]);
  return new ChunkedArray(expr, graph);
}

function countTo(n: number | bigint): AnyArray {
  const length = Number(n);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new OptionError(`permutation: expected a whole number ≥ 0 or an array, got ${String(n)}`, { option: "x", received: n });
  }
  const expr = new Iota([length]);
  return new ChunkedArray(expr, source("arange", normalizeChunks("permutation", "auto", [length], { dtype: "int64" }), expr.token));
}
