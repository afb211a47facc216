import { native } from "./native.js";
import { binary, unary } from "./ufunc.js";

/** Sine of an angle in radians. @see numpy.sin */
export const sin = unary("sin", { rule: "inexact", loops: "INEXACT", numpy: "sin" });
/** Cosine of an angle in radians. @see numpy.cos */
export const cos = unary("cos", { rule: "inexact", loops: "INEXACT", numpy: "cos" });
/** Tangent of an angle in radians. @see numpy.tan */
export const tan = unary("tan", { rule: "inexact", loops: "INEXACT", numpy: "tan" });
/** The angle whose sine is x; NaN outside [-1, 1]. @see numpy.arcsin */
export const arcsin = unary("arcsin", { rule: "inexact", loops: "INEXACT", numpy: "arcsin" });
/** The angle whose cosine is x; NaN outside [-1, 1]. @see numpy.arccos */
export const arccos = unary("arccos", { rule: "inexact", loops: "INEXACT", numpy: "arccos" });
/** The angle whose tangent is x. @see numpy.arctan */
export const arctan = unary("arctan", { rule: "inexact", loops: "INEXACT", numpy: "arctan" });
/** The angle of the point (x2, x1), in the right quadrant. @see numpy.arctan2 */
export const arctan2 = binary("arctan2", { rule: "float", loops: "FLOATING", numpy: "arctan2" });
/** √(x² + y²) without overflow on the way. @see numpy.hypot */
export const hypot = binary("hypot", { rule: "float", loops: "FLOATING", numpy: "hypot" });
/** Hyperbolic sine. @see numpy.sinh */
export const sinh = unary("sinh", { rule: "inexact", loops: "INEXACT", numpy: "sinh" });
/** Hyperbolic cosine. @see numpy.cosh */
export const cosh = unary("cosh", { rule: "inexact", loops: "INEXACT", numpy: "cosh" });
/** Hyperbolic tangent. @see numpy.tanh */
export const tanh = unary("tanh", { rule: "inexact", loops: "INEXACT", numpy: "tanh" });
/** Inverse hyperbolic sine. @see numpy.arcsinh */
export const arcsinh = unary("arcsinh", { rule: "inexact", loops: "INEXACT", numpy: "arcsinh" });
/** Inverse hyperbolic cosine; NaN below 1. @see numpy.arccosh */
export const arccosh = unary("arccosh", { rule: "inexact", loops: "INEXACT", numpy: "arccosh" });
/** Inverse hyperbolic tangent; NaN outside [-1, 1]. @see numpy.arctanh */
export const arctanh = unary("arctanh", { rule: "inexact", loops: "INEXACT", numpy: "arctanh" });
/** Degrees to radians. @see numpy.deg2rad */
export const deg2rad = unary("deg2rad", { rule: "float", loops: "FLOATING", numpy: "deg2rad" });
/** Radians to degrees. @see numpy.rad2deg */
export const rad2deg = unary("rad2deg", { rule: "float", loops: "FLOATING", numpy: "rad2deg" });
/** Degrees to radians. @see numpy.radians */
export const radians = unary("radians", { rule: "float", loops: "FLOATING", op: "deg2rad", numpy: "radians" });
/** Radians to degrees. @see numpy.degrees */
export const degrees = unary("degrees", { rule: "float", loops: "FLOATING", op: "rad2deg", numpy: "degrees" });
/** sin(πx) / (πx), and 1 at 0. @see numpy.sinc */
export const sinc = unary("sinc", { rule: "divide", loops: "INEXACT", numpy: "sinc" });

// Sine and cosine of one operand at once: the optimiser makes it of the two.
native("sincos", 1, "SINGLE_DOUBLE", 2);
