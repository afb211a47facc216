import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { type Bytes, parseBytes } from "../../core/bytes.js";
import { areChunksKnown, type ChunkDim, type Chunks, type ChunksSpec, sameAxisChunks, sameChunks } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { balanceChunks } from "../../core/resize-chunks.js";
import { formatShape, normalizeAxis, type Shape } from "../../core/shape.js";
import { ChunkError, OptionError } from "../../errors/index.js";
import { type ArrayLike, toArray } from "../operand.js";
import { rechunkGraph } from "./rechunk-graph.js";

/** How {@link rechunk} cuts. */
export interface RechunkOptions {
  /** How many times larger the graph of a direct rechunk may be before steps between are drawn; option `array.rechunk.threshold`. */
  readonly threshold?: number;
  /** The size of automatic blocks, and of the blocks of steps between; option `array.chunk-size`. */
  readonly blockSizeLimit?: Bytes;
  /** Makes the chunks of each axis as even as possible, keeping about their number. */
  readonly balance?: boolean;
  /** How the graph is drawn. Only "tasks" exists in one process. */
  readonly method?: "tasks";
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Cuts the array into other chunks. See {@link rechunk}. */
    rechunk(chunks?: ChunksSpec, options?: RechunkOptions): ChunkedArray<D, S>;
  }
}

/**
 * Cuts an array into other chunks. No element moves: chunks decide how the array is seen, streamed and stored, not how it is computed.
 *
 * @param chunks one rule for all axes, one for each, or rules for some axes by number; an axis without a rule, or with null in a rule by
 *   number, keeps its chunks
 * @throws {ChunkError} `ERR_CHUNK_SUM`, `ERR_CHUNK_NDIM` when the chunks do not fit; `ERR_CHUNK_UNKNOWN` when lengths are unknown.
 * @throws {AxisError} `ERR_AXIS` when a rule names an axis that does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([1000, 1000], { chunks: 100 }).rechunk({ 0: -1, 1: "auto" });
 * console.log(x.chunks); // [[1000], [1000]]
 * ```
 * @see dask.array.rechunk
 */
export function rechunk<D extends DType, S extends Shape>(
  x: ChunkedArray<D, S>, chunks?: ChunksSpec, options?: RechunkOptions,
): ChunkedArray<D, S>;
export function rechunk(x: ArrayLike, chunks?: ChunksSpec, options?: RechunkOptions): AnyArray;
export function rechunk(x: ArrayLike, chunks: ChunksSpec = "auto", options: RechunkOptions = {}): AnyArray {
  const array = toArray("rechunk", x);
  const { threshold, balance = false, method } = options;
  if (method !== undefined && method !== "tasks") {
    throw new OptionError(`rechunk: expected method "tasks", got ${String(method)}`, { option: "method", received: method });
  }
  if (threshold !== undefined && !(threshold > 0)) {
    throw new OptionError(`rechunk: expected a threshold > 0, got ${String(threshold)}`, {
      option: "threshold", received: threshold,
    });
  }
  const blockSizeLimit = options.blockSizeLimit === undefined ? undefined : parseBytes(options.blockSizeLimit);
  // As in Dask, an array whose every axis is empty stays as it is.
  if (array.ndim > 0 && array.shape.every((n: number) => n === 0)) return array;
  const spec = keepOld(array, chunks);
  const deciding = { dtype: array.dtype, limit: blockSizeLimit, previous: array.chunks };
  let cut = unknownKept(array, spec) ?? normalizeChunks("rechunk", spec, array.shape, deciding);
  if (balance) cut = balanced(cut);
  if (sameChunks(cut, array.chunks)) return array;
  return new ChunkedArray(array.expr, rechunkGraph(array.graph, array.dtype, cut, { threshold, blockSizeLimit }));
}

/** Axes without a rule get the chunks they have. */
function keepOld(x: AnyArray, spec: ChunksSpec): ChunksSpec {
  if (Array.isArray(spec)) return spec.length === x.ndim ? spec.map((rule: ChunkDim, axis) => rule ?? x.chunks[axis]!) : spec;
  if (spec === null || typeof spec !== "object") return spec;
  const rules = new Map<number, ChunkDim>();
  for (const [axis, rule] of Object.entries(spec)) rules.set(normalizeAxis("rechunk", Number(axis), x.shape), rule as ChunkDim);
  return x.chunks.map((old: readonly number[], axis: number) => rules.get(axis) ?? old);
}

/** Unknown lengths can only stay as they are; then the other axes are cut as if the array had only those. */
function unknownKept(x: AnyArray, spec: ChunksSpec): Chunks | undefined {
  if (areChunksKnown(x.chunks)) return undefined;
  const rules: readonly ChunkDim[] = Array.isArray(spec) && spec.length === x.ndim ? spec : x.chunks.map(() => spec as ChunkDim);
  const known = x.chunks.map((_: readonly number[], axis: number) => axis).filter((axis: number) => areChunksKnown([x.chunks[axis]!]));
  x.chunks.forEach((old: readonly number[], axis: number) => {
    if (known.includes(axis)) return;
    const rule = rules[axis];
    const stays = (Array.isArray(rule) && sameAxisChunks(rule, old)) || (old.length === 1 && rule === -1);
    if (stays) return;
    throw new ChunkError(`rechunk: axis ${axis} has unknown chunk lengths (shape ${formatShape(x.shape)}) and can only keep them`, {
      code: "ERR_CHUNK_UNKNOWN", expected: x.shape, received: spec, hint: "compute them first, with computeChunkSizes()",
    });
  });
  const cut = normalizeChunks("rechunk", known.map((axis: number) => rules[axis]!), known.map((axis: number) => x.shape[axis]!), {
    dtype: x.dtype, previous: known.map((axis: number) => x.chunks[axis]!),
  });
  return x.chunks.map((old: readonly number[], axis: number) => (known.includes(axis) ? cut[known.indexOf(axis)]! : old));
}

/** Chunks that cannot be balanced stay as they are. */
function balanced(cut: Chunks): Chunks {
  return cut.map((axis) => balanceChunks(axis) ?? axis);
}

installMethods({ rechunk });
