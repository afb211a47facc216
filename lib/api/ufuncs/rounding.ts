import { identity } from "./identity.js";
import { unary } from "./ufunc.js";

/** The nearest whole number, halves to even; integers as floats. @see numpy.rint */
export const rint = unary("rint", { rule: "inexact", loops: "INEXACT", numpy: "rint" });
/** The largest whole number not above; integers stay. @see numpy.floor */
export const floor = unary("floor", { rule: "rounding", loops: "FLOATING", numpy: "floor", otherwise: identity });
/** The smallest whole number not below; integers stay. @see numpy.ceil */
export const ceil = unary("ceil", { rule: "rounding", loops: "FLOATING", numpy: "ceil", otherwise: identity });
/** The whole number towards zero; integers stay. @see numpy.trunc */
export const trunc = unary("trunc", { rule: "rounding", loops: "FLOATING", numpy: "trunc", otherwise: identity });
/** The whole number towards zero: {@link trunc} under its other name. @see numpy.fix */
export const fix = unary("fix", { rule: "rounding", loops: "FLOATING", op: "trunc", numpy: "fix", otherwise: identity });
