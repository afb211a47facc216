import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { isInteger } from "../../core/dtype.js";
import { contiguousStrides, formatShape, type Shape, sizeOf, toShape } from "../../core/shape.js";
import { DTypeError, OptionError, ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { Concat } from "../../expr/concat.js";
import type { Expr } from "../../expr/expr.js";
import type { NativeOp } from "../../expr/generated/native-ops.js";
import { blockwise } from "../../graph/blockwise.js";
import { ensure } from "../ensure.js";
import { broadcastArrays } from "../manipulation/broadcast.js";
import { stack } from "../manipulation/stack.js";
import { type ArrayLike, toArray } from "../operand.js";
import { get } from "./get.js";

/** Which axis varies fastest: the last ("C", the default) or the first ("F"). */
export interface OrderOptions {
  readonly order?: "C" | "F";
}

/** What {@link ravelMultiIndex} does with an index out of bounds. */
export interface RavelMultiIndexOptions extends OrderOptions {
  /** "raise": computing fails; "wrap": counts round; "clip": takes the nearest. */
  readonly mode?: "raise" | "wrap" | "clip";
}

/**
 * The flat indices of positions in an array of shape `dims`.
 *
 * @param multiIndex for each axis an array of indices; all are broadcast. Or one array whose first axis they are stacked along.
 * @throws {ShapeError} `ERR_SHAPE` when there are not as many as `dims` has axes.
 * @throws {DTypeError} `ERR_DTYPE` when they are not integers.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.ravelMultiIndex([[0, 1], [2, 0]], [2, 3]).compute()).toNested()); // [2n, 3n]
 * ```
 * @see numpy.ravel_multi_index
 */
export function ravelMultiIndex(
  multiIndex: ArrayLike | readonly ArrayLike[], dims: number | readonly number[], { mode = "raise", order = "C" }: RavelMultiIndexOptions = {},
): ChunkedArray<"int64"> {
  const shape = toShape("ravelMultiIndex", dims);
  if (!["raise", "wrap", "clip"].includes(mode)) {
    throw new OptionError(`ravelMultiIndex: expected mode "raise", "wrap" or "clip", got "${String(mode)}"`, {
      option: "mode", received: mode,
    });
  }
  const stacked = Array.isArray(multiIndex) && !isNumbers(multiIndex)
    ? stack(broadcastArrays(...(multiIndex as readonly ArrayLike[]).map((x) => toArray("ravelMultiIndex", x))))
    : (toArray("ravelMultiIndex", multiIndex as ArrayLike) as AnyArray);
  if (!isInteger(stacked.dtype)) {
    throw new DTypeError(`ravelMultiIndex: expected integers, got ${stacked.dtype}`, {
      dtypes: [stacked.dtype], hint: "cast with astype",
    });
  }
  if (stacked.shape[0] !== shape.length) {
    throw new ShapeError(`ravelMultiIndex: expected ${shape.length} index arrays for shape ${formatShape(shape)}, got ${stacked.shape[0]}`, {
      shapes: [shape],
    });
  }
  const strides = stridesOf(shape, order);
  const expr = shape.reduce<Expr>((sum, n, axis) => {
    const own = build.cast(build.dropAxes(build.slice(stacked.expr, 0, axis, 1, 1), [0]), "int64");
    return int64("add", sum, int64("multiply", placed("ravelMultiIndex", own, n, mode), constant(strides[axis]!)));
  }, build.full(stacked.shape.slice(1), "int64", 0));
  const rows = stacked.numblocks[0]!;
  const graph = blockwise("ravel_multi_index", stacked.chunks.slice(1), [stacked.graph], expr.token, [
    (block) => Array.from({ length: rows }, (_, i) => [i, ...block]),
  ]);
  return new ChunkedArray(expr, graph);
}

const isNumbers = (list: readonly unknown[]): boolean => list.every((item) => typeof item === "number" || typeof item === "bigint");

/**
 * The positions in an array of a shape that flat indices stand for: one array of indices for each axis.
 *
 * Computing fails when an index is out of bounds.
 *
 * @throws {DTypeError} `ERR_DTYPE` when the indices are not integers.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const [row, column] = nd.unravelIndex([2, 3], [2, 3]);
 * console.log((await column.compute()).toNested()); // [2n, 0n]
 * ```
 * @see numpy.unravel_index
 */
export function unravelIndex(
  indices: ArrayLike, shape: number | readonly number[], { order = "C" }: OrderOptions = {},
): ChunkedArray<"int64">[] {
  const flat = toArray("unravelIndex", indices) as AnyArray;
  const dims = toShape("unravelIndex", shape);
  if (!isInteger(flat.dtype)) {
    throw new DTypeError(`unravelIndex: expected integers, got ${flat.dtype}`, {
      dtypes: [flat.dtype], hint: "cast with astype",
    });
  }
  if (dims.length === 0) return [];
  const strides = stridesOf(dims, order);
  const checked = placed("unravelIndex", build.cast(flat.expr, "int64"), sizeOf(dims), "raise");
  const rows = dims.map((n, axis) => {
    const step = int64("floor_divide", checked, constant(strides[axis]!));
    return build.expandDims(int64("remainder", step, constant(Math.max(1, n))), [0]);
  });
  const expr = new Concat(rows, 0);
  const stacked = new ChunkedArray(expr, blockwise("_unravel_index_kernel", [[dims.length], ...flat.chunks], [flat.graph], expr.token)) as AnyArray;
  return dims.map((_, axis) => {
    const row = get(stacked, axis);
    return new ChunkedArray(build.dropAxes(rows[axis]!, [0]), row.graph);
  });
}

function stridesOf(shape: Shape, order: "C" | "F"): number[] {
  if (order === "C") return contiguousStrides(shape);
  if (order === "F") return contiguousStrides([...shape].reverse()).reverse();
  throw new OptionError(`expected order "C" or "F", got "${String(order)}"`, { option: "order", received: order });
}

const constant = (value: number): Expr => build.full([], "int64", value);
const int64 = (op: NativeOp, a: Expr, b: Expr): Expr => build.map(op, "int64", "int64", [a, b], a.shape);

/** Indices brought into [0, n), or checked to be there. */
function placed(operation: string, index: Expr, n: number, mode: "raise" | "wrap" | "clip"): Expr {
  if (mode === "wrap") return int64("remainder", index, constant(n));
  if (mode === "clip") return int64("minimum", int64("maximum", index, constant(0)), constant(n - 1));
  const test = (op: NativeOp, value: number): Expr => build.map(op, "int64", "bool", [index, constant(value)], index.shape);
  return ensure(index, build.map("logical_and", "bool", "bool", [test("greater_equal", 0), test("less", n)], index.shape),
    `${operation}: an index is out of bounds for size ${n}`);
}
