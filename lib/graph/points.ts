import { chunkBounds, type Chunks } from "../core/chunks.js";
import { GraphNode, indexOf, type Layer, ordinalOf } from "./graph-node.js";
import { chunkAt } from "./take.js";

/**
 * Points picked by an index for each of some axes: Dask's `vindex-merge` layer. The points are the first axis of the result, `sizes` at a
 * time; each block joins pieces, one for every input block that it takes from.
 *
 * @param indices for each of `axes` the position of every point
 */
export function points(
  input: GraphNode, axes: readonly number[], indices: readonly ArrayLike<number>[], sizes: readonly number[], token: unknown,
): GraphNode {
  const others = input.chunks.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const chunks: Chunks = [sizes, ...others.map((axis) => input.chunks[axis]!)];
  const layer = pointsLayer(input, axes, others, indices, sizes);
  return new GraphNode({ label: "vindex-merge", chunks, inputs: [input], token: ["vindex", axes, token], layers: [layer] });
}

function pointsLayer(
  input: GraphNode, axes: readonly number[], others: readonly number[], indices: readonly ArrayLike<number>[], sizes: readonly number[],
): Layer {
  const otherGrid = others.map((axis) => input.chunks[axis]!.length);
  const otherCount = otherGrid.reduce((a, b) => a * b, 1);
  const total = sizes.reduce((a, b) => a + b, 0);
  const merges = total === 0 ? otherCount : sizes.length * otherCount;
  let known: number[][][] | undefined;
  // For each block of points, the input blocks (along the indexed axes) that it takes from.
  const sources = (): number[][][] => (known ??= sourcesOf(input, axes, indices, sizes));
  const starts = (): number[] => sources().reduce<number[]>((list, blocks) => [...list, list[list.length - 1]! + blocks.length], [0]);
  const layer: Layer = {
    label: "vindex-merge",
    get count() {
      return merges + starts().at(-1)! * otherCount;
    },
    index: (ordinal) => (ordinal < merges ? indexOf(ordinal, [sizes.length, ...otherGrid]) : [ordinal - merges]),
    reads(ordinal) {
      const begin = starts();
      if (ordinal < merges) {
        const [block, ...other] = indexOf(ordinal, [sizes.length, ...otherGrid]);
        const first = merges + begin[block!]! * otherCount + ordinalOf(other, otherGrid);
        return sources()[block!]!.map((_, i) => ({ layer, ordinal: first + i * otherCount }));
      }
      const piece = Math.floor((ordinal - merges) / otherCount);
      const other = indexOf((ordinal - merges) % otherCount, otherGrid);
      const block = begin.findIndex((_, i) => piece < begin[i + 1]!);
      const from = sources()[block]![piece - begin[block]!]!;
      const place = input.chunks.map((_, axis) => (axes.includes(axis) ? from[axes.indexOf(axis)]! : other[others.indexOf(axis)]!));
      return [input.block(place)];
    },
  };
  return layer;
}

function sourcesOf(
  input: GraphNode, axes: readonly number[], indices: readonly ArrayLike<number>[], sizes: readonly number[],
): number[][][] {
  const bounds = axes.map((axis) => chunkBounds(input.chunks[axis]!));
  const grid = axes.map((axis) => input.chunks[axis]!.length);
  let start = 0;
  return sizes.map((size) => {
    const found = new Set<number>();
    for (let i = start; i < start + size; i++) found.add(ordinalOf(bounds.map((b, k) => chunkAt(b, indices[k]![i]!)), grid));
    start += size;
    return [...found].sort((a, b) => a - b).map((ordinal) => indexOf(ordinal, grid));
  });
}
