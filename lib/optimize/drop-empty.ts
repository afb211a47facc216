import { formatShape } from "../core/shape.js";
import { ShapeError } from "../errors/index.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import type { Node } from "../expr/node.js";

/** Nothing is computed for arrays without elements; a fold over no elements is the reducer's start. */
export function dropEmpty(node: Node): Expr {
  if (node.kind === "full") return node;
  if (node.size === 0) return new Full(node.shape, node.dtype, 0);
  if (node.kind === "reduce" && node.inputs[0]!.size === 0) {
    if (node.reducer === "sum") return new Full(node.shape, node.dtype, 0);
    if (node.reducer === "prod") return new Full(node.shape, node.dtype, 1);
    if (node.reducer.toLowerCase().endsWith("moments2") || node.reducer.toLowerCase().endsWith("moments4"))
      return new Full(node.shape, node.dtype, node.field === 1 ? NaN : 0);
    // Extremes of bool are `any` and `all`; others have no start. Known sizes were refused where the user wrote the call.
    if (node.dtype === "bool") return new Full(node.shape, node.dtype, node.reducer === "min");
    throw new ShapeError(`${node.reducer}: expected at least one element, got shape ${formatShape(node.inputs[0]!.shape)}`, { code: "ERR_EMPTY" });
  }
  if ((node.kind === "matmul" || node.kind === "histogram") && node.inputs[0]!.size === 0) return new Full(node.shape, node.dtype, 0);
  if (node.kind === "concat") {
    const inputs = node.inputs.filter((x) => x.size !== 0);
    return inputs.length === 1 ? inputs[0]! : inputs.length < node.inputs.length ? node.withInputs(inputs) : node;
  }
  return node;
}
