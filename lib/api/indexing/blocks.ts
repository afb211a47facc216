import type { DType } from "../../core/dtype.js";
import { ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { chunkBounds } from "../../core/chunks.js";
import { type IndexTerm, normalizeIndex } from "../../core/index-terms.js";
import { ChunkError, IndexError, UnsupportedError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { Concat } from "../../expr/concat.js";
import type { Expr } from "../../expr/expr.js";
import { blockwise } from "../../graph/blockwise.js";
import { type ArrayOf, toArray } from "../operand.js";
import { type Index, plainParts } from "./index-forms.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** The array made of some of the blocks. See {@link blockAt}. */
    blockAt(...index: readonly Index[]): ChunkedArray<D, number[]>;
  }
}

/**
 * The array made of some of an array's blocks, indexed as an array of blocks: integers, slices, and one list. No axis goes.
 *
 * @throws {IndexError} `ERR_INDEX` when there is no such block.
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when blocks are picked along an axis whose chunks are unknown.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(10, { chunks: 4 });
 * console.log((await x.blockAt(-1).compute()).toNested()); // [8n, 9n]
 * ```
 * @see dask.array.Array.blocks
 */
export function blockAt<D extends DType = DType>(x: ArrayOf<D>, ...index: readonly Index[]): ChunkedArray<D> {
  const array = toArray("blockAt", x);
  if (index.some((part) => part === null)) {
    throw new IndexError("blockAt: expected integers, slices and a list, got null", {
      index,
    });
  }
  const terms = normalizeIndex("blockAt", plainParts(index), array.numblocks);
  if (terms.filter((term) => term.kind === "list").length > 1) {
    throw new UnsupportedError("blockAt: lists on several axes at once are not supported", {
      hint: "pick along one axis after the other",
    });
  }
  const picked = terms.map((term) => blocksOf(term, index));
  let expr = array.expr;
  picked.forEach((blocks, axis) => (expr = pickAlong(expr, axis, array.chunks[axis]!, blocks)));
  const chunks = picked.map((blocks, axis) => blocks.map((block) => array.chunks[axis]![block]!));
  const graph = blockwise("blocks", chunks, [array.graph], ["blocks", picked], [
    (place) => [place.map((i, axis) => picked[axis]![i]!)],
  ]);
  return new ChunkedArray(expr, graph);
}

function blocksOf(term: IndexTerm, index: readonly Index[]): number[] {
  switch (term.kind) {
    case "integer": return [term.value];
    case "slice": return Array.from({ length: term.count }, (_, i) => term.start + i * term.step);
    case "list": return Array.from(term.values);
    default: throw new IndexError("blockAt: expected integers, slices and a list", { index });
  }
}

/** Runs of neighbours are slices; several runs are joined. */
function pickAlong(x: Expr, axis: number, chunks: readonly number[], blocks: readonly number[]): Expr {
  if (blocks.length === chunks.length && blocks.every((block, i) => block === i)) return x;
  if (chunks.some(Number.isNaN)) {
    throw new ChunkError(`blockAt: axis ${axis} has chunks of unknown lengths`, {
      code: "ERR_CHUNK_UNKNOWN", hint: "compute them first, with computeChunkSizes()",
    });
  }
  const bounds = chunkBounds(chunks);
  const runs: [number, number][] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last && last[1] === block) last[1]++;
    else runs.push([block, block + 1]);
  }
  const pieces = runs.map(([from, to]) => build.slice(x, axis, bounds[from]!, 1, bounds[to]! - bounds[from]!));
  if (pieces.length === 0) return build.slice(x, axis, 0, 1, 0);
  return pieces.length === 1 ? pieces[0]! : new Concat(pieces, axis);
}

installMethods({ blockAt });
