import type { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, isComplex } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import { DTypeError } from "../../errors/index.js";
import type { ArrayLike } from "../operand.js";
import { toArray } from "../operand.js";
import { equal } from "./comparison.js";

/** It is −∞; no complex. @throws {DTypeError} `ERR_DTYPE` for complex dtypes. @see numpy.isneginf */
export function isneginf<D extends DType, S extends Shape>(x: ChunkedArray<D, S>): ChunkedArray<"bool", S>;
export function isneginf(x: ArrayLike): ChunkedArray<"bool">;
export function isneginf(x: ArrayLike): ChunkedArray<"bool"> {
  return equal(-Infinity, realArray("isneginf", x)) as ChunkedArray<"bool">;
}

/** It is +∞; no complex. @throws {DTypeError} `ERR_DTYPE` for complex dtypes. @see numpy.isposinf */
export function isposinf<D extends DType, S extends Shape>(x: ChunkedArray<D, S>): ChunkedArray<"bool", S>;
export function isposinf(x: ArrayLike): ChunkedArray<"bool">;
export function isposinf(x: ArrayLike): ChunkedArray<"bool"> {
  return equal(Infinity, realArray("isposinf", x)) as ChunkedArray<"bool">;
}

/** Complex infinities have no sign. */
function realArray(operation: string, x: ArrayLike): ChunkedArray {
  const array = toArray(operation, x);
  if (!isComplex(array.dtype)) return array;
  throw new DTypeError(`${operation}: expected real elements, got ${array.dtype}`, { dtypes: [array.dtype], hint: "use real, imag or isinf first" });
}
