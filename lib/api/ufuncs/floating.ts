import { Expr } from "../../expr/expr.js";
import { maximum, minimum } from "./arithmetic.js";
import { applyNative, type Term } from "./elementwise.js";
import { native } from "./native.js";
import { binary, unary } from "./ufunc.js";

/** It is NaN. @see numpy.isnan */
export const isnan = unary("isnan", { rule: "test", loops: "INEXACT", numpy: "isnan" });
/** It is +∞ or −∞. @see numpy.isinf */
export const isinf = unary("isinf", { rule: "test", loops: "INEXACT", numpy: "isinf" });
/** It is neither NaN nor infinite. @see numpy.isfinite */
export const isfinite = unary("isfinite", { rule: "test", loops: "INEXACT", numpy: "isfinite" });
/** Its sign bit is set: below zero, or −0. @see numpy.signbit */
export const signbit = unary("signbit", { rule: "testReal", loops: "FLOATING", numpy: "signbit" });
/** The size of the first with the sign of the second. @see numpy.copysign */
export const copysign = binary("copysign", { rule: "float", loops: "FLOATING", numpy: "copysign" });
/** The next representable number after the first towards the second. @see numpy.nextafter */
export const nextafter = binary("nextafter", { rule: "float", loops: "FLOATING", numpy: "nextafter" });
/** The distance to the next representable number. @see numpy.spacing */
export const spacing = unary("spacing", { rule: "float", loops: "FLOATING", numpy: "spacing" });
const ldexpOf = native("ldexp", 2, "FLOATING");
/** No float is so far from 1 that a larger exponent matters. */
const FARTHEST = 10_000;

/** x · 2^y, y an integer. @see numpy.ldexp */
export const ldexp = binary("ldexp", {
  rule: "ldexp", numpy: "ldexp", build: (x, y) => applyNative("ldexp", ldexpOf, "ldexp", [x!, withinInt32(y!)]),
});

/** The native exponent is int32: what does not fit is brought near first. */
function withinInt32(y: Term): Term {
  if (!(y instanceof Expr)) return typeof y === "object" || typeof y === "boolean" ? y : y > FARTHEST ? FARTHEST : y < -FARTHEST ? -FARTHEST : y;
  return y.dtype === "int64" || y.dtype === "uint32" ? maximum.build(minimum.build(y, FARTHEST), y.dtype === "int64" ? -FARTHEST : 0) : y;
}
