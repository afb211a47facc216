import type { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { type ArrayLike, type Operand, toOperand } from "../operand.js";
import { elementwise, loopOfTerms, shapeOfTerms, type Term, termAs } from "./elementwise.js";
import { native } from "./native.js";

native("where", 3, "NUMERIC | BOOL");

/** The choice between two terms: where(condition, x, y). */
export function choose(operation: string, condition: Term, x: Term, y: Term): Expr {
  const { loop } = loopOfTerms(operation, "any", [x, y], "word");
  return chooseAs(operation, loop, condition, x, y);
}

/** The same in a given dtype. */
export function chooseAs(operation: string, dtype: DType, condition: Term, x: Term, y: Term): Expr {
  const shape = shapeOfTerms(operation, [condition, x, y]);
  return map("where", dtype, dtype, [termAs(operation, condition, "bool"), termAs(operation, x, dtype), termAs(operation, y, dtype)], shape);
}

/** Elements of `x` where the condition is true and of `y` elsewhere. */
export function select(condition: ArrayLike, x: ArrayLike, y: ArrayLike): ChunkedArray {
  const operands: Operand[] = [condition, x, y].map((v) => toOperand("where", v));
  return elementwise("where", "where", operands, ([c, a, b]) => choose("where", c!, a!, b!));
}
