import { DTypeError } from "../errors/index.js";
import { type Complex, type DType, integerRange, isComplex, isFloating, isInteger, type ScalarOf } from "./dtype.js";

/** A JavaScript value that stands for one element. */
export type Scalar = number | bigint | boolean | Complex;

/** What a JavaScript scalar counts as when dtypes are promoted. */
export type ScalarKind = "bool" | "int" | "float" | "complex";

/** Tells whether a value can stand for one element. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" || isComplexScalar(value);
}

/** Tells whether a value is `{ re, im }`. */
export function isComplexScalar(value: unknown): value is Complex {
  return typeof value === "object" && value !== null
    && typeof (value as Complex).re === "number" && typeof (value as Complex).im === "number";
}

/**
 * What a scalar counts as: a whole number as Python's int, any other as its float. −0 is a float, as an int would lose its sign, and so
 * are whole numbers beyond 2⁵³, which as numbers are not exact; write them as bigints when they are meant as ints.
 */
export function scalarKind(value: Scalar): ScalarKind {
  switch (typeof value) {
    case "boolean": return "bool";
    case "bigint": return "int";
    case "number": return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int" : "float";
    default: return "complex";
  }
}

/** Tells whether an integer lies in the range of an integer type or bool. */
export function fitsInteger(value: number | bigint, dtype: DType): boolean {
  const [min, max] = integerRange(dtype);
  return value >= min && value <= max;
}

/**
 * The element of `dtype` that a scalar makes: a boolean, number, bigint or `{ re, im }` as {@link ScalarOf} has it.
 *
 * A fraction is cut off for an integer type; nothing else is lost but precision.
 *
 * @throws {DTypeError} `ERR_OVERFLOW` when an integer type cannot hold the value; `ERR_CAST` when it is NaN, infinite or complex and
 * the dtype has no such values.
 */
export function scalarTo<D extends DType>(operation: string, dtype: D, value: Scalar): ScalarOf<D> {
  return convert(operation, dtype, value) as ScalarOf<D>;
}

function convert(operation: string, dtype: DType, value: Scalar): Scalar {
  if (isComplex(dtype)) {
    return isComplexScalar(value) ? { re: value.re, im: value.im } : { re: Number(value), im: 0 };
  }
  if (dtype === "bool") return isComplexScalar(value) ? value.re !== 0 || value.im !== 0 : Number(value) !== 0;
  if (isComplexScalar(value)) {
    throw new DTypeError(`${operation}: expected a real value for ${dtype}, got ${formatScalar(value)}`, {
      code: "ERR_CAST", dtypes: [dtype], hint: "use its re or im",
    });
  }
  if (isFloating(dtype)) return Number(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new DTypeError(`${operation}: expected a finite value for ${dtype}, got ${value}`, { code: "ERR_CAST", dtypes: [dtype] });
  }
  const whole = typeof value === "number" ? BigInt(Math.trunc(value)) : BigInt(value);
  if (!fitsInteger(whole, dtype)) throw overflow(operation, dtype, value);
  return dtype === "int64" || dtype === "uint64" ? whole : Number(whole);
}

/** The error for an integer that a dtype cannot hold. */
export function overflow(operation: string, dtype: DType, value: Scalar): DTypeError {
  const [min, max] = integerRange(dtype);
  return new DTypeError(`${operation}: expected an integer that ${dtype} holds (${min} to ${max}), got ${formatScalar(value)}`, {
    code: "ERR_OVERFLOW", dtypes: [dtype], hint: isInteger(dtype) ? "cast the array to a wider dtype first" : undefined,
  });
}

/** Writes a scalar as messages show it. */
export function formatScalar(value: Scalar): string {
  if (isComplexScalar(value)) {
    const negative = value.im < 0 || Object.is(value.im, -0);
    return `${value.re}${negative ? "-" : "+"}${Math.abs(value.im)}i`;
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
