import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import { MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { inputsFirst, rewrite } from "./rewrite.js";

/**
 * A sum that only another sum or difference reads is taken in the same step: (a + b) + c and (a + b) − c, each rounded as before. Of a long sum every
 * second value is then never written.
 */
export function* joinSums(roots: readonly Expr[]): Steps<Expr[]> {
  const order = yield* inputsFirst(roots);
  const readers = new Map<string, number>();
  const read = (x: Expr): unknown => readers.set(x.token, (readers.get(x.token) ?? 0) + 1);
  roots.forEach(read);
  for (const node of order) node.inputs.forEach(read);
  const joined = new Set<string>();
  return yield* rewrite(roots, (node, original) => {
    if (!isSum(node)) return node;
    const { op, loop, dtype, inputs } = node;
    const inner = original.inputs.findIndex((x, i) => (i === 0 || op === "add") && isOwnSum(x as Node, loop));
    if (inner < 0) return node;
    joined.add(original.token);
    return new MapOp(op === "add" ? "add_add" : "add_subtract", loop, dtype, [...inputs[inner]!.inputs, inputs[1 - inner]!]);
  });

  function isOwnSum(x: Node, loop: string): boolean {
    return x.kind === "map" && x.op === "add" && x.loop === loop && readers.get(x.token) === 1 && !joined.has(x.token);
  }
}

const isSum = (node: Node): node is MapOp & { readonly op: "add" | "subtract" } =>
  node.kind === "map" && (node.op === "add" || node.op === "subtract") && (node.loop === "float64" || node.loop === "float32");
