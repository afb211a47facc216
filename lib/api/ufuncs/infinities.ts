import type { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import type { ArrayLike } from "../operand.js";
import { toArray } from "../operand.js";
import { equal } from "./comparison.js";

/** It is −∞. @see numpy.isneginf */
export function isneginf<D extends DType, S extends Shape>(x: ChunkedArray<D, S>): ChunkedArray<"bool", S>;
export function isneginf(x: ArrayLike): ChunkedArray<"bool">;
export function isneginf(x: ArrayLike): ChunkedArray<"bool"> {
  return equal(-Infinity, toArray("isneginf", x)) as ChunkedArray<"bool">;
}

/** It is +∞. @see numpy.isposinf */
export function isposinf<D extends DType, S extends Shape>(x: ChunkedArray<D, S>): ChunkedArray<"bool", S>;
export function isposinf(x: ArrayLike): ChunkedArray<"bool">;
export function isposinf(x: ArrayLike): ChunkedArray<"bool"> {
  return equal(Infinity, toArray("isposinf", x)) as ChunkedArray<"bool">;
}
