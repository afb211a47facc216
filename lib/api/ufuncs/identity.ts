import { broadcastTo, cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import type { DType } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";

/** The operand itself, in the loop's dtype: what rounding does to integers and conjugation to real numbers. */
export const identity = ([x]: readonly Expr[], loop: DType, shape: Shape): Expr => broadcastTo(cast(x!, loop), shape);
