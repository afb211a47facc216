import type { AnyArray } from "../../array/chunked-array.js";
import { formatShape } from "../../core/shape.js";
import { ChunkError } from "../../errors/index.js";

/**
 * The length of an axis.
 *
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when only running can tell it.
 */
export function knownLength(operation: string, x: AnyArray, axis: number): number {
  const length: number = x.shape[axis]!;
  if (!Number.isNaN(length)) return length;
  throw new ChunkError(`${operation}: expected an axis of known length, got axis ${axis} of shape ${formatShape(x.shape)}`, {
    code: "ERR_CHUNK_UNKNOWN", expected: x.shape, hint: "compute it first, with computeChunkSizes()",
  });
}
