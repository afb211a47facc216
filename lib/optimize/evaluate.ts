import { type DType, isBool, isFloating, isInteger } from "../core/dtype.js";
import type { Scalar } from "../expr/full.js";
import type { NativeOp } from "../expr/generated/native-ops.js";
import { rounded, wrapped } from "./constant.js";

type Real = number | bigint | boolean;
type Table<T> = Partial<Record<NativeOp, (a: T, b: T) => T | boolean>>;

const COMPARISONS: Table<Real> = {
  equal: (a, b) => a === b, not_equal: (a, b) => a !== b,
  less: (a, b) => a < b, less_equal: (a, b) => a <= b, greater: (a, b) => a > b, greater_equal: (a, b) => a >= b,
  logical_and: (a, b) => truth(a) && truth(b), logical_or: (a, b) => truth(a) || truth(b), logical_xor: (a, b) => truth(a) !== truth(b),
  logical_not: (a) => !truth(a),
};
const truth = (x: Real): boolean => (typeof x === "number" ? x !== 0 : Boolean(x));

const FLOATS: Table<number> = {
  add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b,
  negative: (a) => -a, absolute: Math.abs, fabs: Math.abs, square: (a) => a * a, sqrt: Math.sqrt, reciprocal: (a) => 1 / a,
  floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc,
  maximum: (a, b) => (a >= b || Number.isNaN(a) ? a : b), minimum: (a, b) => (a <= b || Number.isNaN(a) ? a : b),
  isnan: Number.isNaN, isfinite: Number.isFinite, isinf: (a) => a === Infinity || a === -Infinity,
};
const INTEGERS: Table<bigint> = {
  add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, square: (a) => a * a,
  negative: (a) => -a, absolute: (a) => (a < 0n ? -a : a), sign: (a) => (a > 0n ? 1n : a < 0n ? -1n : 0n),
  maximum: (a, b) => (a > b ? a : b), minimum: (a, b) => (a < b ? a : b),
  bitwise_and: (a, b) => a & b, bitwise_or: (a, b) => a | b, bitwise_xor: (a, b) => a ^ b, invert: (a) => ~a,
};
const BOOLS: Table<boolean> = {
  add: (a, b) => a || b, multiply: (a, b) => a && b, maximum: (a, b) => a || b, minimum: (a, b) => a && b,
  bitwise_and: (a, b) => a && b, bitwise_or: (a, b) => a || b, bitwise_xor: (a, b) => a !== b, invert: (a) => !a,
};

/**
 * An operation on elements, or undefined where only the kernels know: those that round otherwise than to the nearest, and a NaN that comes out of
 * none, whose sign is theirs. float64 of two float32 or float16 is exact enough that rounding it again rounds right.
 */
export function evaluate(op: NativeOp, loop: DType, inputs: readonly Scalar[]): Scalar | undefined {
  if (inputs.some((x) => typeof x === "object")) return undefined;
  const [a, b] = inputs as [Real, Real];
  const compare = COMPARISONS[op];
  if (compare !== undefined) return compare(a, b);
  if (isBool(loop)) return BOOLS[op]?.(a as boolean, b as boolean);
  if (isInteger(loop)) {
    const found = INTEGERS[op]?.(a as bigint, b as bigint);
    return typeof found === "bigint" ? wrapped(loop, found) : found;
  }
  if (!isFloating(loop)) return undefined;
  const found = FLOATS[op]?.(a as number, b as number);
  if (typeof found !== "number") return found;
  // Half precision is computed in float32.
  return Number.isNaN(found) ? undefined : rounded(loop, loop === "float16" ? Math.fround(found) : found);
}
