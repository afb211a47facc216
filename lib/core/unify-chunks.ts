import { ChunkError } from "../errors/index.js";
import { type Chunks, countBlocks, formatAxisChunks, hasUnknown, sameAxisChunks, totalLength } from "./chunks.js";
import type { Shape } from "./shape.js";

/**
 * The cut of an axis that fits all the given ones: the only real one, or every border of all of them. An axis of one
 * element goes with any.
 *
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when they differ and one has unknown lengths; `ERR_CHUNK_SUM` when the axes differ in length.
 * @see dask.array.core.common_blockdim
 */
export function commonChunks(operation: string, cuts: readonly (readonly number[])[]): readonly number[] {
  const distinct = distinctCuts(cuts);
  if (distinct.length === 1) return distinct[0];
  const real = distinct.filter((cut) => !isOne(cut));
  if (real.length === 0) return [];
  const cutUp = real.filter((cut) => cut.length > 1);
  if (cutUp.length === 0) return real.reduce((a, b) => (b[0] > a[0] || Number.isNaN(a[0]) ? b : a));
  if (cutUp.length === 1 && !sumsDiffer(real)) return cutUp[0];
  if (real.some(hasUnknown)) throw unknownLengths(operation, real);
  if (sumsDiffer(real)) {
    throw new ChunkError(`${operation}: expected axes of one length, got chunks ${list(real)} with sums ${real.map(totalLength).join(" and ")}`, {
      code: "ERR_CHUNK_SUM", received: real,
    });
  }
  return cutUp.reduce(refine);
}

/** An input of {@link unifyChunks}: its chunks and, for each axis, what it is called. */
export interface LabelledChunks {
  readonly chunks: Chunks;
  /** Axes of one name are walked together. Any values, compared as Map keys. */
  readonly axes: readonly (string | number)[];
}

/** What {@link unifyChunks} finds. */
export interface UnifiedChunks {
  /** The cut of each name. */
  readonly byAxis: ReadonlyMap<string | number, readonly number[]>;
  /** The chunks that each input must have; the very object it has when that is no rechunk. */
  readonly inputs: readonly Chunks[];
  /** By how much the blocks grow in number, over the largest input; 10 or more is worth a warning. */
  readonly growth: number;
}

/**
 * Brings inputs that are walked together to a common cut; an axis of one element stays as it is.
 *
 * @throws {ChunkError} as {@link commonChunks} does.
 * @see dask.array.core.unify_chunks
 */
export function unifyChunks(operation: string, inputs: readonly LabelledChunks[]): UnifiedChunks {
  const cuts = new Map<string | number, (readonly number[])[]>();
  for (const { chunks, axes } of inputs) {
    axes.forEach((name, axis) => {
      const known = cuts.get(name);
      if (known) known.push(chunks[axis]);
      else cuts.set(name, [chunks[axis]]);
    });
  }
  const byAxis = new Map([...cuts].map(([name, list]) => [name, commonChunks(operation, list)]));
  const unified = inputs.map(({ chunks, axes }) => {
    const result = chunks.map((axis, i) => (isOne(axis) ? axis : fitUnknown(operation, axis, byAxis.get(axes[i])!)));
    return result.every((axis, i) => sameAxisChunks(axis, chunks[i])) ? chunks : result;
  });
  const after = [...byAxis.values()].reduce((count, axis) => count * axis.length, 1);
  const before = inputs.reduce((most, { chunks }) => Math.max(most, countBlocks(chunks)), 1);
  return { byAxis, inputs: unified, growth: after / before };
}

/** As {@link unifyChunks} for inputs aligned at the last axis, as broadcasting does; axes are named by their place from the end. */
export function unifyBroadcast(operation: string, chunks: readonly Chunks[]): UnifiedChunks & { readonly chunks: Chunks } {
  const found = unifyChunks(operation, chunks.map((one) => ({ chunks: one, axes: one.map((_, axis) => axis - one.length) })));
  const ndim = chunks.reduce((most, one) => Math.max(most, one.length), 0);
  return { ...found, chunks: Array.from({ length: ndim }, (_, axis) => found.byAxis.get(axis - ndim)!) };
}

/** The chunks of an array broadcast to a shape: new and stretched axes are one chunk each. @see dask.array.broadcast_to */
export function broadcastChunks(chunks: Chunks, shape: Shape, to: Shape): Chunks {
  const lead = to.length - shape.length;
  return to.map((length, axis) => (axis < lead || (shape[axis - lead] === 1 && length !== 1) ? [length] : chunks[axis - lead]));
}

/** Unknown lengths can stay only as they are. */
function fitUnknown(operation: string, axis: readonly number[], cut: readonly number[]): readonly number[] {
  if (sameAxisChunks(axis, cut)) return axis;
  if (hasUnknown(axis) || hasUnknown(cut)) throw unknownLengths(operation, [axis, cut]);
  return cut;
}

function unknownLengths(operation: string, cuts: readonly (readonly number[])[]): ChunkError {
  return new ChunkError(`${operation}: chunks ${list(cuts)} cannot be brought together while lengths are unknown`, {
    code: "ERR_CHUNK_UNKNOWN", received: cuts, hint: "compute them first, with computeChunkSizes()",
  });
}

function distinctCuts(cuts: readonly (readonly number[])[]): (readonly number[])[] {
  const result: (readonly number[])[] = [];
  for (const cut of cuts) if (!result.some((one) => sameAxisChunks(one, cut))) result.push(cut);
  return result;
}

/** Every border of both. */
function refine(a: readonly number[], b: readonly number[]): number[] {
  const result: number[] = [];
  let [i, j] = [0, 0];
  let [restA, restB] = [a[0], b[0]];
  while (i < a.length && j < b.length) {
    const length = Math.min(restA, restB);
    if (length > 0) result.push(length);
    restA -= length;
    restB -= length;
    if (restA === 0) restA = a[++i];
    if (restB === 0) restB = b[++j];
  }
  return result.length > 0 ? result : [0];
}

const isOne = (axis: readonly number[]): boolean => axis.length === 1 && axis[0] === 1;
const sumsDiffer = (cuts: readonly (readonly number[])[]): boolean => {
  const sums = cuts.map(totalLength).filter((total) => !Number.isNaN(total));
  return sums.some((total) => total !== sums[0]);
};
const list = (cuts: readonly (readonly number[])[]): string => cuts.map((cut) => formatAxisChunks(cut)).join(" and ");
