// How an index cuts the chunks of an axis, Dask's way.
import { chunkBounds, type Chunks, hasUnknown, totalLength } from "./chunks.js";
import type { IndexTerm } from "./index-terms.js";

/** The parts of blocks that a slice takes, in the order of the result: `counts[k]` elements of block `blocks[k]` from `starts[k]`, `step` apart. */
export interface SlicedAxis {
  readonly blocks: readonly number[];
  readonly starts: readonly number[];
  /** The chunks of the result. One may be 0: Dask keeps a block that the slice passes through without an element. */
  readonly counts: readonly number[];
  readonly step: number;
}

/** Cuts an axis by a slice with the given ends (as {@link IndexTerm} has them). @see dask.array.slicing._slice_1d */
export function sliceAxis(axis: readonly number[], start: number, stop: number, step: number): SlicedAxis {
  if (hasUnknown(axis)) return { blocks: axis.map((_, i) => i), starts: axis.map(() => 0), counts: axis, step };
  const found = step > 0 ? forwards(axis, start, stop, step) : backwards(axis, start, stop, step);
  return found.blocks.length > 0 ? found : { blocks: [0], starts: [0], counts: [0], step };
}

function forwards(axis: readonly number[], start: number, stop: number, step: number): SlicedAxis {
  const blocks: number[] = [], starts: number[] = [], counts: number[] = [];
  // Both ends as seen from the block at hand.
  let from = start;
  let to = stop;
  for (let block = 0; block < axis.length && to > 0; block++) {
    const length = axis[block];
    if (from < length) {
      blocks.push(block);
      starts.push(from);
      counts.push(Math.max(0, Math.ceil((Math.min(to, length) - from) / step)));
      const over = (length - from) % step;
      from = over === 0 ? 0 : step - over;
    } else {
      from -= length;
    }
    to -= length;
  }
  return { blocks, starts, counts, step };
}

function backwards(axis: readonly number[], start: number, stop: number, step: number): SlicedAxis {
  const blocks: number[] = [], starts: number[] = [], counts: number[] = [];
  const bounds = chunkBounds(axis);
  let next = start;
  for (let block = axis.length - 1; block >= 0 && next > stop; block--) {
    if (next < bounds[block] || next >= bounds[block + 1]) continue;
    const lowest = Math.max(bounds[block], stop + 1);
    const count = Math.floor((next - lowest) / -step) + 1;
    blocks.push(block);
    starts.push(next - bounds[block]);
    counts.push(count);
    next += count * step;
  }
  return { blocks, starts, counts, step };
}

/**
 * The chunks of an axis indexed by a list: about as long as the axis' own on average, whatever the list holds; its own when
 * the list is the whole axis in order.
 *
 * @see dask.array.slicing.take
 */
export function takeChunks(axis: readonly number[], values: ArrayLike<number>): readonly number[] {
  if (values.length === 0) return [0];
  const length = totalLength(axis);
  if (isWhole(values, length)) return axis;
  const group = Math.max(1, Math.trunc(length / axis.length));
  const sizes = Array.from({ length: Math.ceil(values.length / group) }, (_, i) => Math.min(group, values.length - i * group));
  return packGroups(axis, sizes);
}

/** The lengths of chunks that hold groups of these sizes, in order, about as long as the axis' own on average; a group is never cut. */
export function packGroups(axis: readonly number[], sizes: readonly number[]): number[] {
  const most = Math.trunc((totalLength(axis) / axis.length) * 1.25);
  const result: number[] = [];
  let current = 0;
  for (const size of sizes) {
    if (current > 0 && current + size > most) {
      result.push(current);
      current = size;
      continue;
    }
    current += size;
    if (current > most / 1.25) {
      result.push(current);
      current = 0;
    }
  }
  if (current > 0) result.push(current);
  return result;
}

/** Tells whether a list of indices is 0, 1, …, length − 1. */
export function isWhole(values: ArrayLike<number>, length: number): boolean {
  if (values.length !== length) return false;
  for (let i = 0; i < length; i++) if (values[i] !== i) return false;
  return true;
}

/** Unknown lengths, one for each block that a mask covers. */
function maskedChunks(chunks: Chunks, axis: number, axes: number): number[] {
  return new Array<number>(chunks.slice(axis, axis + axes).reduce((n, own) => n * own.length, 1)).fill(NaN);
}

/** The chunks of an array indexed by terms that hold at most one list; several are broadcast by the caller, who knows where they go. */
export function indexedChunks(chunks: Chunks, terms: readonly IndexTerm[]): (readonly number[])[] {
  return terms.flatMap((term) => {
    switch (term.kind) {
      case "integer": return [];
      case "new": return [[1]];
      case "slice": return [sliceAxis(chunks[term.axis], term.start, term.stop, term.step).counts];
      case "list": return term.shape.length === 1 ? [takeChunks(chunks[term.axis], term.values)] : term.shape.map((n) => [n]);
      case "mask": return [[term.values.reduce((n, v) => n + v, 0)]];
      case "lazy": return term.value.dtype === "bool" ? [maskedChunks(chunks, term.axis, term.value.shape.length)] : term.value.chunks;
    }
  });
}
