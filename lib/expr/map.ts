import type { DType } from "../core/dtype.js";
import { formatShape } from "../core/shape.js";
import { ShapeError } from "../errors/index.js";
import { Expr } from "./expr.js";
import { Full } from "./full.js";
import type { NativeOp } from "./generated/native-ops.js";
import { View } from "./view.js";

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
    return new MapOp(this.op, this.loop, this.dtype, settleShapes(this.op, inputs), this.output);
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

/** When one input's unknown sizes have become known, what is repeated beside it takes them over. */
function settleShapes(op: string, inputs: readonly Expr[]): readonly Expr[] {
  const shape = inputs[0]!.shape.map((_, axis) => inputs.map((x) => x.shape[axis]!).find((n) => !Number.isNaN(n)) ?? NaN);
  return inputs.map((x) => {
    const settled = !x.shape.some(Number.isNaN) ? x
      : x instanceof Full ? new Full(shape, x.dtype, x.value)
      : x instanceof View ? new View(x.inputs[0]!, x.shape.map((n, axis) => (Number.isNaN(n) ? shape[axis]! : n)), x.axes, x.start)
      : x;
    if (settled.shape.some((n, axis) => n !== shape[axis] && !(Number.isNaN(n) && Number.isNaN(shape[axis]!)))) {
      throw new ShapeError(`${op}: the masks selected different numbers of elements, shapes ${formatShape(settled.shape)} and ${formatShape(shape)}`, {
        code: "ERR_BROADCAST", shapes: [settled.shape, shape],
      });
    }
    return settled;
  });
}
