import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { type DType, isInteger, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { OptionError } from "../../errors/index.js";
import { cast, full, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Iota } from "../../expr/iota.js";
import { source } from "../../graph/blockwise.js";
import { checkOptions } from "../options.js";
import type { CreateOptions } from "./full.js";

export interface LinspaceOptions<D extends DType = DType> extends CreateOptions<D> {
  /** How many numbers; 50 when not given. */
  readonly num?: number;
  /** Whether `stop` is the last; true when not given. */
  readonly endpoint?: boolean;
  /** Whether to give the step too. */
  readonly retstep?: boolean;
}

/**
 * Makes `num` evenly spaced numbers from `start` to `stop`. Values are NumPy's, whatever the chunks.
 *
 * @returns the numbers, float64 unless a dtype is given; with `retstep` a pair of them and their distance.
 * @throws {OptionError} `ERR_OPTION` when `num` is no whole number ≥ 0.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.linspace(0, 1, { num: 5 }).compute()).toNested()); // [0, 0.25, 0.5, 0.75, 1]
 * ```
 * @see numpy.linspace
 */
export function linspace<D extends DType = "float64">(start: number, stop: number, options: LinspaceOptions<D> & { readonly retstep: true }): [ChunkedArray<D, [number]>, number];
export function linspace<D extends DType = "float64">(start: number, stop: number, options?: LinspaceOptions<D> & { readonly retstep?: false }): ChunkedArray<D, [number]>;
export function linspace(start: number, stop: number, options: LinspaceOptions = {}): AnyArray | [AnyArray, number] {
  checkOptions("linspace", options, ["num", "endpoint", "retstep", "chunks", "dtype"]);
  const { num = 50, endpoint = true, retstep = false, chunks = "auto" } = options;
  if (!Number.isSafeInteger(num) || num < 0) {
    throw new OptionError(`linspace: expected a whole number ≥ 0 of numbers, got ${String(num)}`, { option: "num", received: num });
  }
  const dtype = toDType(options.dtype ?? "float64", "linspace");
  const intervals = endpoint ? num - 1 : num;
  const step = intervals > 0 ? (stop - start) / intervals : NaN;
  const values = spaced(num, start, stop, intervals, step, endpoint);
  const whole = isInteger(dtype) ? map("floor", "float64", "float64", [values], values.shape) : values;
  const expr = cast(whole, dtype);
  const x = new ChunkedArray(expr, source("linspace", normalizeChunks("linspace", chunks, [num], { dtype }), expr.token));
  return retstep ? [x, step] : x;
}

/** NumPy's order of operations: i · step + start, the last set to `stop`; (i / intervals) · range where the step underflows to 0. */
function spaced(num: number, start: number, stop: number, intervals: number, step: number, endpoint: boolean): Expr {
  const shape = [num];
  const at = cast(new Iota(shape), "float64");
  const op = (name: "multiply" | "add" | "divide", x: Expr, y: number): Expr => map(name, "float64", "float64", [x, full([], "float64", y)], shape);
  const range = stop - start;
  const offsets = intervals > 0 && step !== 0 ? op("multiply", at, step) : op("multiply", intervals > 0 ? op("divide", at, intervals) : at, range);
  const values = op("add", offsets, start);
  if (!endpoint || num < 2) return values;
  const last = map("equal", "int64", "bool", [new Iota(shape), full([], "int64", num - 1)], shape);
  return map("where", "float64", "float64", [last, full([], "float64", stop), values], shape);
}
