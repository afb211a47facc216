import { ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { chunkBounds } from "../../core/chunks.js";
import { type DType } from "../../core/dtype.js";
import { formatShape, normalizeAxis } from "../../core/shape.js";
import { AxisError, OptionError, ShapeError } from "../../errors/index.js";
import { broadcastTo, full, map, reshape, slice, transpose } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Iota } from "../../expr/iota.js";
import { blockwise } from "../../graph/blockwise.js";
import { pad } from "../manipulation/pad.js";
import { type ArrayLike, toArray } from "../operand.js";
import { type AccumulateOptions } from "../reductions/reduce.js";
import { sum } from "../reductions/sums.js";

export interface DiagonalOptions {
  /** Which diagonal: 0 the main one, above it positive, below it negative. */
  readonly offset?: number;
  /** The axis that counts as rows; 0 when not given. */
  readonly axis1?: number;
  /** The axis that counts as columns; 1 when not given. */
  readonly axis2?: number;
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** The elements on a diagonal, as a last axis. See {@link diagonal}. */
    diagonal(options?: DiagonalOptions): ChunkedArray<D>;
    /** The sum of a diagonal. See {@link trace}. */
    trace(options?: DiagonalOptions & Pick<AccumulateOptions, "dtype">): ChunkedArray;
  }
}

/**
 * The elements on a diagonal of two axes, as a last axis in place of both.
 *
 * @throws {ShapeError} `ERR_SHAPE` for fewer than two axes.
 * @throws {AxisError} `ERR_AXIS` when there is no such axis, or both are the same.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.diagonal([[1, 2], [3, 4]]).compute()).toNested()); // [1n, 4n]
 * ```
 * @see numpy.diagonal
 */
export function diagonal(x: ArrayLike, { offset = 0, axis1 = 0, axis2 = 1 }: DiagonalOptions = {}): ChunkedArray {
  const input = toArray("diagonal", x);
  if (input.ndim < 2) throw new ShapeError(`diagonal: expected at least two axes, got shape ${formatShape(input.shape)}`, { shapes: [input.shape] });
  requireWhole("diagonal", "offset", offset);
  const [rows, columns] = [normalizeAxis("diagonal", axis1, input.shape), normalizeAxis("diagonal", axis2, input.shape)];
  if (rows === columns) throw new AxisError(`diagonal: axis1 and axis2 are both ${rows}`, { axis: rows, ndim: input.ndim });
  const expr = diagonalOf(input.expr, offset, rows, columns);
  // Dask walks from the smaller axis, where the diagonal's sign turns.
  const [a, b, k] = rows < columns ? [rows, columns, offset] : [columns, rows, -offset];
  const pieces = walk(input.chunks[a]!, input.chunks[b]!, k);
  const free = input.chunks.filter((_, axis) => axis !== a && axis !== b);
  const chunks = [...free, pieces.length > 0 ? pieces.map((p) => p.length) : [0]];
  const reads = (index: readonly number[]): number[][] => {
    const piece = pieces[index[index.length - 1]!];
    if (piece === undefined) return [];
    let next = 0;
    return [input.chunks.map((_, axis) => (axis === a ? piece.row : axis === b ? piece.column : index[next++]!))];
  };
  return new ChunkedArray(expr, blockwise("diagonal", chunks, [input.graph], expr.token, [reads]));
}

function requireWhole(operation: string, option: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new OptionError(`${operation}: expected a whole number, got ${String(value)}`, { option, received: value });
}

/** Rows and columns moved last and made one axis: on it a diagonal is a slice. */
function diagonalOf(x: Expr, offset: number, rows: number, columns: number): Expr {
  const free = x.shape.map((_, axis) => axis).filter((axis) => axis !== rows && axis !== columns);
  const [m, n] = [x.shape[rows]!, x.shape[columns]!];
  const count = Math.max(0, offset >= 0 ? Math.min(m, n - offset) : Math.min(m + offset, n));
  const flat = reshape(transpose(x, [...free, rows, columns]), [...free.map((axis) => x.shape[axis]!), m * n]);
  return slice(flat, free.length, offset >= 0 ? offset : -offset * n, n + 1, count);
}

interface Piece {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

/** The blocks that a diagonal passes, with how much of it each has. */
function walk(rows: readonly number[], columns: readonly number[], offset: number): Piece[] {
  const [rowBounds, columnBounds] = [chunkBounds(rows), chunkBounds(columns)];
  const pieces: Piece[] = [];
  let [i, j] = [Math.max(0, -offset), Math.max(0, offset)];
  let [row, column] = [0, 0];
  while (i < rowBounds[rows.length]! && j < columnBounds[columns.length]!) {
    while (rowBounds[row + 1]! <= i) row++;
    while (columnBounds[column + 1]! <= j) column++;
    const length = Math.min(rowBounds[row + 1]! - i, columnBounds[column + 1]! - j);
    pieces.push({ row, column, length });
    i += length;
    j += length;
  }
  return pieces;
}

/**
 * Of one axis a matrix with it on a diagonal, zeros elsewhere; of two axes their diagonal.
 *
 * @throws {ShapeError} `ERR_SHAPE` for other numbers of axes.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.diag([1, 2]).compute()).toNested()); // [[1n, 0n], [0n, 2n]]
 * ```
 * @see numpy.diag
 */
export function diag<D extends DType>(v: ChunkedArray<D>, options?: { readonly k?: number }): ChunkedArray<D>;
export function diag(v: ArrayLike, options?: { readonly k?: number }): ChunkedArray;
export function diag(v: ArrayLike, { k = 0 }: { readonly k?: number } = {}): ChunkedArray {
  const input = toArray("diag", v);
  requireWhole("diag", "k", k);
  if (input.ndim === 2) return ofMatrix(input, k);
  if (input.ndim !== 1) throw new ShapeError(`diag: expected one or two axes, got shape ${formatShape(input.shape)}`, { shapes: [input.shape] });
  const square = onDiagonal(input);
  return k === 0 ? square : pad(square, k > 0 ? [[0, k], [k, 0]] : [[-k, 0], [0, -k]], { mode: "constant" });
}

function ofMatrix(x: ChunkedArray, k: number): ChunkedArray {
  const drawn = diagonal(x, { offset: k });
  const alike = k === 0 && x.chunks[0]!.length === x.chunks[1]!.length && x.chunks[0]!.every((n, i) => n === x.chunks[1]![i]);
  return alike ? new ChunkedArray(drawn.expr, blockwise("diag", drawn.chunks, [x.graph], drawn.expr.token, [([i]) => [[i!, i!]]])) : drawn;
}

function onDiagonal(v: ChunkedArray): ChunkedArray {
  const n = v.shape[0]!;
  const shape = [n, n];
  const same = map("equal", "int64", "bool", [reshape(new Iota([n]), [n, 1]), new Iota([n])], shape);
  const expr = map("where", v.dtype, v.dtype, [same, broadcastTo(v.expr, shape), full([], v.dtype, 0)], shape);
  const chunks = [v.chunks[0]!, v.chunks[0]!];
  return new ChunkedArray(expr, blockwise("diag", chunks, [v.graph], expr.token, [([i, j]) => (i === j ? [[i!]] : [])]));
}

/**
 * The sum of a diagonal of two axes. Small integers add up as int64 or uint64.
 *
 * @see numpy.trace
 */
export function trace(x: ArrayLike, options: DiagonalOptions & Pick<AccumulateOptions, "dtype"> = {}): ChunkedArray {
  const { dtype, ...which } = options;
  return sum(diagonal(x, which), { axis: -1, ...(dtype === undefined ? {} : { dtype }) });
}

installMethods({ diagonal, trace });
