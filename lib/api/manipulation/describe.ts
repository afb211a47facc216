import { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, type DTypeLike, toDType } from "../../core/dtype.js";
import * as promotion from "../../core/promotion.js";
import { isScalar } from "../../core/scalar.js";
import { type ArrayLike, toArray } from "../operand.js";

/**
 * The dtype that an operation on these has: arrays and dtypes are promoted; scalars are weak and raise the kind, never the size.
 *
 * @throws {DTypeError} `ERR_DTYPE` when there is nothing to promote, or text names no dtype.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.resultType("int8", "uint8"), nd.resultType(nd.ones(3, { dtype: "float32" }), 1.5)); // int16 float32
 * ```
 * @see numpy.result_type
 */
export function resultType(...operands: readonly (ArrayLike | DTypeLike)[]): DType {
  return promotion.resultType(...operands.map((x) => {
    if (typeof x === "string" || typeof x === "function") return toDType(x, "resultType");
    return isScalar(x) ? x : toArray("resultType", x as ArrayLike).dtype;
  }));
}

/**
 * The lengths of an array's axes; NaN where only running can tell.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.shape([[1, 2, 3]])); // [1, 3]
 * ```
 * @see numpy.shape
 */
export function shape(x: ArrayLike): readonly number[] {
  return (x instanceof ChunkedArray ? x : toArray("shape", x)).shape;
}

/**
 * The number of axes.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.ndim([[1, 2, 3]])); // 2
 * ```
 * @see numpy.ndim
 */
export function ndim(x: ArrayLike): number {
  return shape(x).length;
}
