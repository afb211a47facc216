import { type DType, isBool, isComplex, isInteger, itemsize, kindOf } from "../core/dtype.js";
import { fromFloat16, toFloat16 } from "../core/float16.js";
import type { Shape } from "../core/shape.js";
import { Full, type Scalar } from "../expr/full.js";

/** A constant as an element of its dtype: integers as bigint that fit, floats rounded. */
export function elementOf(dtype: DType, value: Scalar): Scalar {
  if (isBool(dtype)) return Boolean(value);
  if (isComplex(dtype)) {
    const { re, im } = typeof value === "object" ? value : { re: Number(value), im: 0 };
    return { re: rounded(dtype, re), im: rounded(dtype, im) };
  }
  if (isInteger(dtype)) return wrapped(dtype, BigInt(typeof value === "number" ? Math.trunc(value) : (value as bigint | boolean)));
  return rounded(dtype, Number(value));
}

/** The nearest float of a dtype (for complex ones: of their parts). */
export function rounded(dtype: DType, value: number): number {
  switch (dtype) {
    case "float16": return fromFloat16(toFloat16(value));
    case "float32":
    case "complex64": return Math.fround(value);
    default: return value;
  }
}

/** An integer wrapped around into the range of a dtype. */
export function wrapped(dtype: DType, value: bigint): bigint {
  const bits = itemsize(dtype) * 8;
  return kindOf(dtype) === "int" ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

export const constant = (shape: Shape, dtype: DType, value: Scalar): Full => new Full(shape, dtype, elementOf(dtype, value));

/** Tells whether an expression is everywhere this number; 0 and −0 differ, and a complex number is none. */
export function isConstant(x: { readonly kind: string; readonly dtype: DType }, value: number): boolean {
  if (!(x instanceof Full)) return false;
  const element = elementOf(x.dtype, x.value);
  return typeof element === "object" ? false : typeof element === "number" ? Object.is(element, value) : !Object.is(value, -0) && Number(element) === value;
}
