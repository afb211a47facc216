import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { OptionError, UnsupportedError } from "../../errors/index.js";
import { escapeHtml } from "../html.js";
import { colorsOf, type GraphColor } from "./colors.js";
import { counted } from "./counted.js";
import { graphPage } from "./graph-page.js";
import { graphSvg } from "./graph-svg.js";
import { type CytoscapeElements, cytoscapeElements, dot } from "./graph-text.js";
import type { Layout } from "./layout.js";
import type { GraphSource, Picture } from "./picture.js";
import { pngOf } from "./png.js";

/** The forms in which a graph can be written. */
export type GraphFormat = "svg" | "png" | "html" | "dot" | "json";
export const GRAPH_FORMATS: readonly GraphFormat[] = ["svg", "png", "html", "dot", "json"];

/** The engine whose pictures are followed: a drawing, or a page to move about in. Neither has to be installed. */
export type GraphEngine = "graphviz" | "cytoscape";
export const GRAPH_ENGINES: readonly GraphEngine[] = ["graphviz", "cytoscape"];

/** Tasks that DOT and JSON may have: their text takes some hundred bytes each. */
const MOST_TASKS = 100_000;

/**
 * A graph as a picture, a page, or text.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const picture = await nd.ones(10, { chunks: 5 }).sum().visualize();
 * console.log(picture.svg.includes("sum-aggregate"), picture.isSummary); // true false
 * ```
 * @see dask.array.Array.visualize
 */
export class Visualization {
  /** The picture as an SVG document that stands on its own. */
  readonly svg: string;
  /** Whether the graph had too many tasks, so that a box stands for a whole operation. */
  readonly isSummary: boolean;
  readonly #picture: Picture;
  readonly #source: GraphSource;
  readonly #color: GraphColor | undefined;
  readonly #shown: "svg" | "html";

  /** @internal */
  constructor(source: GraphSource, picture: Picture, layout: Layout, options: { isSummary: boolean; color: GraphColor | undefined; shown: "svg" | "html" }) {
    this.#source = source;
    this.#picture = picture;
    this.#color = options.color;
    this.#shown = options.shown;
    this.isSummary = options.isSummary;
    this.svg = graphSvg(picture, layout, colorsOf(picture, options.color));
  }

  /** The picture as a page that needs no network: it pans, zooms, searches, and tells what a node reads. */
  get html(): string {
    return graphPage(this.#picture, this.svg);
  }

  /**
   * Every task and block in Graphviz' language, however large the picture.
   *
   * @throws {UnsupportedError} for more than 100,000 tasks.
   */
  async toDOT(): Promise<string> {
    const picture = await this.#everyTask();
    return dot(picture, colorsOf(picture, this.#color));
  }

  /**
   * Every task and block as elements for Cytoscape.
   *
   * @throws {UnsupportedError} for more than 100,000 tasks.
   */
  async toCytoscape(): Promise<CytoscapeElements> {
    const picture = await this.#everyTask();
    return cytoscapeElements(picture, colorsOf(picture, this.#color));
  }

  /**
   * The picture in pixels, `scale` for each of the SVG's.
   *
   * @throws {UnsupportedError} when the optional package @napi-rs/canvas is not installed, or the picture has more than 32,767 pixels a side.
   */
  async toPNG({ scale = 1 }: { scale?: number } = {}): Promise<Uint8Array> {
    if (!(scale > 0 && Number.isFinite(scale))) {
      throw new OptionError(`toPNG: expected a scale above 0, got ${scale}`, { option: "scale", received: scale });
    }
    return pngOf(this.svg, scale);
  }

  /**
   * Writes the picture to a file, in the form that its name ends in: svg, png, html, dot, or json (for Cytoscape).
   *
   * @throws {OptionError} when the name ends in none of them.
   */
  async save(path: string): Promise<void> {
    const format = formatOf(path);
    if (format === undefined) {
      throw new OptionError(`save: expected a name that ends in ${GRAPH_FORMATS.map((f) => `.${f}`).join(", ")}, got ${JSON.stringify(path)}`, { option: "path", received: path });
    }
    await writeFile(path, await this.#as(format));
  }

  async #as(format: GraphFormat): Promise<string | Uint8Array> {
    switch (format) {
      case "svg": return `${this.svg}\n`;
      case "html": return this.html;
      case "png": return this.toPNG();
      case "dot": return this.toDOT();
      case "json": return JSON.stringify(await this.toCytoscape());
    }
  }

  #everyTask(): Picture | Promise<Picture> {
    if (!this.isSummary) return this.#picture;
    if (this.#source.tasks > MOST_TASKS) {
      throw new UnsupportedError(`visualize: expected at most ${counted(MOST_TASKS, "task")} to list, got ${counted(this.#source.tasks, "task")}`, {
        hint: "larger chunks draw the same graph with fewer tasks; the picture itself is a summary",
      });
    }
    return this.#source.full();
  }

  toString(): string {
    return `Visualization<${this.#picture.title}>`;
  }

  /** What notebooks show. @internal */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    if (this.#shown === "svg") return { "image/svg+xml": this.svg, "text/plain": String(this) };
    const frame = `<iframe title="${escapeHtml(this.#picture.title)}" style="width:100%;height:32em;border:0" sandbox="allow-scripts" srcdoc="${escapeHtml(this.html)}"></iframe>`;
    return { "text/html": frame, "text/plain": String(this) };
  }
}

/** The form that a file's name ends in. */
export const formatOf = (path: string): GraphFormat | undefined => GRAPH_FORMATS.find((format) => extname(path).toLowerCase() === `.${format}`);
