import { Expr } from "./expr.js";

/** [..., m, k] × [..., k, n] → [..., m, n]; both of one dtype and with equal leading axes. */
export class Matmul extends Expr {
  readonly kind = "matmul";
  constructor(a: Expr, b: Expr) {
    super([...a.shape.slice(0, -1), b.shape[b.ndim - 1]!], a.dtype, [a, b]);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs([a, b]: readonly Expr[]): Expr {
    return new Matmul(a!, b!);
  }
}
