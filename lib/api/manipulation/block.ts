import type { AnyArray } from "../../array/chunked-array.js";
import { ShapeError } from "../../errors/index.js";
import { ChunkedArray } from "../../array/chunked-array.js";
import { get } from "../indexing/get.js";
import { type ArrayLike, toArray } from "../operand.js";
import { concatenateAs, type ConcatenateOptions } from "./concatenate.js";

/** Arrays in nested lists as {@link block} puts them together; all at the same depth. */
export type Blocks = ArrayLike | readonly Blocks[];

/** How {@link block} joins. */
export type BlockOptions = Pick<ConcatenateOptions, "allowUnknownChunksizes">;

/**
 * Puts arrays together from nested lists: the innermost lists are joined along the last axis, the next along the one before.
 *
 * A number is an array without axes here. Typed arrays and arrays are leaves; every list is a level.
 *
 * @throws {ShapeError} `ERR_SHAPE` when depths differ, a list is empty, or shapes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const a = nd.ones([2, 2]);
 * console.log(nd.block([[a, nd.zeros([2, 3])], [nd.ones([1, 5])]]).shape); // [3, 5]
 * ```
 * @see numpy.block
 */
export function block(arrays: Blocks, options: BlockOptions = {}): AnyArray {
  const depth = depthOf(arrays, []);
  const leaves = mapLeaves(arrays, (x) => toArray("block", x));
  const ndim = Math.max(depth, mostAxes(leaves));
  const widen = (x: AnyArray): AnyArray => (x.ndim === ndim ? x : get(x, ...new Array<null>(ndim - x.ndim).fill(null), "..."));
  const join = (x: Nested, axis: number): AnyArray =>
    isList(x) ? concatenateAs("block", x.map((inner) => join(inner, axis + 1)), { ...options, axis }) : widen(x);
  return join(leaves, ndim - depth);
}

type Nested = AnyArray | readonly Nested[];

const isList = (x: unknown): x is readonly Nested[] => Array.isArray(x);

function mapLeaves(x: Blocks, f: (leaf: ArrayLike) => AnyArray): Nested {
  return isList(x) ? x.map((inner) => mapLeaves(inner, f)) : f(x as ArrayLike);
}

function mostAxes(x: Nested): number {
  return x instanceof ChunkedArray ? x.ndim : Math.max(...(x as readonly Nested[]).map(mostAxes));
}

function depthOf(x: Blocks, path: readonly number[]): number {
  if (!isList(x)) return path.length;
  const here = `arrays${path.map((i) => `[${i}]`).join("")}`;
  if (x.length === 0) throw new ShapeError(`block: expected arrays, got an empty list at ${here}`);
  const depths = x.map((inner, i) => depthOf(inner, [...path, i]));
  const odd = depths.findIndex((depth) => depth !== depths[0]);
  if (odd > 0) throw new ShapeError(`block: expected lists of one depth, got ${depths[0]} at ${here}[0] and ${depths[odd]} at ${here}[${odd}]`);
  return depths[0]!;
}
