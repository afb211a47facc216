import { binary, unary } from "./ufunc.js";

/** e^x. @see numpy.exp */
export const exp = unary("exp", { rule: "inexact", loops: "INEXACT", numpy: "exp" });
/** 2^x. @see numpy.exp2 */
export const exp2 = unary("exp2", { rule: "inexact", loops: "INEXACT", numpy: "exp2" });
/** e^x − 1, exact for small x. @see numpy.expm1 */
export const expm1 = unary("expm1", { rule: "inexact", loops: "INEXACT", numpy: "expm1" });
/** Natural logarithm; −∞ at 0, NaN below. @see numpy.log */
export const log = unary("log", { rule: "inexact", loops: "INEXACT", numpy: "log" });
/** Logarithm to base 2. @see numpy.log2 */
export const log2 = unary("log2", { rule: "inexact", loops: "INEXACT", numpy: "log2" });
/** Logarithm to base 10. @see numpy.log10 */
export const log10 = unary("log10", { rule: "inexact", loops: "INEXACT", numpy: "log10" });
/** log(1 + x), exact for small x. @see numpy.log1p */
export const log1p = unary("log1p", { rule: "inexact", loops: "INEXACT", numpy: "log1p" });
/** log(e^x + e^y) without overflow on the way. @see numpy.logaddexp */
export const logaddexp = binary("logaddexp", { rule: "float", loops: "FLOATING", numpy: "logaddexp" });
/** log₂(2^x + 2^y) without overflow on the way. @see numpy.logaddexp2 */
export const logaddexp2 = binary("logaddexp2", { rule: "float", loops: "FLOATING", numpy: "logaddexp2" });
/** Square root; NaN below 0. @see numpy.sqrt */
export const sqrt = unary("sqrt", { rule: "inexact", loops: "INEXACT", numpy: "sqrt" });
/** Cube root. @see numpy.cbrt */
export const cbrt = unary("cbrt", { rule: "float", loops: "FLOATING", numpy: "cbrt" });
/** Modified Bessel function of the first kind, order 0. @see numpy.i0 */
export const i0 = unary("i0", { rule: "divideReal", loops: "FLOATING", numpy: "i0" });
