import { DTypeError } from "../errors/index.js";
import { type DType, isComplex, isDType, isFloating, isInexact, isInteger, kindOf, realOf } from "./dtype.js";
import { leastFloat, promoteTypes, resolveWeak } from "./promotion.js";
import { fitsInteger, formatScalar, overflow, type Scalar, scalarKind } from "./scalar.js";

/** The dtype that an operation computes in, and those of its results. */
export interface Loop {
  readonly loop: DType;
  readonly out: readonly DType[];
}

type Rule = (dtypes: readonly DType[]) => Loop | null;

const promoted = (dtypes: readonly DType[]): DType => dtypes.reduce(promoteTypes);
const same = (loop: DType): Loop => ({ loop, out: [loop] });
const giving = (loop: DType, ...out: DType[]): Loop => ({ loop, out });

const least = (dtypes: readonly DType[]): DType => dtypes.map((d) => (isComplex(d) ? d : leastFloat(d))).reduce(promoteTypes);
const floatOf = (dtypes: readonly DType[]): DType | null => (dtypes.some(isComplex) ? null : least(dtypes));
const averaging = (dtype: DType): DType => (isInexact(dtype) ? dtype : "float64");
const accumulating = (dtype: DType): DType => (isInexact(dtype) ? dtype : kindOf(dtype) === "uint" ? "uint64" : "int64");
const boolTo8 = (dtype: DType): DType => (dtype === "bool" ? "int8" : dtype);

/** One rule a line: from the operands' dtypes to the loop and the results; null where NumPy has no loop. */
const RULES = {
  /** Any dtype, promoted: add, multiply, maximum, where, clip, concatenate. */
  any: (d) => same(promoted(d)),
  /** Numbers: subtract, negative, sign. No bool. */
  number: (d) => (promoted(d) === "bool" ? null : same(promoted(d))),
  /** Numbers, bool as int8: power, square, reciprocal, conjugate. */
  numberOrBool8: (d) => same(boolTo8(promoted(d))),
  /** Real numbers, bool as int8: floor_divide, remainder, fmod. */
  realOrBool8: (d) => (d.some(isComplex) ? null : same(boolTo8(promoted(d)))),
  /** Integers, bool as int8: left_shift, right_shift. */
  shift: (d) => (isInexact(promoted(d)) ? null : same(boolTo8(promoted(d)))),
  /** Bool and integers: bitwise_and, invert. */
  bitwise: (d) => (isInexact(promoted(d)) ? null : same(promoted(d))),
  /** Real dtypes as they are: floor, ceil, trunc, whose bool and integer results are the operand itself. */
  rounding: (d) => (d.some(isComplex) ? null : same(promoted(d))),
  /** The least float for each operand, no complex: arctan2, hypot, cbrt, deg2rad, copysign. */
  float: (d) => { const loop = floatOf(d); return loop && same(loop); },
  /** The least float for each operand, or complex: sqrt, sin, exp. */
  inexact: (d) => same(least(d)),
  /** As `inexact`, with integers of any size as float64: true_divide, mean, sinc. */
  divide: (d) => same(averaging(promoted(d))),
  /** As `divide` without complex: i0. */
  divideReal: (d) => (d.some(isComplex) ? null : same(averaging(promoted(d)))),
  /** float64 or complex128 whatever comes: float_power. */
  double: (d) => same(isComplex(promoted(d)) ? "complex128" : "float64"),
  /** Any dtype, promoted, to bool: equal, less, logical_and. */
  compare: (d) => giving(promoted(d), "bool"),
  /** The least float or complex, to bool: isnan, isfinite. */
  test: (d) => giving(least(d), "bool"),
  /** The least float, no complex, to bool: signbit. */
  testReal: (d) => { const loop = floatOf(d); return loop && giving(loop, "bool"); },
  /** Any dtype; a complex one gives its float: absolute, real, imag. */
  part: (d) => giving(promoted(d), realOf(promoted(d))),
  /** As `inexact`, but bool as float64 (it is arctan2(0, x) with an int64 zero) and complex to its float: angle. */
  angle: (d) => { const loop = d[0] === "bool" ? "float64" : least(d); return giving(loop, realOf(loop)); },
  /** The least float, twice: modf. */
  floatTwice: (d) => { const loop = floatOf(d); return loop && giving(loop, loop, loop); },
  /** The least float and int32: frexp. */
  frexp: (d) => { const loop = floatOf(d); return loop && giving(loop, loop, "int32"); },
  /** The least float of the first operand; the second an integer that int64 holds: ldexp. */
  ldexp: ([x, exponent]) => (isComplex(x) || isInexact(exponent) || exponent === "uint64" ? null : same(leastFloat(x))),
  /** Small integers widened to 64 bits: sum, prod, cumsum, trace. */
  sum: (d) => same(accumulating(promoted(d))),
  /** As `divide`, complex to its float: var, std, norm. */
  spread: (d) => { const loop = averaging(promoted(d)); return giving(loop, realOf(loop)); },
  /** Any dtype to int64: argmin, count_nonzero, nonzero. */
  index: (d) => giving(promoted(d), "int64"),
  /** float64 for real numbers, complex128 for complex: cov. */
  covariance: (d) => same(isComplex(promoted(d)) ? "complex128" : "float64"),
  /** float64 for real numbers; no bool, no complex: quantile. */
  quantile: (d) => (d.some((x) => x === "bool" || isComplex(x)) ? null : same("float64")),
  /** LAPACK's four types; integers as float64, no float16: qr, solve. */
  lapack: (d) => (promoted(d) === "float16" ? null : same(averaging(promoted(d)))),
  /** As `lapack`, complex to its float: the singular values of svd. */
  lapackReal: (d) => (promoted(d) === "float16" ? null : giving(averaging(promoted(d)), realOf(averaging(promoted(d))))),
} satisfies Record<string, Rule>;

/** The name of a rule by which an operation's dtypes follow from its operands'. */
export type LoopRule = keyof typeof RULES;

/** The names of all rules. */
export const LOOP_RULES = Object.keys(RULES) as LoopRule[];

/** The loop of a rule for operands of these dtypes, or null when there is none. */
export function loopFor(rule: LoopRule, dtypes: readonly DType[]): Loop | null {
  return RULES[rule](dtypes as [DType, DType]);
}

/** A loop found for operands some of which may be scalars. */
export interface ResolvedLoop extends Loop {
  /**
   * For `compare` alone: an operand is an integer beyond all values of the loop's dtype, so the answer is the same everywhere.
   * -1 when it is below them, 1 when above.
   */
  readonly beyond?: { readonly operand: number; readonly side: -1 | 1 };
}

/**
 * The loop of a rule for arrays (by their dtypes) and weak scalars.
 *
 * @param check `fit`: an integer scalar must fit the loop's dtype, as NumPy's ufuncs ask; `word`: only 64 bits, as `where` asks.
 * @throws {DTypeError} `ERR_DTYPE` when there is no loop for them; `ERR_OVERFLOW` when an integer scalar does not fit.
 */
export function resolveLoop(
  operation: string, rule: LoopRule, operands: readonly (DType | Scalar)[], check: "fit" | "word" = "fit",
): ResolvedLoop {
  const loop = loopFor(rule, resolveWeak(operands));
  if (loop === null) throw noLoop(operation, operands);
  if (isInexact(loop.loop)) return loop;
  for (const [i, operand] of operands.entries()) {
    if (isDType(operand) || scalarKind(operand) !== "int") continue;
    const value = operand as number | bigint;
    if (check === "word" ? value >= -(2n ** 63n) && value < 2n ** 64n : fitsInteger(value, loop.loop)) continue;
    // NumPy compares integer arrays with any int, but not bool ones, which it takes to int64 first.
    if (rule === "compare" && operands.some((o) => isDType(o) && isInteger(o))) {
      return { ...loop, beyond: { operand: i, side: value < 0 ? -1 : 1 } };
    }
    throw overflow(operation, loop.loop, operand);
  }
  return loop;
}

function noLoop(operation: string, operands: readonly (DType | Scalar)[]): DTypeError {
  const texts = operands.map((operand) => (isDType(operand) ? operand : formatScalar(operand)));
  const dtypes = operands.filter(isDType);
  return new DTypeError(`${operation}: expected dtypes that it is defined for, got ${texts.join(" and ")}`, {
    dtypes, hint: hintFor(operation, dtypes),
  });
}

function hintFor(operation: string, dtypes: readonly DType[]): string | undefined {
  if (dtypes.length > 0 && dtypes.every((d) => d === "bool")) {
    return operation === "subtract" ? "use logicalXor or bitwiseXor, or cast to an integer dtype" : "cast to an integer dtype first";
  }
  if (dtypes.some(isComplex)) return "use real, imag or absolute first";
  if (dtypes.includes("int64") && dtypes.includes("uint64")) return "cast one of them: int64 and uint64 have no integer type in common";
  if (dtypes.includes("float16")) return "cast to float32 first";
  return dtypes.some(isFloating) ? "cast to an integer dtype first" : undefined;
}
