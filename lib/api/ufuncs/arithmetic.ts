import { native } from "./native.js";
import { identity } from "./identity.js";
import { binary, unary } from "./ufunc.js";

/** Adds element by element; on bool it is `or`. @see numpy.add */
export const add = binary("add", { rule: "any", loops: "NUMERIC | BOOL", numpy: "add" });
/** Subtracts element by element; not for bool. @see numpy.subtract */
export const subtract = binary("subtract", { rule: "number", loops: "NUMERIC", numpy: "subtract" });
/** Multiplies element by element; on bool it is `and`. @see numpy.multiply */
export const multiply = binary("multiply", { rule: "any", loops: "NUMERIC | BOOL", numpy: "multiply" });
/** Divides element by element; integers as float64. @see numpy.divide */
export const divide = binary("divide", { rule: "divide", loops: "INEXACT", numpy: "divide" });
/** Divides element by element: another name of {@link divide}. @see numpy.true_divide */
export const trueDivide = divide;
/** The largest whole number not above the quotient; integers by 0 give 0. @see numpy.floor_divide */
export const floorDivide = binary("floorDivide", { rule: "realOrBool8", loops: "REAL", numpy: "floor_divide" });
/** The remainder with the divisor's sign. @see numpy.remainder */
export const remainder = binary("remainder", { rule: "realOrBool8", loops: "REAL", numpy: "remainder" });
/** The remainder with the divisor's sign: another name of {@link remainder}. @see numpy.mod */
export const mod = remainder;
/** The remainder with the dividend's sign, as C's fmod. @see numpy.fmod */
export const fmod = binary("fmod", { rule: "realOrBool8", loops: "REAL", numpy: "fmod" });
/** Changes the sign; not for bool. @see numpy.negative */
export const negative = unary("negative", { rule: "number", loops: "NUMERIC", numpy: "negative" });
/** The operand itself; not for bool. @see numpy.positive */
export const positive = unary("positive", { rule: "number", numpy: "positive", otherwise: identity });
/** The distance from zero; a complex number's gives its float. @see numpy.absolute */
export const absolute = unary("absolute", { rule: "part", loops: "NUMERIC | BOOL", numpy: "absolute" });
/** The distance from zero: another name of {@link absolute}. @see numpy.abs */
export const abs = absolute;
/** The distance from zero as a float; no complex. @see numpy.fabs */
export const fabs = unary("fabs", { rule: "float", loops: "FLOATING", numpy: "fabs" });
/** -1, 0 or 1; for complex numbers x / |x|. @see numpy.sign */
export const sign = unary("sign", { rule: "number", loops: "NUMERIC", numpy: "sign" });
/** 1 / x; integers stay integers, as in NumPy. @see numpy.reciprocal */
export const reciprocal = unary("reciprocal", { rule: "numberOrBool8", loops: "NUMERIC", numpy: "reciprocal" });
/** x · x. @see numpy.square */
export const square = unary("square", { rule: "numberOrBool8", loops: "NUMERIC", numpy: "square" });
/** The larger of two, element by element; NaN wins. @see numpy.maximum */
export const maximum = binary("maximum", { rule: "any", loops: "NUMERIC | BOOL", numpy: "maximum" });
/** The smaller of two, element by element; NaN wins. @see numpy.minimum */
export const minimum = binary("minimum", { rule: "any", loops: "NUMERIC | BOOL", numpy: "minimum" });
/** The larger of two, element by element; NaN loses. @see numpy.fmax */
export const fmax = binary("fmax", { rule: "any", loops: "NUMERIC | BOOL", numpy: "fmax" });
/** The smaller of two, element by element; NaN loses. @see numpy.fmin */
export const fmin = binary("fmin", { rule: "any", loops: "NUMERIC | BOOL", numpy: "fmin" });

// Two steps at once, each rounded as it is alone: the optimiser makes them of sums of sums.
native("add_add", 3, "SINGLE_DOUBLE");
native("add_subtract", 3, "SINGLE_DOUBLE");
