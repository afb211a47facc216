import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** A file that plans read or write. */
export interface FileSource {
  /** From `nextMemoryId`. */
  readonly id: number;
  readonly path: string;
  /** The path as users know it: a file in the making has another until it is complete. */
  readonly name: string;
  /** Equal ones stand for equal bytes: a path, and what told its state when it was opened. */
  readonly token: string;
  readonly byteLength: number;
  readonly writable: boolean;
  /** Rejects when the file is no longer the one that was opened. */
  check(): Promise<void>;
}

/** Elements of a file that lie side by side, in C order of the shape, from a byte on. */
export class File extends Expr {
  readonly kind = "file";
  constructor(shape: Shape, dtype: DType, readonly source: FileSource, readonly byteOffset: number, readonly bigEndian: boolean) {
    super(shape, dtype, []);
  }
  protected parameters(): unknown {
    return [this.source.token, this.byteOffset, this.bigEndian];
  }
  withInputs(): Expr {
    return this;
  }
}
