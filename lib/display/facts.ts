import type { AnyArray } from "../array/chunked-array.js";
import { formatBytes } from "../config/index.js";
import { formatShape, isKnown, sizeOf } from "../core/shape.js";
import { layersOf } from "../graph/graph-node.js";

/** A row of an array's description: for the whole, and for one chunk where that is something else. */
export interface Fact {
  readonly name: string;
  readonly array: string;
  readonly chunk?: string;
}

/** What Dask's table tells of an array. */
export function factsOf(x: AnyArray): Fact[] {
  const layers = layersOf([x.graph]).length;
  return [
    { name: "Bytes", array: bytes(x.shape, x.itemsize), chunk: bytes(x.chunksize, x.itemsize) },
    { name: "Shape", array: formatShape(x.shape), chunk: formatShape(x.chunksize) },
    { name: "Dask graph", array: `${x.npartitions} chunks in ${layers} graph layer${layers === 1 ? "" : "s"}` },
    { name: "Data type", array: x.dtype },
  ];
}

const bytes = (shape: readonly number[], itemsize: number): string => (isKnown(shape) ? formatBytes(sizeOf(shape) * itemsize) : "unknown");
