import type { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, isInexact } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { full, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { type ReducerKind, Reduce } from "../../expr/reduce.js";
import { ensure } from "../ensure.js";
import { type ArrayLike, toArray } from "../operand.js";
import { operators } from "../ufuncs/operators.js";
import { foldAxes, labelled, type Reduced, type ReduceOptions, requireElements } from "./reduce.js";

/**
 * The largest element over axes; NaN wins. Keeps the dtype; complex numbers are in lexicographic order.
 *
 * @throws {ShapeError} `ERR_EMPTY` when there are no elements to choose from.
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.max([3, 1, 2]).compute()); // 3n
 * ```
 * @see numpy.max
 */
export function max<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<D, Reduced<S, O>>;
export function max(x: ArrayLike, options?: ReduceOptions): ChunkedArray;
export function max(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return foldAxes("max", x, options, labelled("chunk_max", "chunk_max", "max"), extreme("max", "max"));
}

/** The smallest element over axes; NaN wins. See {@link max}. @see numpy.min */
export function min<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<D, Reduced<S, O>>;
export function min(x: ArrayLike, options?: ReduceOptions): ChunkedArray;
export function min(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return foldAxes("min", x, options, labelled("chunk_min", "chunk_min", "min"), extreme("min", "min"));
}

/** The largest element over axes; NaN only where all are. See {@link max}. @see numpy.nanmax */
export function nanmax<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<D, Reduced<S, O>>;
export function nanmax(x: ArrayLike, options?: ReduceOptions): ChunkedArray;
export function nanmax(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return foldAxes("nanmax", x, options, labelled("nanmax_skip", "_nanmax_skip"), extreme("nanmax", "fmax"));
}

/** The smallest element over axes; NaN only where all are. See {@link max}. @see numpy.nanmin */
export function nanmin<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<D, Reduced<S, O>>;
export function nanmin(x: ArrayLike, options?: ReduceOptions): ChunkedArray;
export function nanmin(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  return foldAxes("nanmin", x, options, labelled("nanmin_skip", "_nanmin_skip"), extreme("nanmin", "fmin"));
}

const extreme = (operation: string, reducer: ReducerKind) => (x: Expr, axes: readonly number[]): Expr => {
  requireElements(operation, x, axes);
  return new Reduce(reducer, x, axes);
};

/**
 * The largest minus the smallest element over axes; not for bool.
 *
 * @see numpy.ptp
 */
export function ptp<D extends DType, S extends Shape, const O extends ReduceOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<D, Reduced<S, O>>;
export function ptp(x: ArrayLike, options?: ReduceOptions): ChunkedArray;
export function ptp(x: ArrayLike, options: ReduceOptions = {}): ChunkedArray {
  const input = toArray("ptp", x);
  return operators.sub(max(input, options), min(input, options));
}

/** What reductions to an index take: one axis, or all of them as one. */
export interface ArgOptions extends ReduceOptions {
  /** The axis to look along; not given, the array counts as flat. */
  readonly axis?: number | null;
}

/**
 * The index of the largest element along an axis, the first where there are several; NaN is the largest. int64; without an axis it is the
 * index into the flat array.
 *
 * @throws {ShapeError} `ERR_EMPTY` when there are no elements to choose from.
 * @throws {OptionError} `ERR_OPTION` when several axes are named.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.argmax([3, 9, 2]).compute()); // 1n
 * ```
 * @see numpy.argmax
 */
export function argmax<S extends Shape, const O extends ArgOptions = Record<never, never>>(x: ChunkedArray<DType, S>, options?: O): ChunkedArray<"int64", Reduced<S, O>>;
export function argmax(x: ArrayLike, options?: ArgOptions): ChunkedArray<"int64">;
export function argmax(x: ArrayLike, options: ArgOptions = {}): ChunkedArray {
  return place("argmax", "argmax", x, options);
}

/** The index of the smallest element along an axis; NaN is the smallest. See {@link argmax}. @see numpy.argmin */
export function argmin<S extends Shape, const O extends ArgOptions = Record<never, never>>(x: ChunkedArray<DType, S>, options?: O): ChunkedArray<"int64", Reduced<S, O>>;
export function argmin(x: ArrayLike, options?: ArgOptions): ChunkedArray<"int64">;
export function argmin(x: ArrayLike, options: ArgOptions = {}): ChunkedArray {
  return place("argmin", "argmin", x, options);
}

/**
 * The index of the largest element that is not NaN. See {@link argmax}.
 *
 * @throws {KernelError} when computed, if there are only NaN.
 * @see numpy.nanargmax
 */
export function nanargmax<S extends Shape, const O extends ArgOptions = Record<never, never>>(x: ChunkedArray<DType, S>, options?: O): ChunkedArray<"int64", Reduced<S, O>>;
export function nanargmax(x: ArrayLike, options?: ArgOptions): ChunkedArray<"int64">;
export function nanargmax(x: ArrayLike, options: ArgOptions = {}): ChunkedArray {
  return place("nanargmax", "nanargmax", x, options);
}

/** The index of the smallest element that is not NaN. See {@link nanargmax}. @see numpy.nanargmin */
export function nanargmin<S extends Shape, const O extends ArgOptions = Record<never, never>>(x: ChunkedArray<DType, S>, options?: O): ChunkedArray<"int64", Reduced<S, O>>;
export function nanargmin(x: ArrayLike, options?: ArgOptions): ChunkedArray<"int64">;
export function nanargmin(x: ArrayLike, options: ArgOptions = {}): ChunkedArray {
  return place("nanargmin", "nanargmin", x, options);
}

function place(operation: string, reducer: "argmin" | "argmax" | "nanargmin" | "nanargmax", x: ArrayLike, options: ArgOptions): ChunkedArray {
  const { axis } = options as ReduceOptions;
  if (axis !== undefined && axis !== null && typeof axis !== "number") {
    throw new OptionError(`${operation}: expected one axis or none, got [${String(axis)}]`, { option: "axis", received: axis, hint: "reshape the axes into one first" });
  }
  const skips = reducer.startsWith("nan");
  return foldAxes(operation, x, options, labelled("arg-reduce", "arg_combine", skips ? "nanarg_agg" : "arg_agg"), (e, axes) => {
    requireElements(operation, e, axes);
    if (!skips) return new Reduce(reducer, e, axes, 1);
    if (!isInexact(e.dtype)) return new Reduce(reducer.slice(3) as ReducerKind, e, axes, 1);
    const index = new Reduce(reducer, e, axes, 1);
    return ensure(index, map("greater_equal", "int64", "bool", [index, full([], "int64", 0)], index.shape),
      `${operation}: all elements of a slice are NaN; use ${reducer.slice(3)} or fill them first`);
  });
}
