import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { type Chunks } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import { promoteTypes } from "../../core/promotion.js";
import { formatShape, normalizeAxis, sameLength, sizeOf } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Matmul } from "../../expr/matmul.js";
import { contraction } from "../../graph/contraction.js";
import { ravel } from "../manipulation/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";
import { unifyAxes } from "../rechunk/unify-axes.js";
import { multiply } from "../ufuncs/arithmetic.js";
import { conj } from "../ufuncs/complex.js";
import { drawSum } from "./draw-sum.js";

/** The axes that {@link tensordot} sums over. */
export interface TensordotOptions {
  /** How many: the last of `x` with the first of `y`; or which, for each operand. 2 by default. */
  readonly axes?: number | readonly [number | readonly number[], number | readonly number[]];
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Dot product over the last axis of this and the last but one of `other`. See {@link dot}. */
    dot(other: ArrayLike): ChunkedArray<DType, number[]>;
  }
}

/**
 * Sums products over pairs of axes: the result has the other axes of `x`, then those of `y`, with their chunks.
 *
 * The dtype is the promotion of both, as NumPy's.
 *
 * @throws {ShapeError} `ERR_SHAPE` when paired axes differ in length, or there are not as many in both.
 * @throws {AxisError} `ERR_AXIS` when an axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([2, 3, 4]);
 * console.log(nd.tensordot(x, nd.ones([4, 3]), { axes: [[1, 2], [1, 0]] }).shape); // [2]
 * ```
 * @see numpy.tensordot
 */
export function tensordot(x: ArrayLike, y: ArrayLike, { axes = 2 }: TensordotOptions = {}): AnyArray {
  return contract("tensordot", toArray("tensordot", x), toArray("tensordot", y), axes);
}

/**
 * Dot product: of 1-d arrays their inner product, of matrices their matrix product, else a sum over the last axis of `x` and the last but one
 * of `y`. An operand without axes multiplies.
 *
 * @throws {ShapeError} `ERR_SHAPE` when the lengths differ.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.dot([1, 2, 3], [4, 5, 6]).compute()); // 32n
 * ```
 * @see numpy.dot
 */
export function dot(x: ArrayLike, y: ArrayLike): AnyArray {
  const [a, b] = [toArray("dot", x), toArray("dot", y)] as [AnyArray, AnyArray];
  if (a.ndim === 0 || b.ndim === 0) return multiply(a, b) as AnyArray;
  return contract("dot", a, b, [a.ndim - 1, Math.max(0, b.ndim - 2)]);
}

/**
 * Inner product of two arrays seen as 1-d; the conjugate of the first is taken.
 *
 * @throws {ShapeError} `ERR_SHAPE` when the sizes differ.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]]).compute()); // 10n
 * ```
 * @see numpy.vdot
 */
export function vdot(x: ArrayLike, y: ArrayLike): AnyArray {
  return contract("vdot", ravel(conj(toArray("vdot", x)) as AnyArray), ravel(toArray("vdot", y)), 1);
}

function contract(operation: string, x: AnyArray, y: AnyArray, axes: NonNullable<TensordotOptions["axes"]>): AnyArray {
  const [left, right] = pairs(operation, x, y, axes);
  const expr = contractedExpr(x.expr, y.expr, left, right);
  const leftLetters = x.shape.map((_: number, axis: number) => `l${axis}`);
  const rightLetters = y.shape.map((_: number, axis: number) => (right.includes(axis) ? `l${left[right.indexOf(axis)]}` : `r${axis}`));
  const [a, b] = unifyAxes(operation, [x, y], [leftLetters, rightLetters]) as [AnyArray, AnyArray];
  const free = y.shape.map((_: number, axis: number) => axis).filter((axis: number) => !right.includes(axis));
  const chunks: Chunks = [
    ...a.chunks.map((c: readonly number[], axis: number) => (left.includes(axis) ? c.map(() => 1) : c)),
    ...free.map((axis: number) => b.chunks[axis]!),
  ];
  const letters = [...leftLetters, ...free.map((axis: number) => `r${axis}`)];
  const products = contraction("tensordot", letters, chunks, [a.graph, b.graph], [leftLetters, rightLetters], expr.token);
  return new ChunkedArray(expr, drawSum(products, left, expr.token));
}

/** Both operands as matrices, multiplied. */
function contractedExpr(x: Expr, y: Expr, left: readonly number[], right: readonly number[]): Expr {
  const dtype = promoteTypes(x.dtype, y.dtype);
  const rows = x.shape.map((_, axis) => axis).filter((axis) => !left.includes(axis));
  const columns = y.shape.map((_, axis) => axis).filter((axis) => !right.includes(axis));
  const inner = sizeOf(left.map((axis) => x.shape[axis]!));
  const size = (e: Expr, list: readonly number[]): number => sizeOf(list.map((axis) => e.shape[axis]!));
  const a = build.reshape(build.transpose(build.cast(x, dtype), [...rows, ...left]), [size(x, rows), inner]);
  const b = build.reshape(build.transpose(build.cast(y, dtype), [...right, ...columns]), [inner, size(y, columns)]);
  const shape = [...rows.map((axis) => x.shape[axis]!), ...columns.map((axis) => y.shape[axis]!)];
  return build.reshape(new Matmul(a, b), shape);
}

function pairs(operation: string, x: AnyArray, y: AnyArray, axes: NonNullable<TensordotOptions["axes"]>): [number[], number[]] {
  if (typeof axes === "number") {
    if (!Number.isInteger(axes) || axes < 0 || axes > Math.min(x.ndim, y.ndim)) {
      const shapes = `${formatShape(x.shape)} and ${formatShape(y.shape)}`;
      throw new OptionError(`${operation}: expected from 0 to ${Math.min(x.ndim, y.ndim)} axes for shapes ${shapes}, got ${axes}`, {
        option: "axes", received: axes,
      });
    }
    const count = Array.from({ length: axes }, (_, i) => i);
    return checkPairs(operation, x, y, count.map((i) => x.ndim - axes + i), count);
  }
  const list = (side: number | readonly number[], z: AnyArray): number[] =>
    (typeof side === "number" ? [side] : side).map((axis) => normalizeAxis(operation, axis, z.shape));
  return checkPairs(operation, x, y, list(axes[0], x), list(axes[1], y));
}

function checkPairs(operation: string, x: AnyArray, y: AnyArray, left: number[], right: number[]): [number[], number[]] {
  const twice = new Set(left).size < left.length || new Set(right).size < right.length;
  if (left.length !== right.length || twice) {
    throw new ShapeError(`${operation}: expected pairs of different axes, got [${left.join(", ")}] and [${right.join(", ")}]`, {
      shapes: [x.shape, y.shape],
    });
  }
  left.forEach((axis, i) => {
    const [a, b] = [x.shape[axis]!, y.shape[right[i]!]!];
    if (sameLength(a, b)) return;
    const came = `${a} on axis ${axis} of ${formatShape(x.shape)} and ${b} on axis ${right[i]} of ${formatShape(y.shape)}`;
    throw new ShapeError(`${operation}: expected equal lengths, got ${came}`, {
      shapes: [x.shape, y.shape],
    });
  });
  return [left, right];
}

installMethods({ dot });
