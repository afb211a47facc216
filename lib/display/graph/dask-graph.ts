import { type GraphNode, type Layer, layersOf, nameOfLayer, reachable, type TaskRef } from "../../graph/graph-node.js";
import { counted } from "./counted.js";
import { depthFirst } from "./order.js";
import type { GraphSource, Picture, PictureEdge, PictureNode } from "./picture.js";
import { edgesBetween, runsOf, shortened } from "./runs.js";
import { inSlices } from "./slices.js";

/** The graph that Dask would make of some arrays: nothing of it runs. */
export function daskGraph(roots: readonly GraphNode[]): GraphSource {
  const layers = layersOf(roots);
  const tasks = layers.reduce((n, layer) => n + layer.count, 0);
  const title = `${counted(tasks, "task")} in ${counted(layers.length, "layer")}`;
  return { tasks, full: () => everyTask(layers, tasks, title), summary: () => operations(roots, title) };
}

/** A circle for each task with its layer's label, a box for each block with its index, an edge for whatever is read. */
async function everyTask(layers: readonly Layer[], tasks: number, title: string): Promise<Picture> {
  // Equal arrays made twice have layers of one name, of which one is in the list.
  const firstOf = new Map<string, number>();
  const layerOf: number[] = [];
  layers.forEach((layer, i) => {
    firstOf.set(nameOfLayer(layer), layerOf.length);
    for (let k = 0; k < layer.count; k++) layerOf.push(i);
  });
  const first = layers.map((layer) => firstOf.get(nameOfLayer(layer))!);
  const place = ({ layer, ordinal }: TaskRef): number => firstOf.get(nameOfLayer(layer))! + ordinal;
  const reads: number[][] = [];
  await inSlices(tasks, (task) => {
    const layer = layerOf[task]!;
    reads.push([...new Set(layers[layer]!.reads(task - first[layer]!).map(place))]);
  });
  const { order, held } = depthFirst(reads);
  const nodes: PictureNode[] = [];
  const edges: PictureEdge[] = [];
  await inSlices(tasks, (task) => {
    const group = layerOf[task]!;
    const layer = layers[group]!;
    const index = layer.index(task - first[group]!);
    const key = `(${[nameOfLayer(layer), ...index].join(", ")})`;
    const common = { group, order: order[task]!, memory: held[task]! };
    nodes.push({ kind: "task", label: layer.label, title: `task ${order[task]} makes ${key}`, ...common });
    nodes.push({ kind: "data", label: index.length === 1 ? String(index[0]) : `(${index.join(", ")})`, title: key, ...common });
    for (const read of reads[task]!) edges.push({ from: 2 * read + 1, to: 2 * task });
    edges.push({ from: 2 * task, to: 2 * task + 1 });
  });
  return { nodes, edges, title };
}

/** A box for each array that is made on the way, with its layers and how many tasks each has. */
function operations(roots: readonly GraphNode[], title: string): Picture {
  const arrays = reachable(roots);
  const place = new Map(arrays.map((array, i) => [array.name, i]));
  const linked = arrays.map((array) => ({ inputs: [...new Set(array.inputs.map((x) => place.get(x.name)!))] }));
  const runs = runsOf(linked);
  const nodes = runs.map((run, order): PictureNode => {
    const layers = run.flatMap((i) => arrays[i]!.layers);
    const last = arrays[run[run.length - 1]!]!;
    return {
      kind: "operation",
      label: shortened(layers.map((layer) => `${layer.label}: ${counted(layer.count, "task")}`)),
      title: `${last.name}\nblocks: (${last.numblocks.join(", ")})`,
      group: order,
      order,
      memory: Math.max(0, ...layers.map((layer) => layer.count)),
    };
  });
  return { nodes, edges: edgesBetween(runs, linked), title: `${title}; a box is an operation${runs.length < arrays.length ? ", or a run of them" : ""}` };
}
