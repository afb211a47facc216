import { NDArray } from "../../../lib/array/nd-array.js";
import { allocate, type DType } from "../../../lib/core/dtype.js";
import { writeElement } from "../../../lib/array/element.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { difference, type Rules } from "../../support/closeness.js";
import type { Elements } from "../../support/numpy-fixtures.js";

/** A computed result as elements. */
export function elementsOf(result: unknown, dtype: DType): Elements {
  if (result instanceof NDArray) return { dtype: result.dtype, shape: result.shape, data: result.data };
  const data = allocate(dtype, 1);
  writeElement(data, dtype, 0, result as never);
  return { dtype, shape: [], data };
}

/** What is wrong with a result, or undefined. */
export function fault(array: AnyArray, result: unknown, expected: Elements, bound: number, rules: Rules = {}): string | undefined {
  if (array.dtype !== expected.dtype) return `dtype ${array.dtype}, expected ${expected.dtype}`;
  const got = elementsOf(result, array.dtype);
  if (got.dtype !== expected.dtype) return `computed dtype ${got.dtype}, expected ${expected.dtype}`;
  if (String(array.shape) !== String(expected.shape)) return `shape [${array.shape}], expected [${expected.shape}]`;
  if (String(got.shape) !== String(expected.shape)) return `computed shape [${got.shape}], expected [${expected.shape}]`;
  if (got.data.length !== expected.data.length) return `${got.data.length} numbers, expected ${expected.data.length}`;
  const worst = difference(got, expected, rules);
  return worst.ulp > bound ? `element ${worst.at}: ${worst.got}, expected ${worst.expected} (${worst.ulp} ulp, bound ${bound})` : undefined;
}
