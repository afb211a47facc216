import { Expr } from "./expr.js";

/** The elements where a mask of the same shape is true, in C order: shape (NaN). */
export class Select extends Expr {
  readonly kind = "select";
  constructor(input: Expr, mask: Expr) {
    super([NaN], input.dtype, [input, mask]);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs([input, mask]: readonly Expr[]): Expr {
    return new Select(input!, mask!);
  }
}

/** Where a mask is true: int64 indices, one row an element, in C order: shape (NaN, ndim). */
export class Nonzero extends Expr {
  readonly kind = "nonzero";
  constructor(mask: Expr) {
    super([NaN, mask.ndim], "int64", [mask]);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs([mask]: readonly Expr[]): Expr {
    return new Nonzero(mask!);
  }
}
