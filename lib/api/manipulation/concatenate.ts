import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { formatShape, isKnown, listShapes, normalizeAxis, sameLength } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { Concat } from "../../expr/concat.js";
import * as join from "../../graph/join.js";
import { type ArrayLike, toArray } from "../operand.js";
import { unifyAxes } from "../rechunk/unify-axes.js";
import { astype } from "./astype.js";
import { ravel } from "./reshape.js";

/** How {@link concatenate} joins. */
export interface ConcatenateOptions {
  /** The axis that grows; null joins the flattened arrays. 0 by default. */
  readonly axis?: number | null;
  /** Joins although lengths of other axes are unknown; that they agree is then checked when it runs. */
  readonly allowUnknownChunksizes?: boolean;
}

/**
 * Joins arrays along an axis they have. Their chunks follow each other; along the other axes they are cut alike.
 *
 * The dtype is the promotion of all. Arrays without elements are left out.
 *
 * @throws {ShapeError} `ERR_SHAPE` when there are no arrays, or their shapes differ off the axis.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.concatenate([nd.ones([2, 3]), nd.zeros([2, 3])], { axis: 1 }).shape); // [2, 6]
 * ```
 * @see numpy.concatenate
 */
export function concatenate<D extends DType>(arrays: readonly ChunkedArray<D>[], options?: ConcatenateOptions): ChunkedArray<D>;
export function concatenate(arrays: readonly ArrayLike[], options?: ConcatenateOptions): AnyArray;
export function concatenate(arrays: readonly ArrayLike[], options: ConcatenateOptions = {}): AnyArray {
  return concatenateAs("concatenate", arrays, options);
}

/** {@link concatenate}: the Python array API standard's name. @see numpy.concat */
export function concat(arrays: readonly ArrayLike[], options: ConcatenateOptions = {}): AnyArray {
  return concatenateAs("concat", arrays, options);
}

/** {@link concatenate} in the name of another operation. */
export function concatenateAs(
  operation: string, arrays: readonly ArrayLike[], { axis = 0, allowUnknownChunksizes = false }: ConcatenateOptions = {},
): AnyArray {
  if (!Array.isArray(arrays)) {
    throw new OptionError(`${operation}: expected a list of arrays, got ${arrays === undefined ? "none" : "one"}`, {
      option: "arrays", received: arrays, hint: "put them in [ ]",
    });
  }
  let list: AnyArray[] = arrays.map((x) => toArray(operation, x));
  if (list.length === 0) throw new ShapeError(`${operation}: expected at least one array, got none`);
  if (axis === null) list = list.map((x) => ravel(x));
  const first = list[0]!;
  const odd = list.findIndex((x) => x.ndim !== first.ndim);
  if (odd > 0 || first.ndim === 0) {
    throw new ShapeError(
      odd > 0
        ? `${operation}: expected arrays with the same number of axes, got ${first.ndim} at index 0 and ${list[odd]!.ndim} at index ${odd}`
        : `${operation}: expected arrays with at least one axis, got a 0-d array`,
      { shapes: list.map((x) => x.shape), hint: "use stack to join along a new axis" },
    );
  }
  const along = normalizeAxis(operation, axis ?? 0, first.shape);
  const dtype = resultType(...list.map((x) => x.dtype));
  list = list.map((x) => astype(x, dtype));
  checkAligned(operation, list, along, allowUnknownChunksizes);
  const filled = list.filter((x) => x.size !== 0);
  const long = list.filter((x) => x.shape[along] !== 0);
  // Nothing is there at all: pieces of no length would still leave chunks of no length behind.
  const kept = filled.length > 0 ? filled : long.length > 0 ? long : list.slice(0, 1);
  if (kept.length === 1) return kept[0]!;
  const unified = unifyAxes(operation, kept, kept.map((x, k) => x.shape.map((_: number, i: number) => (i === along ? `${i}.${k}` : `${i}`))));
  return new ChunkedArray(
    new Concat(unified.map((x) => x.expr), along),
    join.concatenate(unified.map((x) => x.graph), along, along),
  );
}

// NumPy asks this of empty arrays too, whose other axes must still fit.
function checkAligned(operation: string, list: readonly AnyArray[], along: number, allowUnknown: boolean): void {
  const shape = list[0]!.shape;
  for (const x of list) {
    for (let i = 0; i < shape.length; i++) {
      const [a, b] = [shape[i]!, x.shape[i]!];
      if (i === along || (allowUnknown ? sameLength(a, b) || Number.isNaN(a) || Number.isNaN(b) : a === b)) continue;
      const unknown = !isKnown([a]) || !isKnown([b]);
      throw new ShapeError(
        unknown
          ? `${operation}: expected known lengths off axis ${along}, got shapes ${listShapes(list.map((y) => y.shape))}`
          : `${operation}: expected equal lengths off axis ${along}, got ${formatShape(shape)} and ${formatShape(x.shape)}`,
        {
          shapes: [shape, x.shape],
          hint: unknown ? "compute the lengths first, or pass { allowUnknownChunksizes: true }" : undefined,
        },
      );
    }
  }
}
