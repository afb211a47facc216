import { checkOptions } from "../api/options.js";
import { type AnyArray, ChunkedArray } from "../array/chunked-array.js";
import { planFor } from "../array/explain.js";
import { nearest, OptionError, UnsupportedError } from "../errors/index.js";
import { GRAPH_COLORS, type GraphColor } from "./graph/colors.js";
import { daskGraph } from "./graph/dask-graph.js";
import { layOut } from "./graph/layout.js";
import type { GraphSource, Picture } from "./graph/picture.js";
import { planGraph } from "./graph/plan-graph.js";
import { formatOf, GRAPH_ENGINES, GRAPH_FORMATS, type GraphEngine, type GraphFormat, Visualization } from "./graph/visualization.js";

export interface VisualizeOptions {
  /** A drawing, or a page to move about in; neither engine has to be installed. "graphviz" when not given. */
  engine?: GraphEngine;
  /** What the file is written as, and for "html" what notebooks show. By default what the file's name ends in, or else "svg", and "html" for cytoscape. */
  format?: GraphFormat;
  /** A file to write; nothing is written without one. */
  filename?: string;
  /** What colours tell: when a task runs, what is held in memory then, or the layer it belongs to. No colours when not given. */
  color?: GraphColor;
  /** Draws what really runs, stages cut into cells, rather than the tasks that Dask would make. */
  optimizeGraph?: boolean;
}

const FORMAT_OF: Readonly<Record<GraphEngine, GraphFormat>> = { graphviz: "svg", cytoscape: "html" };
/** Nodes and edges that are laid out in a few seconds, and that a reader may still follow. */
const MOST_NODES = 2000;
const MOST_EDGES = 2500;

/**
 * Draws the graph of some arrays: a circle for each task, a box for each block, as Dask would make them, or with `optimizeGraph` as they
 * run. Above some 1,000 tasks the picture is a summary with a box for each operation. The layout has a thread of its own.
 *
 * @throws {OptionError} for an engine, format, colour or file name that there is not.
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` for `optimizeGraph` when sizes hang on a mask that has not been computed.
 * @throws {UnsupportedError} when even the summary is too large to lay out; and for PNG without the optional package that draws it.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([15, 15], { chunks: 5 });
 * const picture = await nd.visualize([x.add(x.transpose()).sum(), x.max()], { color: "layer" });
 * const { nodes } = await picture.toCytoscape();
 * console.log(nodes.length); // 110
 * ```
 * @see dask.visualize
 */
export async function visualize(arrays: readonly AnyArray[], options: VisualizeOptions = {}): Promise<Visualization> {
  checkOptions("visualize", options, ["engine", "format", "filename", "color", "optimizeGraph"]);
  if (!Array.isArray(arrays) || !arrays.every((x) => x instanceof ChunkedArray)) {
    throw new OptionError("visualize: expected a list of chunked arrays", { option: "arrays", received: arrays });
  }
  const engine = oneOf("engine", options.engine ?? "graphviz", GRAPH_ENGINES);
  const color = options.color === undefined ? undefined : oneOf("color", options.color, GRAPH_COLORS);
  const path = pathOf(options, engine);
  const shown = (options.format ?? FORMAT_OF[engine]) === "html" ? "html" : "svg";
  const source = options.optimizeGraph ? planGraph(planFor("visualize", arrays)) : daskGraph(arrays.map((x) => x.graph));
  const drawn = await draw(source, color, shown);
  if (path !== undefined) await drawn.save(path);
  return drawn;
}

/** Task by task when that can be laid out in time, or else in short. */
async function draw(source: GraphSource, color: GraphColor | undefined, shown: "svg" | "html"): Promise<Visualization> {
  const fits = ({ nodes, edges }: Picture): boolean => nodes.length <= MOST_NODES && edges.length <= MOST_EDGES;
  const full = source.tasks * 2 <= MOST_NODES ? await source.full() : undefined;
  const layout = full !== undefined && fits(full) ? await layOut(full) : undefined;
  if (full !== undefined && layout !== undefined) return new Visualization(source, full, layout, { isSummary: false, color, shown });
  const summary = source.summary();
  const shorter = fits(summary) ? await layOut(summary) : undefined;
  if (shorter === undefined) {
    throw new UnsupportedError(`visualize: expected a graph of at most ${MOST_NODES} operations, which can be laid out, got ${summary.nodes.length} with ${summary.edges.length} edges between them`, {
      hint: "draw a part of it: an array that it is made of",
    });
  }
  return new Visualization(source, summary, shorter, { isSummary: true, color, shown });
}

/** The file to write: its name ends in the format. */
function pathOf({ filename, format }: VisualizeOptions, engine: GraphEngine): string | undefined {
  if (format !== undefined) oneOf("format", format, GRAPH_FORMATS);
  if (filename === undefined) return undefined;
  if (typeof filename !== "string" || filename === "") {
    throw new OptionError(`visualize: expected the name of a file, got ${JSON.stringify(filename)}`, { option: "filename", received: filename });
  }
  const ending = formatOf(filename);
  if (ending === undefined) return `${filename}.${format ?? FORMAT_OF[engine]}`;
  if (format !== undefined && format !== ending) {
    throw new OptionError(`visualize: expected a file name that ends in .${format}, got ${JSON.stringify(filename)}`, { option: "filename", received: filename });
  }
  return filename;
}

function oneOf<const T extends string>(option: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) return value;
  const guess = nearest(String(value), known);
  throw new OptionError(`visualize: expected ${option} to be one of ${known.join(", ")}, got ${JSON.stringify(value)}`, {
    option, received: value, ...(guess === undefined ? {} : { hint: `Did you mean ${guess}?` }),
  });
}
