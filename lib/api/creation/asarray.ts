import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { type DType, toDType } from "../../core/dtype.js";
import { astype } from "../manipulation/astype.js";
import { expandDims } from "../manipulation/expand.js";
import { stack } from "../manipulation/stack.js";
import type { ArrayLike } from "../operand.js";
import { arrayOf } from "./from-array.js";

export interface AsArrayOptions {
  /** Converts to this dtype. */
  readonly dtype?: DType;
  /** How to cut what is not chunked yet; `"auto"` when not given. */
  readonly chunks?: ChunksSpec;
}

/** A list of arrays of one shape, or of lists of them. */
export type ListOfArrays = readonly (ArrayLike | ListOfArrays)[];

/**
 * Makes an array of anything that can be one; a list of chunked arrays is stacked along a new first axis; a chunked array is returned as it is.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.asarray([[1, 2], [3, 4]]).sum().compute()); // 10n
 * ```
 * @see numpy.asarray
 */
export function asarray<A extends AnyArray>(value: A, options?: { readonly dtype?: undefined }): A;
export function asarray<D extends DType = DType>(value: ArrayLike | ListOfArrays, options?: AsArrayOptions & { readonly dtype?: D }, operation?: string): ChunkedArray<D>;
export function asarray(value: ArrayLike | ListOfArrays, { dtype, chunks }: AsArrayOptions = {}, operation = "asarray"): ChunkedArray {
  const x = isListOfArrays(value) ? stack(value.map((one) => asarray(one, {}, operation))) : arrayOf(operation, value, chunks);
  return dtype === undefined ? x : astype(x, toDType(dtype, operation));
}

/** A list with chunked arrays in it is stacked, as Dask does. */
function isListOfArrays(value: ArrayLike | ListOfArrays): value is ListOfArrays {
  return Array.isArray(value) && value.some((one) => one instanceof ChunkedArray || isListOfArrays(one as ArrayLike));
}

/** Makes an array of anything that can be one: another name of {@link asarray}. @see numpy.asanyarray */
export const asanyarray = asarray;

/**
 * Makes an array of anything that can be one, with at least `ndmin` axes: new ones of length 1 come first.
 *
 * @see numpy.array
 */
export function array<D extends DType = DType>(value: ArrayLike, options: AsArrayOptions & { readonly dtype?: D; readonly ndmin?: number } = {}): ChunkedArray<D> {
  const { ndmin = 0, ...rest } = options;
  const x = asarray(value, rest, "array") as ChunkedArray<D>;
  return ndmin > x.ndim ? (leadingAxes(x as ChunkedArray, ndmin - x.ndim) as ChunkedArray<D>) : x;
}

const leadingAxes = (x: ChunkedArray, count: number): ChunkedArray => expandDims(x, Array.from({ length: count }, (_, i) => i));
