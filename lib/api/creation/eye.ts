import { ChunkedArray } from "../../array/chunked-array.js";
import { type DType, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { toShape } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { cast, full, map, reshape } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Iota } from "../../expr/iota.js";
import { source } from "../../graph/blockwise.js";
import { checkOptions } from "../options.js";
import type { CreateOptions } from "./full.js";

export interface EyeOptions<D extends DType = DType> extends CreateOptions<D> {
  /** Number of columns; as many as rows when not given. */
  readonly M?: number;
  /** Which diagonal: 0 the main one, above it positive, below it negative. */
  readonly k?: number;
}

/**
 * Makes a matrix with ones on a diagonal and zeros elsewhere.
 *
 * @throws {ShapeError} `ERR_SHAPE` for a length that is no whole number ≥ 0.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.eye(2, { dtype: "int8" }).compute()).data); // Int8Array(4) [ 1, 0, 0, 1 ]
 * ```
 * @see numpy.eye
 */
export function eye<D extends DType = "float64">(N: number, options: EyeOptions<D> = {}): ChunkedArray<D, [number, number]> {
  checkOptions("eye", options, ["M", "k", "chunks", "dtype"]);
  const { M = N, k = 0, chunks = "auto" } = options;
  const dtype = toDType(options.dtype ?? "float64", "eye");
  const shape = toShape("eye", [N, M]);
  if (!Number.isSafeInteger(k)) throw new OptionError(`eye: expected a whole number, got ${String(k)}`, { option: "k", received: k });
  const expr = cast(compare("equal", shape as [number, number], k), dtype);
  return new ChunkedArray(expr, source("eye", normalizeChunks("eye", chunks, shape, { dtype }), expr.token));
}

/** row + k compared to column, for each element of a matrix. */
export function compare(op: "equal" | "greater_equal", [rows, columns]: readonly [number, number], k: number): Expr {
  const shape = [rows, columns];
  const row = reshape(new Iota([rows]), [rows, 1]);
  const moved = k === 0 ? row : map("add", "int64", "int64", [row, full([], "int64", k)], [rows, 1]);
  return map(op, "int64", "bool", [moved, new Iota([columns])], shape);
}
