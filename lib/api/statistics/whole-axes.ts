import type { ChunkedArray } from "../../array/chunked-array.js";
import { areChunksKnown } from "../../core/chunks.js";
import { rechunk } from "../rechunk/rechunk.js";

/** The array with one chunk along each of some axes, as Dask cuts it for what needs whole rows; unknown lengths stay cut. */
export function wholeAxes(x: ChunkedArray, axes: readonly number[]): ChunkedArray {
  if (axes.every((axis) => x.numblocks[axis] === 1) || !areChunksKnown(x.chunks)) return x;
  return rechunk(x, x.chunks.map((_, axis) => (axes.includes(axis) ? -1 : "auto")));
}
