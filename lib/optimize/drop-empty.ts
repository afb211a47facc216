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
  }
  if (node.kind === "matmul" && node.inputs[0]!.size === 0) return new Full(node.shape, node.dtype, 0);
  if (node.kind === "concat") {
    const inputs = node.inputs.filter((x) => x.size !== 0);
    return inputs.length === 1 ? inputs[0]! : inputs.length < node.inputs.length ? node.withInputs(inputs) : node;
  }
  return node;
}
