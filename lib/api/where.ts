import type { ChunkedArray } from "../array/chunked-array.js";
import { resolveLoop } from "../core/loop-rule.js";
import { isScalar, type Scalar } from "../core/scalar.js";
import { broadcastShapes } from "../core/shape.js";
import { OptionError } from "../errors/index.js";
import { nonzero } from "./indexing/nonzero.js";
import { astype } from "./manipulation/astype.js";
import { broadcastTo } from "./manipulation/broadcast.js";
import { type ArrayLike, toArray, toOperand } from "./operand.js";
import { select } from "./ufuncs/where.js";

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
  if (x !== undefined && y !== undefined) return isScalar(condition) ? pick(condition, x, y) : select(condition, x, y);
  if (x === undefined && y === undefined) return nonzero(toArray("where", condition)) as ChunkedArray<"int64", [number]>[];
  throw new OptionError("where: expected both x and y or neither, got one of them", { option: x === undefined ? "x" : "y", received: undefined });
}

/** A scalar condition picks a whole array. */
function pick(condition: Scalar, x: ArrayLike, y: ArrayLike): ChunkedArray {
  const [a, b] = [toOperand("where", x), toOperand("where", y)];
  const [first, second] = [a, b].map((v) => toArray("where", v));
  const { loop } = resolveLoop("where", "any", [a, b].map((v) => (isScalar(v) ? v : v.dtype)), "word");
  const shape = broadcastShapes("where", first!.shape, second!.shape);
  const isTrue = typeof condition === "object" ? condition.re !== 0 || condition.im !== 0 : Boolean(condition) || Number.isNaN(condition);
  return astype(broadcastTo(isTrue ? first! : second!, shape), loop) as ChunkedArray;
}
