import { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { type LoopRule, type ResolvedLoop, resolveLoop } from "../../core/loop-rule.js";
import { isScalar, type Scalar, scalarTo } from "../../core/scalar.js";
import { broadcastShapes, isKnown, type Shape } from "../../core/shape.js";
import { cast, full, inputDType, map } from "../../expr/build.js";
import { Expr } from "../../expr/expr.js";
import { blockwise } from "../../graph/blockwise.js";
import { arrayOf } from "../creation/from-array.js";
import type { Operand } from "../operand.js";
import { unifyGraphs } from "../unify.js";
import type { Native } from "./native.js";

/** An operand while an expression is built: an array's expression, or a weak scalar. */
export type Term = Expr | Scalar;

const isTerm = (x: Term): x is Expr => x instanceof Expr;

/** The shape that terms broadcast to. */
export const shapeOfTerms = (operation: string, terms: readonly Term[]): number[] =>
  broadcastShapes(operation, ...terms.filter(isTerm).map((x) => x.shape));

/** The loop of a rule for terms. */
export const loopOfTerms = (operation: string, rule: LoopRule, terms: readonly Term[], check?: "fit" | "word"): ResolvedLoop =>
  resolveLoop(operation, rule, terms.map((x) => (isTerm(x) ? x.dtype : x)), check);

/** A term as an expression of a dtype; a scalar becomes a constant without axes. */
export function termAs(operation: string, term: Term, dtype: DType): Expr {
  return isTerm(term) ? cast(term, dtype) : full([], dtype, scalarTo(operation, dtype, term));
}

/** Applies a native operation to terms by a promotion rule. */
export function applyNative(operation: string, op: Native, rule: LoopRule, terms: readonly Term[], output = 0): Expr {
  const { loop, out, beyond } = loopOfTerms(operation, rule, terms);
  const shape = shapeOfTerms(operation, terms);
  if (beyond) return beyondAll(op, terms, beyond, shape);
  const inputs = terms.map((x, i) => termAs(operation, x, inputDType(op.op, loop, i)));
  return map(op.op, loop, out[output]!, inputs, shape, output);
}

/** An integer array beside an integer that lies beyond its dtype: the answer is the same everywhere. */
function beyondAll(op: Native, terms: readonly Term[], { operand, side }: { operand: number; side: -1 | 1 }, shape: Shape): Expr {
  const arrayIsLess = side > 0;
  const firstIsLess = operand === 0 ? !arrayIsLess : arrayIsLess;
  const answer = {
    equal: false, not_equal: true, less: firstIsLess, less_equal: firstIsLess, greater: !firstIsLess, greater_equal: !firstIsLess,
  }[op.op as string];
  // Logical operations look at zero and not zero only.
  if (answer === undefined) {
    const x = terms[1 - operand] as Expr;
    return map(op.op, x.dtype, "bool", operand === 0 ? [full([], x.dtype, 1), x] : [x, full([], x.dtype, 1)], shape);
  }
  return constantLike(terms.find(isTerm)!, shape, "bool", answer);
}

/** One value everywhere, in the shape of `x` broadcast to `shape`, whose unknown lengths it shares. */
export function constantLike(x: Expr, shape: Shape, dtype: DType, value: Scalar): Expr {
  if (isKnown(shape)) return full(shape, dtype, value);
  const never = map("less", x.dtype, "bool", [x, x], shape);
  return map("where", dtype, dtype, [never, full([], dtype, 0), full([], dtype, value)], shape);
}

/** An element-wise result: its expression beside one layer over the operands' unified blocks. */
export function elementwise(operation: string, label: string, operands: readonly Operand[], build: (terms: readonly Term[]) => Expr): ChunkedArray {
  const some = operands.some((x) => !isScalar(x)) ? operands : operands.map((x, i) => (i === 0 ? arrayOf(operation, x as Scalar) : x));
  const expr = build(some.map((x) => (isScalar(x) ? x : x.expr)));
  const arrays = some.filter((x): x is ChunkedArray => !isScalar(x));
  const { graphs, chunks } = unifyGraphs(operation, arrays);
  return new ChunkedArray(expr, blockwise(label, chunks, graphs, expr.token));
}
