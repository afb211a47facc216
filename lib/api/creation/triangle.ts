import type { ChunkedArray } from "../../array/chunked-array.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { type DType, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { formatShape, toShape } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { nonzero } from "../indexing/nonzero.js";
import { astype } from "../manipulation/astype.js";
import { reshape } from "../manipulation/reshape.js";
import { transpose } from "../manipulation/transpose.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { greaterEqual } from "../ufuncs/comparison.js";
import { operators } from "../ufuncs/operators.js";
import { select } from "../ufuncs/where.js";
import { arange } from "./arange.js";
import { zerosLike } from "./full.js";
import type { EyeOptions } from "./eye.js";

/**
 * Makes a matrix with ones at and below a diagonal and zeros above.
 *
 * @throws {ShapeError} `ERR_SHAPE` for a length that is no whole number ≥ 0.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.tri(2).compute()).toNested()); // [[1, 0], [1, 1]]
 * ```
 * @see numpy.tri
 */
export function tri<D extends DType = "float64">(N: number, options: EyeOptions<D> = {}): ChunkedArray<D, [number, number]> {
  checkOptions("tri", options, ["M", "k", "chunks", "dtype"]);
  const { M = N, k = 0, chunks = "auto" } = options;
  const dtype = toDType(options.dtype ?? "float64", "tri");
  const shape = toShape("tri", [N, M]);
  if (!Number.isSafeInteger(k)) throw new OptionError(`tri: expected a whole number, got ${String(k)}`, { option: "k", received: k });
  const [rows, columns] = normalizeChunks("tri", chunks, shape, { dtype });
  const first = (cut: readonly number[]): number => Math.max(1, cut[0]!);
  const row = transpose(reshape(arange(shape[0]!, { chunks: first(rows!) }), [1, shape[0]!]));
  const column = arange(0 - k, shape[1]! - k, { chunks: first(columns!) });
  return astype(greaterEqual(row as ArrayLike, column as ArrayLike), dtype) as ChunkedArray<D, [number, number]>;
}

export interface TriangleOptions {
  /** Which diagonal bounds it: 0 the main one, above it positive, below it negative. */
  readonly k?: number;
}

/**
 * The array with zeros above a diagonal of the last two axes.
 *
 * @throws {ShapeError} `ERR_SHAPE` for fewer than two axes.
 * @see numpy.tril
 */
export function tril<D extends DType>(x: ChunkedArray<D>, options?: TriangleOptions): ChunkedArray<D>;
export function tril(x: ArrayLike, options?: TriangleOptions): ChunkedArray;
export function tril(x: ArrayLike, { k = 0 }: TriangleOptions = {}): ChunkedArray {
  const input = matrix("tril", x);
  return select(mask(input, k), input, zerosLike(input, { shape: [1] }));
}

/** The array with zeros below a diagonal of the last two axes. See {@link tril}. @see numpy.triu */
export function triu<D extends DType>(x: ChunkedArray<D>, options?: TriangleOptions): ChunkedArray<D>;
export function triu(x: ArrayLike, options?: TriangleOptions): ChunkedArray;
export function triu(x: ArrayLike, { k = 0 }: TriangleOptions = {}): ChunkedArray {
  const input = matrix("triu", x);
  return select(mask(input, k - 1), zerosLike(input, { shape: [1] }), input);
}

function matrix(operation: string, x: ArrayLike): ChunkedArray {
  const input = toArray(operation, x);
  if (input.ndim < 2) throw new ShapeError(`${operation}: expected at least two axes, got shape ${formatShape(input.shape)}`, { shapes: [input.shape] });
  return input;
}

const mask = (x: ChunkedArray, k: number): ChunkedArray =>
  tri(x.shape.at(-2), { M: x.shape.at(-1), k, dtype: "bool", chunks: x.chunks.slice(-2) });

export interface TriangleIndicesOptions {
  /** Number of columns; as many as rows when not given. */
  readonly m?: number;
  readonly k?: number;
  readonly chunks?: ChunksSpec;
}

/**
 * The row and column indices of the elements at and below a diagonal of an n-row matrix, in C order.
 *
 * @see numpy.tril_indices
 */
export function trilIndices(n: number, { m, k, chunks }: TriangleIndicesOptions = {}): ChunkedArray<"int64", [number]>[] {
  return nonzero(tri(n, { M: m, k, dtype: "bool", chunks })) as ChunkedArray<"int64", [number]>[];
}

/** The indices of the elements at and above a diagonal. See {@link trilIndices}. @see numpy.triu_indices */
export function triuIndices(n: number, { m, k = 0, chunks }: TriangleIndicesOptions = {}): ChunkedArray<"int64", [number]>[] {
  return nonzero(operators.invert(tri(n, { M: m, k: k - 1, dtype: "bool", chunks }))) as ChunkedArray<"int64", [number]>[];
}

/** {@link trilIndices} for the shape and chunks of a matrix. @see numpy.tril_indices_from */
export function trilIndicesFrom(x: ArrayLike, { k }: TriangleOptions = {}): ChunkedArray<"int64", [number]>[] {
  const input = twoAxes("trilIndicesFrom", x);
  return trilIndices(input.shape[0], { m: input.shape[1], k, chunks: input.chunks });
}

/** {@link triuIndices} for the shape and chunks of a matrix. @see numpy.triu_indices_from */
export function triuIndicesFrom(x: ArrayLike, { k }: TriangleOptions = {}): ChunkedArray<"int64", [number]>[] {
  const input = twoAxes("triuIndicesFrom", x);
  return triuIndices(input.shape[0], { m: input.shape[1], k, chunks: input.chunks });
}

function twoAxes(operation: string, x: ArrayLike): ChunkedArray {
  const input = toArray(operation, x);
  if (input.ndim !== 2) throw new ShapeError(`${operation}: expected two axes, got shape ${formatShape(input.shape)}`, { shapes: [input.shape] });
  return input;
}
