import type { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, isComplex, isInexact, realOf } from "../../core/dtype.js";
import { finfo } from "../../core/type-info.js";
import type { Shape } from "../../core/shape.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { type ArrayLike, toArray } from "../operand.js";
import { add, multiply } from "./arithmetic.js";
import { equal } from "./comparison.js";
import { imag, real } from "./complex.js";
import { elementwise } from "./elementwise.js";
import { isnan } from "./floating.js";
import { chooseAs } from "./where.js";

export interface NanToNumOptions {
  /** What NaN becomes; 0 when not given. */
  readonly nan?: number;
  /** What +∞ becomes; the dtype's largest number when not given. */
  readonly posinf?: number;
  /** What −∞ becomes; the dtype's lowest number when not given. */
  readonly neginf?: number;
}

/**
 * Replaces NaN and infinities by numbers. Keeps shape, chunks and dtype; integers stay as they are.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.nanToNum([NaN, Infinity, 1], { posinf: 9 }).compute()).toNested()); // [0, 9, 1]
 * ```
 * @see numpy.nan_to_num
 */
export function nanToNum<D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options?: NanToNumOptions): ChunkedArray<D, S>;
export function nanToNum(x: ArrayLike, options?: NanToNumOptions): ChunkedArray;
export function nanToNum(x: ArrayLike, options: NanToNumOptions = {}): ChunkedArray {
  return elementwise("nanToNum", "nan_to_num", [toArray("nanToNum", x)], ([term]) => replaceNonFinite(term as Expr, options));
}

function replaceNonFinite(x: Expr, options: NanToNumOptions): Expr {
  if (!isInexact(x.dtype)) return x;
  if (isComplex(x.dtype)) {
    const re = cast(replaceNonFinite(real.build(x), options), x.dtype);
    const im = cast(replaceNonFinite(imag.build(x), options), x.dtype);
    return add.build(re, multiply.build(im, { re: 0, im: 1 }));
  }
  const { max, min } = finfo(realOf(x.dtype));
  const { nan = 0, posinf = max, neginf = min } = options;
  const low = chooseAs("nanToNum", x.dtype, equal.build(x, -Infinity), neginf, x);
  const high = chooseAs("nanToNum", x.dtype, equal.build(x, Infinity), posinf, low);
  return chooseAs("nanToNum", x.dtype, isnan.build(x), nan, high);
}
