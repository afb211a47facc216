import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { config } from "../../config/index.js";
import { type Chunks } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import { promoteTypes } from "../../core/promotion.js";
import { broadcastShapes, formatShape, sameLength } from "../../core/shape.js";
import { ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Matmul } from "../../expr/matmul.js";
import { contraction } from "../../graph/contraction.js";
import { reduction } from "../../graph/reduction.js";
import { get } from "../indexing/get.js";
import { squeeze } from "../manipulation/expand.js";
import { type ArrayLike, toArray } from "../operand.js";
import { unifyAxes } from "../rechunk/unify-axes.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Matrix product, Python's `x @ y`. See {@link matmul}. */
    matmul(other: ArrayLike): ChunkedArray<DType, number[]>;
  }
}

/**
 * Matrix product: `[..., m, k] × [..., k, n] → [..., m, n]`. Leading axes broadcast; a 1-d operand is a row on the left and a column on the
 * right, and its axis is not in the result.
 *
 * The dtype is the promotion of both, as NumPy's; the chunks of the result are those of the rows of `x` and the columns of `y`.
 *
 * @throws {ShapeError} `ERR_SHAPE` when an operand has no axes or the inner lengths differ; `ERR_BROADCAST` when leading axes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([4, 6], { chunks: 2 });
 * console.log(await nd.matmul(x, x.T).sum().compute()); // 96
 * ```
 * @see numpy.matmul
 */
export function matmul(x: ArrayLike, y: ArrayLike): AnyArray {
  let [a, b] = [toArray("matmul", x), toArray("matmul", y)] as [AnyArray, AnyArray];
  checkInner(a, b);
  const [row, column] = [a.ndim === 1, b.ndim === 1];
  if (row) a = get(a, null, ":");
  if (column) b = get(b, ":", null);
  const ndim = Math.max(a.ndim, b.ndim);
  [a, b] = [withLead(a, ndim), withLead(b, ndim)];
  const expr = product(a.expr, b.expr);
  const drawn = draw(a, b, expr);
  if (!row && !column) return drawn;
  // Dask squeezes one axis after the other.
  const left = row ? squeeze(drawn, { axis: -2 }) : drawn;
  return column ? squeeze(left, { axis: -1 }) : left;
}

function checkInner(a: AnyArray, b: AnyArray): void {
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError("matmul: expected operands with at least one axis, got a 0-d operand", {
      shapes: [a.shape, b.shape], hint: "use multiply",
    });
  }
  const [k, l] = [a.shape[a.ndim - 1]!, b.shape[Math.max(0, b.ndim - 2)]!];
  if (sameLength(k, l)) return;
  throw new ShapeError(`matmul: expected equal inner lengths, got ${k} and ${l} (shapes ${formatShape(a.shape)} and ${formatShape(b.shape)})`, {
    shapes: [a.shape, b.shape],
  });
}

const withLead = (x: AnyArray, ndim: number): AnyArray => (x.ndim === ndim ? x : get(x, ...new Array<null>(ndim - x.ndim).fill(null)));

/** The product's expression; leading axes are broadcast. */
function product(a: Expr, b: Expr): Expr {
  const lead = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const dtype = promoteTypes(a.dtype, b.dtype);
  const spread = (x: Expr): Expr => build.cast(build.broadcastTo(x, [...lead, ...x.shape.slice(-2)]), dtype);
  return new Matmul(spread(a), spread(b));
}

/** Dask's graph: a product of every pair of blocks that meet, then a tree of sums over the inner axis. */
function draw(x: AnyArray, y: AnyArray, expr: Expr): AnyArray {
  const lead = Array.from({ length: x.ndim - 2 }, (_, axis) => `b${axis}`);
  const [left, right] = [[...lead, "i", "k"], [...lead, "k", "j"]];
  const [a, b] = unifyAxes("matmul", [x, y], [left, right]) as [AnyArray, AnyArray];
  const letters = [...lead, "i", "k", "j"];
  const inner = a.chunks[a.ndim - 1]!.map(() => 1);
  const leadChunks = lead.map((_, axis) => longer(a.chunks[axis]!, b.chunks[axis]!));
  const chunks: Chunks = [...leadChunks, a.chunks[a.ndim - 2]!, inner, b.chunks[b.ndim - 1]!];
  const products = contraction("matmul", letters, chunks, [a.graph, b.graph], [left, right], expr.token);
  const k = letters.length - 2;
  if (inner.length === 1) {
    const whole = new ChunkedArray(build.expandDims(expr, [k]), products);
    return new ChunkedArray(expr, get(whole, ...letters.map((_, axis) => (axis === k ? 0 : ":"))).graph);
  }
  const labels = { chunk: "chunk_sum", partial: "_chunk_sum-partial", aggregate: "_chunk_sum-aggregate" };
  return new ChunkedArray(expr, reduction(labels, products, [k], false, new Map([[k, Math.max(2, config.get("split-every"))]]), expr.token));
}

/** The chunks of a broadcast axis: those of the operand that is not of length 1. */
const longer = (a: readonly number[], b: readonly number[]): readonly number[] => (a.length === 1 && a[0] === 1 ? b : a);

installMethods({ matmul });
