import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** A JavaScript scalar of any dtype. */
export type Scalar = number | bigint | boolean | { readonly re: number; readonly im: number };

/** One value everywhere. */
export class Full extends Expr {
  readonly kind = "full";
  constructor(shape: Shape, dtype: DType, readonly value: Scalar) {
    super(shape, dtype, []);
  }
  protected parameters(): unknown {
    return [typeof this.value, this.value];
  }
  withInputs(): Expr {
    return this;
  }
}
