import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { promoteTypes } from "../../core/promotion.js";
import * as build from "../../expr/build.js";
import { contraction } from "../../graph/contraction.js";
import { ravel } from "../manipulation/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";

/**
 * All products of an element of `x` and one of `y`, both flattened: `[m] × [n] → [m, n]`.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.outer([1, 2], [3, 4]).compute()).toNested()); // [[3n, 4n], [6n, 8n]]
 * ```
 * @see numpy.outer
 */
export function outer(x: ArrayLike, y: ArrayLike): AnyArray {
  const [a, b] = [ravel(toArray("outer", x)), ravel(toArray("outer", y))] as [AnyArray, AnyArray];
  const dtype = promoteTypes(a.dtype, b.dtype);
  const shape = [a.shape[0]!, b.shape[0]!];
  const expr = build.map("multiply", dtype, dtype, [build.expandDims(a.expr, [1]), b.expr], shape);
  return new ChunkedArray(expr, contraction("outer", ["i", "j"], [a.chunks[0]!, b.chunks[0]!], [a.graph, b.graph], [["i"], ["j"]], expr.token));
}
