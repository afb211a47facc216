import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { formatShape, isKnown, normalizeAxis, sameShape } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { Concat } from "../../expr/concat.js";
import * as join from "../../graph/join.js";
import { type ArrayLike, toArray } from "../operand.js";
import { unifyAxes } from "../rechunk/unify-axes.js";
import { astype } from "./astype.js";
import { concatenateAs } from "./concatenate.js";
import { atleast2d, atleast3d } from "./expand.js";

/** How {@link stack} joins. */
export interface StackOptions {
  /** Where the new axis stands in the result; 0 by default. */
  readonly axis?: number;
  /** Joins although lengths are unknown; that they agree is then checked when it runs. */
  readonly allowUnknownChunksizes?: boolean;
}

/** How {@link hstack}, {@link vstack} and {@link dstack} join. */
export type StackedOptions = Pick<StackOptions, "allowUnknownChunksizes">;

/**
 * Joins arrays of one shape along a new axis, which has a chunk of 1 for each.
 *
 * @throws {ShapeError} `ERR_SHAPE` when there are no arrays or their shapes differ.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.stack([nd.ones(3), nd.zeros(3)], { axis: 1 }).shape); // [3, 2]
 * ```
 * @see numpy.stack
 */
export function stack<D extends DType>(arrays: readonly ChunkedArray<D>[], options?: StackOptions): ChunkedArray<D>;
export function stack(arrays: readonly ArrayLike[], options?: StackOptions): AnyArray;
export function stack(arrays: readonly ArrayLike[], { axis = 0, allowUnknownChunksizes = false }: StackOptions = {}): AnyArray {
  if (!Array.isArray(arrays)) {
    throw new OptionError(`stack: expected a list of arrays, got ${arrays === undefined ? "none" : "one"}`, {
      option: "arrays", received: arrays, hint: "put them in [ ]",
    });
  }
  const list = arrays.map((x: ArrayLike) => toArray("stack", x));
  if (list.length === 0) throw new ShapeError("stack: expected at least one array, got none");
  const shape = list[0]!.shape;
  for (const x of list) {
    const same = sameShape(shape, x.shape) || (allowUnknownChunksizes && x.ndim === shape.length && !(isKnown(shape) && isKnown(x.shape)));
    if (same && (allowUnknownChunksizes || isKnown(x.shape))) continue;
    throw new ShapeError(`stack: expected arrays of one shape, got ${formatShape(shape)} and ${formatShape(x.shape)}`, {
      shapes: [shape, x.shape],
      hint: same ? "compute the lengths first, or pass { allowUnknownChunksizes: true }" : undefined,
    });
  }
  const at = normalizeAxis("stack", axis, [...shape, 1]);
  const dtype = resultType(...list.map((x) => x.dtype));
  const letters = shape.map((_, i) => `${i}`);
  const unified = unifyAxes("stack", list.map((x) => astype(x, dtype)), list.map(() => letters));
  return new ChunkedArray(
    new Concat(unified.map((x) => build.expandDims(x.expr, [at])), at),
    join.stack(unified.map((x) => x.graph), at, at),
  );
}

/**
 * Joins arrays side by side: along axis 1, or axis 0 when all are 1-d.
 *
 * @throws {ShapeError} `ERR_SHAPE` when shapes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.hstack([nd.ones([2, 1]), nd.ones([2, 3])]).shape); // [2, 4]
 * ```
 * @see numpy.hstack
 */
export function hstack(arrays: readonly ArrayLike[], options: StackedOptions = {}): AnyArray {
  const list = arrays.map((x) => toArray("hstack", x)).map((x) => (x.ndim === 0 ? x.reshape([1]) : x));
  return concatenateAs("hstack", list, { ...options, axis: list.every((x) => x.ndim === 1) ? 0 : 1 });
}

/**
 * Joins arrays one below the other: along axis 0; 1-d arrays become rows.
 *
 * @throws {ShapeError} `ERR_SHAPE` when shapes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.vstack([nd.ones(3), nd.ones([2, 3])]).shape); // [3, 3]
 * ```
 * @see numpy.vstack
 */
export function vstack(arrays: readonly ArrayLike[], options: StackedOptions = {}): AnyArray {
  return concatenateAs("vstack", arrays.map((x) => atleast2d(toArray("vstack", x))), { ...options, axis: 0 });
}

/**
 * Joins arrays one behind the other: along axis 2, after giving each three axes.
 *
 * @throws {ShapeError} `ERR_SHAPE` when shapes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.dstack([nd.ones(3), nd.ones(3)]).shape); // [1, 3, 2]
 * ```
 * @see numpy.dstack
 */
export function dstack(arrays: readonly ArrayLike[], options: StackedOptions = {}): AnyArray {
  return concatenateAs("dstack", arrays.map((x) => atleast3d(toArray("dstack", x))), { ...options, axis: 2 });
}
