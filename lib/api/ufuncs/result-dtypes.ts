import type { FloatOf, InexactOf, NoBool, Promote, RealOf } from "../../array/result-types.js";
import type { Complex, DType } from "../../core/dtype.js";
import type { LoopRule } from "../../core/loop-rule.js";
import type { Scalar } from "../../core/scalar.js";

/** The dtype that a one-operand operation of each rule gives; the twin in types of lib/core/loop-rule.ts. */
interface UnaryRules<D extends DType> {
  any: D;
  number: D;
  numberOrBool8: NoBool<D>;
  bitwise: D;
  rounding: D;
  float: InexactOf<D>;
  inexact: InexactOf<D>;
  divide: FloatOf<D>;
  divideReal: FloatOf<D>;
  test: "bool";
  testReal: "bool";
  compare: "bool";
  part: RealOf<D>;
}

/** The dtype that a two-operand operation of each rule gives. */
interface BinaryRules<A extends DType, B extends DType> {
  any: Promote<A, B>;
  number: Promote<A, B>;
  numberOrBool8: NoBool<Promote<A, B>>;
  realOrBool8: NoBool<Promote<A, B>>;
  shift: NoBool<Promote<A, B>>;
  bitwise: Promote<A, B>;
  float: Promote<InexactOf<A>, InexactOf<B>>;
  divide: FloatOf<Promote<A, B>>;
  compare: "bool";
  ldexp: InexactOf<A>;
}

/** The dtype of a one-operand operation's result. */
export type UnaryResult<R extends LoopRule, D extends DType> = R extends keyof UnaryRules<D> ? UnaryRules<D>[R] : DType;
/** The dtype of a two-operand operation's result. */
export type BinaryResult<R extends LoopRule, A extends DType, B extends DType> = R extends keyof BinaryRules<A, B> ? BinaryRules<A, B>[R] : DType;

type Real = "float16" | "float32" | "float64";

/** The dtype that a weak scalar takes beside an array; a number beside integers may be an int or a float, which types cannot tell. */
export type Weak<D extends DType, V extends Scalar> =
  V extends boolean ? "bool"
  : V extends bigint ? (D extends "bool" ? "int64" : D)
  : V extends number ? (D extends Real | "complex64" | "complex128" ? D : D extends "bool" ? "int64" | "float64" : D | "float64")
  : V extends Complex ? (D extends "float16" | "float32" ? "complex64" : D extends "complex64" ? D : "complex128")
  : never;
