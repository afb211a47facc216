import type { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, isBool, isInexact } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { type ArrayLike, toArray } from "../operand.js";
import { divide, multiply } from "./arithmetic.js";
import { elementwise } from "./elementwise.js";
import { rint } from "./rounding.js";

/**
 * Rounds to a number of decimals, halves to even; a negative number rounds left of the point. Integers stay integers. Keeps shape,
 * chunks and dtype.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.round([1.25, 2.5], { decimals: 1 }).compute()).toNested()); // [1.2, 2.5]
 * ```
 * @see numpy.round
 */
export function round<D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options?: { readonly decimals?: number }): ChunkedArray<D, S>;
export function round(x: ArrayLike, options?: { readonly decimals?: number }): ChunkedArray;
export function round(x: ArrayLike, { decimals = 0 }: { readonly decimals?: number } = {}): ChunkedArray {
  return rounded("round", x, decimals);
}

/** Rounds to a number of decimals: another name of {@link round}. @see numpy.around */
export function around<D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options?: { readonly decimals?: number }): ChunkedArray<D, S>;
export function around(x: ArrayLike, options?: { readonly decimals?: number }): ChunkedArray;
export function around(x: ArrayLike, { decimals = 0 }: { readonly decimals?: number } = {}): ChunkedArray {
  return rounded("around", x, decimals);
}

function rounded(operation: string, x: ArrayLike, decimals: number): ChunkedArray {
  if (!Number.isInteger(decimals)) {
    throw new OptionError(`${operation}: expected a whole number of decimals, got ${String(decimals)}`, { option: "decimals", received: decimals });
  }
  return elementwise(operation, operation, [toArray(operation, x)], ([term]) => roundTo(term as Expr, decimals));
}

function roundTo(x: Expr, decimals: number): Expr {
  if (!isInexact(x.dtype)) {
    if (decimals >= 0 || isBool(x.dtype)) return x;
    const tens = 10 ** -decimals;
    return cast(multiply.build(rint.build(divide.build(x, tens)), tens), x.dtype);
  }
  if (decimals === 0) return rint.build(x);
  const tens = 10 ** Math.abs(decimals);
  return decimals > 0
    ? divide.build(rint.build(multiply.build(x, tens)), tens)
    : multiply.build(rint.build(divide.build(x, tens)), tens);
}
