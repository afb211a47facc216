import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import type { ShapeOf } from "../../array/result-types.js";
import { wholeChunks } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import { reshapeChunks } from "../../core/reshape-chunks.js";
import { formatShape, isKnown, sameShape, type Shape, sizeOf } from "../../core/shape.js";
import { ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { blockForBlock } from "../../graph/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";
import { rechunk } from "../rechunk/rechunk.js";
import { withChunks } from "../rechunk/unify-axes.js";

/** How {@link reshape} draws chunks. */
export interface ReshapeOptions {
  /** False cuts the axes that are merged into chunks of 1 first, so that no block of the result is made of several. */
  readonly mergeChunks?: boolean;
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** The same elements in C order with another shape. See {@link reshape}. */
    reshape<const T extends number | readonly number[]>(shape: T, options?: ReshapeOptions): ChunkedArray<D, ShapeOf<T>>;
    /** The elements in C order with one axis. See {@link ravel}. */
    ravel(): ChunkedArray<D, [number]>;
    /** The elements in C order with one axis. @see numpy.ndarray.flatten */
    flatten(): ChunkedArray<D, [number]>;
  }
}

/**
 * The same elements in C order with another shape. One length may be −1: it follows from the others.
 *
 * Chunks are those of Dask where axes are merged or split evenly; else they are those of flattening first.
 *
 * @throws {ShapeError} `ERR_RESHAPE` when the shape has another number of elements, or lengths are unknown.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.arange(6).reshape([2, -1]).shape); // [2, 3]
 * ```
 * @see numpy.reshape
 */
export function reshape<D extends DType, const T extends number | readonly number[]>(
  x: ChunkedArray<D>, shape: T, options?: ReshapeOptions,
): ChunkedArray<D, ShapeOf<T>>;
export function reshape(x: ArrayLike, shape: number | readonly number[], options?: ReshapeOptions): AnyArray;
export function reshape(
  x: ArrayLike, shape: number | readonly number[], { mergeChunks = true }: ReshapeOptions = {},
): AnyArray {
  const array = toArray("reshape", x);
  const asked = typeof shape === "number" ? [shape] : [...shape];
  if (asked.length === 1 && asked[0] === -1 && array.ndim === 1) return array;
  const to = resolve(array.shape, asked);
  if (sameShape(array.shape, to)) return array;
  const expr = build.reshape(array.expr, to);
  const drawn = array.npartitions === 1 ? undefined : drawInChunks(array, to, mergeChunks);
  return new ChunkedArray(expr, drawn?.graph ?? blockForBlock("reshape", wholeChunks(to), array.graph, ["reshape", to]));
}

function drawInChunks(x: AnyArray, to: Shape, mergeChunks: boolean): AnyArray {
  let from = x;
  const merged = x.ndim - to.length;
  if (!mergeChunks && merged > 0) from = rechunk(x, Object.fromEntries(Array.from({ length: merged }, (_, axis) => [axis, 1])));
  const plan = reshapeChunks(from.shape, to, from.chunks);
  // Where axes are merged or split unevenly Dask refuses; flattened, every shape can be reached.
  if (plan === null) return drawInChunks(drawInChunks(x, [x.size], mergeChunks), to, true);
  const cut = withChunks(from, plan.input);
  return new ChunkedArray(build.reshape(cut.expr, to), blockForBlock("reshape", plan.output, cut.graph, ["reshape", to]));
}

function resolve(shape: Shape, asked: readonly number[]): number[] {
  const fail = (what: string, hint?: string): ShapeError =>
    new ShapeError(`reshape: ${what}`, { code: "ERR_RESHAPE", shapes: [shape, asked], hint });
  const open = asked.filter((n) => n === -1).length;
  if (open > 1) throw fail(`expected at most one length of -1, got ${formatShape(asked)}`);
  const bad = asked.find((n) => !Number.isSafeInteger(n) || n < -1);
  if (bad !== undefined) throw fail(`expected lengths that are whole numbers ≥ 0, or one -1, got ${bad}`);
  if (!isKnown(shape)) throw fail(`shape ${formatShape(shape)} has an unknown length`, "compute it first, with computeChunkSizes()");
  const size = sizeOf(shape);
  const rest = asked.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const missing = size / rest;
  const fits = open === 0 ? rest === size : rest > 0 ? Number.isInteger(missing) : false;
  if (!fits) throw fail(`shape ${formatShape(shape)} of ${size} elements does not become ${formatShape(asked)}`);
  return asked.map((n) => (n === -1 ? missing : n));
}

/**
 * The elements in C order with one axis.
 *
 * @throws {ShapeError} `ERR_RESHAPE` when lengths are unknown and there is more than one axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.ravel(nd.ones([2, 3])).shape); // [6]
 * ```
 * @see numpy.ravel
 */
export function ravel<D extends DType>(x: ChunkedArray<D>): ChunkedArray<D, [number]>;
export function ravel(x: ArrayLike): ChunkedArray<DType, [number]>;
export function ravel(x: ArrayLike): AnyArray {
  return reshape(toArray("ravel", x), -1);
}

installMethods({ reshape, ravel, flatten: ravel });
