import { type DType, integerRange, isComplex, isInteger } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { Full, type Scalar } from "../expr/full.js";
import type { Node } from "../expr/node.js";
import { constant, elementOf } from "./constant.js";
import { evaluate } from "./evaluate.js";

/** What is made of constants alone is a constant, where JavaScript gets its bits as the kernels do; equal constants are written alike. */
export function foldConstants(node: Node): Expr {
  if (node.kind === "full") {
    const element = elementOf(node.dtype, node.value);
    return typeof element === "object" || Object.is(element, node.value) ? node : new Full(node.shape, node.dtype, element);
  }
  if (node.inputs.length === 0 || !node.inputs.every((x) => x instanceof Full)) return node;
  const inputs = node.inputs as Full[];
  switch (node.kind) {
    case "view":
    case "reshape":
      return new Full(node.shape, node.dtype, inputs[0]!.value);
    case "cast":
      return folded(node, castElement(elementOf(inputs[0]!.dtype, inputs[0]!.value), node.dtype));
    case "map":
      return folded(node, evaluate(node.op, node.loop, inputs.map((x) => elementOf(x.dtype, x.value))));
    default:
      return node;
  }
}

const folded = (node: Node, value: Scalar | undefined): Expr => (value === undefined ? node : constant(node.shape, node.dtype, value));

/** `value` in `dtype`, or undefined where the kernels must decide (out of range, a fraction to an integer, a complex number). */
function castElement(value: Scalar, dtype: DType): Scalar | undefined {
  if (typeof value === "object") return isComplex(dtype) ? value : undefined;
  if (dtype === "bool") return typeof value === "number" ? value !== 0 : Boolean(value); // NaN is true
  if (typeof value === "number" && Number.isNaN(value)) return undefined;
  if (!isInteger(dtype)) return value;
  if (typeof value === "number" && !Number.isInteger(value)) return undefined;
  const [low, high] = integerRange(dtype);
  const whole = BigInt(value);
  return whole >= low && whole <= high ? whole : undefined;
}
