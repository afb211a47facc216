import type { AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installGetters, installMethods } from "../../array/methods.js";
import type { Broadcast, RealOf } from "../../array/result-types.js";
import type { DType } from "../../core/dtype.js";
import type { LoopRule } from "../../core/loop-rule.js";
import type { Scalar } from "../../core/scalar.js";
import type { Shape } from "../../core/shape.js";
import type { ArrayLike } from "../operand.js";
import * as arithmetic from "./arithmetic.js";
import { clip } from "./clip.js";
import * as comparison from "./comparison.js";
import { conj, imag, real } from "./complex.js";
import * as exponential from "./exponential.js";
import { isfinite, isinf, isnan } from "./floating.js";
import { logicalAnd, logicalNot, logicalOr, logicalXor } from "./logical.js";
import { operators } from "./operators.js";
import { power } from "./power.js";
import type { BinaryResult, UnaryResult, Weak } from "./result-dtypes.js";
import { round } from "./round.js";
import { ceil, floor, rint, trunc } from "./rounding.js";
import * as trigonometric from "./trigonometric.js";
import { divmod } from "./two-results.js";

/** A method with one operand beside the array. */
interface BinaryMethod<R extends LoopRule, D extends DType, S extends Shape> {
  <E extends DType, T extends Shape>(y: ChunkedArray<E, T>): ChunkedArray<BinaryResult<R, D, E>, Broadcast<S, T>>;
  <V extends Scalar>(y: V): ChunkedArray<BinaryResult<R, D, Weak<D, V>>, S>;
  (y: ArrayLike): ChunkedArray;
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    // Python's operators, by their short names.
    /** x + y: Python's `+`. */
    readonly add: BinaryMethod<"any", D, S>;
    /** x − y: Python's `-`. */
    readonly sub: BinaryMethod<"number", D, S>;
    /** x · y: Python's `*`. */
    readonly mul: BinaryMethod<"any", D, S>;
    /** x / y: Python's `/`. */
    readonly div: BinaryMethod<"divide", D, S>;
    /** ⌊x / y⌋: Python's `//`. */
    readonly floordiv: BinaryMethod<"realOrBool8", D, S>;
    /** The remainder, with y's sign: Python's `%`. */
    readonly mod: BinaryMethod<"realOrBool8", D, S>;
    /** x to the power y: Python's `**`. */
    readonly pow: BinaryMethod<"numberOrBool8", D, S>;
    /** The bits that both have: Python's `&`. */
    readonly and: BinaryMethod<"bitwise", D, S>;
    /** The bits that one at least has: Python's `|`. */
    readonly or: BinaryMethod<"bitwise", D, S>;
    /** The bits that exactly one has: Python's `^`. */
    readonly xor: BinaryMethod<"bitwise", D, S>;
    /** x · 2^y: Python's `<<`. */
    readonly lshift: BinaryMethod<"shift", D, S>;
    /** ⌊x / 2^y⌋: Python's `>>`. */
    readonly rshift: BinaryMethod<"shift", D, S>;
    /** x = y: Python's `==`. */
    readonly eq: BinaryMethod<"compare", D, S>;
    /** x ≠ y: Python's `!=`. */
    readonly ne: BinaryMethod<"compare", D, S>;
    /** x < y: Python's `<`. */
    readonly lt: BinaryMethod<"compare", D, S>;
    /** x ≤ y: Python's `<=`. */
    readonly le: BinaryMethod<"compare", D, S>;
    /** x > y: Python's `>`. */
    readonly gt: BinaryMethod<"compare", D, S>;
    /** x ≥ y: Python's `>=`. */
    readonly ge: BinaryMethod<"compare", D, S>;
    /** The opposite number: Python's `-x`. */
    neg(): ChunkedArray<UnaryResult<"number", D>, S>;
    /** The array itself: Python's `+x`. */
    pos(): ChunkedArray<D, S>;
    /** Distance from zero: Python's `abs(x)`. */
    abs(): ChunkedArray<RealOf<D>, S>;
    /** Every bit turned: Python's `~x`. */
    invert(): ChunkedArray<D, S>;
    /** Floor of the quotient, and remainder: Python's `divmod(x, y)`. */
    divmod(y: ArrayLike): [ChunkedArray, ChunkedArray];

    // The same by NumPy's names.
    /** x − y. See {@link subtract}. */
    readonly subtract: BinaryMethod<"number", D, S>;
    /** x · y. See {@link multiply}. */
    readonly multiply: BinaryMethod<"any", D, S>;
    /** x / y. See {@link divide}. */
    readonly divide: BinaryMethod<"divide", D, S>;
    /** ⌊x / y⌋. See {@link floorDivide}. */
    readonly floorDivide: BinaryMethod<"realOrBool8", D, S>;
    /** The remainder, with y's sign. See {@link remainder}. */
    readonly remainder: BinaryMethod<"realOrBool8", D, S>;
    /** The larger of two. See {@link maximum}. */
    readonly maximum: BinaryMethod<"any", D, S>;
    /** The smaller of two. See {@link minimum}. */
    readonly minimum: BinaryMethod<"any", D, S>;
    /** x = y. See {@link equal}. */
    readonly equal: BinaryMethod<"compare", D, S>;
    /** x ≠ y. See {@link notEqual}. */
    readonly notEqual: BinaryMethod<"compare", D, S>;
    /** x < y. See {@link less}. */
    readonly less: BinaryMethod<"compare", D, S>;
    /** x ≤ y. See {@link lessEqual}. */
    readonly lessEqual: BinaryMethod<"compare", D, S>;
    /** x > y. See {@link greater}. */
    readonly greater: BinaryMethod<"compare", D, S>;
    /** x ≥ y. See {@link greaterEqual}. */
    readonly greaterEqual: BinaryMethod<"compare", D, S>;
    /** Both are not zero. See {@link logicalAnd}. */
    readonly logicalAnd: BinaryMethod<"compare", D, S>;
    /** One at least is not zero. See {@link logicalOr}. */
    readonly logicalOr: BinaryMethod<"compare", D, S>;
    /** Exactly one is not zero. See {@link logicalXor}. */
    readonly logicalXor: BinaryMethod<"compare", D, S>;
    /** x to the power y. See {@link power}. */
    readonly power: BinaryMethod<"numberOrBool8", D, S>;
    /** The angle of the point (y, x). See {@link arctan2}. */
    readonly arctan2: BinaryMethod<"float", D, S>;
    /** √(x² + y²). See {@link hypot}. */
    readonly hypot: BinaryMethod<"float", D, S>;

    /** Square root. See {@link sqrt}. */
    sqrt(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Cube root. See {@link cbrt}. */
    cbrt(): ChunkedArray<UnaryResult<"float", D>, S>;
    /** x · x. See {@link square}. */
    square(): ChunkedArray<UnaryResult<"numberOrBool8", D>, S>;
    /** 1 / x. See {@link reciprocal}. */
    reciprocal(): ChunkedArray<UnaryResult<"numberOrBool8", D>, S>;
    /** e^x. See {@link exp}. */
    exp(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** 2^x. See {@link exp2}. */
    exp2(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** e^x − 1. See {@link expm1}. */
    expm1(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Natural logarithm. See {@link log}. */
    log(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Logarithm to base 2. See {@link log2}. */
    log2(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Logarithm to base 10. See {@link log10}. */
    log10(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** log(1 + x). See {@link log1p}. */
    log1p(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Sine. See {@link sin}. */
    sin(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Cosine. See {@link cos}. */
    cos(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Tangent. See {@link tan}. */
    tan(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Inverse sine. See {@link arcsin}. */
    arcsin(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Inverse cosine. See {@link arccos}. */
    arccos(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Inverse tangent. See {@link arctan}. */
    arctan(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Hyperbolic sine. See {@link sinh}. */
    sinh(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Hyperbolic cosine. See {@link cosh}. */
    cosh(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Hyperbolic tangent. See {@link tanh}. */
    tanh(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Inverse hyperbolic sine. See {@link arcsinh}. */
    arcsinh(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Inverse hyperbolic cosine. See {@link arccosh}. */
    arccosh(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Inverse hyperbolic tangent. See {@link arctanh}. */
    arctanh(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** Degrees to radians. See {@link deg2rad}. */
    deg2rad(): ChunkedArray<UnaryResult<"float", D>, S>;
    /** Radians to degrees. See {@link rad2deg}. */
    rad2deg(): ChunkedArray<UnaryResult<"float", D>, S>;
    /** The opposite number. See {@link negative}. */
    negative(): ChunkedArray<UnaryResult<"number", D>, S>;
    /** Distance from zero. See {@link absolute}. */
    absolute(): ChunkedArray<UnaryResult<"part", D>, S>;
    /** −1, 0 or 1. See {@link sign}. */
    sign(): ChunkedArray<UnaryResult<"number", D>, S>;
    /** Largest whole number not above. See {@link floor}. */
    floor(): ChunkedArray<UnaryResult<"rounding", D>, S>;
    /** Smallest whole number not below. See {@link ceil}. */
    ceil(): ChunkedArray<UnaryResult<"rounding", D>, S>;
    /** Whole number towards zero. See {@link trunc}. */
    trunc(): ChunkedArray<UnaryResult<"rounding", D>, S>;
    /** Nearest whole number. See {@link rint}. */
    rint(): ChunkedArray<UnaryResult<"inexact", D>, S>;
    /** It is NaN. See {@link isnan}. */
    isnan(): ChunkedArray<UnaryResult<"test", D>, S>;
    /** It is infinite. See {@link isinf}. */
    isinf(): ChunkedArray<UnaryResult<"test", D>, S>;
    /** It is neither NaN nor infinite. See {@link isfinite}. */
    isfinite(): ChunkedArray<UnaryResult<"test", D>, S>;
    /** It is zero. See {@link logicalNot}. */
    logicalNot(): ChunkedArray<UnaryResult<"compare", D>, S>;
    /** Complex conjugate. See {@link conj}. */
    conj(): ChunkedArray<UnaryResult<"numberOrBool8", D>, S>;
    /** Limits the elements to [min, max]; null leaves a side open. See {@link clip}. */
    clip(min?: ArrayLike | null, max?: ArrayLike | null): ChunkedArray;
    /** Rounds to a number of decimals, halves to even. See {@link round}. */
    round(options?: { readonly decimals?: number }): ChunkedArray<D, S>;
    /** The real part; real numbers themselves. See {@link real}. */
    readonly real: ChunkedArray<RealOf<D>, S>;
    /** The imaginary part; zeros for real numbers. See {@link imag}. */
    readonly imag: ChunkedArray<RealOf<D>, S>;
  }
}

installMethods({
  ...operators,
  pos: (x: AnyArray) => x,
  divmod,
  negative: arithmetic.negative, absolute: arithmetic.absolute, sign: arithmetic.sign, square: arithmetic.square,
  reciprocal: arithmetic.reciprocal, subtract: arithmetic.subtract, multiply: arithmetic.multiply,
  divide: arithmetic.divide, floorDivide: arithmetic.floorDivide, remainder: arithmetic.remainder,
  maximum: arithmetic.maximum, minimum: arithmetic.minimum,
  equal: comparison.equal, notEqual: comparison.notEqual, less: comparison.less, lessEqual: comparison.lessEqual,
  greater: comparison.greater, greaterEqual: comparison.greaterEqual,
  sqrt: exponential.sqrt, cbrt: exponential.cbrt, exp: exponential.exp, exp2: exponential.exp2,
  expm1: exponential.expm1, log: exponential.log, log2: exponential.log2, log10: exponential.log10,
  log1p: exponential.log1p,
  sin: trigonometric.sin, cos: trigonometric.cos, tan: trigonometric.tan, arcsin: trigonometric.arcsin,
  arccos: trigonometric.arccos, arctan: trigonometric.arctan, sinh: trigonometric.sinh, cosh: trigonometric.cosh,
  tanh: trigonometric.tanh, arcsinh: trigonometric.arcsinh, arccosh: trigonometric.arccosh,
  arctanh: trigonometric.arctanh, deg2rad: trigonometric.deg2rad, rad2deg: trigonometric.rad2deg,
  arctan2: trigonometric.arctan2, hypot: trigonometric.hypot,
  floor, ceil, trunc, rint, isnan, isinf, isfinite, logicalNot, logicalAnd, logicalOr, logicalXor, conj, power, clip, round,
});

// Dask gives `x.real` and `x.imag` a layer each, for real dtypes too.
installGetters({ real: (x) => real(x), imag: (x) => imag(x) });
