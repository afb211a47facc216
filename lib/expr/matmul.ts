import { ShapeError } from "../errors/index.js";
import { Expr } from "./expr.js";
import { settleShapes } from "./settle.js";

/** [..., m, k] × [..., k, n] → [..., m, n]; both of one dtype and with equal leading axes. */
export class Matmul extends Expr {
  readonly kind = "matmul";
  constructor(a: Expr, b: Expr) {
    super([...a.shape.slice(0, -1), b.shape[b.ndim - 1]!], a.dtype, [a, b]);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs(inputs: readonly Expr[]): Expr {
    const [a, b] = settleShapes("matmul", inputs, this.shape.slice(0, -2).map((_, axis) => axis)) as [Expr, Expr];
    const [k, l] = [a.shape[a.ndim - 1]!, b.shape[b.ndim - 2]!];
    if (k !== l && !Number.isNaN(k) && !Number.isNaN(l)) {
      throw new ShapeError(`matmul: the masks selected different numbers of elements, inner lengths ${k} and ${l}`, {
        shapes: [a.shape, b.shape],
      });
    }
    return new Matmul(a, b);
  }
}
