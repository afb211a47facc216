import type { DType, TypedArray } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** Memory that an array reads: a typed array of the user's, or a slot that an engine keeps (`persist`). */
export interface BufferSource {
  /** Unique in the process. */
  readonly id: number;
  readonly byteLength: number;
  /** Set for memory of the user's, which an engine imports when it first runs a plan that reads it. */
  readonly data?: TypedArray;
  /** Throws when the memory is gone (a disposed array). */
  check(): void;
}

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
