import type { AnyArray } from "../../array/chunked-array.js";
import { unifyChunks as unify } from "../../core/unify-chunks.js";
import { OptionError } from "../../errors/index.js";
import { type ArrayLike, toArray } from "../operand.js";
import { withChunks } from "./unify-axes.js";

/** What {@link unifyChunks} gives. */
export interface UnifiedArrays {
  /** The chunks of each letter's axis. */
  readonly chunks: Readonly<Record<string, readonly number[]>>;
  /** The arrays, cut so. */
  readonly arrays: AnyArray[];
}

/**
 * Cuts arrays alike along the axes that have the same letter.
 *
 * @param pairs each an array and a letter for each of its axes
 * @throws {OptionError} `ERR_OPTION` when an array has not as many letters as axes.
 * @throws {ChunkError} `ERR_CHUNK_SUM` when axes of one letter differ in length; `ERR_CHUNK_UNKNOWN` when lengths are unknown and chunks differ.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const { chunks } = nd.unifyChunks([nd.ones(6, { chunks: 3 }), "i"], [nd.ones(6, { chunks: 2 }), "i"]);
 * console.log(chunks.i); // [2, 1, 1, 2]
 * ```
 * @see dask.array.core.unify_chunks
 */
export function unifyChunks(...pairs: readonly (readonly [ArrayLike, string])[]): UnifiedArrays {
  const arrays = pairs.map(([x]) => toArray("unifyChunks", x) as AnyArray);
  pairs.forEach(([, letters], k) => {
    if (letters.length === arrays[k]!.ndim) return;
    throw new OptionError(`unifyChunks: expected ${arrays[k]!.ndim} letters for the axes of array ${k}, got "${letters}"`, {
      option: "pairs", received: letters,
    });
  });
  const { byAxis, inputs } = unify("unifyChunks", arrays.map((x, k) => ({ chunks: x.chunks, axes: [...pairs[k]![1]] })));
  return { chunks: Object.fromEntries(byAxis), arrays: arrays.map((x, k) => withChunks(x, inputs[k]!)) };
}
