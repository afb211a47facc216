import type { ChunkedArray } from "../../array/chunked-array.js";
import type { FloatOf } from "../../array/result-types.js";
import { type DType, isInexact, toDType } from "../../core/dtype.js";
import { loopFor } from "../../core/loop-rule.js";
import type { Shape } from "../../core/shape.js";
import { cast, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Reduce } from "../../expr/reduce.js";
import type { ArrayLike } from "../operand.js";
import { logicalNot } from "../ufuncs/logical.js";
import { isnan } from "../ufuncs/floating.js";
import { ACCUMULATE_OPTIONS, type AccumulateOptions, accumulator, countOf, type DTypeOr, foldAxes, labelled, type Reduced } from "./reduce.js";
import { withoutNan } from "./without-nan.js";

const LABELS = labelled("mean_chunk", "mean_combine", "mean_agg");

/**
 * The arithmetic mean over axes; NaN where there are no elements. Integers give float64; float16 is added up in float32.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.mean([1, 2, 6]).compute()); // 3
 * ```
 * @see numpy.mean
 */
export function mean<D extends DType, S extends Shape, const O extends AccumulateOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, FloatOf<D>>, Reduced<S, O>>;
export function mean(x: ArrayLike, options?: AccumulateOptions): ChunkedArray;
export function mean(x: ArrayLike, options: AccumulateOptions = {}): ChunkedArray {
  return foldAxes("mean", x, options, LABELS, (e, axes) => meanOf(e, axes, meanDType("mean", e, options)), ACCUMULATE_OPTIONS);
}

/** The arithmetic mean of the elements that are not NaN; NaN where there are none. See {@link mean}. @see numpy.nanmean */
export function nanmean<D extends DType, S extends Shape, const O extends AccumulateOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, FloatOf<D>>, Reduced<S, O>>;
export function nanmean(x: ArrayLike, options?: AccumulateOptions): ChunkedArray;
export function nanmean(x: ArrayLike, options: AccumulateOptions = {}): ChunkedArray {
  return foldAxes("nanmean", x, options, LABELS, (e, axes) => {
    const dtype = meanDType("nanmean", e, options);
    if (!isInexact(e.dtype)) return meanOf(e, axes, dtype);
    // The moments of nanstd and nanvar have it too: together they are one reducer.
    const count = e.dtype === "float64" ? new Reduce("nanMoments2", e, axes) : new Reduce("sum", cast(logicalNot.build(isnan.build(e)), "int64"), axes);
    return quotient(withoutNan(e, 0), axes, dtype, count);
  }, ACCUMULATE_OPTIONS);
}

const meanDType = (operation: string, x: Expr, { dtype }: AccumulateOptions): DType =>
  dtype === undefined ? loopFor("divide", [x.dtype])!.loop : toDType(dtype, operation);

function meanOf(x: Expr, axes: readonly number[], dtype: DType): Expr {
  return quotient(x, axes, dtype, countOf(x, axes, loopFor("divide", [accumulator(dtype)])!.loop));
}

/** The sum over a count. An integer dtype adds up in integers and cuts the quotient, as in NumPy. */
function quotient(x: Expr, axes: readonly number[], dtype: DType, count: Expr): Expr {
  const add = dtype === "bool" ? "int64" : accumulator(dtype);
  const total = new Reduce("sum", cast(x, add), axes);
  const loop = loopFor("divide", [add])!.loop;
  return cast(map("divide", loop, loop, [total, count], total.shape), dtype);
}
