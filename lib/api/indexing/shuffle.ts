import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { config } from "../../config/index.js";
import { chunkBounds, chunkSize } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import { formatShape, isKnown, normalizeAxis } from "../../core/shape.js";
import { shrinkChunks } from "../../core/shrink-chunks.js";
import { packGroups } from "../../core/slicing.js";
import { ChunkError, IndexError, OptionError } from "../../errors/index.js";
import { Gather } from "../../expr/gather.js";
import { take } from "../../graph/take.js";
import { type ArrayOf, toArray } from "../operand.js";
import { withChunks } from "../rechunk/unify-axes.js";
import { indexExpr } from "./fancy.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Puts elements of an axis into groups that share a chunk. See {@link shuffle}. */
    shuffle(groups: readonly (readonly number[])[], options: { readonly axis: number }): ChunkedArray<D, number[]>;
  }
}

/**
 * Reorders an axis by groups of positions: the elements of a group stand together, in one chunk, which may hold several groups.
 *
 * Where a group is longer than the axis' chunks, the other axes are cut finer so that blocks do not grow.
 *
 * @throws {IndexError} `ERR_INDEX` when a position does not exist.
 * @throws {OptionError} `ERR_OPTION` when `groups` is not a list of lists.
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when lengths are unknown.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.shuffle(nd.arange(6, { chunks: 3 }), [[5, 0], [1, 2, 3]], { axis: 0 });
 * console.log(x.chunks, (await x.compute()).toNested()); // [ [ 2, 3 ] ] [ 5n, 0n, 1n, 2n, 3n ]
 * ```
 * @see dask.array.shuffle
 */
export function shuffle<D extends DType = DType>(
  x: ArrayOf<D>, groups: readonly (readonly number[])[], { axis }: { readonly axis: number },
): ChunkedArray<D> {
  const array: AnyArray = toArray("shuffle", x);
  const along = normalizeAxis("shuffle", axis, array.shape);
  if (!isKnown(array.shape)) {
    throw new ChunkError(`shuffle: expected an array of known shape, got ${formatShape(array.shape)}`, {
      code: "ERR_CHUNK_UNKNOWN", expected: array.shape, hint: "compute its lengths first, with computeChunkSizes()",
    });
  }
  if (!Array.isArray(groups) || groups.length === 0 || !groups.every((group) => Array.isArray(group))) {
    throw new OptionError("shuffle: expected a list of lists of positions as groups", { option: "groups", received: groups });
  }
  const positions = groups.flat();
  const n = array.shape[along]!;
  const bad = positions.find((at) => !Number.isInteger(at) || at < 0 || at >= n);
  if (bad !== undefined) {
    throw new IndexError(`shuffle: position ${bad} is out of bounds for axis ${along} with ${n} elements`, {
      index: bad, axis: along,
    });
  }
  const own = array.chunks[along]!;
  if (groups.length === own.length && inPlace(groups, own)) return array;
  const cut = spared(array, along, groups.reduce((most, group) => Math.max(most, group.length), 0));
  const sizes = packGroups(own, groups.map((group) => group.length));
  return new ChunkedArray(
    new Gather(array.expr, indexExpr(positions), along),
    take(cut.graph, { chunks: cut.chunks }, along, positions, sizes, [], ["shuffle", positions], "shuffle"),
  );
}

/** Whether each group is the chunk that stands at its place. */
function inPlace(groups: readonly (readonly number[])[], chunks: readonly number[]): boolean {
  const bounds = chunkBounds(chunks);
  return groups.every((group, k) => group.length === chunks[k] && group.every((at, i) => at === bounds[k]! + i));
}

function spared(x: AnyArray, axis: number, longest: number): AnyArray {
  const tolerance = config.get("array.chunk-size-tolerance");
  const largest = chunkSize(x.chunks);
  if (longest <= largest[axis]! * tolerance) return x;
  const others = x.chunks.map((_: readonly number[], i: number) => i).filter((i: number) => i !== axis);
  const grown = x.chunks.map((c: readonly number[], i: number) => (i === axis ? [longest] : c));
  const cut = shrinkChunks(grown, others, largest.reduce((a: number, b: number) => a * b, 1), tolerance);
  return withChunks(x, cut.map((c, i) => (i === axis ? x.chunks[axis]! : c)));
}

installMethods({ shuffle });
