import { inputsFirst } from "../core/inputs-first.js";
import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";

/** The nodes below some roots, inputs before those that read them, equal ones once. */
export const postorder = (roots: readonly Expr[]): Node[] => inputsFirst(roots, (node) => node.token) as Node[];

/** Applies a rule to every node, bottom up: the rule sees a node whose inputs have been rewritten. Equal nodes become one. */
export function rewrite(roots: readonly Expr[], rule: (node: Node) => Expr): Expr[] {
  const done = new Map<string, Expr>();
  for (const node of postorder(roots)) {
    const inputs = node.inputs.map((x) => done.get(x.token)!);
    const same = inputs.every((x, i) => x === node.inputs[i]);
    done.set(node.token, rule((same ? node : node.withInputs(inputs)) as Node));
  }
  return roots.map((x) => done.get(x.token)!);
}
