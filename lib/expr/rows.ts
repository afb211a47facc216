import type { DType } from "../core/dtype.js";
import { Expr } from "./expr.js";

/** The number of a method of quantiles that takes the element below for the first quantile, that above for the second, and so on in turns. */
export const ALTERNATING = 13;
/** The numbers of those two methods, "lower" and "higher". */
export const METHOD_PAIR = [9, 10] as const;

/**
 * A kernel that needs whole rows (the last axis).
 * topk, argtopk: [..., n] → [..., m], parameters [k]; quantile: [..., n] → [q, ...], parameters [method, skip NaN, ...q].
 */
export class Rows extends Expr {
  readonly kind = "rows";
  /** @param sampled whether a sample may tell where the quantiles of a long row lie; it may mislead, which is seen. */
  constructor(readonly kernel: "topk" | "argtopk" | "quantile", input: Expr, readonly values: readonly number[], readonly sampled = true) {
    const outer = input.shape.slice(0, -1);
    const n = input.shape[input.ndim - 1]!;
    const shape = kernel === "quantile" ? [values.length - 2, ...outer] : [...outer, Math.min(Math.abs(values[0]!), n)];
    const dtype: DType = kernel === "argtopk" ? "int64" : input.dtype;
    super(shape, dtype, [input]);
  }
  protected parameters(): unknown {
    return [this.kernel, this.values, this.sampled];
  }
  withInputs([input]: readonly Expr[]): Expr {
    return new Rows(this.kernel, input!, this.values, this.sampled);
  }
}
