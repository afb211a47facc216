import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { OptionError } from "../../errors/index.js";
import { cast, transpose } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { File } from "../../expr/file.js";
import { source } from "../../graph/blockwise.js";
import type { ComputeOptions } from "../../runtime/compute.js";
import { writeExpr } from "../../runtime/write.js";
import { createNpy } from "../../storage/npy/create.js";
import { type NpyFile, openNpy } from "../../storage/npy/open.js";
import { checkOptions } from "../options.js";

export interface FromNpyOptions {
  /** How to cut it; `"auto"` when not given. */
  readonly chunks?: ChunksSpec;
}

/**
 * Opens a .npy file as a lazy array: only the header is read. Computing then reads the parts that are needed, when they are needed, so the
 * file may be many times as large as memory.
 *
 * The dtype and the shape are those of the header; all numeric dtypes, either byte order, C and Fortran order. The file must stay as
 * it is while arrays read it; a compute that finds it changed rejects.
 *
 * @throws {StorageError} `ERR_STORAGE` when there is no such file, it is not a sound .npy file, or it holds text, dates, records or pickled objects.
 * @example
 * ```ts
 * import { rm } from "node:fs/promises";
 * import * as nd from "ndloom";
 * await nd.arange(6, { dtype: "float64" }).reshape([2, 3]).toNpy("example.npy");
 * const x = await nd.fromNpy("example.npy", { chunks: [1, 3] });
 * console.log(x.shape, await x.sum().compute()); // [2, 3] 15
 * await rm("example.npy");
 * ```
 * @see numpy.load (with mmap_mode), dask.array.from_npy_stack
 */
export async function fromNpy(path: string | URL, options: FromNpyOptions = {}): Promise<ChunkedArray> {
  checkOptions("fromNpy", options, ["chunks"]);
  const { chunks = "auto" } = options;
  const file = await openNpy("fromNpy", pathOf("fromNpy", path));
  const { dtype, shape } = file.header;
  const expr = elementsOf(file);
  return new ChunkedArray(expr, source("array", normalizeChunks("fromNpy", chunks, shape, { dtype }), expr.token));
}

/** Fortran order is C order with the axes turned round. bool is read through a cast, so that a byte that is neither 0 nor 1 counts as true. */
function elementsOf({ header, source: file, byteOffset }: NpyFile): Expr {
  const { shape, dtype, bigEndian, fortranOrder } = header;
  const turned = fortranOrder && shape.length > 1;
  const lying = new File(turned ? shape.toReversed() : shape, dtype === "bool" ? "uint8" : dtype, file, byteOffset, bigEndian);
  return cast(turned ? transpose(lying, shape.map((_, axis) => shape.length - 1 - axis)) : lying, dtype);
}

/**
 * Computes an array into a .npy file (C order, as NumPy 2 writes it). Blocks are written as they are computed, so the array may be many
 * times as large as memory. The file appears under its name when it is complete, in the place of one that was there; when the compute
 * fails or is cancelled nothing is left.
 *
 * @throws {StorageError} `ERR_STORAGE` when the file cannot be written.
 * @throws {MemoryPlanError} when it cannot fit the memory limit; nothing is started then.
 * @throws {CancelledError} when the signal or the time limit ends it.
 * @example
 * ```ts
 * import { rm } from "node:fs/promises";
 * import * as nd from "ndloom";
 * await nd.toNpy("random.npy", nd.random.random([1000, 1000], { seed: 1 }));
 * console.log((await nd.fromNpy("random.npy")).shape); // [1000, 1000]
 * await rm("random.npy");
 * ```
 * @see numpy.save, dask.array.to_npy_stack
 */
export async function toNpy(path: string | URL, x: AnyArray, options: ComputeOptions = {}): Promise<void> {
  if (!(x instanceof ChunkedArray)) throw new OptionError(`toNpy: expected a chunked array, got ${typeof x}`, { option: "x", received: x, hint: "make one with fromArray" });
  const place = pathOf("toNpy", path);
  await writeExpr(x.expr, (shape, dtype) => createNpy("toNpy", place, dtype, shape), options);
}

function pathOf(operation: string, path: string | URL): string {
  if (path instanceof URL && path.protocol === "file:") return fileURLToPath(path);
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return resolve(path);
  throw new OptionError(`${operation}: expected a path or a file: URL, got ${path instanceof URL ? path.href : typeof path === "string" ? JSON.stringify(path) : typeof path}`, { option: "path", received: path });
}

declare module "../../array/chunked-array.js" {
  // The parameters must be named as the class has them.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ChunkedArray<D, S> {
    /** Computes the array into a .npy file, block by block. See {@link toNpy}. */
    toNpy(path: string | URL, options?: ComputeOptions): Promise<void>;
  }
}

installMethods({ toNpy: (x, path: string | URL, options?: ComputeOptions) => toNpy(path, x, options) });
