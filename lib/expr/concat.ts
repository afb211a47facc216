import { Expr } from "./expr.js";
import { settleShapes } from "./settle.js";

/** Joins arrays of one dtype along an existing axis. */
export class Concat extends Expr {
  readonly kind = "concat";
  constructor(inputs: readonly Expr[], readonly axis: number) {
    const total = inputs.reduce((n, x) => n + x.shape[axis]!, 0);
    super(inputs[0]!.shape.map((n, i) => (i === axis ? total : n)), inputs[0]!.dtype, inputs);
  }
  protected parameters(): unknown {
    return this.axis;
  }
  withInputs(inputs: readonly Expr[]): Expr {
    const others = this.shape.map((_, i) => i).filter((i) => i !== this.axis);
    return new Concat(settleShapes("concatenate", inputs, others), this.axis);
  }
}
