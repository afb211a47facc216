import type { Expr } from "../expr/expr.js";
import { expandDims, map, transpose } from "../expr/build.js";
import type { Node } from "../expr/node.js";
import { Reduce } from "../expr/reduce.js";

/** A product with so few results that the matrix kernel has nothing to share: a sum of products, fused with its operands. */
const FEW = 4;

export function smallProducts(node: Node): Expr {
  if (node.kind !== "matmul" || node.dtype === "bool" || node.dtype === "float16") return node;
  const [a, b] = node.inputs as [Expr, Expr];
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape[b.ndim - 1]!;
  if (m * n > FEW || m * n === 0 || k === 0) return node;
  const lead = a.ndim - 2;
  const bT = transpose(b, [...b.shape.slice(0, lead).map((_, i) => i), lead + 1, lead]); // [..., n, k]
  const shape = [...a.shape.slice(0, lead), m, n, k];
  const product = map("multiply", node.dtype, node.dtype, [expandDims(a, [lead + 1]), expandDims(bT, [lead])], shape);
  return new Reduce("sum", product, [lead + 2]);
}
