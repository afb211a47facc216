import { areChunksKnown } from "../core/chunks.js";
import { type Bytes, parseBytes } from "../config/index.js";
import { type DType, itemsize, type TypedArrayOf } from "../core/dtype.js";
import { CancelledError, ChunkError } from "../errors/index.js";
import { slice } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import { indexOf } from "../graph/graph-node.js";
import { computeExprs, type ComputeOptions } from "../runtime/compute.js";
import type { ChunkedArray } from "./chunked-array.js";
import { NDArray } from "./nd-array.js";

/** One block of an array. */
export interface Block<D extends DType> {
  /** Its place in the grid of blocks. */
  readonly index: readonly number[];
  /** Where its first element stands in the array. */
  readonly offset: readonly number[];
  readonly block: NDArray<D>;
}

export interface BlocksOptions extends ComputeOptions {
  /** Bytes of blocks that may be computed ahead of the reader; 256 MiB when not given. At least one block is. */
  readonly highWaterMark?: Bytes;
}

/** However small they are: a million computes at once would be no help. */
const MOST_AHEAD = 256;

export async function* streamBlocks<D extends DType>(x: ChunkedArray<D, any>, options: BlocksOptions): AsyncGenerator<Block<D>, void, undefined> {
  if (!areChunksKnown(x.chunks)) {
    throw new ChunkError("blocks: the sizes of the blocks are not known", {
      code: "ERR_CHUNK_UNKNOWN", received: x.chunks, hint: "compute() the array, or persist() it first",
    });
  }
  const { highWaterMark = "256MiB", ...rest } = options;
  // A reader that leaves early ends what is still being computed for it.
  const left = new AbortController();
  const computeOptions = { ...rest, signal: rest.signal === undefined ? left.signal : AbortSignal.any([rest.signal, left.signal]) };
  const limit = parseBytes(highWaterMark);
  const bounds = x.chunks.map((_, axis) => x.bounds(axis));
  const grid = x.numblocks;
  const pending: { result: Promise<Block<D>>; bytes: number }[] = [];
  let ahead = 0;
  let next = 0;
  const start = (): void => {
    const index = indexOf(next++, grid);
    const offset = index.map((b, axis) => bounds[axis]![b]!);
    const shape = index.map((b, axis) => x.chunks[axis]![b]!);
    const bytes = shape.reduce((a, b) => a * b, itemsize(x.dtype));
    const expr = shape.reduce<Expr>((e, length, axis) => slice(e, axis, offset[axis]!, 1, length), x.expr);
    const result = computeExprs([expr], computeOptions).then(([{ data }]) => ({ index, offset, block: new NDArray(data as TypedArrayOf<D>, shape, x.dtype) }));
    result.catch(() => undefined); // told when its turn comes
    pending.push({ result, bytes });
    ahead += bytes;
  };
  try {
    while (pending.length > 0 || next < x.npartitions) {
      while (next < x.npartitions && (pending.length === 0 || (ahead < limit && pending.length < MOST_AHEAD))) start();
      const { result, bytes } = pending.shift()!;
      yield await result;
      ahead -= bytes;
    }
  } finally {
    if (pending.length > 0) left.abort(new CancelledError("blocks: the reader has left"));
  }
}
