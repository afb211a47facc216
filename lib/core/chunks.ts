import type { Bytes } from "../config/index.js";
import type { Shape } from "./shape.js";

export type { Bytes };

/** How an array is cut: for each axis the lengths of its chunks, first to last. NaN is an unknown length. */
export type Chunks = readonly (readonly number[])[];

/** How one axis is cut: a chunk length; -1 or null for one chunk; "auto"; a size in bytes for a block; or every length. */
export type ChunkDim = number | null | "auto" | Bytes | (string & {}) | ArrayLike<number>;

/** How an array is to be cut: one rule for all axes, one for each, or rules for some axes by number. */
export type ChunksSpec = ChunkDim | readonly ChunkDim[] | { readonly [axis: number]: ChunkDim };

/** The shape of an array with these chunks. */
export function shapeOfChunks(chunks: Chunks): number[] {
  return chunks.map(totalLength);
}

/** The length of an axis; NaN when a chunk's is unknown. */
export function totalLength(axis: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < axis.length; i++) total += axis[i];
  return total;
}

/** Number of chunks along each axis. */
export const numBlocks = (chunks: Chunks): number[] => chunks.map((axis) => axis.length);

/** Number of blocks of the array; 1 for a 0-d array. */
export function countBlocks(chunks: Chunks): number {
  let count = 1;
  for (const axis of chunks) count *= axis.length;
  return count;
}

/** The largest chunk of each axis; NaN when one is unknown. */
export function chunkSize(chunks: Chunks): number[] {
  return chunks.map((axis) => (hasUnknown(axis) ? NaN : longest(axis)));
}

/** The largest chunk of an axis; 0 when there is none. */
export function longest(axis: readonly number[]): number {
  let most = 0;
  for (let i = 0; i < axis.length; i++) if (axis[i] > most) most = axis[i];
  return most;
}

/** Where each chunk of an axis starts, and the axis' end: one more entry than chunks. */
export function chunkBounds(axis: readonly number[]): number[] {
  const bounds = new Array<number>(axis.length + 1);
  let at = 0;
  for (let i = 0; i < axis.length; i++) {
    bounds[i] = at;
    at += axis[i];
  }
  bounds[axis.length] = at;
  return bounds;
}

/** Tells whether a chunk's length is unknown. */
export function hasUnknown(axis: readonly number[]): boolean {
  for (let i = 0; i < axis.length; i++) if (Number.isNaN(axis[i])) return true;
  return false;
}

/** Tells whether every chunk's length is known. */
export const areChunksKnown = (chunks: Chunks): boolean => !chunks.some(hasUnknown);

/** Tells whether two axes are cut alike; unknown lengths count as alike. */
export function sameAxisChunks(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return false;
  }
  return true;
}

/** Tells whether two arrays are cut alike; unknown lengths count as alike. */
export function sameChunks(a: Chunks, b: Chunks): boolean {
  return a === b || (a.length === b.length && a.every((axis, i) => sameAxisChunks(axis, b[i])));
}

/** One chunk for each axis of a shape. */
export const wholeChunks = (shape: Shape): Chunks => shape.map((length) => [length]);

/** Chunks of the given length and, when something is left, one more; a 0 for an empty axis. */
export function uniformChunks(length: number, chunk: number): number[] {
  if (length === 0) return [0];
  const full = Math.floor(length / chunk);
  const rest = length - full * chunk;
  const result = new Array<number>(full + (rest > 0 ? 1 : 0)).fill(chunk);
  if (rest > 0) result[full] = rest;
  return result;
}

/** Writes the chunks of one axis; long lists are shortened in the middle. */
export function formatAxisChunks(axis: readonly number[], longest = 12): string {
  const text = (list: readonly number[]): string => list.map((c) => (Number.isNaN(c) ? "nan" : String(c))).join(", ");
  if (axis.length === 1) return `(${text(axis)},)`;
  if (axis.length <= longest) return `(${text(axis)})`;
  const side = Math.floor(longest / 2) - 1;
  return `(${text(axis.slice(0, side))}, …, ${text(axis.slice(-side))})`;
}

/** Writes chunks as Dask does: `((3, 3, 1), (10,))`; long lists are shortened in the middle. */
export function formatChunks(chunks: Chunks, longest = 12): string {
  const axes = chunks.map((axis) => formatAxisChunks(axis, longest));
  return axes.length === 1 ? `(${axes[0]},)` : `(${axes.join(", ")})`;
}

