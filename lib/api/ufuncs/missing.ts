import type { ChunkedArray } from "../../array/chunked-array.js";
import type { Shape } from "../../core/shape.js";
import { UnsupportedError } from "../../errors/index.js";
import { type ArrayLike, toArray } from "../operand.js";
import { elementwise } from "./elementwise.js";
import { isnan } from "./floating.js";
import { operators } from "./operators.js";

/** It is missing: NaN. Integers and bool have no missing values. @see pandas.isnull */
export function isnull<S extends Shape>(x: ChunkedArray<any, S>): ChunkedArray<"bool", S>;
export function isnull(x: ArrayLike): ChunkedArray<"bool">;
export function isnull(x: ArrayLike): ChunkedArray {
  return elementwise("isnull", "asarray_isnull", [toArray("isnull", x)], ([term]) => isnan.build(term!));
}

/** It is not missing. See {@link isnull}. @see pandas.notnull */
export function notnull<S extends Shape>(x: ChunkedArray<any, S>): ChunkedArray<"bool", S>;
export function notnull(x: ArrayLike): ChunkedArray<"bool">;
export function notnull(x: ArrayLike): ChunkedArray {
  return operators.invert(isnull(x));
}

/**
 * Would make an element-wise operation of a JavaScript function.
 *
 * @throws {UnsupportedError} always: functions over elements are not there yet.
 * @see numpy.frompyfunc
 */
export function frompyfunc(): never {
  throw new UnsupportedError("frompyfunc: functions over elements are not supported yet", { hint: "compose the operations that there are" });
}
