import type { DType } from "../../core/dtype.js";
import type { AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { normalizeAxis } from "../../core/shape.js";
import { slice } from "../../core/slice.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { getAlong } from "../indexing/get.js";
import { type ArrayLike, type ArrayOf, toArray } from "../operand.js";
import { knownLength } from "./known-length.js";
import { operators } from "../ufuncs/operators.js";
import { broadcastTo } from "./broadcast.js";
import { concatenate } from "./concatenate.js";

/** How {@link diff} takes differences. */
export interface DiffOptions {
  /** How often; 1 by default. */
  readonly n?: number;
  /** Along which axis; the last by default. */
  readonly axis?: number;
  /** What stands before the first element; a scalar is repeated. */
  readonly prepend?: ArrayLike;
  /** What stands after the last element; a scalar is repeated. */
  readonly append?: ArrayLike;
}

/**
 * The differences of neighbours along an axis, which is one shorter than before for each round. Of bools, whether they differ.
 *
 * @throws {OptionError} `ERR_OPTION` when `n` is not a whole number ≥ 0.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.diff([1, 4, 9, 16]).compute()).toNested()); // [3n, 5n, 7n]
 * ```
 * @see numpy.diff
 */
export function diff<D extends DType = DType>(
  x: ArrayOf<D>, { n = 1, axis = -1, prepend, append }: DiffOptions = {},
): ChunkedArray<D> {
  const array = toArray("diff", x) as AnyArray;
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new OptionError(`diff: expected a whole number ≥ 0 as n, got ${String(n)}`, {
      option: "n", received: n,
    });
  }
  if (array.ndim === 0) {
    throw new ShapeError("diff: expected an array with at least one axis, got a 0-d array", {
      shapes: [[]],
    });
  }
  const along = normalizeAxis("diff", axis, array.shape);
  knownLength("diff", array, along);
  if (n === 0) return array;
  const joined = [prepend, array, append].flatMap((part) => (part === undefined ? [] : [part === array ? array : widened(part, array, along)]));
  let result = joined.length === 1 ? array : concatenate(joined, { axis: along });
  const step = array.dtype === "bool" ? operators.ne : operators.sub;
  for (let round = 0; round < n; round++) {
    result = step(getAlong(result, along, slice(1, null)), getAlong(result, along, slice(null, -1))) as AnyArray;
  }
  return result;
}

function widened(part: ArrayLike, x: AnyArray, axis: number): AnyArray {
  const array = toArray("diff", part) as AnyArray;
  return array.ndim > 0 ? array : broadcastTo(array, x.shape.map((n: number, i: number) => (i === axis ? 1 : n)));
}
