import type { Chunks } from "../core/chunks.js";
import { inputsFirst } from "../core/inputs-first.js";
import { tokenOf } from "../core/token.js";

/** One task of a layer, by its place in it. */
export interface TaskRef {
  readonly layer: Layer;
  readonly ordinal: number;
}

/** The tasks that Dask would make of one operation, or of one step of it. Nothing is enumerated until asked for. */
export interface Layer {
  /** Dask's key prefix: "ones_like", "sum-aggregate". */
  readonly label: string;
  /** How many keys it has. */
  readonly count: number;
  /** What a task reads. */
  reads(ordinal: number): readonly TaskRef[];
  /** A task's block index, as its key shows it. */
  index(ordinal: number): readonly number[];
}

export interface GraphNodeParts {
  /** The prefix of the array's own name; that of the last layer. */
  readonly label: string;
  readonly chunks: Chunks;
  readonly inputs: readonly GraphNode[];
  /** Whatever else makes this node different from another: the expression's token, parameters. */
  readonly token: unknown;
  /** The layers it adds, in order. The last one's first tasks are the array's blocks in C order. */
  readonly layers: readonly Layer[];
}

const layerNames = new WeakMap<Layer, string>();

/** A layer's name. Layers of one name are one layer, although equal arrays made twice have each their own object. */
export const nameOfLayer = (layer: Layer): string => layerNames.get(layer)!;

/** How an array looks as a graph of chunks, Dask's way: what its repr counts and `visualize` draws. It never runs. */
export class GraphNode {
  readonly label: string;
  readonly chunks: Chunks;
  readonly inputs: readonly GraphNode[];
  readonly layers: readonly Layer[];
  /** `label-token`: equal names are one layer. */
  readonly name: string;

  constructor(parts: GraphNodeParts) {
    this.label = parts.label;
    this.chunks = parts.chunks;
    this.inputs = parts.inputs;
    this.layers = parts.layers;
    const token = tokenOf([parts.token, parts.chunks, parts.inputs.map((x) => x.name)]);
    this.name = `${parts.label}-${token}`;
    parts.layers.forEach((layer, i) => layerNames.set(layer, i === parts.layers.length - 1 ? this.name : `${layer.label}-${token}-${i}`));
  }

  get numblocks(): readonly number[] {
    return this.chunks.map((axis) => axis.length);
  }
  /** The task that makes a block. */
  block(index: readonly number[]): TaskRef {
    return { layer: this.layers[this.layers.length - 1]!, ordinal: ordinalOf(index, this.numblocks) };
  }
}

/** C-order place of an index in a grid. */
export function ordinalOf(index: readonly number[], grid: readonly number[]): number {
  return index.reduce((n, i, axis) => n * grid[axis]! + i, 0);
}

/** The index at a C-order place of a grid. */
export function indexOf(ordinal: number, grid: readonly number[]): number[] {
  const index = new Array<number>(grid.length);
  for (let axis = grid.length - 1; axis >= 0; axis--) {
    index[axis] = ordinal % grid[axis]!;
    ordinal = Math.floor(ordinal / grid[axis]!);
  }
  return index;
}

/** A layer with one task for each index of a grid. */
export function gridLayer(label: string, grid: readonly number[], reads: (index: readonly number[]) => readonly TaskRef[]): Layer {
  return {
    label,
    count: grid.reduce((a, b) => a * b, 1),
    index: (ordinal) => indexOf(ordinal, grid),
    reads: (ordinal) => reads(indexOf(ordinal, grid)),
  };
}

/** The nodes reachable from some, inputs first, each name once. */
export const reachable = (roots: readonly GraphNode[]): GraphNode[] => inputsFirst(roots, (node) => node.name);

/** All layers of some arrays, sources first: what Dask counts as "graph layers". */
export const layersOf = (roots: readonly GraphNode[]): Layer[] => reachable(roots).flatMap((node) => node.layers);
