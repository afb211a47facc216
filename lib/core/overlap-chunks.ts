// Chunks for functions over windows: long enough for a halo, or multiples of a factor.
import { ChunkError } from "../errors/index.js";
import { formatAxisChunks, totalLength } from "./chunks.js";

/**
 * Chunks that are all at least `least` long: a shorter one is joined to the one before it or takes elements from it.
 *
 * @throws {ChunkError} `ERR_CHUNK` when the whole axis is shorter.
 * @see dask.array.overlap.ensure_minimum_chunksize
 */
export function ensureMinimumChunks(operation: string, axis: readonly number[], least: number): readonly number[] {
  if (axis.every((length) => length >= least)) return axis;
  const result: number[] = [];
  let open = 0;
  for (const length of axis) {
    if (length >= least) {
      if (open >= least) {
        result.push(open);
        open = 0;
      }
      open += length;
      continue;
    }
    const missing = least - length;
    if (open > least + missing) {
      result.push(open - missing);
      open = least;
    } else {
      open += length;
    }
    if (open >= least) {
      result.push(open);
      open = 0;
    }
  }
  if (open >= least) return [...result, open];
  if (result.length === 0) {
    const total = totalLength(axis);
    throw new ChunkError(
      `${operation}: expected an axis of at least ${least} elements for a depth of ${least}, got ${total} (chunks ${formatAxisChunks(axis)})`,
      { received: axis },
    );
  }
  result[result.length - 1] += open;
  return result;
}

/**
 * Chunks that are multiples of `factor`, what is over in a last one. What is cut off goes, a factor at a time, to the shortest of the
 * chunks that were no multiple, then to the shortest of the others.
 *
 * @see dask.array.routines.aligned_coarsen_chunks
 */
export function alignedChunks(axis: readonly number[], factor: number): number[] {
  const whole = axis.map((length) => length - (length % factor));
  const over = axis.reduce((sum, length) => sum + (length % factor), 0);
  const byLength = (a: number, b: number): number => whole[a] - whole[b];
  const places = axis.map((_, i) => i);
  const order = [
    ...places.filter((i) => whole[i] !== axis[i]).sort(byLength),
    ...places.filter((i) => whole[i] === axis[i]).sort(byLength),
  ];
  for (let k = 0; k < Math.floor(over / factor); k++) whole[order[k]] += factor;
  return [...whole, over % factor].filter((length) => length > 0);
}
