import type { DType } from "../core/dtype.js";
import { Expr } from "./expr.js";
import type { NativeOp } from "./generated/native-ops.js";
import { settleShapes } from "./settle.js";

/**
 * One native operation, element by element, on inputs of one shape and of the dtypes its loop takes.
 * `output` picks the result of an operation that has several (frexp, modf, sincos).
 */
export class MapOp extends Expr {
  readonly kind = "map";
  constructor(readonly op: NativeOp, readonly loop: DType, dtype: DType, inputs: readonly Expr[], readonly output = 0) {
    super(inputs[0]!.shape, dtype, inputs);
  }
  protected parameters(): unknown {
    return [this.op, this.loop, this.output];
  }
  withInputs(inputs: readonly Expr[]): Expr {
    return new MapOp(this.op, this.loop, this.dtype, settleShapes(this.op, inputs, inputs[0]!.shape.map((_, axis) => axis)), this.output);
  }
}

/** NumPy's `astype`, casting "unsafe". */
export class Cast extends Expr {
  readonly kind = "cast";
  constructor(input: Expr, dtype: DType) {
    super(input.shape, dtype, [input]);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs([input]: readonly Expr[]): Expr {
    return new Cast(input!, this.dtype);
  }
}
