import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { type DType, isBool, isComplex, isFloating, toDType } from "../../core/dtype.js";
import { fromFloat16, toFloat16 } from "../../core/float16.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { scalarKind } from "../../core/scalar.js";
import { DTypeError, OptionError } from "../../errors/index.js";
import { cast, full, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Iota } from "../../expr/iota.js";
import { source } from "../../graph/blockwise.js";
import { checkOptions } from "../options.js";
import type { CreateOptions } from "./full.js";

type Bound = number | bigint;
type IsInt<N extends Bound> = N extends bigint ? true : `${N}` extends `${bigint}` ? true : false;
/** int64 when all bounds are whole numbers by their types, float64 when one is a fraction; a plain `number` may be either. */
type ArangeDType<N extends Bound> = number extends N ? "int64" | "float64" : false extends IsInt<N> ? "float64" : "int64";

/**
 * Makes evenly spaced numbers from `start` (0 when not given) to below `stop`, `step` apart (1 when not given).
 *
 * Whole numbers make int64 and others float64 unless a dtype is given: `arange(3)` is int64, write `arange(3, { dtype: "float64" })` for floats.
 * Values are NumPy's: start + i · step.
 *
 * @throws {OptionError} `ERR_OPTION` when the step is 0 or a bound is not finite.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.arange(2, 10, 3).compute()).toNested()); // [2n, 5n, 8n]
 * ```
 * @see numpy.arange
 */
export function arange<const N extends Bound, D extends DType = ArangeDType<N>>(stop: N, options?: CreateOptions<D>): ChunkedArray<D, [number]>;
export function arange<const A extends Bound, const B extends Bound, D extends DType = ArangeDType<A | B>>(start: A, stop: B, options?: CreateOptions<D>): ChunkedArray<D, [number]>;
export function arange<const A extends Bound, const B extends Bound, const C extends Bound, D extends DType = ArangeDType<A | B | C>>(
  start: A, stop: B, step: C, options?: CreateOptions<D>,
): ChunkedArray<D, [number]>;
export function arange(...args: readonly (Bound | CreateOptions | undefined)[]): AnyArray {
  const bounds = args.filter((a): a is Bound => typeof a === "number" || typeof a === "bigint");
  const options = (args.find((a) => typeof a === "object" && a !== null) ?? {}) as CreateOptions;
  if (bounds.length === 0 || bounds.length > 3 || args.some((a) => !["number", "bigint", "object", "undefined"].includes(typeof a))) {
    throw new OptionError(`arange: expected one to three numbers and an options object, got (${args.map(String).join(", ")})`, { option: "stop", received: args });
  }
  checkOptions("arange", options, ["chunks", "dtype"]);
  const [start, stop, step] = bounds.length === 1 ? [0, bounds[0]!, 1] : [bounds[0]!, bounds[1]!, bounds[2] ?? 1];
  const natural: DType = [start, stop, step].every((n) => scalarKind(n) === "int") ? "int64" : "float64";
  const dtype = options.dtype === undefined ? natural : toDType(options.dtype, "arange");
  const count = countOf(start, stop, step);
  if (isBool(dtype) && count > 2) {
    throw new DTypeError(`arange: expected at most 2 elements for bool, got ${count}`, { dtypes: [dtype], hint: "use an integer dtype" });
  }
  const expr = progression(count, start, step, dtype);
  const chunks = normalizeChunks("arange", options.chunks ?? "auto", [count], { dtype });
  return new ChunkedArray(expr, source("arange", chunks, [start, step, dtype, count].map(String)));
}

function countOf(start: Bound, stop: Bound, step: Bound): number {
  for (const [option, value] of [["start", start], ["stop", stop], ["step", step]] as const) {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new OptionError(`arange: expected a finite ${option}, got ${value}`, { option, received: value });
    }
  }
  if (Number(step) === 0) throw new OptionError("arange: expected a step that is not 0, got 0", { option: "step", received: step });
  if ([start, stop, step].every((n) => scalarKind(n) === "int")) {
    const [a, b, d] = [BigInt(start), BigInt(stop), BigInt(step)];
    const span = b - a;
    // The ceiling of a division towards zero.
    const count = span / d + (span % d !== 0n && span > 0n === d > 0n ? 1n : 0n);
    return Number(count > 0n ? count : 0n);
  }
  return Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
}

/**
 * start + i · delta. NumPy writes the first two elements in the dtype and takes delta from them, so that is what delta is here; float16 is computed
 * in float32 and rounded once.
 */
export function progression(count: number, start: Bound, step: Bound, dtype: DType): Expr {
  const index = new Iota([count]);
  if (isFloating(dtype) || isComplex(dtype)) {
    const loop = dtype === "float16" || dtype === "float32" ? "float32" : "float64";
    const round = dtype === "float16" ? roundHalf : loop === "float32" ? Math.fround : (x: number): number => x;
    const first = round(Number(start));
    return cast(affine(index, loop, first, round(round(Number(start) + Number(step)) - first)), dtype);
  }
  const [first, second] = [toInteger(start), typeof start === "bigint" || typeof step === "bigint" || scalarKind(start) === "int" && scalarKind(step) === "int"
    ? toInteger(start) + toInteger(step) : toInteger(Number(start) + Number(step))];
  return cast(affine(index, "int64", wrap(first), wrap(second - first)), dtype);
}

const roundHalf = (x: number): number => fromFloat16(toFloat16(x));
const toInteger = (x: Bound): bigint => BigInt(typeof x === "number" ? Math.trunc(x) : x);
const wrap = (x: bigint): bigint => BigInt.asIntN(64, x);

function affine(index: Expr, loop: "int64" | "float32" | "float64", first: number | bigint, delta: number | bigint): Expr {
  const shape = index.shape;
  const scaled = Number(delta) === 1 ? cast(index, loop) : map("multiply", loop, loop, [index, full([], loop, delta)], shape);
  return Number(first) === 0 && !Object.is(first, -0) ? scaled : map("add", loop, loop, [full([], loop, first), scaled], shape);
}
