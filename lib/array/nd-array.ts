import type { DType, ScalarOf, TypedArrayOf } from "../core/dtype.js";
import { contiguousStrides, formatShape, type Shape, sizeOf } from "../core/shape.js";
import { DisposedError, IndexError, ShapeError } from "../errors/index.js";
import { readElement } from "./element.js";

/** Nested JavaScript arrays of elements; a bare element when there are no axes. */
export type Nested<T> = T | Nested<T>[];

/**
 * An array in memory, C-contiguous: what `compute()` gives.
 *
 * `data` is the typed array of the dtype. float16 are raw bits in a `Uint16Array` (Node 20 has no `Float16Array`), which `item` and
 * `toNested` decode; complex numbers are interleaved pairs; bool is 0 or 1 in a `Uint8Array`; 64-bit integers are bigints.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = await nd.arange(6).reshape([2, 3]).compute();
 * console.log(x.shape, x.item(1, 2), x.toNested()); // [2, 3] 5n [[0n, 1n, 2n], [3n, 4n, 5n]]
 * ```
 * @see numpy.ndarray
 */
export class NDArray<D extends DType = DType, S extends Shape = Shape> implements Disposable {
  readonly shape: S;
  readonly dtype: D;
  /** Elements (not bytes) between neighbours along each axis. */
  readonly strides: readonly number[];
  #data: TypedArrayOf<D> | undefined;

  /**
   * Wraps a typed array; nothing is copied.
   *
   * @throws {ShapeError} `ERR_SHAPE` when it does not hold as many elements as the shape has.
   */
  constructor(data: TypedArrayOf<D>, shape: S, dtype: D) {
    const lanes = dtype === "complex64" || dtype === "complex128" ? 2 : 1;
    if (data.length !== sizeOf(shape) * lanes) {
      throw new ShapeError(
        `NDArray: expected ${sizeOf(shape) * lanes} numbers for shape ${formatShape(shape)} of ${dtype}, got ${data.length}`,
        { shapes: [shape] },
      );
    }
    this.#data = data;
    this.shape = shape;
    this.dtype = dtype;
    this.strides = contiguousStrides(shape);
  }

  /**
   * The elements in C order.
   *
   * @throws {DisposedError} after disposal.
   */
  get data(): TypedArrayOf<D> {
    if (this.#data === undefined) throw new DisposedError("NDArray: its memory has been disposed of");
    return this.#data;
  }
  get ndim(): S["length"] {
    return this.shape.length;
  }
  get size(): number {
    return sizeOf(this.shape);
  }
  get nbytes(): number {
    return this.data.byteLength;
  }

  /**
   * One element; without an index, the only one of a single-element array. Negative indices count from the end.
   *
   * @throws {IndexError} `ERR_INDEX` when there is no such element.
   * @see numpy.ndarray.item
   */
  item(...index: readonly number[]): ScalarOf<D> {
    if (index.length === 0 && this.size === 1) return readElement(this.data, this.dtype, 0);
    if (index.length !== this.shape.length) {
      throw new IndexError(`item: expected ${this.shape.length} indices for shape ${formatShape(this.shape)}, got ${index.length}`, { index });
    }
    let at = 0;
    index.forEach((i, axis) => {
      const n = this.shape[axis]!;
      if (!Number.isInteger(i) || i < -n || i >= n) {
        throw new IndexError(`item: index ${i} is out of bounds for axis ${axis} with size ${n}`, { index: i, axis });
      }
      at += (i < 0 ? i + n : i) * this.strides[axis]!;
    });
    return readElement(this.data, this.dtype, at);
  }

  /** Copies the elements into nested JavaScript arrays. @see numpy.ndarray.tolist */
  toNested(): Nested<ScalarOf<D>> {
    const { data, dtype, shape, strides } = this;
    const build = (axis: number, offset: number): Nested<ScalarOf<D>> =>
      axis === shape.length
        ? readElement(data, dtype, offset)
        : Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, offset + i * strides[axis]!));
    return build(0, 0);
  }

  /** Lets the memory go before the garbage collector would. */
  [Symbol.dispose](): void {
    this.#data = undefined;
  }

  toString(): string {
    return `NDArray<${this.dtype}, shape=${formatShape(this.shape)}>`;
  }
}
