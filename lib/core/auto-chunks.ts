import { longest, uniformChunks } from "./chunks.js";
import { pow } from "./libm.js";
import type { Shape } from "./shape.js";

/** How one axis is cut, or that it is to be decided here. */
export type AutoDim = number | readonly number[] | "auto";

/** What automatic chunks aim at. */
export interface AutoTarget {
  /** Bytes of a block. */
  readonly limitBytes: number;
  readonly itemsize: number;
  /** How far an existing chunk may exceed the wanted length and still be kept. */
  readonly tolerance: number;
}

/**
 * Decides the "auto" axes so that a block takes about `limitBytes`; a decided axis is a chunk length or a list of them.
 *
 * With the chunks that the array has (`previous`), new borders keep to old ones where that is near enough. The arithmetic is Dask's in
 * every rounding, as users compare chunk lengths: 255 for a 1000³ array of float64, not 256.
 *
 * @see dask.array.core.auto_chunks
 */
export function autoChunks(
  dims: readonly AutoDim[], shape: Shape, target: AutoTarget, previous?: readonly (readonly number[])[],
): (number | readonly number[])[] {
  return previous === undefined ? fresh(dims, shape, target) : fromPrevious(dims, shape, target, previous);
}

/** An equal length for all axes; axes shorter than it are left whole and the others share what that leaves. */
function fresh(dims: readonly AutoDim[], shape: Shape, target: AutoTarget): (number | readonly number[])[] {
  const result = [...dims];
  for (;;) {
    const autos = autosOf(result);
    if (autos.length === 0) return result as (number | readonly number[])[];
    const length = pow(target.limitBytes / target.itemsize / largestBlock(result), 1 / autos.length);
    const short = autos.filter((axis) => shape[axis] < length);
    if (short.length === 0) {
      for (const axis of autos) result[axis] = roundTo(length, shape[axis]);
    } else {
      for (const axis of short) result[axis] = [shape[axis]];
    }
  }
}

function fromPrevious(
  dims: readonly AutoDim[], shape: Shape, target: AutoTarget, previous: readonly (readonly number[])[],
): (number | readonly number[])[] {
  const result = [...dims];
  const autos = new Set(autosOf(result));
  const counts = previous.map(countLengths);
  let block = largestBlock(result);

  const medians = new Map<number, number | readonly number[]>([...autos].map((axis) => [axis, medianOf(counts[axis])]));
  const multiplierNow = (): number => target.limitBytes / target.itemsize / block / productOf(medians.values());
  let multiplier = multiplierNow();
  const shrinking = multiplier < 1;
  // When blocks must shrink, each decision is a new median that the next round starts from.
  const decided = shrinking ? medians : new Map<number, number | readonly number[]>();
  const ideals = shape.map((length, axis) => usualLength(counts[axis], previous[axis].length) ?? length);

  for (let again = true; again;) {
    again = false;
    const share = 1 / autos.size;
    for (const axis of [...autos].sort((a, b) => a - b)) {
      const wanted = largest(medians.get(axis)!) * pow(multiplier, share);
      if (wanted > shape[axis]) {
        autos.delete(axis);
        medians.delete(axis);
        block *= shape[axis];
        decided.set(axis, [shape[axis]]);
        again = true;
      } else if (shrinking || longest(previous[axis]) > wanted * pow(target.tolerance, share)) {
        decided.set(axis, roundTo(wanted, ideals[axis]));
        if (wanted < 1) {
          autos.delete(axis);
          again = true;
        }
      } else {
        decided.set(axis, joinNeighbours(previous[axis], wanted));
      }
    }
    if (again || shrinking) {
      const before = multiplier;
      multiplier = multiplierNow();
      if (multiplier !== before) again = true;
    }
  }
  for (const [axis, value] of decided) result[axis] = value;
  return result as (number | readonly number[])[];
}

const autosOf = (dims: readonly AutoDim[]): number[] => dims.flatMap((dim, axis) => (dim === "auto" ? [axis] : []));

function largestBlock(dims: readonly AutoDim[]): number {
  return productOf(dims.filter((dim) => dim !== "auto") as (number | readonly number[])[], true);
}

function productOf(values: Iterable<number | readonly number[]>, zeros = false): number {
  let product = 1;
  for (const value of values) {
    const length = largest(value);
    if (length !== 0 || zeros) product *= length;
  }
  return product;
}

const largest = (value: number | readonly number[]): number => (typeof value === "number" ? value : longest(value));

/** At least 1; a length beyond `unit` becomes a multiple of it. */
function roundTo(length: number, unit: number): number {
  return length <= unit ? Math.max(1, Math.trunc(length)) : Math.floor(length / unit) * unit;
}

/** Joins chunks as long as they stay within `limit`; every border that is left was one before. */
function joinNeighbours(axis: readonly number[], limit: number): number[] {
  const result: number[] = [];
  let current = 0;
  for (const length of axis) {
    if (length + current <= limit) {
      current += length;
    } else {
      if (current > 0) result.push(current);
      current = length;
    }
  }
  if (current > 0) result.push(current);
  return result.length > 0 ? result : [0];
}

function countLengths(axis: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (let start = 0, end = 0; start < axis.length; start = end) {
    const length = axis[start];
    while (end < axis.length && axis[end] === length) end++;
    counts.set(length, (counts.get(length) ?? 0) + end - start);
  }
  return counts;
}

function medianOf(counts: ReadonlyMap<number, number>): number {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((n, [, count]) => n + count, 0);
  const at = (position: number): number => {
    let seen = 0;
    for (const [length, count] of sorted) if ((seen += count) > position) return length;
    return NaN;
  };
  return total % 2 === 1 ? at((total - 1) / 2) : (at(total / 2 - 1) + at(total / 2)) / 2;
}

/** The length that at least half of the chunks have, if it is more than 1. */
function usualLength(counts: ReadonlyMap<number, number>, chunks: number): number | undefined {
  let [usual, most] = [0, 0];
  for (const [length, count] of counts) if (count > most) [usual, most] = [length, count];
  return usual > 1 && most >= chunks / 2 ? usual : undefined;
}

/** The chunks of an axis for a decided dim. */
export const axisChunks = (dim: number | readonly number[], length: number): readonly number[] =>
  typeof dim === "number" ? uniformChunks(length, dim) : dim;
