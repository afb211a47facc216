import { GraphNode, indexOf, type Layer, layersOf, nameOfLayer, type TaskRef } from "./graph-node.js";

/**
 * Dask's `setitem`: a task for each block, which reads the block and the part of the value that goes into it. The tasks that cut the value
 * stand in the same layer, and so do those of the value itself.
 *
 * @param parts for a block of the input, by its place in C order, the part of the value that it takes; asked when the layer is looked at
 */
export function setitem(input: GraphNode, parts: () => ReadonlyMap<number, GraphNode>, token: unknown): GraphNode {
  const grid = input.numblocks;
  const blocks = grid.reduce((a, b) => a * b, 1);
  let known: Inner | undefined;
  const inner = (): Inner => (known ??= collect(parts(), blocks));
  const layer: Layer = {
    label: "setitem",
    get count() {
      return inner().end;
    },
    index: (ordinal) => (ordinal < blocks ? indexOf(ordinal, grid) : (inner().find(ordinal)?.index ?? [])),
    reads(ordinal) {
      const { parts: found, joins, find, place } = inner();
      const own = (ref: TaskRef): TaskRef => ({ layer, ordinal: place(ref) });
      if (ordinal < blocks) {
        const part = found.get(ordinal);
        const block = input.block(indexOf(ordinal, grid));
        if (part === undefined) return [block];
        const join = joins.get(part.name);
        return [block, join === undefined ? own(part.block(part.numblocks.map(() => 0))) : { layer, ordinal: join }];
      }
      const task = find(ordinal);
      if (task) return task.layer.reads(task.ordinal).map(own);
      const joined = [...found.values()].find((part) => joins.get(part.name) === ordinal)!;
      return Array.from({ length: blocksOf(joined) }, (_, i) => own(joined.block(indexOf(i, joined.numblocks))));
    },
  };
  return new GraphNode({ label: "setitem", chunks: input.chunks, inputs: [input], token: ["setitem", token], layers: [layer] });
}

/** The value's tasks, numbered after the blocks. */
interface Inner {
  readonly parts: ReadonlyMap<number, GraphNode>;
  /** The task that joins a part of several blocks, by the part's name. */
  readonly joins: ReadonlyMap<string, number>;
  readonly end: number;
  find(ordinal: number): { layer: Layer; ordinal: number; index: readonly number[] } | undefined;
  place(ref: TaskRef): number;
}

function collect(parts: ReadonlyMap<number, GraphNode>, blocks: number): Inner {
  const nodes = [...new Map([...parts.values()].map((part) => [part.name, part])).values()];
  const layers = layersOf(nodes);
  const starts = new Map<string, number>();
  let end = blocks;
  for (const layer of layers) {
    starts.set(nameOfLayer(layer), end);
    end += layer.count;
  }
  const tasksEnd = end;
  const joins = new Map<string, number>();
  for (const node of nodes) if (blocksOf(node) > 1) joins.set(node.name, end++);
  return {
    parts, joins, end,
    place: ({ layer, ordinal }) => starts.get(nameOfLayer(layer))! + ordinal,
    find(ordinal) {
      if (ordinal >= tasksEnd) return undefined;
      const layer = layers.findLast((one) => starts.get(nameOfLayer(one))! <= ordinal)!;
      const own = ordinal - starts.get(nameOfLayer(layer))!;
      return { layer, ordinal: own, index: layer.index(own) };
    },
  };
}

const blocksOf = (node: GraphNode): number => node.numblocks.reduce((a, b) => a * b, 1);
