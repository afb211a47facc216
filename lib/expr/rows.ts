import type { DType } from "../core/dtype.js";
import { Expr } from "./expr.js";

/**
 * A kernel that needs whole rows (the last axis).
 * topk, argtopk: [..., n] → [..., m], parameters [k]; quantile: [..., n] → [q, ...], parameters [method, skip NaN, ...q].
 */
export class Rows extends Expr {
  readonly kind = "rows";
  constructor(readonly kernel: "topk" | "argtopk" | "quantile", input: Expr, readonly values: readonly number[]) {
    const outer = input.shape.slice(0, -1);
    const n = input.shape[input.ndim - 1]!;
    const shape = kernel === "quantile" ? [values.length - 2, ...outer] : [...outer, Math.min(Math.abs(values[0]!), n)];
    const dtype: DType = kernel === "argtopk" ? "int64" : input.dtype;
    super(shape, dtype, [input]);
  }
  protected parameters(): unknown {
    return [this.kernel, this.values];
  }
  withInputs([input]: readonly Expr[]): Expr {
    return new Rows(this.kernel, input!, this.values);
  }
}
