import type { ChunkedArray } from "../../array/chunked-array.js";
import type { SumOf } from "../../array/result-types.js";
import { type DType, isBool, toDType } from "../../core/dtype.js";
import { loopFor } from "../../core/loop-rule.js";
import type { Shape } from "../../core/shape.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Reduce } from "../../expr/reduce.js";
import type { ArrayLike } from "../operand.js";
import { ACCUMULATE_OPTIONS, type AccumulateOptions, accumulator, type DTypeOr, foldAxes, labelled, type Reduced } from "./reduce.js";
import { withoutNan } from "./without-nan.js";

/**
 * Adds up elements over axes; 0 where there are none. Small integers add up as int64 or uint64.
 *
 * Floats are added in a fixed order that does not depend on chunks or threads, with an error that grows with the logarithm of the count.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([3, 4], { chunks: 2 });
 * console.log(await nd.sum(x).compute(), (await nd.sum(x, { axis: 0 }).compute()).toNested()); // 12 [3, 3, 3, 3]
 * ```
 * @see numpy.sum
 */
export function sum<D extends DType, S extends Shape, const O extends AccumulateOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, SumOf<D>>, Reduced<S, O>>;
export function sum(x: ArrayLike, options?: AccumulateOptions): ChunkedArray;
export function sum(x: ArrayLike, options: AccumulateOptions = {}): ChunkedArray {
  return foldAxes("sum", x, options, labelled("sum"), (e, axes) => sumOf(e, axes, dtypeOf("sum", e, options)), ACCUMULATE_OPTIONS);
}

/** Multiplies elements over axes; 1 where there are none. Small integers multiply as int64 or uint64. See {@link sum}. @see numpy.prod */
export function prod<D extends DType, S extends Shape, const O extends AccumulateOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, SumOf<D>>, Reduced<S, O>>;
export function prod(x: ArrayLike, options?: AccumulateOptions): ChunkedArray;
export function prod(x: ArrayLike, options: AccumulateOptions = {}): ChunkedArray {
  return foldAxes("prod", x, options, labelled("prod"), (e, axes) => prodOf(e, axes, dtypeOf("prod", e, options)), ACCUMULATE_OPTIONS);
}

/** Adds up elements over axes, NaN as 0. See {@link sum}. @see numpy.nansum */
export function nansum<D extends DType, S extends Shape, const O extends AccumulateOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, SumOf<D>>, Reduced<S, O>>;
export function nansum(x: ArrayLike, options?: AccumulateOptions): ChunkedArray;
export function nansum(x: ArrayLike, options: AccumulateOptions = {}): ChunkedArray {
  const fold = (e: Expr, axes: readonly number[]): Expr => sumOf(withoutNan(e, 0), axes, dtypeOf("nansum", e, options));
  return foldAxes("nansum", x, options, labelled("nansum", "sum"), fold, ACCUMULATE_OPTIONS);
}

/** Multiplies elements over axes, NaN as 1. See {@link prod}. @see numpy.nanprod */
export function nanprod<D extends DType, S extends Shape, const O extends AccumulateOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, SumOf<D>>, Reduced<S, O>>;
export function nanprod(x: ArrayLike, options?: AccumulateOptions): ChunkedArray;
export function nanprod(x: ArrayLike, options: AccumulateOptions = {}): ChunkedArray {
  const fold = (e: Expr, axes: readonly number[]): Expr => prodOf(withoutNan(e, 1), axes, dtypeOf("nanprod", e, options));
  return foldAxes("nanprod", x, options, labelled("nanprod", "prod"), fold, ACCUMULATE_OPTIONS);
}

/** The dtype that an option names, or the one that sums of `x` have. */
export const dtypeOf = (operation: string, x: Expr, { dtype }: { readonly dtype?: DType }): DType =>
  dtype === undefined ? loopFor("sum", [x.dtype])!.loop : toDType(dtype, operation);

/** The sum in a dtype; in bool it is `any`. */
export function sumOf(x: Expr, axes: readonly number[], dtype: DType): Expr {
  if (isBool(dtype)) return new Reduce("max", cast(x, dtype), axes);
  return cast(new Reduce("sum", cast(x, accumulator(dtype)), axes), dtype);
}

/** The product in a dtype; in bool it is `all`. */
function prodOf(x: Expr, axes: readonly number[], dtype: DType): Expr {
  if (isBool(dtype)) return new Reduce("min", cast(x, dtype), axes);
  return cast(new Reduce("prod", cast(x, accumulator(dtype)), axes), dtype);
}
