import { DTypeError } from "../errors/index.js";
import { type DType, type DTypeLike, integerRange, isInexact, isInteger, itemsize, realOf, toDType } from "./dtype.js";

/** The numbers that describe a floating type. @see numpy.finfo */
export interface FloatInfo {
  readonly dtype: DType;
  readonly bits: number;
  /** The distance from 1 to the next larger number. */
  readonly eps: number;
  /** The distance from 1 to the next smaller number. */
  readonly epsneg: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number of full precision; `tiny` is its old name. */
  readonly smallestNormal: number;
  readonly tiny: number;
  readonly smallestSubnormal: number;
  /** Decimal digits that are always right. */
  readonly precision: number;
  /** 10 to the power of −precision. */
  readonly resolution: number;
  /** Bits of the fraction. */
  readonly nmant: number;
  /** Bits of the exponent. */
  readonly nexp: number;
}

const floatInfo = (dtype: DType, nmant: number, nexp: number, precision: number): FloatInfo => {
  const bias = 2 ** (nexp - 1) - 1;
  const max = (2 - 2 ** -nmant) * 2 ** bias;
  const smallestNormal = 2 ** (1 - bias);
  return Object.freeze({
    dtype, bits: 1 + nmant + nexp, eps: 2 ** -nmant, epsneg: 2 ** -(nmant + 1), max, min: -max, smallestNormal,
    tiny: smallestNormal, smallestSubnormal: smallestNormal * 2 ** -nmant, precision,
    resolution: Number(`1e-${precision}`), nmant, nexp,
  });
};
const FLOAT_INFO: Readonly<Partial<Record<DType, FloatInfo>>> = {
  float16: floatInfo("float16", 10, 5, 3),
  float32: floatInfo("float32", 23, 8, 6),
  float64: floatInfo("float64", 52, 11, 15),
};

/**
 * Describes a floating type; a complex one by the float of its parts.
 *
 * @throws {DTypeError} `ERR_DTYPE` when the dtype is neither floating nor complex.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.finfo("float32").eps); // 1.1920928955078125e-7
 * ```
 * @see numpy.finfo
 */
export function finfo(dtype: DTypeLike): FloatInfo {
  const resolved = toDType(dtype, "finfo");
  const info = FLOAT_INFO[realOf(resolved)];
  if (info) return info;
  throw new DTypeError(`finfo: expected a floating or complex dtype, got ${resolved}`, {
    dtypes: [resolved], hint: isInteger(resolved) ? "use iinfo" : undefined,
  });
}

/** The numbers that describe an integer type; bigints for 64 bits. @see numpy.iinfo */
export interface IntegerInfo {
  readonly dtype: DType;
  readonly bits: number;
  readonly min: number | bigint;
  readonly max: number | bigint;
}

/**
 * Describes an integer type.
 *
 * @throws {DTypeError} `ERR_DTYPE` when the dtype is not an integer type.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.iinfo("int8").max); // 127
 * ```
 * @see numpy.iinfo
 */
export function iinfo(dtype: DTypeLike): IntegerInfo {
  const resolved = toDType(dtype, "iinfo");
  if (!isInteger(resolved)) {
    throw new DTypeError(`iinfo: expected an integer dtype, got ${resolved}`, {
      dtypes: [resolved], hint: isInexact(resolved) ? "use finfo" : undefined,
    });
  }
  const [min, max] = integerRange(resolved);
  const bits = itemsize(resolved) * 8;
  return bits === 64 ? { dtype: resolved, bits, min, max } : { dtype: resolved, bits, min: Number(min), max: Number(max) };
}
