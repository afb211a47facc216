import { type Chunks, uniformChunks } from "../core/chunks.js";
import { allocate } from "../core/dtype.js";
import { contiguousStrides, type Shape } from "../core/shape.js";
import { Buffer } from "../expr/buffer.js";
import { source } from "../graph/blockwise.js";
import type { GraphNode } from "../graph/graph-node.js";
import { type ComputeOptions, keepExprs } from "../runtime/compute.js";
import type { Engine } from "../runtime/engine.js";
import type { AnyArray } from "./chunked-array.js";
import { exprsOf } from "./compute.js";
import { Memory } from "./memory.js";

/** The elements of an array, computed and kept, and what describes them. */
export interface Kept {
  readonly expr: Buffer;
  readonly graph: GraphNode;
  readonly memory: { dispose(): void };
}

/** Computes arrays together and says what ones that read the results are made of. */
export async function keep(arrays: readonly AnyArray[], options: ComputeOptions, engine?: Engine): Promise<Kept[]> {
  const kept = await keepExprs(exprsOf(arrays), options, engine);
  return kept.map(({ shape, slot }, i) => {
    const x = arrays[i]!;
    const memory = slot ?? new Memory(allocate(x.dtype, 0));
    const graph = source(x.graph.label, knownChunks(x.chunks, shape), ["persist", x.name, memory.id]);
    return { expr: new Buffer(shape, x.dtype, memory, contiguousStrides(shape)), graph, memory };
  });
}

/** Running has told the lengths of the axes; an axis whose chunks were unknown is cut evenly into as many. */
const knownChunks = (chunks: Chunks, shape: Shape): Chunks =>
  chunks.map((axis, i) => (axis.some(Number.isNaN) ? uniformChunks(shape[i]!, Math.max(1, Math.ceil(shape[i]! / axis.length))) : axis));
