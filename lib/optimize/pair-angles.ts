import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import { MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { inputsFirst, rewrite } from "./rewrite.js";

/**
 * Where both the sine and the cosine of something are wanted, one operation finds the two, with the bits that each has alone.
 */
export function* pairAngles(roots: readonly Expr[]): Steps<Expr[]> {
  const angles = { sin: new Set<string>(), cos: new Set<string>() };
  for (const node of yield* inputsFirst(roots)) if (isAngle(node)) angles[node.op].add(node.inputs[0]!.token);
  return yield* rewrite(roots, (node) => {
    if (!isAngle(node) || !angles[node.op === "sin" ? "cos" : "sin"].has(node.inputs[0]!.token)) return node;
    return new MapOp("sincos", node.loop, node.dtype, node.inputs, node.op === "sin" ? 0 : 1);
  });
}

const isAngle = (node: Node): node is MapOp & { readonly op: "sin" | "cos" } =>
  node.kind === "map" && (node.op === "sin" || node.op === "cos") && (node.loop === "float64" || node.loop === "float32");
