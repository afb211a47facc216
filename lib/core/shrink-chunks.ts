import type { Chunks } from "./chunks.js";

/**
 * Cuts some axes finer until a block has no more than `most` elements, sharing the reduction among them; chunks a little over the limit
 * (`tolerance`) stay.
 *
 * @see dask.array._shuffle._calculate_new_chunksizes
 */
export function shrinkChunks(chunks: Chunks, axes: Iterable<number>, most: number, tolerance: number): Chunks {
  const limit = Math.max(1, most);
  const open = new Set(axes);
  let result = [...chunks];
  while (open.size > 0) {
    const excess = result.reduce((n, axis) => n * largest(axis), 1) / limit;
    if (excess <= 1) break;
    const share = open.size;
    for (const axis of [...open]) {
      const target = largest(result[axis]!) / excess ** (1 / share);
      const cut = chunks[axis]!.flatMap((length) => (length > tolerance * target ? evenly(length, Math.min(Math.ceil(length / target), length)) : [length]));
      const same = cut.length === result[axis]!.length && cut.every((length, i) => length === result[axis]![i]);
      if (same || largest(cut) === 1) open.delete(axis);
      result = result.map((old, i) => (i === axis ? cut : old));
    }
  }
  return result;
}

const largest = (axis: readonly number[]): number => axis.reduce((a, b) => Math.max(a, b), 0);

/** The first pieces are longer by one when it does not divide. */
function evenly(length: number, count: number): number[] {
  const each = Math.floor(length / count);
  return Array.from({ length: count }, (_, i) => each + (i < length - each * count ? 1 : 0));
}
