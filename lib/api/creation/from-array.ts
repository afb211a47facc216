import { ChunkedArray } from "../../array/chunked-array.js";
import { writeElement } from "../../array/element.js";
import { memoryOf } from "../../array/memory.js";
import { NDArray } from "../../array/nd-array.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { allocate, type DType, dtypeOfTypedArray, lanesOf, toDType, type TypedArray } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { resultType } from "../../core/promotion.js";
import { isScalar, type Scalar, scalarTo } from "../../core/scalar.js";
import { contiguousStrides, formatShape, sizeOf, toShape } from "../../core/shape.js";
import { DTypeError, OptionError, ShapeError } from "../../errors/index.js";
import { cast, full } from "../../expr/build.js";
import { Buffer } from "../../expr/buffer.js";
import type { Expr } from "../../expr/expr.js";
import { source } from "../../graph/blockwise.js";
import type { ArrayLike, NestedScalars } from "../operand.js";
import { checkOptions } from "../options.js";

export interface FromArrayOptions {
  /** The shape; one axis with all elements when a typed array comes without. */
  readonly shape?: number | readonly number[];
  /** How to cut it; `"auto"` when not given. */
  readonly chunks?: ChunksSpec;
  /**
   * What the typed array holds where its class leaves it open: `"bool"` of a Uint8Array, `"float16"` of a Uint16Array, `"complex64"`
   * of a Float32Array and `"complex128"` of a Float64Array.
   */
  readonly dtype?: DType;
}

/**
 * Makes an array of memory: a typed array, an {@link NDArray}, or nested JavaScript arrays.
 *
 * A typed array is not copied: later changes show in what is computed afterwards. Numbers in nested arrays make float64, or int64 when
 * all are whole; bigints int64, booleans bool, `{ re, im }` complex128.
 *
 * @throws {ShapeError} `ERR_SHAPE` when the shape has another number of elements, or rows differ in length.
 * @throws {DTypeError} `ERR_DTYPE` when the typed array cannot hold the dtype.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.fromArray(new Float64Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3], chunks: [1, 3] });
 * console.log((await x.sum({ axis: 0 }).compute()).toNested()); // [5, 7, 9]
 * ```
 * @see dask.array.from_array
 */
export function fromArray(data: ArrayLike, options: FromArrayOptions = {}): ChunkedArray {
  return memoryArray("fromArray", data, options);
}

function memoryArray(operation: string, data: ArrayLike, options: FromArrayOptions): ChunkedArray {
  checkOptions(operation, options, ["shape", "chunks", "dtype"]);
  const { shape, chunks = "auto", dtype } = options;
  if (data instanceof ChunkedArray) {
    throw new OptionError(`${operation}: expected memory, got a chunked array`, { option: "data", received: data, hint: "it is one already" });
  }
  const { array, own, held } = memory(operation, data);
  const type = dtype === undefined ? own : carriedBy(operation, array, own, toDType(dtype, operation));
  const count = array.length / lanesOf(type);
  const lengths = shape === undefined ? (held ?? [count]) : toShape(operation, shape);
  if (sizeOf(lengths) !== count) {
    throw new ShapeError(`${operation}: expected ${sizeOf(lengths)} elements for shape ${formatShape(lengths)}, got ${count}`, { shapes: [lengths] });
  }
  const expr = read(array, own, type, lengths);
  return new ChunkedArray(expr, source("array", normalizeChunks(operation, chunks, lengths, { dtype: type }), expr.token));
}

/** bool is read through a cast, so that a byte that is neither 0 nor 1 counts as true. */
function read(array: TypedArray, own: DType, type: DType, shape: readonly number[]): Expr {
  const stored = type === "bool" && own !== "bool" ? "uint8" : type;
  return cast(new Buffer(shape, stored, memoryOf(array), contiguousStrides(shape)), type);
}

interface MemoryView {
  readonly array: TypedArray;
  readonly own: DType;
  readonly held?: readonly number[];
}

function memory(operation: string, data: unknown): MemoryView {
  if (data instanceof NDArray) return { array: data.data, own: data.dtype, held: data.shape };
  const own = dtypeOfTypedArray(data);
  if (own !== undefined) return { array: fixedMemory(operation, data as TypedArray), own };
  if (isScalar(data)) return nested(operation, data);
  if (Array.isArray(data)) return nested(operation, data as NestedScalars);
  throw new OptionError(`${operation}: expected a typed array, an NDArray or nested arrays, got ${describe(data)}`, { option: "data", received: data });
}

/** Threads read the memory: it must not move, nor be written by other threads meanwhile. */
function fixedMemory(operation: string, array: TypedArray): TypedArray {
  const { buffer } = array as { buffer: ArrayBufferLike & { resizable?: boolean } };
  const kind = buffer[Symbol.toStringTag] === "SharedArrayBuffer" ? "a shared buffer" : buffer.resizable ? "a buffer that can be resized" : undefined;
  if (kind === undefined) return array;
  throw new OptionError(`${operation}: expected memory of its own and of a fixed length, got a view of ${kind}`, { option: "data", received: array, hint: "copy it first, e.g. with slice()" });
}

const describe = (data: unknown): string =>
  data === null || typeof data !== "object" ? String(data) : `a value of type ${data.constructor?.name ?? "object"}`;

/** A dtype that the class of the typed array leaves open. */
function carriedBy(operation: string, array: TypedArray, own: DType, dtype: DType): DType {
  const fits = dtype === own || (allocate(dtype, 0).constructor.name === array.constructor.name && array.length % lanesOf(dtype) === 0);
  if (fits) return dtype;
  throw new DTypeError(`${operation}: expected a dtype that a ${array.constructor.name} of length ${array.length} holds, got ${dtype}`, {
    dtypes: [own, dtype], hint: `use asarray to convert, or astype("${dtype}") after`,
  });
}

/** Nested arrays as memory. */
function nested(operation: string, data: NestedScalars | Scalar): MemoryView {
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: Scalar[] = [];
  flatten(operation, data, shape, 0, flat);
  const own = flat.length === 0 ? "float64" : kindsOf(flat);
  const array = allocate(own, flat.length);
  flat.forEach((value, i) => writeElement(array, own, i, scalarTo(operation, own, value)));
  return { array, own, held: shape };
}

function flatten(operation: string, data: unknown, shape: readonly number[], axis: number, out: Scalar[]): void {
  if (axis === shape.length) {
    if (!isScalar(data)) {
      throw new ShapeError(`${operation}: expected a number, bigint, boolean or { re, im } at depth ${axis}, got ${Array.isArray(data) ? "a deeper row" : describe(data)}`);
    }
    out.push(data);
  } else if (!Array.isArray(data) || data.length !== shape[axis]) {
    const came = Array.isArray(data) ? `one of length ${data.length}` : describe(data);
    throw new ShapeError(`${operation}: expected rows of length ${shape[axis]} at depth ${axis}, got ${came}`, { shapes: [shape] });
  } else {
    for (const row of data) flatten(operation, row, shape, axis + 1, out);
  }
}

/** The dtype of values taken together; Python's: int64 unless one is a float or complex. uint64 holds what int64 does not. */
function kindsOf(values: readonly Scalar[]): DType {
  const dtypes = new Set<DType>();
  for (const value of values) dtypes.add(dtypeOfScalar(value));
  return resultType(...dtypes);
}

/** The dtype that a scalar makes on its own: int64, or uint64 beyond its range; float64, bool, complex128. */
export function dtypeOfScalar(value: Scalar): DType {
  const dtype = resultType(value);
  return typeof value === "bigint" && value >= 2n ** 63n && value < 2n ** 64n ? "uint64" : dtype;
}

/** An array of anything that can be one. */
export function arrayOf(operation: string, value: ArrayLike, chunks?: ChunksSpec): ChunkedArray {
  if (value instanceof ChunkedArray) return value;
  return isScalar(value) ? scalarArray(operation, value) : memoryArray(operation, value, { chunks });
}

/** A constant without axes. */
function scalarArray(operation: string, value: Scalar): ChunkedArray {
  const dtype = dtypeOfScalar(value);
  const expr = full([], dtype, scalarTo(operation, dtype, value));
  return new ChunkedArray(expr, source("array", [], expr.token));
}
