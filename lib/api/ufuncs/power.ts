import { isInteger } from "../../core/dtype.js";
import { isComplexScalar } from "../../core/scalar.js";
import { DTypeError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import { Expr } from "../../expr/expr.js";
import { applyNative, constantLike, loopOfTerms, type Term } from "./elementwise.js";
import { reciprocal, square } from "./arithmetic.js";
import { sqrt } from "./exponential.js";
import { native } from "./native.js";
import { binary } from "./ufunc.js";

const powerOf = native("power", 2, "NUMERIC");

/**
 * x to the power y, element by element; integers stay integers.
 *
 * @throws {DTypeError} `ERR_DTYPE` for integers and a negative integer exponent, as in NumPy.
 * @see numpy.power
 */
export const power = binary("power", { rule: "numberOrBool8", numpy: "power", build: (x, y) => raiseTo("power", x!, y!, false) });

/** x to the power y, computed in float64 or complex128 whatever comes. @see numpy.float_power */
export const floatPower = binary("floatPower", {
  rule: "double", numpy: "float_power", build: (x, y) => applyNative("floatPower", powerOf, "double", [x!, y!]),
});

/**
 * x to the power y, by an operation of its own where that gives the same numbers. `operator`: NumPy's `**` takes the square root for 0.5
 * in every float type, its `power` in float32 and float64 alone (they differ at −0 and −∞).
 */
export function raiseTo(operation: string, x: Term, y: Term, operator: boolean): Expr {
  const { loop } = loopOfTerms(operation, "numberOrBool8", [x, y]);
  if (x instanceof Expr && !(y instanceof Expr) && !isComplexScalar(y)) {
    const base = cast(x, loop);
    const exponent = Number(y);
    if (isInteger(loop) && exponent < 0) {
      throw new DTypeError(`${operation}: expected an exponent ≥ 0 for ${x.dtype} elements, got ${exponent}`, {
        dtypes: [x.dtype], hint: "make the array float64 first, or use floatPower",
      });
    }
    if (exponent === 0) return constantLike(base, base.shape, loop, 1);
    if (exponent === 1) return base;
    if (exponent === 2) return square.build(base);
    if (exponent === -1) return reciprocal.build(base);
    if (exponent === 0.5 && !isInteger(loop) && (operator || loop === "float32" || loop === "float64")) return sqrt.build(base);
  }
  return applyNative(operation, powerOf, "numberOrBool8", [x, y]);
}
