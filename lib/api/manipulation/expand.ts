import type { AnyArray } from "../../array/chunked-array.js";
import { ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import type { DType } from "../../core/dtype.js";
import { formatShape, normalizeAxes, normalizeAxis } from "../../core/shape.js";
import { AxisError, ShapeError } from "../../errors/index.js";
import { dropAxes } from "../../expr/build.js";
import { blockForBlock } from "../../graph/reshape.js";
import { get } from "../indexing/get.js";
import { type ArrayLike, toArray } from "../operand.js";
import { reshape } from "./reshape.js";

/** Which axes of length 1 go; all by default. */
export interface SqueezeOptions {
  readonly axis?: number | readonly number[];
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Drops axes of length 1. See {@link squeeze}. */
    squeeze(options?: SqueezeOptions): ChunkedArray<D>;
  }
}

/**
 * Drops axes of length 1: all of them, or those named.
 *
 * @throws {ShapeError} `ERR_SHAPE` when a named axis is not of length 1.
 * @throws {AxisError} `ERR_AXIS` when one does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.squeeze(nd.ones([1, 3, 1]), { axis: 0 }).shape); // [3, 1]
 * ```
 * @see numpy.squeeze
 */
export function squeeze<D extends DType>(x: ChunkedArray<D>, options?: SqueezeOptions): ChunkedArray<D>;
export function squeeze(x: ArrayLike, options?: SqueezeOptions): AnyArray;
export function squeeze(x: ArrayLike, { axis }: SqueezeOptions = {}): AnyArray {
  const array = toArray("squeeze", x);
  const axes = axis === undefined ? ones(array.shape) : normalizeAxes("squeeze", axis, array.shape);
  const long = axes.find((i) => array.shape[i] !== 1);
  if (long !== undefined) {
    throw new ShapeError(`squeeze: expected axes of length 1, got axis ${long} of shape ${formatShape(array.shape)}`, {
      shapes: [array.shape],
    });
  }
  if (axes.length > 0 && axes.length === array.ndim) {
    return new ChunkedArray(dropAxes(array.expr, axes), blockForBlock("squeeze", [], array.graph, "squeeze"));
  }
  return get(array, ...array.shape.map((_: number, i: number) => (axes.includes(i) ? 0 : ":")));
}

/**
 * Inserts axes of length 1.
 *
 * @param axis where they stand in the result
 * @throws {AxisError} `ERR_AXIS` when there is no such place, or one is named twice.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.expandDims(nd.ones([2, 3]), [0, 3]).shape); // [1, 2, 3, 1]
 * ```
 * @see numpy.expand_dims
 */
export function expandDims<D extends DType>(x: ChunkedArray<D>, axis: number | readonly number[]): ChunkedArray<D>;
export function expandDims(x: ArrayLike, axis: number | readonly number[]): AnyArray;
export function expandDims(x: ArrayLike, axis: number | readonly number[]): AnyArray {
  const array = toArray("expandDims", x);
  const list = typeof axis === "number" ? [axis] : axis;
  const result = new Array<number>(array.ndim + list.length).fill(1);
  const places = list.map((place) => normalizeAxis("expandDims", place, result));
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice !== undefined) {
    throw new AxisError(`expandDims: axis ${twice} is named twice in [${list.join(", ")}]`, {
      axis: twice, ndim: result.length,
    });
  }
  let next = 0;
  const shape = result.map((_, i) => (places.includes(i) ? 1 : array.shape[next++]!));
  if (!shape.some(Number.isNaN)) return reshape(array, shape);
  return get(array, ...result.map((_, i) => (places.includes(i) ? null : ":")));
}

/**
 * Gives each array at least one axis.
 *
 * @returns one array for one argument, else a list.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.atleast1d(3).shape); // [1]
 * ```
 * @see numpy.atleast_1d
 */
export function atleast1d(x: ArrayLike): AnyArray;
export function atleast1d(...arrays: readonly ArrayLike[]): AnyArray | AnyArray[];
export function atleast1d(...arrays: readonly ArrayLike[]): AnyArray | AnyArray[] {
  return each("atleast1d", arrays, (x) => (x.ndim === 0 ? get(x, null) : x));
}

/**
 * Gives each array at least two axes; new ones stand in front.
 *
 * @returns one array for one argument, else a list.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.atleast2d(nd.ones(3)).shape); // [1, 3]
 * ```
 * @see numpy.atleast_2d
 */
export function atleast2d(x: ArrayLike): AnyArray;
export function atleast2d(...arrays: readonly ArrayLike[]): AnyArray | AnyArray[];
export function atleast2d(...arrays: readonly ArrayLike[]): AnyArray | AnyArray[] {
  return each("atleast2d", arrays, (x) => (x.ndim === 0 ? get(x, null, null) : x.ndim === 1 ? get(x, null, ":") : x));
}

/**
 * Gives each array at least three axes: `[n]` → `[1, n, 1]`, `[m, n]` → `[m, n, 1]`.
 *
 * @returns one array for one argument, else a list.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.atleast3d(nd.ones([2, 3])).shape); // [2, 3, 1]
 * ```
 * @see numpy.atleast_3d
 */
export function atleast3d(x: ArrayLike): AnyArray;
export function atleast3d(...arrays: readonly ArrayLike[]): AnyArray | AnyArray[];
export function atleast3d(...arrays: readonly ArrayLike[]): AnyArray | AnyArray[] {
  return each("atleast3d", arrays, (x) => {
    if (x.ndim === 0) return get(x, null, null, null);
    if (x.ndim === 1) return get(x, null, ":", null);
    return x.ndim === 2 ? get(x, ":", ":", null) : x;
  });
}

function each(operation: string, arrays: readonly ArrayLike[], widen: (x: AnyArray) => AnyArray): AnyArray | AnyArray[] {
  const results = arrays.map((x) => widen(toArray(operation, x)));
  return results.length === 1 ? results[0]! : results;
}

const ones = (shape: readonly number[]): number[] => shape.flatMap((n, i) => (n === 1 ? [i] : []));

installMethods({ squeeze });
