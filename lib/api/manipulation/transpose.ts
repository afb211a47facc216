import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installGetters, installMethods } from "../../array/methods.js";
import type { Axes } from "../../array/result-types.js";
import type { DType } from "../../core/dtype.js";
import { formatShape, normalizeAxis, type Shape } from "../../core/shape.js";
import { AxisError, ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { transpose as transposeGraph } from "../../graph/transpose.js";
import { type ArrayLike, type ArrayOf, toArray } from "../operand.js";

/** The axes of {@link transpose}: in the order that the result shall have. */
export interface TransposeOptions {
  readonly axes?: readonly number[];
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** The array with its axes reversed: `[m, n]` → `[n, m]`. @see numpy.ndarray.T */
    readonly T: ChunkedArray<D, Axes<S>>;
    /** The array with its last two axes swapped. @see numpy.ndarray.mT */
    readonly mT: ChunkedArray<D, Axes<S>>;
    /** Reverses the axes, or puts them in the given order. See {@link transpose}. */
    transpose(axes?: readonly number[] | TransposeOptions): ChunkedArray<D, Axes<S>>;
    /** Exchanges two axes. See {@link swapaxes}. */
    swapaxes(axis1: number, axis2: number): ChunkedArray<D, Axes<S>>;
  }
}

/**
 * Reverses the axes, or puts them in the given order. Chunks go with their axes; no element moves.
 *
 * @param axes axis i of the result is axis `axes[i]` of `x`
 * @throws {ShapeError} `ERR_SHAPE` when `axes` does not name each axis once.
 * @throws {AxisError} `ERR_AXIS` when one does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.ones([2, 3, 4]).transpose([1, 0, 2]).shape); // [3, 2, 4]
 * ```
 * @see numpy.transpose
 */
export function transpose<D extends DType, S extends Shape>(
  x: ChunkedArray<D, S>, axes?: readonly number[] | TransposeOptions,
): ChunkedArray<D, Axes<S>>;
export function transpose(x: ArrayLike, axes?: readonly number[] | TransposeOptions): AnyArray;
export function transpose(x: ArrayLike, axes?: readonly number[] | TransposeOptions): AnyArray {
  const array: AnyArray = toArray("transpose", x);
  const list = Array.isArray(axes) ? (axes as readonly number[]) : (axes as TransposeOptions | undefined)?.axes;
  if (list === undefined) return permute(array, "transpose", reversed(array.ndim));
  const order = checkOrder("transpose", list, array.shape);
  return order.every((axis, i) => axis === i) ? array : permute(array, "transpose", order);
}

/**
 * Puts the axes in the given order: the Python array API standard's name for {@link transpose}.
 *
 * @throws {ShapeError} `ERR_SHAPE` when `axes` does not name each axis once.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.permuteDims(nd.ones([2, 3]), [1, 0]).shape); // [3, 2]
 * ```
 * @see numpy.permute_dims
 */
export function permuteDims<D extends DType = DType>(x: ArrayOf<D>, axes: readonly number[]): ChunkedArray<D> {
  const array: AnyArray = toArray("permuteDims", x);
  return permute(array, "transpose", checkOrder("permuteDims", axes, array.shape));
}

/**
 * Swaps the last two axes: `[..., m, n]` → `[..., n, m]`.
 *
 * @throws {ShapeError} `ERR_SHAPE` when there are fewer than two axes.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.matrixTranspose(nd.ones([5, 2, 3])).shape); // [5, 3, 2]
 * ```
 * @see numpy.matrix_transpose
 */
export function matrixTranspose<D extends DType = DType>(x: ArrayOf<D>): ChunkedArray<D> {
  const array: AnyArray = toArray("matrixTranspose", x);
  if (array.ndim < 2) {
    throw new ShapeError(`matrixTranspose: expected at least 2 axes, got shape ${formatShape(array.shape)}`, {
      shapes: [array.shape],
    });
  }
  return swap(array, array.ndim - 2, array.ndim - 1);
}

/**
 * Exchanges two axes.
 *
 * @throws {AxisError} `ERR_AXIS` when one does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.swapaxes(nd.ones([2, 3, 4]), 0, -1).shape); // [4, 3, 2]
 * ```
 * @see numpy.swapaxes
 */
export function swapaxes<D extends DType, S extends Shape>(
  x: ChunkedArray<D, S>, axis1: number, axis2: number,
): ChunkedArray<D, Axes<S>>;
export function swapaxes(x: ArrayLike, axis1: number, axis2: number): AnyArray;
export function swapaxes(x: ArrayLike, axis1: number, axis2: number): AnyArray {
  const array: AnyArray = toArray("swapaxes", x);
  const [a, b] = [normalizeAxis("swapaxes", axis1, array.shape), normalizeAxis("swapaxes", axis2, array.shape)];
  // As in Dask, -1 and 1 of two axes are drawn as a swap that does nothing.
  return axis1 === axis2 ? array : swap(array, a, b);
}

/**
 * Moves axes to new places; the others keep their order.
 *
 * @throws {AxisError} `ERR_AXIS` when one does not exist or is named twice.
 * @throws {ShapeError} `ERR_SHAPE` when the two lists differ in length.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.moveaxis(nd.ones([2, 3, 4]), 0, -1).shape); // [3, 4, 2]
 * ```
 * @see numpy.moveaxis
 */
export function moveaxis<D extends DType = DType>(
  x: ArrayOf<D>, source: number | readonly number[], destination: number | readonly number[],
): ChunkedArray<D> {
  const array: AnyArray = toArray("moveaxis", x);
  const from = distinctAxes("moveaxis", source, array.shape);
  const to = distinctAxes("moveaxis", destination, array.shape);
  if (from.length !== to.length) {
    throw new ShapeError(`moveaxis: expected as many destinations as sources, got ${from.length} sources and ${to.length} destinations`);
  }
  const order = array.shape.map((_: number, i: number) => i).filter((i: number) => !from.includes(i));
  to.map((place, k) => ({ place, axis: from[k]! })).sort((a, b) => a.place - b.place).forEach(({ place, axis }) => order.splice(place, 0, axis));
  return permute(array, "transpose", order);
}

/**
 * Moves one axis back until it stands before another. `moveaxis` is easier to read.
 *
 * @throws {AxisError} `ERR_AXIS` when an axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.rollaxis(nd.ones([2, 3, 4]), 2).shape); // [4, 2, 3]
 * ```
 * @see numpy.rollaxis
 */
export function rollaxis<D extends DType = DType>(
  x: ArrayOf<D>, axis: number, { start = 0 }: { start?: number } = {},
): ChunkedArray<D> {
  const array: AnyArray = toArray("rollaxis", x);
  const n = array.ndim;
  const from = normalizeAxis("rollaxis", axis, array.shape);
  let to = start < 0 ? start + n : start;
  if (!Number.isInteger(start) || to < 0 || to > n) {
    throw new AxisError(`rollaxis: start ${start} does not exist on a ${n}-d array`, {
      axis: start, ndim: n, hint: `use ${-n} to ${n}`,
    });
  }
  if (from < to) to--;
  if (from === to) return array;
  const order = reversed(n).reverse().filter((i) => i !== from);
  order.splice(to, 0, from);
  return permute(array, "transpose", order);
}

function permute(x: AnyArray, label: string, order: readonly number[]): AnyArray {
  return new ChunkedArray(build.transpose(x.expr, order), transposeGraph(label, x.graph, order));
}

function swap(x: AnyArray, a: number, b: number): AnyArray {
  const order = reversed(x.ndim).reverse();
  [order[a], order[b]] = [b, a];
  return permute(x, "swapaxes", order);
}

const reversed = (n: number): number[] => Array.from({ length: n }, (_, i) => n - 1 - i);

function distinctAxes(operation: string, axes: number | readonly number[], shape: Shape): number[] {
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(operation, axis, shape));
  const twice = list.find((axis, i) => list.indexOf(axis) !== i);
  if (twice === undefined) return list;
  throw new AxisError(`${operation}: axis ${twice} is named twice in [${String(axes)}]`, { axis: twice, ndim: shape.length });
}

function checkOrder(operation: string, axes: readonly number[], shape: Shape): number[] {
  if (axes.length !== shape.length) {
    throw new ShapeError(`${operation}: expected ${shape.length} axes for shape ${formatShape(shape)}, got [${axes.join(", ")}]`, {
      shapes: [shape],
    });
  }
  return distinctAxes(operation, axes, shape);
}

installMethods({ transpose, swapaxes });
installGetters({ T: (x) => transpose(x), mT: matrixTranspose });
