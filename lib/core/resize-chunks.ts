// Other cuts of one axis: finer, coarser, even.
import { uniformChunks } from "./chunks.js";
import { MinHeap } from "./min-heap.js";

/** Cuts a length into pieces as even as can be, the shorter ones first. */
export function evenPieces(length: number, count: number): number[] {
  const short = Math.floor(length / count);
  const longer = length - short * count;
  return [...new Array<number>(count - longer).fill(short), ...new Array<number>(longer).fill(short + 1)];
}

/** Cuts each chunk into the fewest pieces not longer than `width`. */
export function divideToWidth(axis: readonly number[], width: number): number[] {
  const result: number[] = [];
  for (const length of axis) {
    const count = Math.ceil(length / width);
    if (count === 1) result.push(length);
    else if (count > 1) for (const piece of evenPieces(length, count)) result.push(piece);
  }
  return result;
}

/** Joins neighbours, the shortest pair first, until at most `count` chunks are left. */
export function mergeToNumber(axis: readonly number[], count: number): readonly number[] {
  if (axis.length <= count) return axis;
  return axis.every((length) => length === axis[0]) ? mergeEqual(axis[0], axis.length, count) : mergeShortest(axis, count);
}

function mergeEqual(length: number, chunks: number, count: number): number[] {
  const short = Math.floor(chunks / count);
  const longer = chunks - short * count;
  return [...new Array<number>(longer).fill((short + 1) * length), ...new Array<number>(count - longer).fill(short * length)];
}

function mergeShortest(axis: readonly number[], count: number): number[] {
  const lengths = Float64Array.from(axis);
  // Each chunk but the last has one pair in the heap, with the next chunk that is left; a pair is put right when it is met.
  const next = Int32Array.from(axis, (_, i) => i + 1);
  const gone = new Uint8Array(axis.length);
  const heap = new MinHeap(axis.length);
  for (let i = 0; i + 1 < axis.length; i++) heap.push(lengths[i] + lengths[i + 1], i);
  for (let merges = axis.length - count; merges > 0;) {
    const width = heap.key;
    const left = heap.pop();
    let right = next[left];
    while (gone[right]) right = next[right];
    next[left] = right;
    const sum = lengths[left] + lengths[right];
    if (sum !== width) {
      heap.push(sum, left);
      continue;
    }
    gone[left] = 1;
    lengths[right] = sum;
    merges--;
  }
  return [...lengths].filter((_, i) => !gone[i]);
}

/**
 * Chunks of nearly equal length, one fewer than there are when the shortest is at most half the longest.
 * Null when no length within half of the median gives that number.
 *
 * @see dask.array.rechunk, balance=True
 */
export function balanceChunks(axis: readonly number[]): number[] | null {
  let [shortest, longest, total] = [Infinity, 0, 0];
  for (const length of axis) {
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
    total += length;
  }
  const count = axis.length - (shortest <= longest / 2 ? 1 : 0);
  if (count < 1) return null;
  const median = Math.trunc(medianOf(axis));
  const half = Math.floor(median / 2);
  // With `count` chunks of length L the last is count·L − total shorter than the others: the least L is the most even.
  const length = Math.max(1, median - half, Math.ceil(total / count));
  if (length > median + half || Math.ceil(total / length) !== count) return null;
  return uniformChunks(total, length);
}

function medianOf(axis: readonly number[]): number {
  const sorted = Float64Array.from(axis).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
