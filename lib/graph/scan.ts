
import { GraphNode, gridLayer, indexOf, type Layer, ordinalOf, type TaskRef } from "./graph-node.js";

const along = (index: readonly number[], axis: number, at: number): number[] => index.map((i, a) => (a === axis ? at : i));

/**
 * Dask's running sum, block after block: a layer that scans each block, and one with a task for each block and one for what all before it
 * add up to.
 */
export function sequentialScan(label: string, input: GraphNode, axis: number, token: unknown): GraphNode {
  const grid = input.numblocks;
  const blocks = grid.reduce((a, b) => a * b, 1);
  const own = gridLayer(label, grid, (index) => [input.block(index)]);
  const ownTask = (index: readonly number[]): TaskRef => ({ layer: own, ordinal: ordinalOf(index, grid) });
  const layer: Layer = {
    label,
    count: 2 * blocks,
    index: (ordinal) => indexOf(ordinal % blocks, grid),
    reads(ordinal) {
      const index = indexOf(ordinal % blocks, grid);
      const at = index[axis]!;
      if (ordinal < blocks) return at === 0 ? [ownTask(index)] : [{ layer, ordinal: ordinal + blocks }, ownTask(index)];
      if (at === 0) return [];
      const before = along(index, axis, at - 1);
      return [{ layer, ordinal: blocks + ordinalOf(before, grid) }, ownTask(before)];
    },
  };
  return new GraphNode({ label, chunks: input.chunks, inputs: [input], token: ["sequential", axis, token], layers: [own, layer] });
}

/**
 * Blelloch's scan: a layer that folds each block, and one that combines those folds by an up-sweep and a down-sweep along the axis and then
 * scans each block with what came before it.
 *
 * @see "Prefix sums and their applications", Guy Blelloch, 1990
 */
export function blellochScan(label: string, foldLabel: string, input: GraphNode, axis: number, token: unknown): GraphNode {
  const grid = input.numblocks;
  const blocks = grid.reduce((a, b) => a * b, 1);
  const folds = gridLayer(foldLabel, grid, (index) => [input.block(index)]);
  const { before, combines } = sweeps(grid[axis]! - 1);
  const across = grid.map((n, a) => (a === axis ? 1 : n));
  const lines = across.reduce((a, b) => a * b, 1);
  const layer: Layer = {
    label,
    count: blocks + combines.length * lines,
    index: (ordinal) => (ordinal < blocks ? indexOf(ordinal, grid) : along(indexOf((ordinal - blocks) % lines, across), axis, combines[Math.floor((ordinal - blocks) / lines)]!.at)),
    reads(ordinal) {
      if (ordinal < blocks) {
        const index = indexOf(ordinal, grid);
        return index[axis] === 0 ? [input.block(index)] : [value(before[index[axis]! - 1]!, index), input.block(index)];
      }
      const line = indexOf((ordinal - blocks) % lines, across);
      const { left, right } = combines[Math.floor((ordinal - blocks) / lines)]!;
      return [value(left, line), value(right, line)];
    },
  };
  const value = (v: Value, index: readonly number[]): TaskRef =>
    v.combine === undefined
      ? { layer: folds, ordinal: ordinalOf(along(index, axis, v.block), grid) }
      : { layer, ordinal: blocks + v.combine * lines + ordinalOf(along(index, axis, 0), across) };
  const layers = grid[axis]! < 2 ? [layer] : [folds, layer];
  return new GraphNode({ label, chunks: input.chunks, inputs: [input], token: ["blelloch", axis, token], layers });
}

/** A partial result: the fold of a block, or the outcome of a combination. */
interface Value {
  readonly block: number;
  readonly combine?: number;
}
interface Combine {
  readonly at: number;
  readonly left: Value;
  readonly right: Value;
}

/** The combinations of n folds, and the value that holds the first i + 1 of them together. */
function sweeps(n: number): { before: Value[]; combines: Combine[] } {
  const values: Value[] = Array.from({ length: Math.max(0, n) }, (_, block) => ({ block }));
  const combines: Combine[] = [];
  const combine = (i: number, stride: number): void => {
    combines.push({ at: i, left: values[i - stride]!, right: values[i]! });
    values[i] = { block: i, combine: combines.length - 1 };
  };
  if (n < 2) return { before: values, combines };
  for (let stride = 1; 2 * stride <= n; stride *= 2) for (let i = 2 * stride - 1; i < n; i += 2 * stride) combine(i, stride);
  let wide = 2;
  while (wide < Math.floor(n / 2)) wide *= 2;
  for (let stride = wide / 2; stride >= 1; stride /= 2) for (let i = 3 * stride - 1; i < n; i += 2 * stride) combine(i, stride);
  return { before: values, combines };
}
