import { binary, unary } from "./ufunc.js";

/** Both are not zero. @see numpy.logical_and */
export const logicalAnd = binary("logicalAnd", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "logical_and" });
/** One at least is not zero. @see numpy.logical_or */
export const logicalOr = binary("logicalOr", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "logical_or" });
/** Exactly one is not zero. @see numpy.logical_xor */
export const logicalXor = binary("logicalXor", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "logical_xor" });
/** It is zero. @see numpy.logical_not */
export const logicalNot = unary("logicalNot", { rule: "compare", loops: "NUMERIC | BOOL", numpy: "logical_not" });
/** The bits that both have; for integers and bool. @see numpy.bitwise_and */
export const bitwiseAnd = binary("bitwiseAnd", { rule: "bitwise", loops: "INTEGER | BOOL", numpy: "bitwise_and" });
/** The bits that one at least has. @see numpy.bitwise_or */
export const bitwiseOr = binary("bitwiseOr", { rule: "bitwise", loops: "INTEGER | BOOL", numpy: "bitwise_or" });
/** The bits that exactly one has. @see numpy.bitwise_xor */
export const bitwiseXor = binary("bitwiseXor", { rule: "bitwise", loops: "INTEGER | BOOL", numpy: "bitwise_xor" });
/** Every bit turned; on bool it is `not`. @see numpy.invert */
export const invert = unary("invert", { rule: "bitwise", loops: "INTEGER | BOOL", numpy: "invert" });
/** Every bit turned: another name of {@link invert}. @see numpy.bitwise_not */
export const bitwiseNot = invert;
/** x · 2^y in integers. @see numpy.left_shift */
export const leftShift = binary("leftShift", { rule: "shift", loops: "INTEGER", numpy: "left_shift" });
/** ⌊x / 2^y⌋ in integers. @see numpy.right_shift */
export const rightShift = binary("rightShift", { rule: "shift", loops: "INTEGER", numpy: "right_shift" });
