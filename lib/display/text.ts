import type { AnyArray } from "../array/chunked-array.js";
import { formatAxisChunks } from "../core/chunks.js";
import { formatShape } from "../core/shape.js";
import { factsOf } from "./facts.js";

/** One line, as Dask's repr: `ndloom.array<sum-aggregate, shape=(), dtype=float64, chunksize=()>`. */
export const arrayLine = (x: AnyArray): string =>
  `ndloom.array<${x.graph.label}, shape=${formatShape(x.shape)}, dtype=${x.dtype}, chunksize=${formatShape(x.chunksize)}>`;

/** The line, and below it the table's facts and the chunks of each axis. */
export function arrayText(x: AnyArray): string {
  const [bytes, , graph] = factsOf(x);
  const size = bytes!.array === bytes!.chunk ? bytes!.array : `${bytes!.array} in blocks of ${bytes!.chunk}`;
  const chunks = x.ndim === 0 ? [] : [`chunks ${x.chunks.map((axis: readonly number[]) => formatAxisChunks(axis, 8)).join(" × ")}`];
  return [arrayLine(x), `  ${size}; ${graph!.array}`, ...chunks.map((line) => `  ${line}`)].join("\n");
}

/** The table as text, for terminals. */
export function arrayTable(x: AnyArray): string {
  const facts = factsOf(x);
  const width = (pick: (f: (typeof facts)[number]) => string, title: string): number => Math.max(title.length, ...facts.map((f) => pick(f).length));
  const names = width((f) => f.name, "");
  const arrays = width((f) => (f.chunk === undefined ? "" : f.array), "Array");
  const line = (name: string, array: string, chunk: string): string => `${name.padEnd(names)}  ${array.padEnd(arrays)}  ${chunk}`.trimEnd();
  return [line("", "Array", "Chunk"), ...facts.map((f) => line(f.name, f.array, f.chunk ?? ""))].join("\n");
}
