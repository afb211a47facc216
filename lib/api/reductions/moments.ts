import { ChunkedArray } from "../../array/chunked-array.js";
import type { FloatOf, RealOf } from "../../array/result-types.js";
import { type DType, isComplex, isInexact, realOf, toDType } from "../../core/dtype.js";
import { loopFor } from "../../core/loop-rule.js";
import type { Shape } from "../../core/shape.js";
import { OptionError, UnsupportedError } from "../../errors/index.js";
import { broadcastTo, cast, expandDims, full, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Reduce, type ReducerKind } from "../../expr/reduce.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { type ArrayLike, toArray } from "../operand.js";
import { imag, real } from "../ufuncs/complex.js";
import { isnan } from "../ufuncs/floating.js";
import { constantLike } from "../ufuncs/elementwise.js";
import { chooseAs } from "../ufuncs/where.js";
import { ACCUMULATE_OPTIONS, type AccumulateOptions, countOf, type DTypeOr, foldAxes, labelled, type Reduced } from "./reduce.js";
import { sum } from "./sums.js";

/** What variances take. */
export interface MomentOptions extends AccumulateOptions {
  /** Taken off the count in the divisor; 0 when not given. */
  readonly ddof?: number;
}

const MOMENT_OPTIONS = [...ACCUMULATE_OPTIONS, "ddof"];

/**
 * The variance over axes: the mean of |x − mean|². Integers give float64, complex numbers their float.
 *
 * Found in one pass over float64, by means that do not cancel; NaN where there are no elements.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.variance([1, 2, 3, 4], { ddof: 1 }).compute()); // 1.6666666666666667
 * ```
 * @see numpy.var
 */
export function variance<D extends DType, S extends Shape, const O extends MomentOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
export function variance(x: ArrayLike, options?: MomentOptions): ChunkedArray;
export function variance(x: ArrayLike, options: MomentOptions = {}): ChunkedArray {
  return foldAxes("var", x, options, labelled("var"), (e, axes) => varianceOf(e, axes, options.ddof ?? 0, spreadDType("var", e, options)), MOMENT_OPTIONS);
}

/** The variance of the elements that are not NaN. See {@link variance}. @see numpy.nanvar */
export function nanvar<D extends DType, S extends Shape, const O extends MomentOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
export function nanvar(x: ArrayLike, options?: MomentOptions): ChunkedArray;
export function nanvar(x: ArrayLike, options: MomentOptions = {}): ChunkedArray {
  return foldAxes("nanvar", x, options, labelled("moment_chunk", "moment_combine", "moment_agg"), (e, axes) =>
    nanVarianceOf(e, axes, options.ddof ?? 0, spreadDType("nanvar", e, options)), MOMENT_OPTIONS);
}

/** The standard deviation over axes: the square root of the {@link variance}. @see numpy.std */
export function std<D extends DType, S extends Shape, const O extends MomentOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
export function std(x: ArrayLike, options?: MomentOptions): ChunkedArray;
export function std(x: ArrayLike, options: MomentOptions = {}): ChunkedArray {
  return root(variance(toArray("std", x), options) as ChunkedArray);
}

/** The standard deviation of the elements that are not NaN. See {@link std}. @see numpy.nanstd */
export function nanstd<D extends DType, S extends Shape, const O extends MomentOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, options?: O,
): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
export function nanstd(x: ArrayLike, options?: MomentOptions): ChunkedArray;
export function nanstd(x: ArrayLike, options: MomentOptions = {}): ChunkedArray {
  return root(nanvar(toArray("nanstd", x), options) as ChunkedArray);
}

function root(x: ChunkedArray): ChunkedArray {
  const expr = map("sqrt", x.dtype, x.dtype, [x.expr], x.shape);
  return new ChunkedArray(expr, blockwise("_sqrt", x.chunks, [x.graph], "_sqrt"));
}

const spreadDType = (operation: string, x: Expr, { dtype }: AccumulateOptions): DType =>
  dtype === undefined ? loopFor("spread", [x.dtype])!.out[0]! : realOf(toDType(dtype, operation));

type Binary = "add" | "subtract" | "multiply" | "divide" | "maximum" | "power";
const op = (name: Binary, a: Expr, b: Expr | number): Expr =>
  map(name, "float64", "float64", [a, typeof b === "number" ? full([], "float64", b) : b], a.shape);

/** Σ|x − mean|² in float64; a complex number's is that of both parts. */
function squares(x: Expr, axes: readonly number[], reducer: ReducerKind): Expr {
  const of = (part: Expr): Expr => new Reduce(reducer, cast(part, "float64"), axes, 2);
  return isComplex(x.dtype) ? op("add", of(real.build(x)), of(imag.build(x))) : of(x);
}

/** A divisor below 0 counts as 0, as in NumPy. */
function varianceOf(x: Expr, axes: readonly number[], ddof: number, dtype: DType): Expr {
  const total = squares(x, axes, "moments2");
  const divisor = op("maximum", op("subtract", broadcastTo(countOf(x, axes, "float64"), total.shape), ddof), 0);
  return cast(op("divide", total, divisor), dtype);
}

function nanVarianceOf(x: Expr, axes: readonly number[], ddof: number, dtype: DType): Expr {
  if (!isInexact(x.dtype)) return varianceOf(x, axes, ddof, dtype);
  const hidden = isComplex(x.dtype) ? chooseAs("nanvar", x.dtype, isnan.build(x), { re: NaN, im: NaN }, x) : x;
  const total = squares(hidden, axes, "nanMoments2");
  const first = isComplex(x.dtype) ? real.build(hidden) : hidden;
  const divisor = op("subtract", cast(new Reduce("nanMoments2", cast(first, "float64"), axes, 0), "float64"), ddof);
  const none = map("less_equal", "float64", "bool", [divisor, full([], "float64", 0)], divisor.shape);
  return cast(chooseAs("nanvar", "float64", none, NaN, op("divide", total, divisor)), dtype);
}

/**
 * The central moment of an order over axes: the mean of (x − mean)^order; 1 for order 0 and 0 for order 1.
 *
 * @throws {OptionError} `ERR_OPTION` when the order is no whole number ≥ 0.
 * @throws {UnsupportedError} for complex numbers and an order above 2.
 * @see dask.array.moment
 */
export function moment<D extends DType, S extends Shape, const O extends MomentOptions = Record<never, never>>(
  x: ChunkedArray<D, S>, order: number, options?: O,
): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
export function moment(x: ArrayLike, order: number, options?: MomentOptions): ChunkedArray;
export function moment(x: ArrayLike, order: number, options: MomentOptions = {}): ChunkedArray {
  const input = toArray("moment", x);
  if (!Number.isInteger(order) || order < 0) {
    throw new OptionError(`moment: expected a whole order ≥ 0, got ${String(order)}`, { option: "order", received: order });
  }
  if (order < 2) return constantMoment(input, order, options);
  if (isComplex(input.dtype) && order > 2) throw new UnsupportedError(`moment: order ${order} of ${input.dtype} elements is not defined`, { hint: "take the moments of real and imag" });
  return foldAxes("moment", input, options, labelled("moment_chunk", "moment_combine", "moment_agg"), (e, axes) =>
    momentOf(e, axes, order, options.ddof ?? 0, spreadDType("moment", e, options)), MOMENT_OPTIONS);
}

function momentOf(x: Expr, axes: readonly number[], order: number, ddof: number, dtype: DType): Expr {
  if (order === 2) return varianceOf(x, axes, ddof, dtype);
  const total = order <= 4 ? new Reduce("moments4", cast(x, "float64"), axes, order) : powers(x, axes, order);
  return cast(op("divide", total, op("subtract", broadcastTo(countOf(x, axes, "float64"), total.shape), ddof)), dtype);
}

/** Σ(x − mean)^order in two passes. */
function powers(x: Expr, axes: readonly number[], order: number): Expr {
  const values = cast(x, "float64");
  const centre = broadcastTo(expandDims(new Reduce("moments2", values, axes, 1), axes), values.shape);
  return new Reduce("sum", op("power", op("subtract", values, centre), order), axes);
}

function constantMoment(x: ChunkedArray, order: number, options: MomentOptions): ChunkedArray {
  const model = sum(x, { axis: options.axis, keepdims: options.keepdims }) as ChunkedArray;
  const expr = constantLike(model.expr, model.shape, "float64", order === 0 ? 1 : 0);
  return new ChunkedArray(expr, source(order === 0 ? "ones_like" : "zeros_like", model.chunks, expr.token));
}
