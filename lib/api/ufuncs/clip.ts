import type { ChunkedArray } from "../../array/chunked-array.js";
import { OptionError } from "../../errors/index.js";
import type { Expr } from "../../expr/expr.js";
import { type ArrayLike, type Operand, toOperand } from "../operand.js";
import { maximum, minimum } from "./arithmetic.js";
import { applyNative, elementwise } from "./elementwise.js";
import { native } from "./native.js";

const clipOf = native("clip", 3, "NUMERIC | BOOL");

/**
 * Limits the elements to [min, max]; null leaves a side open. NaN stays, and a NaN bound gives NaN.
 *
 * The dtype is the operands' promoted one; the chunks are unified.
 *
 * @throws {OptionError} `ERR_OPTION` when both sides are open.
 * @throws {ShapeError} `ERR_BROADCAST` when the shapes do not broadcast.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.clip([-2, 0.5, 9], 0, 1).compute()).toNested()); // [0, 0.5, 1]
 * ```
 * @see numpy.clip
 */
export function clip(x: ArrayLike, min: ArrayLike | null = null, max: ArrayLike | null = null): ChunkedArray {
  if (min === null && max === null) {
    throw new OptionError("clip: expected a lower or an upper bound, got neither", { option: "min", received: null });
  }
  const operands: Operand[] = [x, min, max].filter((v): v is ArrayLike => v !== null).map((v) => toOperand("clip", v));
  return elementwise("clip", "clip", operands, (terms): Expr => {
    if (max === null) return maximum.build(...terms);
    if (min === null) return minimum.build(...terms);
    return applyNative("clip", clipOf, "any", terms);
  });
}
