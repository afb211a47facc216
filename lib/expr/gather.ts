import { Expr } from "./expr.js";

/**
 * NumPy's `take`: the axis is replaced by the elements that a 1-d int64 index names, each in [0, n); checked when it runs. `complaint` is what
 * is wrong when one is not, where that is more than an index.
 */
export class Gather extends Expr {
  readonly kind = "gather";
  constructor(input: Expr, index: Expr, readonly axis: number, readonly complaint?: string) {
    super(input.shape.map((n, i) => (i === axis ? index.shape[0]! : n)), input.dtype, [input, index]);
  }
  protected parameters(): unknown {
    return [this.axis, this.complaint];
  }
  withInputs([input, index]: readonly Expr[]): Expr {
    return new Gather(input!, index!, this.axis, this.complaint);
  }
}
