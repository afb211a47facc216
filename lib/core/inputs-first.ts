/** The nodes below some roots, inputs before those that read them, those of one name once; on a stack of its own, as chains can be long. */
export function inputsFirst<N extends { readonly inputs: readonly N[] }>(roots: readonly N[], nameOf: (node: N) => string): N[] {
  const seen = new Set<string>();
  const order: N[] = [];
  const stack: { node: N; next: number }[] = [];
  const push = (node: N): void => {
    const name = nameOf(node);
    if (!seen.has(name)) seen.add(name), stack.push({ node, next: 0 });
  };
  for (const root of roots) {
    push(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next < top.node.inputs.length) push(top.node.inputs[top.next++]!);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}
