import type { DType } from "../../core/dtype.js";
import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { type Chunks, type ChunksSpec, formatChunks, sameAxisChunks, sameChunks } from "../../core/chunks.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { broadcastChunks } from "../../core/unify-chunks.js";
import { broadcastShapes, formatShape, sameShape, toShape } from "../../core/shape.js";
import { ChunkError, ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { blockwise } from "../../graph/blockwise.js";
import { type ArrayLike, type ArrayOf, toArray } from "../operand.js";
import { unifyAligned } from "../rechunk/unify-axes.js";

/**
 * Repeats an array along new leading axes and axes of length 1, without copying.
 *
 * New and stretched axes are one chunk unless `chunks` says otherwise; the other axes keep theirs.
 *
 * @throws {ShapeError} `ERR_BROADCAST` when the shape cannot be reached.
 * @throws {ChunkError} `ERR_CHUNK` when `chunks` would cut an axis that is not repeated.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.broadcastTo(nd.arange(3), [2, 3]).shape); // [2, 3]
 * ```
 * @see numpy.broadcast_to
 */
export function broadcastTo<D extends DType = DType>(
  x: ArrayOf<D>, shape: number | readonly number[], { chunks }: { chunks?: ChunksSpec } = {},
): ChunkedArray<D> {
  const array = toArray("broadcastTo", x);
  // The lengths of an array after a mask are unknown and may be asked for as they are.
  const to = Array.isArray(shape) && sameShape(shape, array.shape) ? [...shape] : toShape("broadcastTo", shape);
  const lead = to.length - array.ndim;
  if (lead < 0 || array.shape.some((n: number, i: number) => n !== 1 && n !== to[lead + i] && !(Number.isNaN(n) && Number.isNaN(to[lead + i]!)))) {
    throw new ShapeError(`broadcastTo: shape ${formatShape(array.shape)} does not broadcast to ${formatShape(to)}`, {
      code: "ERR_BROADCAST", shapes: [array.shape, to], hint: "only axes of length 1 and new leading axes can be repeated",
    });
  }
  const cut = chunks === undefined
    ? broadcastChunks(array.chunks, array.shape, to)
    : normalizeChunks("broadcastTo", chunks, to, { dtype: array.dtype, previous: array.chunks });
  array.chunks.forEach((old: readonly number[], i: number) => {
    const whole = old.length === 1 && old[0] === 1;
    if (whole || sameAxisChunks(old, cut[lead + i]!)) return;
    throw new ChunkError(`broadcastTo: chunks ${formatChunks(array.chunks)} do not broadcast to ${formatChunks(cut)}`, {
      expected: to, received: chunks, hint: "only new axes and axes of length 1 may be cut; rechunk first",
    });
  });
  return broadcastAs(array, to, cut);
}

/** {@link broadcastTo} for a shape and chunks that are known to fit. */
export function broadcastAs(x: AnyArray, shape: readonly number[], chunks: Chunks): AnyArray {
  if (sameShape(x.shape, shape) && sameChunks(x.chunks, chunks)) return x;
  const lead = shape.length - x.ndim;
  if (shape.some((n, i) => Number.isNaN(n) && !Number.isNaN(x.shape[i - lead] ?? 1))) {
    throw new ShapeError(`broadcastTo: shape ${formatShape(x.shape)} cannot be repeated to ${formatShape(shape)} while that length is unknown`, {
      code: "ERR_BROADCAST", shapes: [x.shape, shape], hint: "compute it first, with computeChunkSizes()",
    });
  }
  return new ChunkedArray(build.broadcastTo(x.expr, shape), blockwise("broadcast_to", chunks, [x.graph], ["broadcast_to", shape]));
}

/**
 * Broadcasts arrays to one shape and one chunking.
 *
 * @throws {ShapeError} `ERR_BROADCAST` when the shapes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const [x, y] = nd.broadcastArrays(nd.ones([3, 1]), nd.ones(4));
 * console.log(x.shape, y.shape); // [3, 4] [3, 4]
 * ```
 * @see numpy.broadcast_arrays
 */
export function broadcastArrays(...arrays: readonly ArrayLike[]): AnyArray[] {
  const list = arrays.map((x) => toArray("broadcastArrays", x));
  const shape = broadcastShapes("broadcastArrays", ...list.map((x) => x.shape));
  const unified = unifyAligned("broadcastArrays", list);
  const chunks = shape.map((n, axis) => {
    // The axis' chunks are those of an array that is not repeated along it.
    for (const x of unified) {
      const own = axis - (shape.length - x.ndim);
      if (own >= 0 && (x.shape[own] !== 1 || n === 1)) return x.chunks[own]!;
    }
    return [n];
  });
  return unified.map((x) => broadcastAs(x, shape, chunks));
}
