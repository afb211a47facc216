import type { Chunks } from "../core/chunks.js";
import { chunkBounds } from "../core/chunks.js";
import { GraphNode, indexOf, type Layer, ordinalOf, type TaskRef } from "./graph-node.js";

/** Slices and integers that are applied before the take, in the same layer, as Dask does. */
export interface TakeSource {
  readonly chunks: Chunks;
  /** The block of the input that a block of the sliced array is cut from; absent when nothing is sliced. */
  readonly cutFrom?: (index: readonly number[]) => TaskRef;
}

/** How one block along the axis is put together. */
interface Gathered {
  /** The input's chunks it takes from, in order. */
  readonly sources: readonly number[];
  /** For each of them, the positions inside the chunk (number of a list of positions: equal lists are one task). */
  readonly takers: readonly number[];
  /** Number of the list that puts the pieces in order; -1 when there is one piece only. */
  readonly sorter: number;
}

/**
 * Indexing one axis with a list: Dask's `getitem` layer of that case. A block of the result takes from one chunk directly, or joins
 * pieces of several; lists of positions and orders are tasks that hold data.
 *
 * @param sizes lengths of the result's chunks along the axis
 * @param newAxes positions of the result's new axes of length 1
 */
export function take(
  input: GraphNode, from: TakeSource, axis: number, index: ArrayLike<number>, sizes: readonly number[], newAxes: readonly number[],
  token: unknown, label = "getitem",
): GraphNode {
  const inner: Chunks = from.chunks.map((c, i) => (i === axis ? sizes : c));
  let next = 0;
  const chunks: Chunks = Array.from({ length: inner.length + newAxes.length }, (_, i) => (newAxes.includes(i) ? [1] : inner[next++]!));
  const layer = takeLayer(label, input, from, axis, index, sizes, newAxes);
  return new GraphNode({ label, chunks, inputs: [input], token: ["take", token], layers: [layer] });
}

/** The layer of {@link take}. Its tasks: the result's blocks, the cuts made before, pieces, lists of positions, orders. */
function takeLayer(
  label: string, input: GraphNode, from: TakeSource, axis: number, index: ArrayLike<number>, sizes: readonly number[], newAxes: readonly number[],
): Layer {
  const sourceGrid = from.chunks.map((c) => c.length);
  const grid = sourceGrid.map((n, i) => (i === axis ? sizes.length : n));
  const otherGrid = sourceGrid.filter((_, i) => i !== axis);
  const count = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);
  const [outputs, others] = [count(grid), count(otherGrid)];
  const cuts = from.cutFrom ? count(sourceGrid) : 0;

  let known: { gathered: Gathered[]; pieceStart: number[]; pieces: number; takers: number; sorters: number } | undefined;
  const plan = (): NonNullable<typeof known> => {
    if (known) return known;
    const { gathered, takers, sorters } = gather(from.chunks[axis]!, index, sizes);
    const pieceStart: number[] = [];
    let pieces = 0;
    for (const g of gathered) {
      pieceStart.push(pieces);
      if (g.sources.length > 1) pieces += g.sources.length * others;
    }
    // With new axes, each list of positions of a block that has one source is made anew, with the axes in it.
    const doubled = newAxes.length === 0 ? 0 : new Set(gathered.filter((g) => g.sources.length === 1).map((g) => g.takers[0])).size;
    return (known = { gathered, pieceStart, pieces, takers: takers + doubled, sorters });
  };
  const withNewAxes = (block: readonly number[]): number[] => {
    let next = 0;
    return Array.from({ length: block.length + newAxes.length }, (_, i) => (newAxes.includes(i) ? 0 : block[next++]!));
  };
  const sourceBlock = (other: readonly number[], chunk: number): TaskRef => {
    const block = [...other.slice(0, axis), chunk, ...other.slice(axis)];
    return from.cutFrom ? { layer, ordinal: outputs + ordinalOf(block, sourceGrid) } : input.block(block);
  };

  const layer: Layer = {
    label,
    get count() {
      const p = plan();
      return outputs + cuts + p.pieces + p.takers + p.sorters;
    },
    index(ordinal) {
      if (ordinal < outputs) return withNewAxes(indexOf(ordinal, grid));
      if (ordinal < outputs + cuts) return indexOf(ordinal - outputs, sourceGrid);
      return [ordinal - outputs - cuts];
    },
    reads(ordinal) {
      const { gathered, pieceStart, pieces, takers } = plan();
      const [pieceBase, takerBase] = [outputs + cuts, outputs + cuts + pieces];
      const taker = (k: number): TaskRef => ({ layer, ordinal: takerBase + k });
      if (ordinal < outputs) {
        const block = indexOf(ordinal, grid);
        const k = block[axis]!;
        const other = block.filter((_, i) => i !== axis);
        const g = gathered[k]!;
        if (g.sources.length === 1) return [sourceBlock(other, g.sources[0]!), taker(g.takers[0]!)];
        const first = pieceBase + pieceStart[k]! + ordinalOf(other, otherGrid) * g.sources.length;
        return [
          ...g.sources.map((_, j) => ({ layer, ordinal: first + j })),
          ...(g.sorter < 0 ? [] : [{ layer, ordinal: takerBase + takers + g.sorter }]),
        ];
      }
      if (ordinal < pieceBase) return [from.cutFrom!(indexOf(ordinal - outputs, sourceGrid))];
      if (ordinal >= takerBase) return [];
      const piece = ordinal - pieceBase;
      let k = pieceStart.findLastIndex((start) => start <= piece);
      while (gathered[k]!.sources.length < 2) k--;
      const g = gathered[k]!;
      const within = piece - pieceStart[k]!;
      const j = within % g.sources.length;
      return [sourceBlock(indexOf(Math.floor(within / g.sources.length), otherGrid), g.sources[j]!), taker(g.takers[j]!)];
    },
  };
  return layer;
}

function gather(
  axisChunks: readonly number[], index: ArrayLike<number>, sizes: readonly number[],
): { gathered: Gathered[]; takers: number; sorters: number } {
  const bounds = chunkBounds(axisChunks);
  const takers = new Map<string, number>();
  const sorters = new Map<string, number>();
  const number = (known: Map<string, number>, key: string): number => {
    let n = known.get(key);
    if (n === undefined) known.set(key, (n = known.size));
    return n;
  };
  let start = 0;
  const gathered = sizes.map((size): Gathered => {
    const wanted = Array.from({ length: size }, (_, i) => index[start + i]!);
    start += size;
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
    const chunkOf = order.map((i) => chunkAt(bounds, wanted[i]!));
    const sources = [...new Set(chunkOf)];
    if (sources.length <= 1) {
      const chunk = sources[0] ?? 0;
      return { sources: [chunk], takers: [number(takers, wanted.map((i) => i - bounds[chunk]!).join())], sorter: -1 };
    }
    const positions = sources.map((chunk) => order.filter((_, i) => chunkOf[i] === chunk).map((i) => wanted[i]! - bounds[chunk]!).join());
    return { sources, takers: positions.map((list) => number(takers, list)), sorter: number(sorters, order.join()) };
  });
  return { gathered, takers: takers.size, sorters: sorters.size };
}

/** The chunk that holds an element: the last that starts at or before it and is not empty. */
export function chunkAt(bounds: readonly number[], element: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle + 1]! <= element) low = middle + 1;
    else high = middle;
  }
  return low;
}
