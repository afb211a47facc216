import type { Expr } from "./expr.js";

/** The array that an expression is part of, as its graph names it: for messages alone. */
export interface Origin {
  readonly name: string;
}

/** Marks an expression, and what is below it that no array has marked, as part of an array. */
export function mark(root: Expr, origin: Origin): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.origin !== undefined) continue;
    node.origin = origin;
    stack.push(...node.inputs);
  }
}

/** The array that a node below some roots is part of, or else the nearest one that it is read for: optimising makes nodes that are part of none. */
export function originBelow(roots: readonly Expr[], wanted: (node: Expr) => boolean): Origin | undefined {
  const seen = new Set<Expr>();
  const stack = roots.map((node) => ({ node, readFor: node.origin }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, readFor } = top;
    if (seen.has(node)) continue;
    seen.add(node);
    const origin = node.origin ?? readFor;
    if (wanted(node)) return origin;
    for (const input of node.inputs) stack.push({ node: input, readFor: origin });
  }
  return undefined;
}
