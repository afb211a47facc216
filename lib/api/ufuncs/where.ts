import type { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { isScalar, type Scalar } from "../../core/scalar.js";
import { OptionError } from "../../errors/index.js";
import { map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { nonzero } from "../indexing/nonzero.js";
import { type ArrayLike, type Operand, toArray, toOperand } from "../operand.js";
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

/**
 * Takes elements of `x` where the condition is true (not zero) and of `y` elsewhere; with a condition alone, the indices where it is
 * true, as {@link nonzero} gives them.
 *
 * All three broadcast; the dtype is that of `x` and `y` promoted; the chunks are unified.
 *
 * @throws {OptionError} `ERR_OPTION` when only one of `x` and `y` is given.
 * @throws {ShapeError} `ERR_BROADCAST` when the shapes do not broadcast.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(5, { chunks: 2 });
 * console.log((await nd.where(x.gt(2), x, -1).compute()).toNested()); // [-1n, -1n, -1n, 3n, 4n]
 * ```
 * @see numpy.where
 */
export function where(condition: ArrayLike): ChunkedArray<"int64", [number]>[];
export function where(condition: ArrayLike, x: ArrayLike, y: ArrayLike): ChunkedArray;
export function where(condition: ArrayLike, x?: ArrayLike, y?: ArrayLike): ChunkedArray | ChunkedArray<"int64", [number]>[] {
  if ((x === undefined) !== (y === undefined)) {
    throw new OptionError("where: expected both x and y or neither, got one of them", { option: x === undefined ? "x" : "y", received: undefined });
  }
  if (x === undefined || y === undefined) return nonzero(toArray("where", condition));
  const operands: Operand[] = [condition, x, y].map((v) => toOperand("where", v));
  return elementwise("where", "where", operands, ([c, a, b]) => choose("where", isScalar(c) ? Boolean(c as Scalar) : c!, a!, b!));
}
