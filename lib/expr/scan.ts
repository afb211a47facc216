import { Expr } from "./expr.js";

/** Running sum or product along an axis, in the input's dtype. */
export class Scan extends Expr {
  readonly kind = "scan";
  constructor(readonly op: "sum" | "prod", input: Expr, readonly axis: number) {
    super(input.shape, input.dtype, [input]);
  }
  protected parameters(): unknown {
    return [this.op, this.axis];
  }
  withInputs([input]: readonly Expr[]): Expr {
    return new Scan(this.op, input!, this.axis);
  }
}
