import { type Chunks, uniformChunks } from "../core/chunks.js";
import type { DType } from "../core/dtype.js";
import { contiguousStrides, type Shape } from "../core/shape.js";
import { Buffer } from "../expr/buffer.js";
import { source } from "../graph/blockwise.js";
import type { GraphNode } from "../graph/graph-node.js";
import { computeExprs, type ComputeOptions } from "../runtime/compute.js";
import type { ChunkedArray } from "./chunked-array.js";
import { Memory } from "./memory.js";

/** The elements of an array, computed and kept, and what describes them. */
export interface Kept {
  readonly expr: Buffer;
  readonly graph: GraphNode;
  readonly memory: Memory;
}

/** Computes an array and says what one that reads the result is made of. */
export async function keep<D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options: ComputeOptions): Promise<Kept> {
  const [{ data, shape }] = (await computeExprs([x.expr], options)) as [{ data: ConstructorParameters<typeof Memory>[0]; shape: number[] }];
  const memory = new Memory(data);
  const graph = source(x.graph.label, knownChunks(x.chunks, shape), ["persist", x.name, memory.id]);
  return { expr: new Buffer(shape, x.dtype, memory, contiguousStrides(shape)), graph, memory };
}

/** Running has told the lengths of the axes; an axis whose chunks were unknown is cut evenly into as many. */
const knownChunks = (chunks: Chunks, shape: Shape): Chunks =>
  chunks.map((axis, i) => (axis.some(Number.isNaN) ? uniformChunks(shape[i]!, Math.max(1, Math.ceil(shape[i]! / axis.length))) : axis));
