import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { isKnown } from "../../core/shape.js";
import { ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { Nonzero } from "../../expr/select.js";
import { blockForBlock } from "../../graph/reshape.js";
import type { GraphNode } from "../../graph/graph-node.js";
import { indices } from "../creation/indices.js";
import { astype } from "../manipulation/astype.js";
import { ravel } from "../manipulation/reshape.js";
import { stack } from "../manipulation/stack.js";
import { type ArrayLike, toArray } from "../operand.js";
import { noteCounts } from "./chunk-sizes.js";
import { get } from "./get.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** For each axis the indices of the elements that are not zero. See {@link nonzero}. */
    nonzero(): ChunkedArray<"int64", [number]>[];
  }
}

/**
 * The positions of the elements that are not zero, one row each, in C order: `[NaN, ndim]`, as their number is known when it has run.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.argwhere([[0, 1], [2, 0]]).compute()).toNested()); // [[0n, 1n], [1n, 0n]]
 * ```
 * @see numpy.argwhere
 */
export function argwhere(x: ArrayLike): ChunkedArray<"int64", [number, number]> {
  const array = toArray("argwhere", x) as AnyArray;
  const mask = astype(array, "bool") as AnyArray;
  // Without axes there is a row, or none, of no columns.
  const expr = array.ndim > 0 ? new Nonzero(mask.expr) : build.slice(new Nonzero(build.expandDims(mask.expr, [0])), 1, 0, 1, 0);
  return new ChunkedArray(expr, drawArgwhere(array, mask));
}

/** Dask takes the indices of all elements and keeps those where the mask is true. */
function drawArgwhere(x: AnyArray, mask: AnyArray): GraphNode {
  if (!isKnown(x.shape) || x.ndim === 0) {
    const graph = blockForBlock("argwhere", [new Array<number>(mask.npartitions).fill(NaN), [x.ndim]], mask.graph, "argwhere");
    noteCounts(graph);
    return graph;
  }
  const grid = indices(x.shape, { chunks: x.chunks }) as AnyArray;
  const columns = x.shape.map((_: number, axis: number) => ravel(get(grid, axis)));
  return get(stack(columns, { axis: 1 }), ravel(mask)).graph;
}

/**
 * The indices of the elements that are not zero: an array for each axis, in C order. Their length is NaN until it has run.
 *
 * @throws {ShapeError} `ERR_SHAPE` for an array without axes.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const [rows, columns] = nd.nonzero([[0, 1], [2, 0]]);
 * console.log((await rows.compute()).toNested(), (await columns.compute()).toNested()); // [0n, 1n] [1n, 0n]
 * ```
 * @see numpy.nonzero
 */
export function nonzero(x: ArrayLike): ChunkedArray<"int64", [number]>[] {
  const array = toArray("nonzero", x) as AnyArray;
  if (array.ndim === 0) {
    throw new ShapeError("nonzero: expected an array with at least one axis, got a 0-d array", {
      shapes: [[]], hint: "use atleast1d",
    });
  }
  const places = argwhere(array) as AnyArray;
  return array.shape.map((_: number, axis: number) => get(places, ":", axis));
}

/**
 * The flat indices, in C order, of the elements that are not zero.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.flatnonzero([[0, 1], [2, 0]]).compute()).toNested()); // [1n, 2n]
 * ```
 * @see numpy.flatnonzero
 */
export function flatnonzero(x: ArrayLike): ChunkedArray<"int64", [number]> {
  const flat = ravel(toArray("flatnonzero", x)) as AnyArray;
  const drawn = get(argwhere(flat) as AnyArray, ":", 0);
  return new ChunkedArray(build.dropAxes(new Nonzero(astype(flat, "bool").expr), [1]), drawn.graph);
}

installMethods({ nonzero });
