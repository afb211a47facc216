import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Picture, PictureNode } from "./picture.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place {
  /** The middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything of a picture stands, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Place[];
  /** The bends of each edge, its ends included. */
  readonly edges: readonly (readonly Point[])[];
}

export const LINE_HEIGHT = 15;
const CHARACTER = 7.25;
const MOST_CHARACTERS = 44;

/** A line of a label as it is drawn. */
export const clipped = (line: string): string => (line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line);

function sizeOf({ kind, label }: PictureNode): { width: number; height: number } {
  const lines = label.split("\n").map(clipped);
  const width = Math.max(...lines.map((line) => line.length)) * CHARACTER;
  const height = lines.length * LINE_HEIGHT;
  return kind === "task" ? { width: Math.max(36, width * 1.12 + 18), height: 36 } : { width: Math.max(26, width + 14), height: height + 11 };
}

// dagre's own way to rank, network simplex, takes ten times as long for a thousand tasks and hardly ever ranks them otherwise.
// As text, because a worker of its own file would need to be found and compiled both in the sources and when installed.
const WORKER = `
const { parentPort, workerData } = require("node:worker_threads");
const { Graph, layout } = require(workerData.dagre);
const graph = new Graph({ multigraph: true });
graph.setGraph({ rankdir: "BT", ranker: "tight-tree", nodesep: 14, ranksep: 26, edgesep: 8, marginx: 12, marginy: 12 });
const id = (i) => "n" + i;
workerData.sizes.forEach((size, i) => graph.setNode(id(i), { ...size }));
workerData.edges.forEach(({ from, to }, i) => graph.setEdge(id(from), id(to), {}, id(i)));
layout(graph);
parentPort.postMessage({
  width: graph.graph().width,
  height: graph.graph().height,
  nodes: workerData.sizes.map((_, i) => { const { x, y, width, height } = graph.node(id(i)); return { x, y, width, height }; }),
  edges: workerData.edges.map(({ from, to }, i) => graph.edge(id(from), id(to), id(i)).points),
});`;

/**
 * Places a picture's nodes in ranks, results on top, on a thread of its own: the event loop goes on meanwhile. Undefined when that takes
 * longer than `limitMs`.
 */
export function layOut({ nodes, edges }: Picture, limitMs = 20_000): Promise<Layout | undefined> {
  if (nodes.length === 0) return Promise.resolve({ width: 0, height: 0, nodes: [], edges: [] });
  const dagre = createRequire(import.meta.url).resolve("@dagrejs/dagre");
  // dagre recurses along chains.
  const worker = new Worker(WORKER, { eval: true, workerData: { dagre, sizes: nodes.map(sizeOf), edges }, resourceLimits: { stackSizeMb: 64 } });
  const { promise, resolve, reject } = withResolvers<Layout | undefined>();
  const timer = setTimeout(() => resolve(undefined), limitMs);
  worker.once("message", resolve).once("error", reject);
  return promise.then((layout) => layout && inReadingOrder(nodes, layout)).finally(() => {
    clearTimeout(timer);
    return worker.terminate();
  });
}

/** Mirrors a layout in which most neighbours of a layer stand the wrong way round: dagre takes either, block 0 should be on the left. */
function inReadingOrder(nodes: readonly PictureNode[], layout: Layout): Layout {
  const last = new Map<string, number>();
  let balance = 0;
  nodes.forEach(({ kind, group }, i) => {
    const key = `${kind} ${group}`;
    const before = last.get(key);
    if (before !== undefined) balance += Math.sign(layout.nodes[i]!.x - layout.nodes[before]!.x);
    last.set(key, i);
  });
  if (balance >= 0) return layout;
  const mirrored = <P extends Point>(p: P): P => ({ ...p, x: layout.width - p.x });
  return { ...layout, nodes: layout.nodes.map(mirrored), edges: layout.edges.map((points) => points.map(mirrored)) };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
