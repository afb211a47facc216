import type { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { toShape } from "../../core/shape.js";
import { stack } from "../manipulation/stack.js";
import { arange } from "./arange.js";
import { type CreateOptions, empty } from "./full.js";
import { meshgrid } from "./meshgrid.js";

/**
 * Makes the indices of a grid: element [i, ...] is the index along axis i. [d0, d1, ...] → [n, d0, d1, ...]; int64 unless a dtype is given.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.indices([2, 2]).compute()).toNested()); // [[[0n, 0n], [1n, 1n]], [[0n, 1n], [0n, 1n]]]
 * ```
 * @see numpy.indices
 */
export function indices<D extends DType = "int64">(dimensions: readonly number[], options: CreateOptions<D> = {}): ChunkedArray<D> {
  const shape = toShape("indices", dimensions);
  const dtype = toDType(options.dtype ?? "int64", "indices");
  const chunks = normalizeChunks("indices", options.chunks ?? "auto", shape, { dtype });
  if (shape.length === 0 || shape.includes(0)) return empty([shape.length, ...shape], { dtype, chunks: [1, ...chunks] }) as ChunkedArray<D>;
  return stack(meshgrid(shape.map((n, axis) => arange(n, { dtype, chunks: [chunks[axis]!] })), { indexing: "ij" })) as ChunkedArray<D>;
}
