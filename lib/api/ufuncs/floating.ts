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
/** x · 2^y, y an integer. @see numpy.ldexp */
export const ldexp = binary("ldexp", { rule: "ldexp", loops: "FLOATING", numpy: "ldexp" });
