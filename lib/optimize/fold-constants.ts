import { type DType, integerRange, isComplex, isFloating, isInteger } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { Full, type Scalar } from "../expr/full.js";
import type { Node } from "../expr/node.js";

/** A cast of a constant is a constant, where the value stays what it is. */
export function foldConstants(node: Node): Expr {
  if (node.kind !== "cast" || !(node.inputs[0] instanceof Full)) return node;
  const value = castScalar(node.inputs[0].value, node.dtype);
  return value === undefined ? node : new Full(node.shape, node.dtype, value);
}

/** `value` in `dtype`, or undefined where the kernels must decide (out of range, a fraction to an integer, a complex number). */
function castScalar(value: Scalar, dtype: DType): Scalar | undefined {
  if (typeof value === "object") return isComplex(dtype) ? value : undefined;
  if (dtype === "bool") return Boolean(value);
  if (isComplex(dtype)) return { re: Number(value), im: 0 };
  if (isFloating(dtype)) return Number(value);
  if (!isInteger(dtype) || (typeof value === "number" && !Number.isInteger(value))) return undefined;
  const [low, high] = integerRange(dtype);
  const whole = BigInt(value);
  return whole >= low && whole <= high ? whole : undefined;
}
