import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import type { ShapeOf } from "../../array/result-types.js";
import type { Chunks, ChunksSpec } from "../../core/chunks.js";
import { type DType, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { isScalar, type Scalar, scalarTo } from "../../core/scalar.js";
import { isKnown, type Shape, toShape } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { full as fullExpr } from "../../expr/build.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { constantLike } from "../ufuncs/elementwise.js";
import { dtypeOfScalar } from "./from-array.js";

export interface CreateOptions<D extends DType = DType> {
  /** How to cut the array; `"auto"`, blocks of `array.chunk-size` bytes, when not given. */
  readonly chunks?: ChunksSpec;
  readonly dtype?: D;
}

/**
 * Makes an array of ones.
 *
 * @throws {ShapeError} `ERR_SHAPE` for a length that is no whole number ≥ 0.
 * @throws {ChunkError} when the chunks do not fit the shape.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(await nd.ones([2, 3], { chunks: 2 }).sum().compute()); // 6
 * ```
 * @see numpy.ones
 */
export function ones<const S extends number | Shape, D extends DType = "float64">(shape: S, options: CreateOptions<D> = {}): ChunkedArray<D, ShapeOf<S>> {
  return created("ones", "ones_like", shape, 1, options);
}

/** Makes an array of zeros. See {@link ones}. @see numpy.zeros */
export function zeros<const S extends number | Shape, D extends DType = "float64">(shape: S, options: CreateOptions<D> = {}): ChunkedArray<D, ShapeOf<S>> {
  return created("zeros", "zeros_like", shape, 0, options);
}

/** Makes an array whose values do not matter; they are zeros. See {@link ones}. @see numpy.empty */
export function empty<const S extends number | Shape, D extends DType = "float64">(shape: S, options: CreateOptions<D> = {}): ChunkedArray<D, ShapeOf<S>> {
  return created("empty", "empty_like", shape, 0, options);
}

/**
 * Makes an array of one value. The dtype is the value's when not given: int64 for a whole number, float64 for others.
 *
 * @throws {DTypeError} `ERR_OVERFLOW` when the dtype cannot hold the value.
 * @throws {OptionError} `ERR_OPTION` when the value is no scalar.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.full(3, 7, { dtype: "uint8" }).compute()).data); // Uint8Array(3) [ 7, 7, 7 ]
 * ```
 * @see numpy.full
 */
export function full<const S extends number | Shape, D extends DType = DType>(shape: S, fillValue: Scalar, options: CreateOptions<D> = {}): ChunkedArray<D, ShapeOf<S>> {
  requireScalar("full", fillValue);
  return created("full", "full_like", shape, fillValue, options, dtypeOfScalar(fillValue));
}

function created<D extends DType, S extends Shape>(
  operation: string, label: string, shape: number | Shape, value: Scalar, options: CreateOptions, dtype: DType = "float64",
): ChunkedArray<D, S> {
  checkOptions(operation, options, ["chunks", "dtype"]);
  return constant(operation, label, shape, value, options.dtype ?? dtype, options.chunks);
}

function requireScalar(operation: string, value: unknown): asserts value is Scalar {
  if (!isScalar(value)) {
    throw new OptionError(`${operation}: expected a scalar as fill value, got ${Array.isArray(value) ? "an array" : String(value)}`, {
      option: "fillValue", received: value, hint: "use broadcastTo for an array",
    });
  }
}

function constant<D extends DType, S extends Shape>(
  operation: string, label: string, shape: number | Shape, value: Scalar, type: DType, chunks: ChunksSpec = "auto",
): ChunkedArray<D, S> {
  const dtype = toDType(type, operation);
  const lengths = toShape(operation, shape);
  const expr = fullExpr(lengths, dtype, scalarTo(operation, dtype, value));
  return new ChunkedArray(expr, source(label, normalizeChunks(operation, chunks, lengths, { dtype }), expr.token));
}

export interface LikeOptions<D extends DType = DType> extends CreateOptions<D> {
  /** Another shape than the model's. */
  readonly shape?: number | Shape;
}

type Like<A, D> = A extends ChunkedArray<infer E, infer S> ? ChunkedArray<D extends DType ? D : E, S> : ChunkedArray<D extends DType ? D : DType>;

/**
 * Makes an array of ones with the shape, dtype and chunks of another, as far as the options do not say otherwise.
 *
 * @see numpy.ones_like
 */
export function onesLike<A extends ArrayLike, D extends DType | undefined = undefined>(a: A, options: LikeOptions & { readonly dtype?: D } = {}): Like<A, D> {
  return like("onesLike", "ones_like", a, 1, options) as Like<A, D>;
}

/** Makes an array of zeros with the shape, dtype and chunks of another. See {@link onesLike}. @see numpy.zeros_like */
export function zerosLike<A extends ArrayLike, D extends DType | undefined = undefined>(a: A, options: LikeOptions & { readonly dtype?: D } = {}): Like<A, D> {
  return like("zerosLike", "zeros_like", a, 0, options) as Like<A, D>;
}

/** Makes an array whose values do not matter with the shape, dtype and chunks of another. See {@link onesLike}. @see numpy.empty_like */
export function emptyLike<A extends ArrayLike, D extends DType | undefined = undefined>(a: A, options: LikeOptions & { readonly dtype?: D } = {}): Like<A, D> {
  return like("emptyLike", "empty_like", a, 0, options) as Like<A, D>;
}

/** Makes an array of one value with the shape, dtype and chunks of another. See {@link onesLike}. @see numpy.full_like */
export function fullLike<A extends ArrayLike, D extends DType | undefined = undefined>(a: A, fillValue: Scalar, options: LikeOptions & { readonly dtype?: D } = {}): Like<A, D> {
  requireScalar("fullLike", fillValue);
  return like("fullLike", "full_like", a, fillValue, options) as Like<A, D>;
}

function like(operation: string, label: string, a: ArrayLike, value: Scalar, options: LikeOptions): ChunkedArray {
  checkOptions(operation, options, ["chunks", "dtype", "shape"]);
  const { dtype, shape, chunks } = options;
  const model: AnyArray = toArray(operation, a);
  const type = dtype === undefined ? (model.dtype as DType) : toDType(dtype, operation);
  const cut = chunks ?? (shape === undefined ? (model.chunks as Chunks) : "auto");
  if (shape !== undefined) return constant(operation, label, shape, value, type, cut);
  const lengths = model.shape as Shape;
  if (isKnown(lengths)) return constant(operation, label, lengths, value, type, cut);
  const expr = constantLike(model.expr, lengths, type, scalarTo(operation, type, value));
  return new ChunkedArray(expr, blockwise(label, normalizeChunks(operation, cut, lengths, { dtype: type }), [model.graph], expr.token));
}
