import { inspect } from "node:util";
import type { AnyArray } from "../array/chunked-array.js";
import { ChunkedArray } from "../array/chunked-array.js";
import { installMethods } from "../array/methods.js";
import { NDArray } from "../array/nd-array.js";
import { UnsupportedError } from "../errors/index.js";
import { chunkSvg } from "./chunk-svg.js";
import type { Visualization } from "./graph/visualization.js";
import { arrayHtml } from "./html.js";
import { elementsText } from "./nd-array-text.js";
import { arrayLine, arrayTable, arrayText } from "./text.js";
import { visualize, type VisualizeOptions } from "./visualize.js";

declare module "../array/chunked-array.js" {
  // The parameters must be named as the class has them.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ChunkedArray<D, S> {
    /** One line: what made the array, shape, dtype and the largest chunk. */
    toString(): string;
    /**
     * Dask's table of the array (bytes, shape, chunks and graph layers, dtype) with a picture of its chunks, as HTML. It takes the page's
     * colours, so dark pages are fine.
     *
     * @example
     * ```ts
     * import * as nd from "ndloom";
     * console.log(nd.ones(10, { chunks: 5 }).sum().toHTML().includes("1 chunks in 3 graph layers")); // true
     * ```
     * @see dask.array.Array._repr_html_
     */
    toHTML(): string;
    /** The table of {@link ChunkedArray.toHTML} as text, for terminals. */
    toTable(): string;
    /**
     * A picture of the chunks, as Dask draws it: `size` pixels for the longest axis (`array.svg.size` when not given).
     *
     * @throws {UnsupportedError} when the array has no axes, or one of no or of unknown length.
     * @see dask.array.Array.to_svg
     */
    toSVG(options?: { size?: number }): string;
    /**
     * Draws the graph that Dask would make of the array, or with `optimizeGraph` what really runs.
     *
     * @throws {OptionError} for an engine, format, colour or file name that there is not.
     * @throws {UnsupportedError} when even a summary is too large to lay out; and for PNG without the optional package that draws it.
     * @example
     * ```ts
     * import * as nd from "ndloom";
     * const picture = await nd.ones(10, { chunks: 5 }).sum().visualize({ color: "order" });
     * console.log((await picture.toDOT()).startsWith("digraph")); // true
     * ```
     * @see dask.array.Array.visualize
     */
    visualize(options?: VisualizeOptions): Promise<Visualization>;
  }
}

installMethods({
  toString: arrayLine,
  toHTML: arrayHtml,
  toTable: arrayTable,
  toSVG: (x: AnyArray, { size }: { size?: number } = {}) => chunkSvg(x.chunks, size),
  visualize: (x: AnyArray, options: VisualizeOptions = {}) => visualize([x], options),
});

Object.defineProperty(NDArray.prototype, inspect.custom, {
  value(this: NDArray) {
    return elementsText(this);
  },
  writable: true,
  configurable: true,
});
const show = (symbol: symbol, value: (this: AnyArray, ...rest: unknown[]) => unknown): void => {
  Object.defineProperty(ChunkedArray.prototype, symbol, { value, writable: true, configurable: true });
};
show(inspect.custom, function () {
  return arrayText(this);
});
// What notebooks ask a value for.
show(Symbol.for("Jupyter.display"), function () {
  return { "text/html": arrayHtml(this), "text/plain": arrayText(this) };
});
// JavaScript's operators would join texts or compare them: `x + 1` has to be `x.add(1)`.
show(Symbol.toPrimitive, function (...[hint]: unknown[]) {
  if (hint === "string") return arrayLine(this);
  throw new UnsupportedError("an array is no operand of JavaScript's operators", { hint: "use its methods, such as add, multiply, less; and compute() for its elements" });
});
