import type { DType } from "../../core/dtype.js";
import type { AnyArray } from "../../array/chunked-array.js";
import { ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { formatShape, normalizeAxis } from "../../core/shape.js";
import { slice } from "../../core/slice.js";
import { ShapeError } from "../../errors/index.js";
import { astype } from "../manipulation/astype.js";
import { ravel } from "../manipulation/reshape.js";
import { type ArrayLike, type ArrayOf, toArray } from "../operand.js";
import { getAlong } from "./get.js";
import type { Index } from "./index-forms.js";

/** Along which axis {@link take} and {@link compress} pick. */
export interface AlongOptions {
  readonly axis?: number;
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Picks elements along an axis. See {@link take}. */
    take(indices: Index, options?: AlongOptions): ChunkedArray<D, number[]>;
  }
}

/**
 * Picks elements along an axis, axis 0 by default: `x.get(":", indices)` for axis 1.
 *
 * @throws {IndexError} `ERR_INDEX` when an index is out of bounds.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.take(nd.arange(10), [3, 1]).compute()).toNested()); // [3n, 1n]
 * ```
 * @see numpy.take
 */
export function take<D extends DType = DType>(x: ArrayOf<D>, indices: Index, { axis = 0 }: AlongOptions = {}): ChunkedArray<D> {
  const array = toArray("take", x);
  return getAlong(array, normalizeAxis("take", axis, array.shape), indices);
}

/**
 * Keeps what stands where a 1-d condition is true, along an axis; without one, of the flattened array. A condition that is too short is
 * filled with false.
 *
 * @throws {ShapeError} `ERR_SHAPE` when the condition is not 1-d.
 * @throws {IndexError} `ERR_INDEX` when it is longer than the axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.compress([true, false, true], nd.arange(3)).compute()).toNested()); // [0n, 2n]
 * ```
 * @see numpy.compress
 */
export function compress(condition: ArrayLike, x: ArrayLike, { axis }: AlongOptions = {}): AnyArray {
  const array = axis === undefined ? (ravel(toArray("compress", x)) as AnyArray) : toArray("compress", x);
  const along = normalizeAxis("compress", axis ?? 0, array.shape);
  const mask = maskOf(condition);
  const shape = mask instanceof ChunkedArray ? mask.shape : [mask.length];
  if (shape.length !== 1) {
    throw new ShapeError(`compress: expected a condition with one axis, got shape ${formatShape(shape)}`, { shapes: [shape] });
  }
  const length = shape[0]!;
  return getAlong(Number.isNaN(length) ? array : getAlong(array, along, slice(null, length)), along, mask);
}

// A plain list stays one, so that the number of elements is known.
function maskOf(condition: ArrayLike): AnyArray | boolean[] {
  const list = Array.isArray(condition) || ArrayBuffer.isView(condition) ? Array.from(condition as Iterable<unknown>) : undefined;
  if (list?.every((item) => typeof item === "number" || typeof item === "bigint" || typeof item === "boolean")) return list.map(Boolean);
  return astype(toArray("compress", condition), "bool");
}

/**
 * The elements of `x` where a condition is true, in C order of both.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(6).reshape([2, 3]);
 * console.log((await nd.extract(x.gt(3), x).compute()).toNested()); // [4n, 5n]
 * ```
 * @see numpy.extract
 */
export function extract(condition: ArrayLike, x: ArrayLike): AnyArray {
  return compress(ravel(astype(toArray("extract", condition), "bool")), ravel(toArray("extract", x)));
}

installMethods({ take });
