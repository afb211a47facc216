import { absolute, add, divide, floorDivide, multiply, negative, remainder, subtract } from "./arithmetic.js";
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison.js";
import { bitwiseAnd, bitwiseOr, bitwiseXor, invert, leftShift, rightShift } from "./logical.js";
import { power, raiseTo } from "./power.js";

/** Python's operators as Dask draws them: the operation of a ufunc, under the operator's name. */
export const operators = {
  add: add.as("add"),
  sub: subtract.as("sub"),
  mul: multiply.as("mul"),
  div: divide.as("truediv"),
  floordiv: floorDivide.as("floordiv"),
  mod: remainder.as("mod"),
  pow: power.as("pow", (x, y) => raiseTo("pow", x!, y!, true)),
  neg: negative.as("neg"),
  abs: absolute.as("abs"),
  invert: invert.as("invert"),
  and: bitwiseAnd.as("and_"),
  or: bitwiseOr.as("or_"),
  xor: bitwiseXor.as("xor"),
  lshift: leftShift.as("lshift"),
  rshift: rightShift.as("rshift"),
  eq: equal.as("eq"),
  ne: notEqual.as("ne"),
  lt: less.as("lt"),
  le: lessEqual.as("le"),
  gt: greater.as("gt"),
  ge: greaterEqual.as("ge"),
};
