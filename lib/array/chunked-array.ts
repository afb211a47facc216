import { type Chunks, chunkBounds, chunkSize, countBlocks } from "../core/chunks.js";
import { type DType, itemsize, type ScalarOf } from "../core/dtype.js";
import { type Shape, sizeOf } from "../core/shape.js";
import type { Expr } from "../expr/expr.js";
import { mark } from "../expr/origin.js";
import type { GraphNode } from "../graph/graph-node.js";
import type { ComputeOptions } from "../runtime/compute.js";
import { type Block, type BlocksOptions, streamBlocks } from "./blocks.js";
import { compute } from "./compute.js";
import { explain, type ExplainOptions, type Explanation } from "./explain.js";
import type { NDArray } from "./nd-array.js";
import { keep, type Kept } from "./persist.js";

/**
 * What computing an array gives: an {@link NDArray}, or the bare element when it has no axes. Where the type does not know how many
 * axes there are it says NDArray, which is the common case.
 */
export type Result<D extends DType, S extends Shape> = number extends S["length"] ? NDArray<D, S> : S extends readonly [] ? ScalarOf<D> : NDArray<D, S>;

/** A chunked array of any dtype and shape. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyArray = ChunkedArray<any, any>;

/**
 * A lazy, immutable array that is cut into chunks. Operations describe; only `compute`, `persist` and `blocks` run.
 *
 * `D` is the dtype and `S` the shape's type, as far as they are known when compiling.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([4, 6], { chunks: [2, 3] });
 * console.log(x.shape, x.numblocks, await x.sum().compute()); // [4, 6] [2, 2] 24
 * ```
 * @see dask.array.Array
 */
// The defaults are any, so that a bare ChunkedArray takes every array: methods make the class invariant in both.
export class ChunkedArray<D extends DType = any, S extends Shape = any> {
  /** What the elements are. @internal */
  readonly expr: Expr;
  /** How the array looks as a graph of chunks. @internal */
  readonly graph: GraphNode;

  /** @internal */
  constructor(expr: Expr, graph: GraphNode) {
    this.expr = expr;
    this.graph = graph;
    mark(expr, graph);
  }

  /** The lengths of the axes; NaN where only running can tell (after a boolean mask). */
  get shape(): S {
    return this.expr.shape as S;
  }
  get dtype(): D {
    return this.expr.dtype as D;
  }
  get ndim(): S["length"] {
    return this.expr.shape.length;
  }
  /** Number of elements; NaN when unknown. */
  get size(): number {
    return sizeOf(this.expr.shape);
  }
  /** Bytes of one element. */
  get itemsize(): number {
    return itemsize(this.expr.dtype);
  }
  /** Bytes of all elements; NaN when unknown. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }
  /** For each axis the lengths of its chunks. */
  get chunks(): Chunks {
    return this.graph.chunks;
  }
  /** The largest chunk of each axis. */
  get chunksize(): number[] {
    return chunkSize(this.graph.chunks);
  }
  /** Number of chunks along each axis. */
  get numblocks(): number[] {
    return this.graph.chunks.map((axis) => axis.length);
  }
  /** Number of blocks. */
  get npartitions(): number {
    return countBlocks(this.graph.chunks);
  }
  /** Dask's layer name: what made the array, and a token of everything it depends on. Equal names, equal arrays. */
  get name(): string {
    return this.graph.name;
  }

  /**
   * Computes the array.
   *
   * @returns an {@link NDArray}, or a plain number, bigint, boolean or `{ re, im }` when the array has no axes.
   * @throws {MemoryPlanError} when it cannot fit the memory limit; nothing is started then.
   * @throws {CancelledError} when the signal or the time limit ends it.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * console.log(await nd.ones(10, { chunks: 5 }).sum().compute()); // 10
   * ```
   * @see dask.array.Array.compute
   */
  async compute(options: ComputeOptions = {}): Promise<Result<D, S>> {
    const [result] = await compute([this as AnyArray], options);
    return result as Result<D, S>;
  }

  /**
   * Computes the array and keeps its elements in the engine: an array with the same name and chunks whose blocks are there already. They count
   * towards the engine's memory limit until it is disposed of (`await using`), which frees them at once, or nobody holds it any more. They outlive
   * their client.
   *
   * @see dask.array.Array.persist
   */
  async persist(options: ComputeOptions = {}): Promise<ChunkedArray<D, S> & AsyncDisposable> {
    const [kept] = await keep([this as AnyArray], options);
    return keptArray<D, S>(kept!);
  }

  /**
   * Computes block after block, in C order, a few ahead of the reader.
   *
   * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when the blocks' sizes are not known.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * for await (const { index, block } of nd.arange(10, { chunks: 4 }).blocks()) console.log(index, block.size);
   * ```
   */
  blocks(options: BlocksOptions = {}): AsyncGenerator<Block<D>, void, undefined> {
    return streamBlocks(this, options);
  }

  /**
   * Tells what computing the array would take: tasks, memory held at once, bytes read. Nothing runs.
   *
   * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when sizes hang on a mask that has not been computed.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * const plan = nd.ones([4000, 4000]).add(1).sum().explain();
   * console.log(plan.peakBytes < 1e6); // true
   * ```
   */
  explain(options: ExplainOptions = {}): Explanation {
    return explain([this as AnyArray], options);
  }

  /** Where each chunk of an axis starts, and the axis' end. @internal */
  bounds(axis: number): number[] {
    return chunkBounds(this.graph.chunks[axis]!);
  }
}

/** An array that reads what was kept, until it is disposed of. @internal */
export function keptArray<D extends DType, S extends Shape>({ expr, graph, memory }: Kept): ChunkedArray<D, S> & AsyncDisposable {
  return Object.assign(new ChunkedArray<D, S>(expr, graph), { [Symbol.asyncDispose]: async () => memory.dispose() });
}
