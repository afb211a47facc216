import { type DType, isBool, isComplex, isFloating, isInteger, kindOf } from "../core/dtype.js";
import { cast } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import { MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { constant, elementOf, isConstant, wrapped } from "./constant.js";

/** Algebra that holds for every element bit by bit: for floats, so it does for −0, infinities and NaN. */
export function simplifyMaps(node: Node): Expr {
  if (node.kind !== "map") return node;
  return RULES[node.op]?.(node, ...(node.inputs as [Expr, Expr, Expr])) ?? node;
}

type MapRule = (node: MapOp, a: Expr, b: Expr, c: Expr) => Expr | undefined;

const same = (a: Expr, b: Expr): boolean => a.token === b.token;
const all = (node: MapOp, value: number | boolean): Expr => constant(node.shape, node.dtype, value);
const other = (node: MapOp, op: MapOp["op"], ...inputs: readonly Expr[]): Expr => new MapOp(op, node.loop, node.dtype, inputs);
/** The input of an operation of the same loop. */
const under = (x: Expr, loop: DType, ...ops: readonly MapOp["op"][]): Expr | undefined =>
  x instanceof MapOp && x.loop === loop && ops.includes(x.op) ? x.inputs[0] : undefined;
const isAllOnes = (x: Expr): boolean => x instanceof Full && elementOf(x.dtype, x.value) === (isBool(x.dtype) ? true : wrapped(x.dtype, -1n));

/** `a op b` is `b` where `a` is neutral, and the other way round. */
const neutral = (isNeutral: (x: Expr) => boolean, a: Expr, b: Expr): Expr | undefined => (isNeutral(b) ? a : isNeutral(a) ? b : undefined);
const zero = (x: Expr): boolean => isConstant(x, 0);

const add: MapRule = ({ loop }, a, b) => {
  if (isInteger(loop) || isBool(loop)) return neutral(zero, a, b);
  return isFloating(loop) ? neutral((x) => isConstant(x, -0), a, b) : undefined; // 0 would make a 0 of −0
};

const multiply: MapRule = (node, a, b) => {
  const { loop } = node;
  if (!isComplex(loop)) {
    const left = neutral((x) => isConstant(x, 1), a, b);
    if (left !== undefined) return left;
  }
  if ((isInteger(loop) || isBool(loop)) && (zero(a) || zero(b))) return all(node, 0);
  return same(a, b) ? (isBool(loop) ? a : other(node, "square", a)) : undefined;
};

/** A power of two whose inverse is exact: both roundings are of the same number. */
const divide: MapRule = (node, a, b) => {
  if (!isFloating(node.loop) || !(b instanceof Full)) return undefined;
  const by = elementOf(b.dtype, b.value) as number;
  if (by === 1) return a;
  const exponent = Math.log2(Math.abs(by));
  const most = { float16: 14, float32: 126, float64: 1022 }[node.loop as "float16" | "float32" | "float64"];
  const isPower = Number.isInteger(exponent) && Math.abs(exponent) <= most && 2 ** exponent === Math.abs(by);
  return isPower ? other(node, "multiply", a, constant(b.shape, b.dtype, 1 / by)) : undefined;
};

const subtract: MapRule = (node, a, b) => {
  if (isInteger(node.loop) && same(a, b)) return all(node, 0);
  return !isComplex(node.loop) && zero(b) ? a : undefined;
};

const and: MapRule = (node, a, b) => {
  if (node.dtype !== node.loop) return undefined; // logical_and of numbers
  return same(a, b) ? a : zero(a) || zero(b) ? all(node, 0) : neutral(isAllOnes, a, b);
};
const or: MapRule = (node, a, b) => {
  if (node.dtype !== node.loop) return undefined;
  return same(a, b) ? a : isAllOnes(a) ? a : isAllOnes(b) ? b : neutral(zero, a, b);
};
const xor: MapRule = (node, a, b) => {
  if (node.dtype !== node.loop) return undefined;
  return same(a, b) ? all(node, 0) : neutral(zero, a, b);
};

const OPPOSITE: Partial<Record<MapOp["op"], MapOp["op"]>> = {
  less: "greater_equal", greater_equal: "less", greater: "less_equal", less_equal: "greater", equal: "not_equal", not_equal: "equal",
};
/** What a mask is the opposite of. */
const negated = (x: Expr): Expr | undefined => under(x, "bool", "logical_not", "invert");

const not: MapRule = (node, a) => {
  if (node.loop !== "bool") return undefined;
  const twice = negated(a);
  if (twice !== undefined) return twice;
  // NaN is neither less nor greater or equal.
  if (!(a instanceof MapOp) || OPPOSITE[a.op] === undefined) return undefined;
  const exact = a.op === "equal" || a.op === "not_equal" || isInteger(a.loop) || isBool(a.loop);
  return exact ? new MapOp(OPPOSITE[a.op]!, a.loop, "bool", a.inputs) : undefined;
};

const where: MapRule = (node, mask, yes, no) => {
  if (mask instanceof Full) return elementOf("bool", mask.value) ? yes : no;
  if (same(yes, no)) return yes;
  const opposite = negated(mask);
  if (opposite !== undefined) return other(node, "where", opposite, no, yes);
  if (node.dtype === "bool" && isAllOnes(yes) && zero(no)) return mask;
  const innerYes = yes instanceof MapOp && yes.op === "where" && same(yes.inputs[0]!, mask) ? yes.inputs[1]! : yes;
  const innerNo = no instanceof MapOp && no.op === "where" && same(no.inputs[0]!, mask) ? no.inputs[2]! : no;
  return innerYes === yes && innerNo === no ? undefined : other(node, "where", mask, innerYes, innerNo);
};

const absolute: MapRule = (node, a) => {
  if (isBool(node.loop) || kindOf(node.loop) === "uint") return a;
  if (!isComplex(node.loop) && under(a, node.loop, "absolute", "fabs") !== undefined) return a;
  const inner = under(a, node.loop, "negative");
  return inner && other(node, node.op, inner);
};

const twice: MapRule = ({ op, loop }, a) => under(a, loop, op);
const once = (...ops: readonly MapOp["op"][]): MapRule => ({ loop }, a) => (under(a, loop, ...ops) === undefined ? undefined : a);
const rounding = once("floor", "ceil", "trunc", "rint");
const ofItself: MapRule = (_, a, b) => (same(a, b) ? a : undefined);
const shift: MapRule = (_, a, b) => (zero(b) ? a : undefined);
/** Of the same on both sides; floats may be NaN, which is not equal to itself. */
const itself = (value: boolean): MapRule => (node, a, b) =>
  same(a, b) && (isInteger(node.loop) || isBool(node.loop) || (node.op === "less" || node.op === "greater")) ? all(node, value) : undefined;

/** The parts of a number that was made complex. */
const real: MapRule = (node, a) => ((a as Node).kind === "cast" && !isComplex(a.inputs[0]!.dtype) ? cast(a.inputs[0]!, node.dtype) : undefined);
const imag: MapRule = (node, a) => ((a as Node).kind === "cast" && !isComplex(a.inputs[0]!.dtype) ? all(node, 0) : undefined);

const RULES: Partial<Record<MapOp["op"], MapRule>> = {
  add, subtract, multiply, divide, where, absolute, real, imag,
  fabs: absolute, negative: twice, conjugate: twice,
  invert: (node, ...inputs) => not(node, ...inputs) ?? twice(node, ...inputs),
  logical_not: not, logical_and: and, bitwise_and: and, logical_or: or, bitwise_or: or, logical_xor: xor, bitwise_xor: xor,
  left_shift: shift, right_shift: shift,
  maximum: ofItself, minimum: ofItself, fmax: ofItself, fmin: ofItself, copysign: ofItself,
  floor: rounding, ceil: rounding, trunc: rounding, rint: rounding, sign: (node, ...inputs) => (isComplex(node.loop) ? undefined : once("sign")(node, ...inputs)),
  equal: itself(true), less_equal: itself(true), greater_equal: itself(true), not_equal: itself(false), less: itself(false), greater: itself(false),
};
