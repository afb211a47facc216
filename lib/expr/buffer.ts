import type { DType, TypedArray } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** Memory that an array reads: a typed array of the user's, or a slot that an engine keeps (`persist`). */
export interface BufferSource {
  /** From {@link nextMemoryId}. */
  readonly id: number;
  readonly byteLength: number;
  /** Memory of the user's, which an engine imports for the plans that read it; not set for a slot that the engine keeps. */
  readonly data?: TypedArray;
  /** Throws when the memory is gone (a disposed array). */
  check(): void;
  /** Told before an engine's plan reads it: memory that another engine keeps has to be `data` then. */
  comeTo?(engine: object): void;
}

let lastId = 0;
/** A number that no other memory of the process has: a buffer's, or a slot's in a plan. */
export const nextMemoryId = (): number => ++lastId;

/** Strided elements of a buffer. Strides and offset in elements. */
export class Buffer extends Expr {
  readonly kind = "buffer";
  constructor(shape: Shape, dtype: DType, readonly source: BufferSource, readonly strides: readonly number[], readonly offset = 0) {
    super(shape, dtype, []);
  }
  protected parameters(): unknown {
    return [this.source.id, this.strides, this.offset];
  }
  withInputs(): Expr {
    return this;
  }
}
