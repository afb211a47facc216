import type { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import { cast } from "../../expr/build.js";
import { Reduce } from "../../expr/reduce.js";
import { astype } from "../manipulation/astype.js";
import { type ArrayLike, toArray } from "../operand.js";
import { foldAxes, labelled, type Reduced, type ReduceOptions } from "./reduce.js";
import { sum } from "./sums.js";

/**
 * Tells whether an element at least is not zero; false where there are none. NaN is not zero.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.any([0, 0, 3]).compute()); // true
 * ```
 * @see numpy.any
 */
export function any<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<"bool", Reduced<S, O>>;
export function any(x: ArrayLike, options?: ReduceOptions): ChunkedArray<"bool">;
export function any(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return foldAxes("any", x, options, labelled("any"), (e, axes) => new Reduce("max", cast(e, "bool"), axes));
}

/** Tells whether no element is zero; true where there are none. See {@link any}. @see numpy.all */
export function all<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<"bool", Reduced<S, O>>;
export function all(x: ArrayLike, options?: ReduceOptions): ChunkedArray<"bool">;
export function all(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return foldAxes("all", x, options, labelled("all"), (e, axes) => new Reduce("min", cast(e, "bool"), axes));
}

/** Counts the elements that are not zero, as int64. @see numpy.count_nonzero */
export function countNonzero<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<"int64", Reduced<S, O>>;
export function countNonzero(x: ArrayLike, options?: ReduceOptions): ChunkedArray<"int64">;
export function countNonzero(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return sum(astype(astype(toArray("countNonzero", x), "bool"), "int64"), options) as ChunkedArray;
}
