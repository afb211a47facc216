import { type AnyArray, ChunkedArray } from "../array/chunked-array.js";
import { NDArray } from "../array/nd-array.js";
import type { DType, TypedArray } from "../core/dtype.js";
import { isScalar, type Scalar } from "../core/scalar.js";
import type { Shape } from "../core/shape.js";
import { arrayOf } from "./creation/from-array.js";

/** Nested JavaScript arrays of scalars, all rows of one length. */
export type NestedScalars = readonly Scalar[] | readonly NestedScalars[];

/** Whatever can stand where an array is wanted. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ArrayLike = AnyArray | NDArray<any, any> | TypedArray | NestedScalars | Scalar;

/** An argument whose dtype `D` is known to the compiler when it is a chunked array. */
export type ArrayOf<D extends DType> = ChunkedArray<D> | ArrayLike;

/** An argument of an element-wise operation: an array, or a scalar, which is weak in promotion. */
export type Operand = ChunkedArray<DType, Shape> | Scalar;

/** Resolves an argument; a scalar stays one. */
export function toOperand(operation: string, value: ArrayLike): Operand {
  if (value instanceof ChunkedArray) return value as Operand;
  return isScalar(value) ? value : arrayOf(operation, value);
}

/** Resolves an argument to an array. */
export function toArray(operation: string, value: ArrayLike): ChunkedArray<DType, Shape> {
  return arrayOf(operation, value);
}

/** Tells an argument that can be an array from an object of options. */
export const isArrayLike = (value: unknown): value is ArrayLike =>
  value instanceof ChunkedArray || value instanceof NDArray || ArrayBuffer.isView(value) || Array.isArray(value) || isScalar(value);
