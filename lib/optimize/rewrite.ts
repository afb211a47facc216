import { drain, overdue, type Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";

/** What a node is to become, whose inputs have been rewritten already: the node itself where there is nothing to do. `original` is as it was before. */
export type Rule = (node: Node, original: Node) => Expr;

/** Expressions of the same values, shapes and dtypes. */
export type Pass = (roots: readonly Expr[]) => Steps<Expr[]>;

/** The nodes below some roots, inputs before those that read them, equal ones once. */
export function* inputsFirst(roots: readonly Expr[]): Steps<Node[]> {
  // By identity on the way down and by token on the way up: a token is made of those of the inputs.
  const seen = new Set<Expr>();
  const tokens = new Set<string>();
  const order: Node[] = [];
  const stack: { node: Expr; next: number }[] = [];
  const push = (node: Expr): void => {
    if (!seen.has(node)) seen.add(node), stack.push({ node, next: 0 });
  };
  for (const root of roots) {
    push(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next < top.node.inputs.length) push(top.node.inputs[top.next++]!);
      else {
        stack.pop();
        if (!tokens.has(top.node.token)) tokens.add(top.node.token), order.push(top.node as Node);
      }
      if (overdue()) yield;
    }
  }
  return order;
}

/** The same, at once. */
export const postorder = (roots: readonly Expr[]): Node[] => drain(inputsFirst(roots));

/** Applies a rule to every node, bottom up: the rule sees a node whose inputs have been rewritten. Equal nodes become one. */
export function* rewrite(roots: readonly Expr[], rule: Rule): Steps<Expr[]> {
  const done = new Map<string, Expr>();
  for (const node of yield* inputsFirst(roots)) {
    const inputs = node.inputs.map((x) => done.get(x.token)!);
    const same = inputs.every((x, i) => x.token === node.inputs[i]!.token);
    const result = rule((same ? node : node.withInputs(inputs)) as Node, node);
    result.origin ??= node.origin;
    done.set(node.token, result);
    if (overdue()) yield;
  }
  return roots.map((x) => done.get(x.token)!);
}

/** A pass that is one rule. */
export const everywhere = (rule: Rule): Pass => (roots) => rewrite(roots, rule);
