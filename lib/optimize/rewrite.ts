import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";

/** The nodes below some roots, inputs before those that read them, equal ones once. */
export function postorder(roots: readonly Expr[]): Node[] {
  const seen = new Set<string>();
  const order: Node[] = [];
  const stack: { node: Expr; next: number }[] = [];
  const push = (node: Expr): void => {
    if (!seen.has(node.token)) seen.add(node.token), stack.push({ node, next: 0 });
  };
  for (const root of roots) {
    push(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next < top.node.inputs.length) push(top.node.inputs[top.next++]!);
      else order.push(stack.pop()!.node as Node);
    }
  }
  return order;
}

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
