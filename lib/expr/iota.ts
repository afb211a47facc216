import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** int64: each element is its own flat index in C order. `arange`, `eye`, `indices`... are made of it. */
export class Iota extends Expr {
  readonly kind = "iota";
  constructor(shape: Shape) {
    super(shape, "int64", []);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs(): Expr {
    return this;
  }
}
