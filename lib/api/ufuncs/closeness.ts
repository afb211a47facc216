import type { ChunkedArray } from "../../array/chunked-array.js";
import { isInexact } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { Expr } from "../../expr/expr.js";
import { all } from "../reductions/logical.js";
import { type ArrayLike, toArray, toOperand } from "../operand.js";
import { absolute, add, multiply, subtract } from "./arithmetic.js";
import { equal, lessEqual } from "./comparison.js";
import { elementwise, type Term, termAs } from "./elementwise.js";
import { isfinite, isnan } from "./floating.js";
import { logicalAnd, logicalOr } from "./logical.js";

export interface ClosenessOptions {
  /** How far apart they may be as a share of the second; 1e-5 when not given. */
  readonly rtol?: number;
  /** How far apart they may be besides; 1e-8 when not given. */
  readonly atol?: number;
  /** Whether NaN is close to NaN. */
  readonly equalNan?: boolean;
}

/**
 * Tells for each element whether |x − y| ≤ atol + rtol·|y|. Infinities are close when equal. Chunks are unified.
 *
 * @throws {ShapeError} `ERR_BROADCAST` when the shapes do not broadcast.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.isclose([1, 2], [1 + 1e-9, 2.1]).compute()).toNested()); // [true, false]
 * ```
 * @see numpy.isclose
 */
export function isclose(x: ArrayLike, y: ArrayLike, options: ClosenessOptions = {}): ChunkedArray<"bool"> {
  const operands = [toArray("isclose", x), toOperand("isclose", y)];
  return elementwise("isclose", "isclose", operands, ([a, b]) => close(a!, b!, options)) as ChunkedArray<"bool">;
}

/**
 * Tells whether all elements are close in the sense of {@link isclose}: a lazy bool without axes.
 *
 * @see numpy.allclose
 */
export function allclose(x: ArrayLike, y: ArrayLike, options: ClosenessOptions = {}): ChunkedArray<"bool", []> {
  return all(isclose(x, y, options)) as ChunkedArray<"bool", []>;
}

function close(x: Term, second: Term, { rtol = 1e-5, atol = 1e-8, equalNan = false }: ClosenessOptions): Expr {
  const own = second instanceof Expr ? second.dtype : resultType(second);
  const y = termAs("isclose", second, isInexact(own) ? own : resultType(own, 0.5));
  const difference = absolute.build(subtract.build(x, y));
  const within = lessEqual.build(difference, add.build(multiply.build(absolute.build(y), rtol), atol));
  const result = logicalOr.build(logicalAnd.build(within, isfinite.build(y)), equal.build(x, y));
  if (!equalNan) return result;
  return logicalOr.build(result, logicalAnd.build(isnan.build(x), isnan.build(y)));
}
