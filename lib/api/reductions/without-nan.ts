import { isInexact } from "../../core/dtype.js";
import type { Scalar } from "../../core/scalar.js";
import type { Expr } from "../../expr/expr.js";
import { isnan } from "../ufuncs/floating.js";
import { chooseAs } from "../ufuncs/where.js";

/** `x` with another value for NaN; itself when its dtype has no NaN. */
export const withoutNan = (x: Expr, value: Scalar): Expr => (isInexact(x.dtype) ? chooseAs("where", x.dtype, isnan.build(x), value, x) : x);
