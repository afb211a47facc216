import type { DType } from "../core/dtype.js";
import { Expr } from "./expr.js";

/** The reducers of the kernels in the order of `enum class Reducer`, and the dtypes of their fields ("loop": the input's). */
export const REDUCERS = {
  sum: ["loop"],
  prod: ["loop"],
  min: ["loop"],
  max: ["loop"],
  fmin: ["loop"],
  fmax: ["loop"],
  argmin: ["loop", "int64"],
  argmax: ["loop", "int64"],
  nanargmin: ["loop", "int64"],
  nanargmax: ["loop", "int64"],
  moments2: ["int64", "float64", "float64"],
  moments4: ["int64", "float64", "float64", "float64", "float64"],
  nanMoments2: ["int64", "float64", "float64"],
  nanMoments4: ["int64", "float64", "float64", "float64", "float64"],
} as const satisfies Record<string, readonly (DType | "loop")[]>;
export type ReducerKind = keyof typeof REDUCERS;

/**
 * Folds the given axes away (they are removed; an empty list folds nothing but still applies the reducer). `field` picks one of what
 * the reducer finds: moments give count, mean, M2 (M3, M4); arg-reductions value and index (C order over the reduced axes).
 */
export class Reduce extends Expr {
  readonly kind = "reduce";
  constructor(readonly reducer: ReducerKind, input: Expr, readonly axes: readonly number[], readonly field = 0) {
    const dtype = REDUCERS[reducer][field as 0] as DType | "loop";
    super(input.shape.filter((_, i) => !axes.includes(i)), dtype === "loop" ? input.dtype : dtype, [input]);
  }
  protected parameters(): unknown {
    return [this.reducer, this.axes, this.field];
  }
  withInputs([input]: readonly Expr[]): Expr {
    return new Reduce(this.reducer, input!, this.axes, this.field);
  }
}
