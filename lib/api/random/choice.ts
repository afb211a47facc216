import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { formatShape, type Shape, sizeOf, toShape } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { cast, full, map, reshape } from "../../expr/build.js";
import { Buffer } from "../../expr/buffer.js";
import type { Expr } from "../../expr/expr.js";
import { Gather } from "../../expr/gather.js";
import { Random } from "../../expr/random.js";
import { Memory } from "../../array/memory.js";
import { NDArray } from "../../array/nd-array.js";
import type { TypedArray } from "../../core/dtype.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { type ArrayLike, toArray } from "../operand.js";
import { rechunk } from "../rechunk/rechunk.js";
import { readArguments } from "./arguments.js";
import { optionNames, seedOf } from "./draw.js";
import { integersExpr } from "./integers.js";
import { type KeySource, partKey } from "./keys.js";
import { distinctBelow, smallest } from "./permutation.js";

/** Up to here a weighted choice compares with every limit; beyond, it looks up a table. */
const COMPARED = 32;

/** `choice`, as called. */
export function drawChoice(keys: KeySource, args: readonly unknown[]): AnyArray {
  const { positional: [a], options } = readArguments("choice", args, ["a"], optionNames(keys, "size", "replace", "p", "axis", "shuffle"));
  const from = population(a);
  checkAxis(options["axis"]);
  const replace = options["replace"] ?? true;
  const weights = options["p"] === undefined || options["p"] === null ? undefined : weightsOf(options["p"], from.n);
  const size = options["size"];
  const shape = size === undefined || size === null ? [] : toShape("choice", size);
  checkEnough(from.n, sizeOf(shape), replace === true, weights);
  const chunks = normalizeChunks("choice", (options["chunks"] ?? "auto") as ChunksSpec, shape, { dtype: from.array?.dtype ?? "int64" });
  const key = keys.next(seedOf(options));
  const index = sizeOf(shape) === 0 ? full(shape, "int64", 0n)
    : replace ? (weights ? weighted(weights, shape, key) : integersExpr(shape, key, 0n, BigInt(from.n - 1)))
    : weights ? weightedDistinct(weights, shape, key) : distinctBelow(from.n, shape, key);
  if (from.array === undefined) return new ChunkedArray(index, source("da.random.choice", chunks, index.token));
  const whole = rechunk(from.array, -1);
  const expr = sizeOf(shape) === 0 ? full(shape, whole.dtype, 0) : reshape(new Gather(whole.expr, reshape(index, [sizeOf(shape)]), 0), shape);
  return new ChunkedArray(expr, blockwise("da.random.choice", chunks, [whole.graph], expr.token, [() => [[0]]]));
}

interface Population {
  readonly n: number;
  /** Absent for the numbers below n. */
  readonly array?: AnyArray;
}

function population(a: unknown): Population {
  if (typeof a === "number" || typeof a === "bigint") {
    const n = Number(a);
    if (Number.isSafeInteger(n) && n >= 0) return { n };
    throw new OptionError(`choice: expected a whole number ≥ 0 or a 1-d array, got ${String(a)}`, { option: "a", received: a });
  }
  const array = toArray("choice", a as ArrayLike);
  if (array.ndim !== 1 || Number.isNaN(array.shape[0])) {
    throw new ShapeError(`choice: expected a 1-d array of known length, got shape ${formatShape(array.shape)}`, { shapes: [array.shape], hint: "ravel it first" });
  }
  return { n: array.shape[0], array };
}

function checkAxis(axis: unknown): void {
  if (axis === undefined || axis === 0 || axis === -1) return;
  throw new OptionError(`choice: expected axis 0, as a has one axis, got ${String(axis)}`, { option: "axis", received: axis });
}

function weightsOf(p: unknown, n: number): Float64Array {
  const list = p instanceof NDArray ? p.data : (p as ArrayLike);
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) {
    throw new OptionError(`choice: expected p as numbers in memory, got ${p instanceof ChunkedArray ? "a chunked array" : String(p)}`, {
      option: "p", received: p, hint: p instanceof ChunkedArray ? "compute it first" : undefined,
    });
  }
  const weights = Float64Array.from(list as readonly number[] | (TypedArray & ArrayLike), Number);
  if (weights.length !== n) throw new OptionError(`choice: expected ${n} probabilities, got ${weights.length}`, { option: "p", received: p });
  const bad = weights.findIndex((x) => !(x >= 0 && x <= 1 + 1e-8));
  if (bad >= 0) throw new OptionError(`choice: expected probabilities from 0 to 1, got ${weights[bad]} at ${bad}`, { option: "p", received: p });
  const sum = weights.reduce((x, y) => x + y, 0);
  if (!(Math.abs(sum - 1) <= 1.5e-8)) throw new OptionError(`choice: expected probabilities that add up to 1, got ${sum}`, { option: "p", received: p });
  return weights;
}

function checkEnough(n: number, count: number, replace: boolean, weights: Float64Array | undefined): void {
  if (count > 0 && n === 0) throw new OptionError("choice: expected something to choose from, got nothing", { option: "a", received: 0 });
  if (replace) return;
  const possible = weights ? weights.reduce((k, w) => k + (w > 0 ? 1 : 0), 0) : n;
  if (count > possible) {
    throw new OptionError(`choice: expected a size of at most ${possible} without replacement, got ${count}`, { option: "size", received: count, hint: "use replace: true" });
  }
}

/** Numbers below n with probabilities: how many limits a uniform number has passed, or Walker's table. */
function weighted(weights: Float64Array, shape: Shape, key: bigint): Expr {
  if (weights.length > COMPARED) return alias(weights, shape, key);
  const u = new Random(shape, "random", { key });
  let index: Expr = full(shape, "int64", 0n);
  let limit = 0;
  // The last with a probability takes all that is left, so that rounding cannot choose one without.
  const last = weights.findLastIndex((w) => w > 0);
  const total = weights.reduce((x, y) => x + y, 0);
  for (let k = 0; k < last; k++) {
    limit += weights[k] / total;
    const passed = cast(map("greater_equal", "float64", "bool", [u, full([], "float64", limit)], shape), "int64");
    index = map("add", "int64", "int64", [index, passed], shape);
  }
  return index;
}

/** Walker's alias method, in Vose's form ("A linear algorithm for generating random numbers with a given distribution", 1991). */
function alias(weights: Float64Array, shape: Shape, key: bigint): Expr {
  const n = weights.length;
  const total = weights.reduce((x, y) => x + y, 0);
  const share = weights.map((w) => (w / total) * n);
  const other = BigInt64Array.from({ length: n }, (_, i) => BigInt(i));
  const [low, high]: [number[], number[]] = [[], []];
  share.forEach((s, i) => (s < 1 ? low : high).push(i));
  while (low.length > 0 && high.length > 0) {
    const [small, large] = [low.pop()!, high[high.length - 1]];
    other[small] = BigInt(large);
    share[large] -= 1 - share[small];
    if (share[large] < 1) low.push(high.pop()!);
  }
  // What rounding leaves on either list is full, unless it has no probability at all.
  for (const i of [...low, ...high]) if (weights[i] > 0) share[i] = 1;
  const count = sizeOf(shape);
  const column = integersExpr([count], partKey(key, 1), 0n, BigInt(n - 1));
  const stays = new Gather(new Buffer([n], "float64", new Memory(share), [1]), column, 0);
  const leads = new Gather(new Buffer([n], "int64", new Memory(other), [1]), column, 0);
  const keep = map("less", "float64", "bool", [new Random([count], "random", { key }), stays], [count]);
  return reshape(map("where", "int64", "int64", [keep, column, leads], [count]), shape);
}

/** The first to arrive when each arrives at its own rate are a weighted choice without replacement (Efraimidis & Spirakis, 2006). */
function weightedDistinct(weights: Float64Array, shape: Shape, key: bigint): Expr {
  const n = [weights.length];
  const arrival = map("divide", "float64", "float64", [new Random(n, "exponential", { key }), new Buffer(n, "float64", new Memory(weights), [1])], n);
  return reshape(smallest(arrival, sizeOf(shape)), shape);
}
