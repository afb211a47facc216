import { binary } from "./ufunc.js";

/** x = y, element by element. @see numpy.equal */
export const equal = binary("equal", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "equal" });
/** x ≠ y, element by element; NaN differs from everything. @see numpy.not_equal */
export const notEqual = binary("notEqual", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "not_equal" });
/** x < y, element by element; complex numbers in lexicographic order. @see numpy.less */
export const less = binary("less", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "less" });
/** x ≤ y, element by element. @see numpy.less_equal */
export const lessEqual = binary("lessEqual", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "less_equal" });
/** x > y, element by element. @see numpy.greater */
export const greater = binary("greater", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "greater" });
/** x ≥ y, element by element. @see numpy.greater_equal */
export const greaterEqual = binary("greaterEqual", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "greater_equal" });
