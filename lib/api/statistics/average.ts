import type { ChunkedArray } from "../../array/chunked-array.js";
import { isInexact } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { formatShape, normalizeAxis, sameShape } from "../../core/shape.js";
import { ShapeError } from "../../errors/index.js";
import { onesLike } from "../creation/full.js";
import { broadcastTo } from "../manipulation/broadcast.js";
import { swapaxes } from "../manipulation/transpose.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { mean } from "../reductions/mean.js";
import { sum } from "../reductions/sums.js";
import { multiply } from "../ufuncs/arithmetic.js";
import { operators } from "../ufuncs/operators.js";

export interface AverageOptions {
  /** The axis or axes to average over; all when not given. */
  readonly axis?: number | readonly number[] | null;
  /** How much each element counts: an array of the same shape, or of one axis as long as the axis averaged over. */
  readonly weights?: ArrayLike;
  /** Whether to give the sum of the weights too. */
  readonly returned?: boolean;
  /** Whether folded axes stay, with length 1. */
  readonly keepdims?: boolean;
}

/**
 * The weighted mean over axes: Σ w·x / Σ w; the mean when there are no weights.
 *
 * @returns the average; with `returned` a pair of it and the sum of the weights.
 * @throws {ShapeError} `ERR_SHAPE` when the weights do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.average([1, 4], { weights: [3, 1] }).compute()); // 1.75
 * ```
 * @see numpy.average
 */
export function average(x: ArrayLike, options: AverageOptions & { readonly returned: true }): [ChunkedArray, ChunkedArray];
export function average(x: ArrayLike, options?: AverageOptions & { readonly returned?: false }): ChunkedArray;
export function average(x: ArrayLike, options: AverageOptions = {}): ChunkedArray | [ChunkedArray, ChunkedArray] {
  checkOptions("average", options, ["axis", "weights", "returned", "keepdims"]);
  const { axis, weights, returned = false, keepdims = false } = options;
  const input = toArray("average", x);
  if (weights === undefined) {
    const result = mean(input, { axis, keepdims }) as ChunkedArray;
    return returned ? [result, operators.mul(onesLike(result), input.size / result.size)] : result;
  }
  const given = toArray("average", weights);
  const own = [input.dtype, given.dtype] as const;
  const dtype = isInexact(input.dtype) ? resultType(...own) : resultType(...own, "float64");
  const fitted = fit(input, given, axis);
  const scale = sum(fitted, { axis, dtype, keepdims }) as ChunkedArray;
  const total = sum(multiply(input as ArrayLike, fitted as ArrayLike, { dtype }), { axis, keepdims }) as ChunkedArray;
  const result = operators.div(total, scale);
  if (!returned) return result;
  return [result, sameShape(scale.shape, result.shape) ? scale : broadcastTo(scale, result.shape)];
}

/** Weights as they broadcast against the array. */
function fit(x: ChunkedArray, weights: ChunkedArray, axis: AverageOptions["axis"]): ChunkedArray {
  if (sameShape(x.shape, weights.shape)) return weights;
  const fail = (expected: string): ShapeError =>
    new ShapeError(`average: expected ${expected}, got shape ${formatShape(weights.shape)}`, { shapes: [x.shape, weights.shape] });
  if (typeof axis !== "number") throw fail(`weights of shape ${formatShape(x.shape)} where not one axis is named`);
  const along = normalizeAxis("average", axis, x.shape);
  if (weights.ndim !== 1 || weights.shape[0] !== x.shape[along]) throw fail(`weights of shape ${formatShape(x.shape)} or (${x.shape[along]},)`);
  return swapaxes(broadcastTo(weights, [...x.shape.slice(1).map(() => 1), weights.shape[0]!]), -1, along);
}
